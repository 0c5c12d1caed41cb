import { expect, test } from 'vitest';
import { dailyDemand, daysOfCover, noDemand } from './demand.ts';
import { channelSafetyOf, computedSafetyStock, safetyStockOf, safetyStockRulesSchema } from './safety-stock.ts';

const steady = dailyDemand([4, 6, 4, 6]);

test('days of cover say how long stock lasts at the demand of the past', () => {
  expect(steady).toMatchObject({ mean: 5, days: 4 });
  expect([daysOfCover(40, steady), daysOfCover(-3, steady), daysOfCover(40, noDemand)]).toEqual([8, 0, null]);
});

test('safety stock may be so many days of cover', () => {
  const rules = safetyStockRulesSchema.parse({ rules: [{ sku: 'MUG', daysOfCover: 2.5 }] });
  expect([safetyStockOf(rules, 'MUG', 'BER', steady), safetyStockOf(rules, 'MUG', 'BER')]).toEqual([13, 0]);
});

test('safety stock may be computed from the variance of demand and of lead time', () => {
  // z(95 %) = 1.645; sqrt(9 × 4 + 100 × 1) = 11.66
  const demand = { mean: 10, deviation: 2, days: 28 };
  expect(computedSafetyStock(demand, { servicePercent: 95, leadDays: 9, leadDeviationDays: 1, demandShare: 1 })).toBe(
    Math.ceil(1.6448536 * Math.sqrt(136)),
  );
  expect(computedSafetyStock(demand, { servicePercent: 99, leadDays: 9, leadDeviationDays: 1, demandShare: 1 })).toBe(
    Math.ceil(2.3263479 * Math.sqrt(136)),
  );
  expect(computedSafetyStock(demand, { servicePercent: 50, leadDays: 9, leadDeviationDays: 1, demandShare: 1 })).toBe(0);
});

test('safety stock thresholds go by SKU, warehouse and channel', () => {
  const rules = safetyStockRulesSchema.parse({
    default: 1,
    rules: [
      { sku: 'MUG', node: 'BER', units: 4 },
      { sku: 'MUG', channel: 'market', units: 3 },
      { channel: 'market', node: 'HAM', units: 2 },
    ],
  });
  expect([safetyStockOf(rules, 'MUG', 'BER'), safetyStockOf(rules, 'MUG', 'HAM')]).toEqual([4, 1]);
  expect([
    channelSafetyOf(rules, 'market', 'MUG', 'BER'),
    channelSafetyOf(rules, 'market', 'LAMP', 'HAM'),
    channelSafetyOf(rules, 'shop', 'MUG', 'BER'),
  ]).toEqual([3, 2, 0]);
});

test('a rule that says two kinds of safety stock, or none, is refused', () => {
  expect(safetyStockRulesSchema.safeParse({ rules: [{ sku: 'MUG', units: 3, daysOfCover: 2 }] }).success).toBe(false);
  expect(safetyStockRulesSchema.safeParse({ rules: [{ sku: 'MUG' }] }).success).toBe(false);
});
