import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearestFirst } from './baseline.ts';
import { explainOrders } from './explain.ts';
import { parsePlan, planText } from './plan.ts';
import { parseProblem, type SourcingProblem } from './problem.ts';
import type { SolveOptions } from './run.ts';
import { solve, type SolveResult } from './solve.ts';
import { judgeByForce, leastCostByForce } from './testing/brute-force.ts';
import { inOtherMoney, inOtherOrder, inOtherWeights, withMoreStock, withoutLastNode } from './testing/changed-problems.ts';
import { problems } from './testing/problems.ts';
import { tryingSolver } from './testing/trying-solver.ts';
import { verifyPlan } from './verify.ts';

const small = problems({ nodes: 3, services: 3, skus: 4, orders: 5, lines: 5 });
/** Few enough to try everything. */
const forced = problems({ nodes: 3, services: 2, skus: 2, orders: 6, lines: 4 });
/** One order or another has more lines than can be priced exactly. */
const long = problems({ nodes: 3, services: 2, skus: 5, orders: 2, lines: 15 });
const quick: SolveOptions = { workLimit: 200 };

const near = (cost: number): number => 1e-6 * Math.max(1, cost);

describe('against an enumeration of everything, by a model of its own', () => {
  test('no plan is cheaper than the certified bound, none is cheaper than the optimum, and what is called exact is the optimum', async () => {
    await fc.assert(
      fc.asyncProperty(forced, async (problem) => {
        const optimum = leastCostByForce(problem);
        const { certifiedBound, bound, cost, method } = await solve(problem, quick);
        expect(certifiedBound).toBeLessThanOrEqual(optimum + near(optimum));
        expect(bound).toBeLessThanOrEqual(optimum + near(optimum));
        expect(cost.total).toBeGreaterThanOrEqual(optimum - near(optimum));
        expect(method === 'exact' ? cost.total : optimum).toBeCloseTo(optimum, 5);
      }),
      { numRuns: 80 },
    );
  });

  test('a solver that tries everything proves the optimum', async () => {
    await fc.assert(
      fc.asyncProperty(forced, async (problem) => {
        const { cost, method } = await solve(problem, { workLimit: 0, solver: tryingSolver() });
        expect({ cost: cost.total, method }).toEqual({
          cost: expect.closeTo(leastCostByForce(problem), 5),
          method: 'exact',
        });
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    ['few lines', small, 40],
    ['long orders', long, 8],
  ])('a plan of %s keeps every rule and costs what it claims', async (_, some, numRuns) => {
    await fc.assert(
      fc.asyncProperty(some, async (problem) => {
        const { plan, cost } = await solve(problem, quick);
        const judged = judgeByForce(problem, plan.shipments);
        expect(judged.faults).toEqual([]);
        expect(cost.total).toBeCloseTo(judged.cost, 6);
      }),
      { numRuns },
    );
  });

  test('the shop rule keeps every rule and costs what it claims', () => {
    fc.assert(
      fc.property(small, (problem) => {
        const { plan, cost } = nearestFirst(problem);
        expect(judgeByForce(problem, plan.shipments)).toEqual({ faults: [], cost: expect.closeTo(cost.total, 6) });
      }),
      { numRuns: 150 },
    );
  });
});

test.each([
  ['few lines', small, 40],
  ['long orders', long, 8],
  ['orders and nodes that can all be tried', forced, 40],
])('a plan of %s is never dearer than the shop rule', async (_, some, numRuns) => {
  await fc.assert(
    fc.asyncProperty(some, async (problem) => {
      const [ours, usual] = [(await solve(problem, quick)).cost.total, nearestFirst(problem).cost.total];
      expect(ours).toBeLessThanOrEqual(usual + near(usual));
    }),
    { numRuns },
  );
});

test.each([
  ['few lines', small, 40],
  ['long orders', long, 8],
])('a plan of %s passes its check, and its certificate proves exactly the bound that is told', async (_, some, numRuns) => {
  await fc.assert(
    fc.asyncProperty(some, async (problem) => {
      const result = await solve(problem, quick);
      const verified = verifyPlan(problem, parsePlan(JSON.parse(planText(result.plan))));
      expect(verified.errors).toEqual([]);
      expect(verified.cost).toEqual(result.cost);
      expect(Math.min(verified.certifiedBound ?? 0, result.cost.total)).toBeCloseTo(result.certifiedBound, 6);
      expect(result.bound).toBeLessThanOrEqual(result.cost.total);
    }),
    { numRuns },
  );
});

test('the same problem gives the same plan, byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(small, async (problem) => {
      const [first, second] = [await solve(problem, quick), await solve(parseProblem(structuredClone(problem)), quick)];
      expect(planText(second.plan)).toBe(planText(first.plan));
    }),
    { numRuns: 15 },
  );
});

