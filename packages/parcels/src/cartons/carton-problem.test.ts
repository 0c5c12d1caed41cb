import { expect, test } from 'vitest';
import { cartonProblemSchema } from './carton-problem.ts';

const box = { id: 'M', inner: [300, 200, 200], outer: [310, 210, 210], tareGrams: 200, maxGrams: 20_000 };
const item = { id: '1', sku: 'LAMP', units: 1, millimetres: [100, 100, 100], grams: 500 };

function refusals(problem: object): string[] {
  const parsed = cartonProblemSchema.safeParse({ currency: 'EUR', boxes: [box], items: [item], ...problem });
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

test('a bad figure is refused with its row and its field', () => {
  expect(refusals({ items: [item, { ...item, id: '2', grams: -1 }] })).toEqual([expect.stringMatching(/^items\.1\.grams: /)]);
});

test('half millimetres are refused', () => {
  expect(refusals({ boxes: [{ ...box, inner: [300.5, 200, 200] }] })).toEqual([expect.stringMatching(/^boxes\.0\.inner\.0: /)]);
});

test('a box is not smaller outside than inside', () => {
  expect(refusals({ boxes: [{ ...box, outer: [290, 210, 210] }] })).toEqual(['boxes.0.outer.0: a box is not smaller outside than inside']);
});

test('an id that is there twice is refused where it is the second time', () => {
  expect(refusals({ items: [item, item] })).toEqual(['items.1.id: 1 is there already']);
});
