import { expect, test } from 'vitest';
import { exampleProblem } from './example-problem.ts';
import { explainOrders } from './explain.ts';
import { solve } from './solve.ts';

test('a node is passed over because its last unit went to another order', async () => {
  const problem = exampleProblem();
  const { plan } = await solve(problem);
  const [explained] = explainOrders(problem, plan, ['A1']);
  expect(explained?.passedOver).toEqual([{ node: 'vienna', why: 'taken-by-others', dearerBy: expect.any(Number) }]);
});

test('the price of the scarce lamp is what bound the order', async () => {
  const problem = exampleProblem();
  const { plan } = await solve(problem);
  const [explained] = explainOrders(problem, plan, ['A1']);
  expect(explained?.binding).toEqual([{ kind: 'stock', node: 'vienna', sku: 'lamp', pricePerUnit: expect.any(Number) }]);
});

test.each([
  ['not-eligible', { eligibleNodes: ['vienna'] }],
  ['not-enough-stock', { lines: [{ sku: 'lamp', units: 9, unfilledCostPerUnit: 1 }] }],
  ['no-lane', { services: ['express'] }],
])('a node is passed over: %s', async (why, change) => {
  const problem = exampleProblem((raw) => Object.assign(raw.orders[0]!, change));
  const { plan } = await solve(problem);
  const [explained] = explainOrders(problem, plan, ['A1']);
  expect(explained?.passedOver).toContainEqual(expect.objectContaining({ node: 'berlin', why }));
});

test('the terms of all orders add up to the cost of the plan where no node works overtime', async () => {
  const problem = exampleProblem();
  const result = await solve(problem);
  const total = explainOrders(problem, result.plan).reduce((sum, { cost }) => sum + cost.total, 0);
  expect(total).toBeCloseTo(result.cost.total, 9);
});
