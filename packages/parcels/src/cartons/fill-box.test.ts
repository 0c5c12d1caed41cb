import { expect, test } from 'vitest';
import { fillBox } from './fill-box.ts';
import { waysToLie, type Shape, type Sides } from './shapes.ts';
import { cutBox } from '../testing/cut-box.ts';

const goods = (sides: Sides, units = 1): Shape => ({ units, lies: waysToLie(sides, 'any'), fragile: false });
const box: Sides = [300, 200, 200];

test('a box that is as large as its contents is filled to the last millimetre', () => {
  expect(fillBox([40, 40, 40], [goods([20, 20, 40], 4)])).toHaveLength(4);
});

test('five units that only go in turned around a middle one are placed', () => {
  expect(fillBox([3, 3, 1], [goods([2, 1, 1], 4), goods([1, 1, 1])])).toHaveLength(5);
});

test('more volume than the box has is refused', () => {
  expect(fillBox([40, 40, 40], [goods([20, 20, 40], 5)])).toBeNull();
});

test('a unit that is longer than the box is refused', () => {
  expect(fillBox([40, 40, 40], [goods([41, 1, 1])])).toBeNull();
});

// The bars of the issue with seeds of their own, for both ways to cut; `npm run bench -- parcels` has 200 of each.
test.each([
  ['any', 8, 39],
  ['largest', 8, 39],
  ['any', 15, 30],
  ['largest', 15, 30],
] as const)('of 40 boxes cut (%s) into %i pieces with 5 in 100 to spare at least %i are packed again', (which, pieces, wanted) => {
  const packed = Array.from({ length: 40 }, (_, index) =>
    fillBox(
      box,
      cutBox(7_000 + index, box, pieces, 5, which).map((piece) => goods(piece)),
    ),
  );
  expect(packed.filter((places) => places !== null).length).toBeGreaterThanOrEqual(wanted);
});
