import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { moveList } from './move-list.ts';

const move = fc.record({ order: fc.nat(9), growth: fc.integer({ min: -3, max: 3 }) });

test('a list keeps the cheapest moves, of equal ones those of the first offers, however they come in', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), (moves, width) => {
      const list = moveList(width);
      for (const [offer, { order, growth }] of moves.entries()) list.insert(order, offer, growth);
      const wanted = moves
        .map((each, offer) => ({ ...each, offer }))
        .sort((left, right) => left.growth - right.growth || left.offer - right.offer)
        .slice(0, width);
      const kept = Array.from({ length: list.count() }, (_, at) => ({
        order: list.order[at],
        growth: list.growth[at],
        offer: list.offer[at],
      }));
      expect(kept).toEqual(wanted);
      expect(list.least()).toBe(wanted[0]?.growth ?? Infinity);
    }),
  );
});

test('a move is too dear where the list is full of cheaper ones', () => {
  const list = moveList(2);
  list.insert(0, 0, 1);
  expect(list.isTooDear(5)).toBe(false);
  list.insert(1, 1, 2);
  expect([list.isTooDear(2), list.isTooDear(3)]).toEqual([false, true]);
});
