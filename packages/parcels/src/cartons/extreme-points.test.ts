import { expect, test } from 'vitest';
import { emptyStanding, stand, standAll } from './extreme-points.ts';
import { tableOf } from './shape-table.ts';
import { waysToLie, type Shape, type Sides } from './shapes.ts';

function table(box: Sides, shapes: readonly Shape[]) {
  const made = tableOf(box, shapes);
  if (made === null) throw new Error('every shape goes into the box');
  return made;
}
const block = (sides: Sides, units: number, fragile = false): Shape => ({ units, lies: waysToLie(sides, 'none'), fragile });

test('the second unit stands beside the first, and the third on top when the floor is full', () => {
  const standing = emptyStanding(table([20, 10, 20], [block([10, 10, 10], 3)]));
  for (let unit = 0; unit < 3; unit++) stand(standing, 0);
  expect(standing.placements.map(({ at }) => at)).toEqual([
    [0, 0, 0],
    [10, 0, 0],
    [0, 0, 10],
  ]);
});

test('a new point slides to the wall where nothing stands in its way', () => {
  const standing = emptyStanding(table([30, 30, 10], [block([10, 20, 10], 1), block([20, 10, 10], 1)]));
  stand(standing, 0);
  stand(standing, 1);
  expect(standing.points).toContainEqual([10, 10, 0]);
});

test('nothing stands where it does not fit', () => {
  const standing = emptyStanding(table([10, 10, 10], [block([10, 10, 6], 2)]));
  expect([stand(standing, 0), stand(standing, 0)]).toEqual([true, false]);
});

test('nothing stands on something fragile', () => {
  expect(standAll(table([10, 10, 20], [block([10, 10, 10], 2, true)]), 4)).toBeNull();
  expect(standAll(table([10, 10, 20], [block([10, 10, 10], 1, true), block([10, 10, 10], 1)]), 4)).toMatchObject([
    { shape: 1, at: [0, 0, 0] },
    { shape: 0, at: [0, 0, 10] },
  ]);
});

test('what was left over comes first in the next order', () => {
  const flat = block([30, 30, 10], 1);
  const tall = block([10, 10, 30], 2);
  expect(standAll(table([30, 40, 30], [flat, tall]), 6)).toHaveLength(3);
});
