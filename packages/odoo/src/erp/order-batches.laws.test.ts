import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchesOf } from './order-batches.ts';

type Order = { readonly id: number; readonly keys: readonly string[] };
const orders = fc
  .array(fc.array(fc.constantFrom('EAST LAMP', 'EAST DESK', 'WEST LAMP', 'WEST DESK', 'WEST SOFA'), { maxLength: 2 }), { maxLength: 60 })
  .map((all): Order[] => all.map((keys, id) => ({ id, keys })));
const limits = fc.record({ size: fc.integer({ min: 1, max: 50 }), lanes: fc.integer({ min: 1, max: 4 }) });
const batched = (given: readonly Order[], by: { size: number; lanes: number }) => batchesOf(given, (order) => order.keys, by);

test('every order is in exactly one batch, and none is too big', () => {
  fc.assert(
    fc.property(orders, limits, (given, by) => {
      const batches = batched(given, by);
      expect(batches.flatMap(({ members }) => members.map((order) => order.id)).sort((a, b) => a - b)).toEqual(
        given.map((order) => order.id),
      );
      expect(batches.every(({ members }) => members.length > 0 && members.length <= by.size)).toBe(true);
    }),
  );
});

test('a batch takes the keys of all its orders', () => {
  fc.assert(
    fc.property(orders, limits, (given, by) => {
      for (const { members, keys } of batched(given, by)) expect(new Set(keys)).toEqual(new Set(members.flatMap((order) => order.keys)));
    }),
  );
});

test('orders for the same thing part only when one batch is full of them', () => {
  fc.assert(
    fc.property(orders, limits, (given, by) => {
      const batches = batched(given, by);
      for (const key of new Set(given.flatMap((order) => order.keys))) {
        const sharing = batches.filter(({ keys }) => keys.includes(key));
        const fits = reach(given, key).size <= Math.min(by.size, 10);
        expect(sharing.length === 1 || !fits).toBe(true);
      }
    }),
  );
});

/** Orders that share a key with those of this one, directly or over others. */
function reach(given: readonly Order[], key: string): Set<number> {
  const keys = new Set([key]);
  const reached = new Set<number>();
  for (let before = -1; before !== reached.size;) {
    before = reached.size;
    for (const order of given) {
      if (!order.keys.some((each) => keys.has(each))) continue;
      reached.add(order.id);
      for (const each of order.keys) keys.add(each);
    }
  }
  return reached;
}
