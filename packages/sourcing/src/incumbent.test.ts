import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearestFirst } from './baseline.ts';
import { exampleNode, exampleOrder, exampleProblem } from './example-problem.ts';
import { planText, type SourcingPlan } from './plan.ts';
import { SourcingInputError } from './problem.ts';
import { solve } from './solve.ts';
import { problems } from './testing/problems.ts';
import { verifyPlan } from './verify.ts';

const small = problems({ nodes: 3, services: 2, skus: 3, orders: 5, lines: 3 });
const quick = { workLimit: 200 };

/** The last lamp of the near warehouse is with A1, for whom the far one costs least more. */
const byShopRule = (): SourcingPlan => nearestFirst(exampleProblem()).plan;

test('an earlier plan is changed where that is cheaper', async () => {
  const { plan } = await solve(exampleProblem(), { incumbent: { plan: byShopRule() } });
  expect(plan.shipments).toEqual((await solve(exampleProblem())).plan.shipments);
});

test('an order for stock that nobody else wants gets what came up for it, though nothing around it has changed', async () => {
  const problem = exampleProblem((raw) => (raw.orders = [exampleOrder('A2', 'AT', ['lamp', 'mug'])]));
  const apart = ['vienna', 'berlin'].map((node, line) => ({ order: 'A2', node, service: 'ground', lines: [line] }));
  const earlier: SourcingPlan = { format: 'quartermaster/sourcing-plan@1', shipments: apart };

  const { plan } = await solve(problem, { incumbent: { plan: earlier, changeCost: 0.1 } });

  expect(plan.shipments).toEqual([{ order: 'A2', node: 'vienna', service: 'ground', lines: [0, 1] }]);
});

test('an earlier plan stays where the change costs more than it saves', async () => {
  const { plan, objective } = await solve(exampleProblem(), { incumbent: { plan: byShopRule(), changeCost: 1 } });
  expect({ shipments: plan.shipments, change: objective.change }).toEqual({ shipments: byShopRule().shipments, change: 0 });
});

test('each order with another plan than before pays the change cost', async () => {
  const { objective } = await solve(exampleProblem(), { incumbent: { plan: byShopRule(), changeCost: 0.01 } });
  expect(objective.change).toBeCloseTo(0.02, 9);
});

test('an order that came after the earlier plan is planned and pays no change', async () => {
  const problem = exampleProblem((raw) => raw.orders.push(exampleOrder('A3', 'AT', ['mug'])));
  const { plan, objective } = await solve(problem, { incumbent: { plan: byShopRule(), changeCost: 5 } });
  expect({ orders: plan.shipments.map(({ order }) => order), change: objective.change }).toEqual({ orders: ['A1', 'A2', 'A3'], change: 0 });
});

test('orders, nodes and services of the earlier plan that are gone are passed over', async () => {
  const problem = exampleProblem((raw) => {
    raw.nodes = [exampleNode('graz', 'AT', { mug: 5, lamp: 5 })];
    raw.orders = [exampleOrder('A2', 'AT', ['lamp', 'mug'])];
  });
  const earlier = (await solve(exampleProblem())).plan;
  const { plan } = await solve(problem, { incumbent: { plan: earlier } });
  expect(plan.shipments).toEqual([{ order: 'A2', node: 'graz', service: 'ground', lines: [0, 1] }]);
});

test.each([
  ['incumbent.changeCost', { plan: byShopRule(), changeCost: -1 }],
  ['incumbent.changeCost', { plan: byShopRule(), changeCost: Number.NaN }],
  ['incumbent.plan.shipments', { plan: JSON.parse('{"format":"quartermaster/sourcing-plan@1"}') }],
])('an earlier plan that is none is refused at %s', async (path, incumbent) => {
  const refused = await solve(exampleProblem(), { incumbent }).catch((error: unknown) => error);
  expect(refused instanceof SourcingInputError ? refused.issues.map((issue) => issue.path) : refused).toEqual([path]);
});

test('where nothing has changed, the plan is the earlier one or a cheaper one', async () => {
  await fc.assert(
    fc.asyncProperty(small, async (problem) => {
      const earlier = await solve(problem, quick);
      const again = await solve(problem, { ...quick, incumbent: { plan: earlier.plan } });
      expect(verifyPlan(problem, again.plan).errors).toEqual([]);
      const same = JSON.stringify(again.plan.shipments) === JSON.stringify(earlier.plan.shipments);
      expect(same || again.cost.total < earlier.cost.total).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('a change cost that is high enough leaves every order as it was', async () => {
  await fc.assert(
    fc.asyncProperty(small, async (problem) => {
      const earlier = nearestFirst(problem).plan;
      const { plan } = await solve(problem, { ...quick, incumbent: { plan: earlier, changeCost: 1e6 } });
      const planned = new Set(earlier.shipments.map(({ order }) => order));
      const text = (one: SourcingPlan): string[] =>
        one.shipments
          .filter(({ order }) => planned.has(order))
          .map((each) => JSON.stringify(each))
          .sort();
      expect(text(plan)).toEqual(text(earlier));
    }),
    { numRuns: 40 },
  );
});

test('the bound of the objective holds for every other plan with its changes, and the certificate for the cost alone', async () => {
  await fc.assert(
    fc.asyncProperty(small, fc.integer({ min: 0, max: 300 }), async (problem, cents) => {
      const earlier = nearestFirst(problem);
      const incumbent = { plan: earlier.plan, changeCost: cents / 100 };
      const result = await solve(problem, { ...quick, incumbent });
      expect(verifyPlan(problem, result.plan).errors).toEqual([]);
      expect(result.bound).toBeLessThanOrEqual(earlier.cost.total + 1e-9);
      const cold = await solve(problem, quick);
      expect(result.bound).toBeLessThanOrEqual(cold.cost.total + problem.orders.length * incumbent.changeCost + 1e-9);
      expect(result.certifiedBound).toBeLessThanOrEqual(cold.cost.total + 1e-9);
      expect(result.objective.total).toBeLessThanOrEqual(earlier.cost.total + 1e-9);
      expect(planText((await solve(problem, { ...quick, incumbent })).plan)).toBe(planText(result.plan));
    }),
    { numRuns: 40 },
  );
});
