import { money } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { cartonFaults, cartonize, cartonProblemSchema, type Carton, type Cartonization, type PackedUnit } from '../index.ts';

const problem = cartonProblemSchema.parse({
  currency: 'EUR',
  apart: [['acid', 'base']],
  boxes: [{ id: 'M', inner: [200, 100, 200], outer: [210, 110, 210], tareGrams: 100, maxGrams: 2_500, stock: 2, costMinor: 30 }],
  items: [
    { id: 'a', sku: 'A', units: 2, millimetres: [100, 100, 80], grams: 700, turning: 'upright', hazard: 'acid' },
    { id: 'b', sku: 'B', units: 1, millimetres: [100, 90, 80], grams: 900, hazard: 'base', fragile: true },
  ],
});
const right = cartonize(problem, () => money(400, 'EUR'));

/** The right result with something changed in the carton of `a`. */
function faultsWith(change: Partial<Carton>, unit: Partial<PackedUnit> = {}, total = right.total): string {
  const changed: Cartonization = {
    ...right,
    total,
    cartons: right.cartons.map((carton) => {
      if (carton.units[0]?.item !== 'a') return carton;
      const units = carton.units.map((one, index) => (index === 1 ? { ...one, ...unit } : one));
      return { ...carton, units, ...change };
    }),
  };
  return cartonFaults(problem, changed).join('; ');
}

test('a right cartonization has no faults', () => {
  expect([cartonFaults(problem, right), right.cartons.length]).toEqual([[], 2]);
});

test.each<[string, Partial<Carton>, Partial<PackedUnit>]>([
  ['overlap', {}, { at: [50, 0, 0] }],
  ['sticks out', {}, { at: [150, 0, 0] }],
  ['floats', {}, { at: [100, 0, 10] }],
  ['is turned', {}, { sides: [100, 80, 100] }],
  ['step 5', {}, { step: 5 }],
  ['weighs', { grams: 1_400 }, {}],
  ['outer sides', { millimetres: [200, 200, 100] }, {}],
  ['there is no box', { box: 'XXL' }, {}],
  ['no box', { box: null }, {}],
  ['the box costs', { boxCost: money(1, 'EUR') }, {}],
  ['it is empty', { units: [] }, {}],
  ['1 are packed and 0 left, of 2', {}, { item: 'b' }],
  ['are together', {}, { item: 'b' }],
  ['not asked for', {}, { item: 'z' }],
])('it is a fault when: %s', (fault, carton, unit) => {
  expect(faultsWith(carton, unit)).toContain(fault);
});

test('a total that the cartons do not add up to is a fault', () => {
  expect(faultsWith({}, {}, money(1, 'EUR'))).toContain('the total is 1');
});

test('something above a fragile unit is a fault, however high', () => {
  const fragile = cartonProblemSchema.parse({ ...problem, items: problem.items.map((item) => ({ ...item, fragile: true })) });
  const stacked: Cartonization = {
    ...right,
    cartons: right.cartons.map((carton) => ({
      ...carton,
      units: carton.units.map((unit, index) => (index === 1 ? { ...unit, at: [0, 0, 80], layer: 2 } : unit)),
    })),
  };
  expect(cartonFaults(fragile, stacked).join()).toContain('above something fragile');
});
