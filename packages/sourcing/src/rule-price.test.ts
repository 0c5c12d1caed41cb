import { expect, test } from 'vitest';
import { exampleProblem } from './example-problem.ts';
import { priceRules, type RulePrice } from './rule-price.ts';
import type { Rule } from './rules.ts';
import { solve } from './solve.ts';

async function priceOf(rule: Rule, change: Parameters<typeof exampleProblem>[0]): Promise<RulePrice | undefined> {
  const problem = exampleProblem(change);
  const { plan } = await solve(problem);
  return (await priceRules(problem, plan, { rules: [rule] }))[0];
}

test('units kept for a channel that does not want them cost what others pay to go without', async () => {
  const rule: Rule = { kind: 'reservation', node: 'vienna', channel: 'amazon', sku: 'lamp' };
  const price = await priceOf(rule, (raw) => {
    raw.nodes[0]!['stock'] = { mug: 5, lamp: 1 };
    raw.nodes[0]!['reserved'] = { amazon: { lamp: 1 } };
  });
  expect(price?.resolved?.saving).toBeCloseTo(2.48, 9);
  expect(price?.words).toBe(
    'Without the units of lamp that vienna keeps for amazon all orders together cost 2.48 EUR less (surely between 2.48 and 2.50 less).',
  );
});

test('an order that must ship complete pays for it', async () => {
  const price = await priceOf({ kind: 'ship-complete', order: 'A2' }, (raw) => {
    raw.orders[1]!['shipComplete'] = true;
    raw.orders[1]!.lines[1]!['units'] = 9;
  });
  expect(price?.resolved?.saving).toBeCloseTo(11.5, 9);
});

test('a promise costs the lateness that it causes', async () => {
  const price = await priceOf({ kind: 'promise', order: 'A1' }, (raw) => (raw.orders[0]!['promiseDay'] = 1));
  expect(price!.resolved!.saving).toBeGreaterThan(0);
});

test('a node that closes costs more than it saves', async () => {
  const price = await priceOf({ kind: 'node', node: 'vienna' }, () => {});
  expect(price!.resolved!.saving).toBeLessThan(-2);
  expect(price!.resolved!.plan.shipments.map(({ node }) => node)).toEqual(['berlin', 'berlin']);
});

test('all rules of a problem are ranked, and only the dearest are solved again', async () => {
  const problem = exampleProblem((raw) => (raw.orders[0]!['maxShipments'] = 1));
  const { plan } = await solve(problem);
  const prices = await priceRules(problem, plan, { resolve: 1 });
  expect(prices.map(({ rule, resolved }) => [rule.kind, resolved !== null])).toEqual([
    ['node', true],
    ['promise', false],
    ['promise', false],
    ['node', false],
  ]);
});
