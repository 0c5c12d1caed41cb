import { expect, test } from 'vitest';
import { cave } from './caving-search.ts';
import { tableOf } from './shape-table.ts';
import { waysToLie, type Shape, type Sides } from './shapes.ts';
import { cutBox } from '../testing/cut-box.ts';

const box: Sides = [300, 200, 200];
const way = { fromFourCorners: true, nearThousandths: 0 } as const;

function table(shapes: readonly Shape[]) {
  const made = tableOf(box, shapes);
  if (made === null) throw new Error('every shape goes into the box');
  return made;
}
const pieces = (seed: number, count: number) =>
  table(cutBox(seed, box, count, 5, 'largest').map((piece) => ({ units: 1, lies: waysToLie(piece, 'any'), fragile: false })));

test('a search of some width finds what the greedy one does not', () => {
  const found = (width: number) =>
    Array.from({ length: 20 }, (_, seed) => cave(pieces(seed, 12), way, width, { left: 5_000_000 })).filter((places) => places !== null)
      .length;
  expect(found(16)).toBeGreaterThan(found(1));
});

test('a search ends when its effort is spent', () => {
  const effort = { left: 100 };
  const full = table([{ units: 30, lies: waysToLie([99, 67, 61], 'any'), fragile: false }]);
  expect(cave(full, way, 64, effort)).toBeNull();
  expect(effort.left).toBeGreaterThan(-5_000);
});

test('memory of an earlier search of the same box changes nothing', () => {
  const given = pieces(3, 10);
  const unused: Parameters<typeof cave>[4] = [];
  const first = cave(given, way, 8, { left: 5_000_000 }, unused);
  expect(cave(given, way, 8, { left: 5_000_000 }, unused)).toEqual(first);
});
