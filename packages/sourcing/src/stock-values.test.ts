import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { exampleNode, exampleOrder, exampleProblem } from './example-problem.ts';
import { ownValue } from './id-record.ts';
import { planText } from './plan.ts';
import { SourcingInputError, type SourcingProblem } from './problem.ts';
import { solve } from './solve.ts';
import { problems } from './testing/small-problems.ts';
import { verifyPlan } from './verify.ts';

const oneMug = (): SourcingProblem =>
  exampleProblem((raw) => {
    raw.nodes = [exampleNode('vienna', 'AT', { mug: 9 }), exampleNode('berlin', 'DE', { mug: 9 })];
    raw.orders = [exampleOrder('A1', 'AT', ['mug'])];
  });

test('a unit that is worth more tomorrow than the detour costs is left in the near warehouse', async () => {
  const { plan } = await solve(oneMug(), { stockValues: { vienna: { mug: 5 } } });
  expect(plan.shipments.map(({ node }) => node)).toEqual(['berlin']);
});

test('a unit that is worth more tomorrow than an open line costs today is not shipped, and the order pays no value', async () => {
  const { plan, objective } = await solve(oneMug(), { stockValues: { vienna: { mug: 50 }, berlin: { mug: 50 } } });
  expect({ shipments: plan.shipments, objective }).toEqual({ shipments: [], objective: { total: 20, cost: 20, stockValue: 0 } });
});

test('the plan claims the real cost, the objective has the value of the stock on top', async () => {
  const { plan, cost, objective } = await solve(oneMug(), { stockValues: { vienna: { mug: 1 } } });
  expect(objective).toEqual({ total: cost.total + 1, cost: plan.claim?.totalCost, stockValue: 1 });
});

test('stock values of nothing change nothing, byte for byte', async () => {
  const problem = exampleProblem();
  expect(planText((await solve(problem, { stockValues: {} })).plan)).toBe(planText((await solve(problem)).plan));
});

test.each([
  ['stockValues.paris', { paris: { mug: 1 } }],
  ['stockValues.vienna.cup', { vienna: { cup: 1 } }],
  ['stockValues.vienna.mug', { vienna: { mug: -1 } }],
])('a stock value that means nothing is refused at %s', async (path, stockValues) => {
  const refused = await solve(oneMug(), { stockValues }).catch((error: unknown) => error);
  expect(refused instanceof SourcingInputError ? refused.issues.map((issue) => issue.path) : refused).toEqual([path]);
});

test('whatever stock is worth, the certificate proves its bound on the real cost, and the objective keeps its own', async () => {
  const small = problems({ nodes: 3, services: 2, skus: 3, orders: 4, lines: 3 });
  await fc.assert(
    fc.asyncProperty(small, fc.array(fc.nat(8), { minLength: 9, maxLength: 9 }), async (problem, values) => {
      const stockValues = Object.fromEntries(
        problem.nodes.map(({ id }, node) => [id, Object.fromEntries(problem.skus.map((sku, at) => [sku.id, values[3 * node + at] ?? 0]))]),
      );
      const result = await solve(problem, { workLimit: 200, stockValues });
      const verified = verifyPlan(problem, result.plan);
      expect(verified.errors).toEqual([]);
      expect(verified.certifiedBound).toBeGreaterThanOrEqual(result.certifiedBound - 1e-6);
      expect(result.bound).toBeLessThanOrEqual(result.objective.total);
      // What is cheapest without the values is a plan with them, too.
      const plain = await solve(problem, { workLimit: 200 });
      const used = plain.plan.shipments.flatMap(({ order, node, lines }) =>
        lines.map((line) => {
          const { sku, units } = problem.orders.find(({ id }) => id === order)!.lines[line]!;
          return units * (ownValue(ownValue(stockValues, node), sku) ?? 0);
        }),
      );
      expect(result.bound).toBeLessThanOrEqual(used.reduce((sum, value) => sum + value, plain.cost.total) + 1e-6);
    }),
    { numRuns: 60 },
  );
});
