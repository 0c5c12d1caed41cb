import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapePart, lineIdOf, lineXid, unescapePart, xid } from './external-id.ts';
import { orderKey } from '../testing/shop-floor.ts';

/** Any text that JSON can bring, separators of ours and halves of surrogate pairs included. */
const part = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom('_', '-', '2', 'F', '5', 'a', '\uD83D', '\uDE00'), maxLength: 8 }),
);

test('escaping loses nothing and leaves only letters, digits and dashes', () => {
  fc.assert(
    fc.property(part, (text) => {
      const escaped = escapePart(text);
      expect(escaped).toMatch(/^[A-Za-z0-9-]*$/);
      expect(unescapePart(escaped)).toBe(text);
    }),
  );
});

test('different parts never make the same external id', () => {
  const parts = fc.array(part, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(parts, parts, (first, second) => {
      expect(xid(...first) === xid(...second)).toBe(JSON.stringify(first) === JSON.stringify(second));
    }),
  );
});

test('the id of a line comes back from its external id', () => {
  fc.assert(
    fc.property(part, (lineId) => {
      expect(lineIdOf(orderKey, lineXid(orderKey, lineId))).toBe(lineId);
    }),
  );
});
