import { money } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { packBoxByBox } from './best-fit.ts';
import { cartonProblemSchema, type CartonProblemInput, type ParcelPricing } from './carton-problem.ts';
import { grow } from './grow.ts';
import { improve } from './improve-plan.ts';
import { createDesk } from './one-parcel.ts';
import { costOf, isBetter } from './packing-plan.ts';
import { goodsOf } from './together.ts';

const flat: ParcelPricing = () => money(500, 'EUR');

function desk(items: CartonProblemInput['items'], stock: number | null = null) {
  const boxes: CartonProblemInput['boxes'] = [
    { id: 'S', inner: [100, 100, 100], outer: [100, 100, 100], tareGrams: 0, maxGrams: 9_000, costMinor: 10, stock },
    { id: 'L', inner: [200, 100, 100], outer: [200, 100, 100], tareGrams: 0, maxGrams: 9_000, costMinor: 30 },
  ];
  return createDesk(goodsOf(cartonProblemSchema.parse({ currency: 'EUR', boxes, items })), flat);
}
const blocks = (units: number, millimetres: [number, number, number], id = 'a') => ({ id, sku: id, units, millimetres, grams: 100 });

test('a box is filled with the largest units first, and the gaps with smaller ones', () => {
  const given = desk([blocks(9, [50, 50, 50], 'small'), blocks(1, [100, 100, 50], 'large')]);
  expect(grow(given, 0, [9, 1])).toEqual([4, 1]);
});

test('box by box everything is packed, in boxes of the favourite type while they last', () => {
  const given = desk([blocks(3, [100, 100, 100])], 1);
  const { parcels, left } = packBoxByBox(given, [3], 0);
  expect([parcels.map(({ box }) => box), left]).toEqual([[0, 1], [0]]);
});

test('two parcels that go into one are joined', () => {
  const given = desk([blocks(2, [100, 100, 100])]);
  const parcels = [given.packed([1], new Set()), given.packed([1], new Set())].filter((parcel) => parcel !== null);
  const plan = improve(given, { parcels, left: [0] });
  expect([plan.parcels.map(({ contents }) => contents), costOf(plan)]).toEqual([[[2]], 530]);
});

test('units are swapped where that frees a box', () => {
  const given = desk([blocks(2, [100, 100, 60], 'thick'), blocks(2, [100, 100, 40], 'thin')]);
  const thick = given.packed([2, 0], new Set());
  const thin = given.packed([0, 2], new Set());
  const plan = improve(given, { parcels: thick === null || thin === null ? [] : [thick, thin], left: [0, 0] });
  expect(costOf(plan)).toBe(530);
});

test('what was left is put where there is room', () => {
  const given = desk([blocks(2, [100, 100, 50])]);
  const one = given.packed([1], new Set());
  const plan = improve(given, { parcels: one === null ? [] : [one], left: [1] });
  expect([plan.left, costOf(plan)]).toEqual([[0], 510]);
});

test('a plan that leaves less is better, however dear', () => {
  const given = desk([blocks(1, [100, 100, 100])]);
  const one = given.packed([1], new Set());
  expect(isBetter({ parcels: one === null ? [] : [one], left: [0] }, { parcels: [], left: [1] })).toBe(true);
});
