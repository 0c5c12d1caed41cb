import { redactor } from '@quartermaster/connector-kit';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventCatalogue, safeEvent } from './events.ts';

const at = '2026-11-23T07:00:00.000Z';
const names = Object.keys(eventCatalogue);
const asItIs = (text: string) => text;

/** An event of the catalogue, in every field of which stands `value`. */
const filled = (name: string, value: unknown) => {
  const told: { readonly fields: object } | undefined = Object.entries(eventCatalogue).find(([each]) => each === name)?.[1];
  return { at, event: name, extra: value, ...Object.fromEntries(Object.keys(told?.fields ?? {}).map((field) => [field, value])) };
};
const text = (value: unknown) => JSON.stringify(value);

/** Names, streets and places as people write them: several words, or letters that no id has. */
const word = fc.stringMatching(/^[A-Za-zÄÖÜäöüßéñ]{2,12}$/);
const personal = fc.oneof(
  fc.tuple(word, word).map(([first, last]) => `${first} ${last}`),
  fc.tuple(word, fc.integer({ min: 1, max: 400 })).map(([street, number]) => `${street} ${number}`),
  fc.stringMatching(/^[a-z]{1,10}@[a-z]{1,10}\.[a-z]{2,5}$/),
  fc.stringMatching(/^\+\d{2} \d{3} \d{5,9}$/),
  fc.stringMatching(/^[a-z]{0,5}[äöüßéñ中][a-z]{1,5}$/),
);
const fieldsOfWords = new Set(['what', 'reason']);

test('a secret that is known leaves in no field of no event', () => {
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.string({ minLength: 6 }), fc.string(), fc.string(), (name, secret, before, after) => {
      fc.pre(secret.trim() === secret && secret.length >= 6);
      const redact = redactor([secret]);
      for (const value of [secret, `${before}${secret}${after}`, { [secret]: secret }, { shop: `${before}${secret}` }]) {
        const { at: _at, event: _event, level: _level, ...left } = safeEvent(filled(name, value), redact);
        const texts = Object.values(left).flatMap((each) =>
          typeof each === 'object' && each !== null ? Object.entries(each).flat() : [each],
        );
        expect(texts.filter((each) => String(each).includes(secret))).toEqual([]);
      }
    }),
  );
});

test('a name, a street, a mail address or a telephone number leaves in no field that is not made of our own words', () => {
  fc.assert(
    fc.property(fc.constantFrom(...names), personal, (name, person) => {
      for (const value of [person, { person }, { [person]: 1 }, [person], { toString: () => person }]) {
        const { what: _what, reason: _reason, ...closed } = safeEvent(filled(name, value), asItIs);
        expect(text(closed)).not.toContain(text(person).slice(1, -1));
      }
    }),
  );
});

test('in our own words, too, a mail address, a telephone number and what is quoted do not leave', () => {
  fc.assert(
    fc.property(fc.constantFrom('erp.note', 'erp.problem', 'webhook.rejected'), personal, word, (name, person, around) => {
      const looksLike = /@|^\+/.test(person) ? person : `"${person}"`;
      const safe = Object.entries(safeEvent(filled(name, `${around} ${looksLike} ${around}`), asItIs));
      expect(text(safe.filter(([field]) => fieldsOfWords.has(field)))).not.toContain(person);
    }),
  );
});

test('only strings, numbers and flat lists of words and numbers leave, whatever a field holds', () => {
  const flat = (value: unknown): boolean => value === null || ['string', 'number'].includes(typeof value);
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.anything(), (name, value) => {
      for (const left of Object.values(safeEvent(filled(name, value), asItIs)))
        expect(flat(left) || Object.values(Object(left)).every(flat)).toBe(true);
    }),
  );
});
