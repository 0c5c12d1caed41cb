import { existsSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { nearestFirst } from './baseline.ts';
import { auditShipments } from './cost.ts';
import { explainOrders } from './explain.ts';
import { parsePlan, planText, type PlanShipment } from './plan.ts';
import { parseProblem, type ProblemOrder, type SourcingProblem } from './problem.ts';
import { solve } from './solve.ts';
import { problems } from './testing/small-problems.ts';
import { verifyPlan } from './verify.ts';

const small = problems({ nodes: 3, services: 3, skus: 4, orders: 5, lines: 5 });
const tiny = problems({ nodes: 2, services: 2, skus: 2, orders: 2, lines: 2 });
const quick = { workLimit: 200 };

test('a plan is feasible, its cost is what its claim says, and its certificate proves its bound', async () => {
  await fc.assert(
    fc.asyncProperty(small, async (problem) => {
      const result = await solve(problem, quick);
      const verified = verifyPlan(problem, parsePlan(JSON.parse(planText(result.plan))));
      expect(verified.errors).toEqual([]);
      expect(verified.cost).toEqual(result.cost);
      expect(verified.certifiedBound).toBeCloseTo(Math.max(result.certifiedBound, verified.certifiedBound ?? 0), 6);
      expect(result.bound).toBeLessThanOrEqual(result.cost.total);
    }),
    { numRuns: 150 },
  );
});

test('no plan of a tiny batch is cheaper than the bound, and none is dearer to find than to enumerate', async () => {
  await fc.assert(
    fc.asyncProperty(tiny, async (problem) => {
      const result = await solve(problem, quick);
      const optimum = cheapestByEnumeration(problem);
      expect(result.certifiedBound).toBeLessThanOrEqual(optimum + 1e-6);
      expect(result.cost.total).toBeGreaterThanOrEqual(optimum - 1e-6);
    }),
    { numRuns: 60 },
  );
});

test('the same problem gives the same plan, byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(small, async (problem) => {
      const [first, second] = [await solve(problem, quick), await solve(parseProblem(structuredClone(problem)), quick)];
      expect(planText(second.plan)).toBe(planText(first.plan));
    }),
    { numRuns: 25 },
  );
});

test('the shop rule keeps every hard rule', () => {
  fc.assert(
    fc.property(small, (problem) => {
      const { plan, cost } = nearestFirst(problem);
      expect(verifyPlan(problem, plan)).toMatchObject({ feasible: true, cost });
    }),
    { numRuns: 150 },
  );
});

test('every order of a plan can be explained, and no chosen node is passed over', async () => {
  await fc.assert(
    fc.asyncProperty(small, async (problem) => {
      const { plan } = await solve(problem, quick);
      for (const { shipments, passedOver } of explainOrders(problem, plan)) {
        expect(new Set([...shipments, ...passedOver].map(({ node }) => node)).size).toBe(problem.nodes.length);
      }
    }),
    { numRuns: 25 },
  );
});

const tools = new URL('../../../../shared/tools/', import.meta.url);
const verdict = z.object({ feasible: z.boolean(), errors: z.array(z.string()), cost: z.object({ total: z.number() }) });

describe.skipIf(!existsSync(tools))('beside the arbiters of the contract (skipped where ../shared is absent)', () => {
  test('cost, feasibility and bound agree', async () => {
    const { verify } = z
      .object({ verify: z.custom<(problem: unknown, plan: unknown) => unknown>() })
      .parse(await import(new URL('sourcing-verify.mjs', tools).href));
    const { lowerBound } = z
      .object({ lowerBound: z.custom<(problem: unknown, certificate: unknown) => unknown>() })
      .parse(await import(new URL('sourcing-certify.mjs', tools).href));
    await fc.assert(
      fc.asyncProperty(small, async (problem) => {
        const result = await solve(problem, quick);
        const judged = verdict.parse(verify(problem, result.plan));
        expect(judged.errors).toEqual([]);
        expect(judged.cost.total).toBeCloseTo(result.cost.total, 6);
        expect(verifyPlan(problem, result.plan).certifiedBound).toBeCloseTo(
          z.number().parse(lowerBound(problem, result.plan.certificate)),
          6,
        );
      }),
      { numRuns: 150 },
    );
  });
});

/** The cheapest feasible plan, by trying all. */
function cheapestByEnumeration(problem: SourcingProblem): number {
  const plans = problem.orders.map((order) => everyPlan(problem, order));
  let least = Infinity;
  const choose = (order: number, shipments: readonly PlanShipment[]): void => {
    const choices = plans[order];
    if (choices === undefined) {
      const { errors, cost } = auditShipments(problem, shipments);
      if (errors.length === 0) least = Math.min(least, cost.total);
      return;
    }
    for (const choice of choices) choose(order + 1, [...shipments, ...choice]);
  };
  choose(0, []);
  return least;
}

/** Every way to leave lines open and to put the others into shipments, feasible or not. */
function everyPlan(problem: SourcingProblem, order: ProblemOrder): PlanShipment[][] {
  const places = problem.nodes.flatMap(({ id: node }) => problem.services.map(({ id: service }) => ({ order: order.id, node, service })));
  let plans: PlanShipment[][] = [[]];
  for (const line of order.lines.keys()) {
    plans = plans.flatMap((plan) => [
      plan,
      ...plan.map((shipment) => plan.map((other) => (other === shipment ? { ...other, lines: [...other.lines, line] } : other))),
      ...places.map((place) => [...plan, { ...place, lines: [line] }]),
    ]);
  }
  return plans;
}
