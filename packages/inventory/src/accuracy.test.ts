import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accuracyBuffer, accuracyPolicySchema, stockAccuracy, togetherAccuracy, type AccuracyPolicy } from './accuracy.ts';

describe('stock accuracy and inventory adjustment frequency, from the stock moves of counts', () => {
  test('a shelf of 20 whose counts find two missing, one found, and twice nothing wrong is 97 % accurate, and is adjusted once a week', () => {
    expect(stockAccuracy([-2, 1, 0, 0], { held: 20, days: 14 })).toEqual({
      counts: 4,
      adjustments: 2,
      adjustmentsPerWeek: 1,
      missing: 2,
      found: 1,
      held: 20,
      accuracyPercent: 100 * (1 - 0.75 / 20),
    });
  });

  test('of a shelf that nobody counted nothing is known, and it does not make the others better', () => {
    const never = stockAccuracy([], { held: 1_000, days: 14 });
    const bad = stockAccuracy([-5], { held: 10, days: 14 });
    expect([never.accuracyPercent, bad.accuracyPercent, togetherAccuracy([never, bad]).accuracyPercent]).toEqual([null, 50, 50]);
  });

  test('an empty shelf of which all was missing is not accurate at all', () => {
    expect(stockAccuracy([-3], { held: 0, days: 7 }).accuracyPercent).toBe(0);
  });
});

describe('the confidence of a shelf is used as a buffer', () => {
  const policy = (given: object = {}): AccuracyPolicy | null => accuracyPolicySchema.parse({ mostUnits: 10, ...given });

  test('as many units are kept back as 80 % of its counts did not exceed in what was missing', () => {
    expect(accuracyBuffer(policy(), [-4, -1, 0, 2, -2], 50)).toBe(2);
    expect(accuracyBuffer(policy({ percent: 100 }), [-4, -1, 0, 2, -2], 50)).toBe(4);
  });

  test('or the share of what it holds that counts found missing in the mean', () => {
    expect(accuracyBuffer(policy({ by: 'share' }), [-4, 0], 50)).toBe(2);
  });

  test('never more than the policy allows, and nothing by default, of a shelf that was hardly counted, or where only more was found', () => {
    expect([
      accuracyBuffer(policy({ mostUnits: 3 }), [-9, -9], 50),
      accuracyBuffer(accuracyPolicySchema.parse(undefined), [-9, -9], 50),
      accuracyBuffer(policy(), [-9], 50),
      accuracyBuffer(policy(), [5, 3], 50),
    ]).toEqual([3, 0, 0, 0]);
  });

  test('it is never more than what is held', () => {
    const counted = fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 8 });
    fc.assert(
      fc.property(counted, fc.nat(30), fc.constantFrom('percentile', 'share'), (units, held, by) => {
        const kept = accuracyBuffer(policy({ by, mostUnits: 100 }), units, held);
        expect(kept).toBeGreaterThanOrEqual(0);
        expect(kept).toBeLessThanOrEqual(held);
      }),
    );
  });
});
