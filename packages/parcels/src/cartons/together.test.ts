import { expect, test } from 'vitest';
import { cartonProblemSchema, type CartonProblemInput } from './carton-problem.ts';
import { apartBecause, goodsOf, isHopeless, shapesOf } from './together.ts';

type Item = Partial<CartonProblemInput['items'][number]>;

function goods(items: readonly Item[], apart: [string, string][] = []) {
  return goodsOf(
    cartonProblemSchema.parse({
      currency: 'EUR',
      apart,
      boxes: [
        { id: 'M', inner: [100, 100, 100], outer: [100, 100, 100], tareGrams: 0, maxGrams: 1_000 },
        { id: 'bag', kind: 'bag', inner: [200, 200, 50], outer: [200, 200, 50], tareGrams: 0, maxGrams: 1_000 },
      ],
      items: items.map((item, index) => ({ id: `${index}`, sku: 's', units: 9, millimetres: [60, 50, 40], grams: 100, ...item })),
    }),
  );
}

test('soft goods lie flat on their largest side, and are pressed', () => {
  expect(goods([{ millimetres: [20, 90, 60], soft: { pressedPercent: 50 } }]).lies).toEqual([
    [
      [90, 60, 10],
      [60, 90, 10],
    ],
  ]);
});

test('two units of a class that is apart from itself must not be together', () => {
  const { problem } = goods([{ hazard: 'explosive' }], [['explosive', 'explosive']]);
  expect([apartBecause(problem, [1]), apartBecause(problem, [2])]).toEqual([null, 'hazard']);
});

test('an item may say how many of it a box takes', () => {
  const { problem } = goods([{ maxPerBox: 3 }]);
  expect([apartBecause(problem, [3]), apartBecause(problem, [4])]).toEqual([null, 'too-many']);
});

test('a box is hopeless for goods that are too heavy, too many or hard', () => {
  const given = goods([{}]);
  expect([isHopeless(given, [8], 0), isHopeless(given, [9], 0), isHopeless(given, [1], 1)]).toEqual([false, true, true]);
  expect(isHopeless(goods([{ grams: 600 }]), [2], 0)).toBe(true);
});

test('items of equal sides are one shape, and keep apart whose units they are', () => {
  const { shapes, itemsOf } = shapesOf(goods([{}, { millimetres: [40, 50, 60] }, { fragile: true }]), [2, 1, 1]);
  expect([shapes.map(({ units }) => units), itemsOf]).toEqual([
    [3, 1],
    [[0, 0, 1], [2]],
  ]);
});
