import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundOf } from './carton-bound.ts';
import { cartonProblemSchema, type CartonProblemInput } from './carton-problem.ts';
import type { Sides } from './shapes.ts';
import { cutBox } from '../testing/cut-box.ts';
import { goodsOf } from './together.ts';

type Item = Partial<CartonProblemInput['items'][number]>;

function bound(items: readonly Item[], problem: Partial<CartonProblemInput> = {}) {
  const parsed = cartonProblemSchema.parse({
    currency: 'EUR',
    boxes: [{ id: 'M', inner: [100, 100, 100], outer: [100, 100, 100], tareGrams: 0, maxGrams: 1_000 }],
    items: items.map((item, index) => ({ id: `${index}`, sku: 's', units: 1, millimetres: [10, 10, 10], grams: 1, ...item })),
    ...problem,
  });
  return boundOf(
    goodsOf(parsed),
    parsed.items.map(({ units }) => units),
  );
}

test('volume asks for its boxes', () => {
  expect(bound([{ units: 17, millimetres: [50, 50, 50] }])).toEqual({ parcels: 3, by: 'volume' });
});

test('weight asks for its boxes', () => {
  expect(bound([{ units: 5, grams: 450 }])).toEqual({ parcels: 3, by: 'weight' });
});

test('cubes of more than half a side need a box each, though their volume is small', () => {
  expect(bound([{ units: 4, millimetres: [51, 51, 51] }])).toEqual({ parcels: 4, by: 'sides' });
});

test('what ships alone counts one each', () => {
  expect(bound([{ units: 3, alone: true }, { units: 2 }])).toEqual({ parcels: 4, by: 'volume' });
});

test('three classes of which every two are apart need three boxes', () => {
  const classes = ['a', 'b', 'c'].map((hazard) => ({ hazard }));
  const apart: [string, string][] = [
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'a'],
  ];
  expect(bound(classes, { apart })).toEqual({ parcels: 3, by: 'rules' });
});

test('so many units per box need so many boxes', () => {
  expect(bound([{ units: 7, maxPerBox: 2 }])).toEqual({ parcels: 4, by: 'rules' });
});

test('pieces of so many boxes never ask for more boxes', () => {
  const box: Sides = [300, 200, 150];
  fc.assert(
    fc.property(
      fc.nat(100_000),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 12 }),
      fc.boolean(),
      (seed, boxes, pieces, largest) => {
        const cut = Array.from({ length: boxes }, (_, index) => cutBox(seed + index, box, pieces, 0, largest ? 'largest' : 'any')).flat();
        const rows: Item[] = cut.map(([length, width, height]) => ({ millimetres: [length, width, height], grams: 0 }));
        const whole: [number, number, number] = [...box];
        const { parcels } = bound(rows, { boxes: [{ id: 'M', inner: whole, outer: whole, tareGrams: 0, maxGrams: 1 }] });
        expect(parcels).toBeLessThanOrEqual(boxes);
      },
    ),
    { numRuns: 60 },
  );
});