describe('what may not matter', () => {
  /** Why two results cannot be of problems with the same optimum (the right one's money times `factor`), or differ by more than their gaps. */
  function disagreements(left: SolveResult, right: SolveResult, factor = 1): string[] {
    const [before, after] = [left.cost.total * factor, right.cost.total];
    const wrong: string[] = [];
    if (after < left.bound * factor - near(before)) wrong.push(`${after} is below the bound ${left.bound * factor}`);
    if (before < right.bound - near(before)) wrong.push(`${before} is below the bound ${right.bound}`);
    if (Math.abs(after - before) > Math.max(before * left.gap, after * right.gap) + near(before)) wrong.push(`${before} became ${after}`);
    return wrong;
  }

  test('telling orders, lines, nodes, services and SKUs in another order changes no cost by more than the gap', async () => {
    await fc.assert(
      fc.asyncProperty(forced, async (problem) => {
        expect(disagreements(await solve(problem, quick), await solve(inOtherOrder(problem), quick))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test.each([0.01, 3, 150])('in money of which one is worth %d, costs scale and no more', async (factor) => {
    await fc.assert(
      fc.asyncProperty(forced, async (problem) => {
        expect(disagreements(await solve(problem, quick), await solve(inOtherMoney(problem, factor), quick), factor)).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  test('weights in another unit give the same plan at the same cost', async () => {
    await fc.assert(
      fc.asyncProperty(small, async (problem) => {
        const [first, second] = [await solve(problem, quick), await solve(inOtherWeights(problem, 4), quick)];
        expect(second.plan.shipments).toEqual(first.plan.shipments);
        expect(second.cost.total).toBeCloseTo(first.cost.total, 9);
      }),
      { numRuns: 12 },
    );
  });
});

describe('what can only help', () => {
  const proven = { workLimit: 0, solver: tryingSolver() };

  test.each([
    ['more stock', (problem: SourcingProblem): [SourcingProblem, SourcingProblem] => [problem, withMoreStock(problem)]],
    ['one node more', (problem: SourcingProblem): [SourcingProblem, SourcingProblem] => [withoutLastNode(problem), problem]],
  ])('%s never raises the proven optimum', async (_, pair) => {
    await fc.assert(
      fc.asyncProperty(forced, async (problem) => {
        const [less, more] = pair(problem);
        const [before, after] = [await solve(less, proven), await solve(more, proven)];
        expect([before.method, after.method]).toEqual(['exact', 'exact']);
        expect(after.cost.total).toBeLessThanOrEqual(before.cost.total + near(before.cost.total));
      }),
      { numRuns: 40 },
    );
  });
});

test('every order of a plan can be explained, and no chosen node is passed over', async () => {
  await fc.assert(
    fc.asyncProperty(small, async (problem) => {
      const { plan } = await solve(problem, quick);
      for (const { shipments, passedOver } of explainOrders(problem, plan)) {
        expect(new Set([...shipments, ...passedOver].map(({ node }) => node)).size).toBe(problem.nodes.length);
      }
    }),
    { numRuns: 15 },
  );
});
