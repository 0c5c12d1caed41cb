import fc from 'fast-check';
import { test } from 'vitest';
import { escapePart, lineIdOf, lineXid, unescapePart, xid } from './external-id.ts';
import { orderKey } from './testing/shop-floor.ts';

const part = fc.string({ unit: 'grapheme', maxLength: 20 });

test('escaping loses nothing and leaves only letters, digits and dashes', () => {
  fc.assert(
    fc.property(part, (text) => {
      const escaped = escapePart(text);
      return unescapePart(escaped) === text && /^[A-Za-z0-9-]*$/.test(escaped);
    }),
  );
});

test('different parts never make the same external id', () => {
  const parts = fc.array(fc.oneof(part, fc.constantFrom('_', '-', '-5F', 'a_b', 'a', 'b', '')), { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(parts, parts, (first, second) => (xid(...first) === xid(...second)) === (JSON.stringify(first) === JSON.stringify(second))));
});

test('the id of a line comes back from its external id', () => {
  fc.assert(fc.property(part, (lineId) => lineIdOf(orderKey, lineXid(orderKey, lineId)) === lineId));
});
