import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyText, parseKey } from './identity.ts';

/** Any text that JSON can bring, halves of surrogate pairs and separators included. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('/', '%', 'u', '2', 'F', 'D', '8', '0', '.', '\uD83D', '\uDE00') }),
  fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }),
);
const scope = fc.record({ tenant: anyText, company: anyText, connection: anyText });
const key = fc.record({ scope, kind: anyText, ids: fc.array(anyText, { maxLength: 3 }) }, { noNullPrototype: true });

test('taking a key apart gives what it was made of, whatever the ids are', () => {
  fc.assert(
    fc.property(key, (given) => {
      expect(parseKey(keyText(given.scope, given.kind, ...given.ids))).toEqual(given);
    }),
    { numRuns: 500 },
  );
});

test('two different things never have the same key', () => {
  const parts = fc.array(fc.string({ unit: fc.constantFrom('/', '%', '2F', '%2F', 'a', '') }), { minLength: 4, maxLength: 6 });
  const textOf = ([tenant = '', company = '', connection = '', kind = '', ...ids]: string[]) =>
    keyText({ tenant, company, connection }, kind, ...ids);
  fc.assert(
    fc.property(parts, parts, (left, right) => {
      expect(textOf(left) === textOf(right)).toBe(JSON.stringify(left) === JSON.stringify(right));
    }),
    { numRuns: 500 },
  );
});

test('whatever text is taken apart without complaint is the key of its parts', () => {
  const nearlyKey = fc
    .array(fc.string({ unit: fc.constantFrom('%', '%2F', '%u', 'D83D', 'a', '/', '%61', '%C3') }))
    .map((parts) => parts.join('/'));
  fc.assert(
    fc.property(nearlyKey, (text) => {
      expect(rewritten(text)).toBe(text);
    }),
  );
});

test('a key is plain ASCII without spaces, so every store and every log keeps it as it is', () => {
  fc.assert(
    fc.property(key, (given) => {
      expect(keyText(given.scope, given.kind, ...given.ids)).toMatch(/^[!-~]*$/);
    }),
  );
});

/** The key of the parts of a text; a text that is refused stays itself. */
function rewritten(text: string): string {
  try {
    const { scope, kind, ids } = parseKey(text);
    return keyText(scope, kind, ...ids);
  } catch (error) {
    if (error instanceof RangeError) return text;
    throw error;
  }
}
