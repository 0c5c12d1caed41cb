import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openJournal } from './journal.ts';
import { masterKey, stoppedClock } from './testing/givens.ts';

const subject = fc.constantFrom('p1', 'p2', 'p/2', 'p"1');
const name = fc.constantFrom('person', 'note', '');
const text = fc.string({ unit: 'grapheme' });
const deed = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('put' as const), subject, name, text }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('erase' as const), subject }) },
);

test('the vault gives back what was put last, for those who were not erased since', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 30 }), async (deeds) => {
      await using journal = await openJournal({ path: ':memory:', masterKey, clock: stoppedClock });
      const expected = new Map<string, Map<string, string>>();
      for (const deed of deeds) {
        if (deed.kind === 'erase') {
          expected.delete(deed.subject);
          await journal.transaction((tx) => tx.vault.erase(deed.subject));
        } else {
          expected.set(deed.subject, new Map(expected.get(deed.subject)).set(deed.name, deed.text));
          await journal.transaction((tx) => tx.vault.put(deed.subject, deed.name, deed.text));
        }
      }
      for (const { subject } of deeds) {
        for (const name of ['person', 'note', '']) {
          expect(await journal.read((tx) => tx.vault.get(subject, name))).toBe(expected.get(subject)?.get(name) ?? null);
        }
      }
    }),
    { numRuns: 60 },
  );
});
