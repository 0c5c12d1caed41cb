import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { externalIdOf, nthOf } from './external-id.ts';

test('a short key is its own id', () => {
  expect(externalIdOf('intent-1')).toBe('intent-1');
  expect(externalIdOf('intent-1', 2)).toBe('intent-1.2');
});

test('every id fits into what ShipEngine keeps, stands in an address as it is, and tells which one of its key it is', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 200 }), fc.integer({ min: 1, max: 999 }), (key, nth) => {
      const id = externalIdOf(key, nth);
      expect(id.length).toBeLessThanOrEqual(50);
      expect(encodeURIComponent(id)).toBe(id);
      expect(nthOf(id, key)).toBe(nth);
    }),
  );
});

const key = fc.oneof(fc.string({ minLength: 1, maxLength: 80 }), fc.stringMatching(/^[ab](\.[12])?$/));

test('two keys have no id in common', () => {
  fc.assert(
    fc.property(key, key, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), (one, other, nth, otherNth) => {
      fc.pre(one !== other);
      expect(externalIdOf(one, nth)).not.toBe(externalIdOf(other, otherNth));
    }),
  );
});

test('the id of a stranger is none of a key', () => {
  expect(nthOf('se-123456', 'ORDER-7/buy-label')).toBeNull();
});
