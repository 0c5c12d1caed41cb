import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { billableGrams, type WeightRule } from './index.ts';
import { gramsOfSteps, roundGrams } from './weight-rule.ts';

const side = fc.integer({ min: 1, max: 3_000 });
const parcels = fc.record({ grams: fc.integer({ min: 1, max: 70_000 }), millimetres: fc.option(fc.tuple(side, side, side)) });
const rules: fc.Arbitrary<WeightRule> = fc
  .tuple(
    fc.oneof(
      fc.constant({}),
      fc.constantFrom(5_000, 6_000).map((divisorCm3PerKg) => ({ divisorCm3PerKg })),
      fc.constantFrom(139, 166).map((divisorIn3PerLb) => ({ divisorIn3PerLb })),
    ),
    fc.constantFrom<WeightRule['sides']>(undefined, 'as-measured', 'whole-centimetres', 'whole-inches'),
    fc.oneof(fc.constant({}), fc.constant({ overIn3: 1_728 }), fc.constant({ overCm3: 30_000 })),
    fc.oneof(
      fc.constant({}),
      fc.constantFrom(100, 500, 1_000).map((roundingGrams) => ({ roundingGrams })),
      fc.constantFrom(1, 16).map((roundingOunces) => ({ roundingOunces })),
    ),
  )
  .map(([divisor, sides, over, rounding]) => ({ ...divisor, ...(sides === undefined ? {} : { sides }), ...over, ...rounding }));

test('never less than the scales is billed, and always a whole number of steps', () => {
  fc.assert(
    fc.property(parcels, rules, (parcel, rule) => {
      const billed = billableGrams(parcel, rule);
      expect(billed).toBeGreaterThanOrEqual(parcel.grams);
      expect(roundGrams(billed, rule, 'up')).toBe(billed);
      expect(roundGrams(billed, rule, 'down')).toBe(billed);
    }),
  );
});

test('a heavier or larger parcel is never billed for less, whatever is rounded', () => {
  fc.assert(
    fc.property(parcels, rules, fc.nat(5_000), fc.nat(300), ({ grams, millimetres }, rule, more, longer) => {
      const [length, width, height] = millimetres ?? [1, 1, 1];
      const small = billableGrams({ grams, millimetres: [length, width, height] }, rule);
      expect(billableGrams({ grams: grams + more, millimetres: [length, width + longer, height] }, rule)).toBeGreaterThanOrEqual(small);
    }),
  );
});

test('the quick way of whole metric numbers comes to what the exact one comes to', () => {
  fc.assert(
    fc.property(parcels, fc.constantFrom(4_000, 5_000, 6_000), fc.constantFrom(1, 100, 500), (parcel, divisorCm3PerKg, roundingGrams) => {
      const exact: WeightRule = { divisorCm3PerKg, roundingGrams, overCm3: 0 };
      expect(billableGrams(parcel, { divisorCm3PerKg, roundingGrams })).toBe(billableGrams(parcel, exact));
    }),
  );
});

test('rounding down and up meet at the steps, and lie a step apart between them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70_000 }), rules, (grams, rule) => {
      const [down, up] = [roundGrams(grams, rule, 'down'), roundGrams(grams, rule, 'up')];
      expect(down).toBeLessThanOrEqual(grams);
      expect(up).toBeGreaterThanOrEqual(grams);
      expect(up - down).toBeLessThanOrEqual(gramsOfSteps(1, rule));
    }),
  );
});
