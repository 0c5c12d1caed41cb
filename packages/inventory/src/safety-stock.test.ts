import { expect, test } from 'vitest';
import { safetyStockOf, safetyStockRulesSchema } from './safety-stock.ts';

const rules = safetyStockRulesSchema.parse({
  default: 1,
  rules: [
    { node: 'BER', units: 2 },
    { sku: 'MUG', units: 3 },
    { sku: 'MUG', node: 'BER', units: 4 },
  ],
});

test('the rule that says most wins', () => {
  expect(safetyStockOf(rules, 'MUG', 'BER')).toBe(4);
  expect(safetyStockOf(rules, 'MUG', 'HAM')).toBe(3);
  expect(safetyStockOf(rules, 'LAMP', 'BER')).toBe(2);
  expect(safetyStockOf(rules, 'LAMP', 'HAM')).toBe(1);
});

test('of two rules that say the same the one with more units wins, whatever their order', () => {
  const twice = [
    { sku: 'MUG', units: 7 },
    { sku: 'MUG', units: 5 },
  ];
  expect(safetyStockOf(safetyStockRulesSchema.parse({ rules: twice }), 'MUG', 'BER')).toBe(7);
  expect(safetyStockOf(safetyStockRulesSchema.parse({ rules: twice.toReversed() }), 'MUG', 'BER')).toBe(7);
});

test('without rules there is no safety stock', () => {
  expect(safetyStockOf(safetyStockRulesSchema.parse(undefined), 'MUG', 'BER')).toBe(0);
});

test('a rule for nothing in particular is refused', () => {
  expect(safetyStockRulesSchema.safeParse({ rules: [{ units: 3 }] }).success).toBe(false);
});
