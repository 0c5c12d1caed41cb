import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { auditShipments } from './cost.ts';
import { priceRules } from './rule-price.ts';
import { withoutRule } from './rules.ts';
import { solve } from './solve.ts';
import { leastCostByForce } from './testing/brute-force.ts';
import { problems } from './testing/problems.ts';
import { explainUnfilled } from './unfilled.ts';
import { whatIf } from './what-if.ts';

const tiny = problems({ nodes: 2, services: 2, skus: 2, orders: 2, lines: 2 });
const small = problems({ nodes: 3, services: 3, skus: 4, orders: 5, lines: 4 });
const quick = { workLimit: 50 };

test('what a rule costs lies within its bounds, and the plan without it keeps all other rules', async () => {
  await fc.assert(
    fc.asyncProperty(tiny, async (problem) => {
      const { plan } = await solve(problem, quick);
      const optimum = leastCostByForce(problem);
      for (const { rule, resolved } of await priceRules(problem, plan, { ...quick, resolve: 3 })) {
        if (resolved === null) continue;
        const changed = withoutRule(problem, rule);
        const truth = optimum - leastCostByForce(changed);
        expect(truth).toBeGreaterThanOrEqual(resolved.atLeast - 1e-6);
        expect(truth).toBeLessThanOrEqual(resolved.atMost + 1e-6);
        const { errors, cost } = auditShipments(changed, resolved.plan.shipments);
        expect([errors, cost.total]).toEqual([[], expect.closeTo(plan.claim!.totalCost! - resolved.saving, 6)]);
      }
    }),
    { numRuns: 15 },
  );
});

test('a forced order is forced, every rule is kept, and what it costs is the sum of what moved', async () => {
  await fc.assert(
    fc.asyncProperty(small, fc.nat(4), fc.nat(2), async (problem, orderAt, nodeAt) => {
      const { plan } = await solve(problem, quick);
      const [order, node] = [problem.orders[orderAt]!.id, problem.nodes[nodeAt]!.id];
      const told = await whatIf(problem, plan, { order, node }, quick);
      if (told.kind === 'impossible') return;
      const { errors, cost } = auditShipments(problem, told.plan.shipments);
      expect(errors).toEqual([]);
      expect(new Set(told.plan.shipments.flatMap((each) => (each.order === order ? [each.node] : [])))).toEqual(new Set([node]));
      const { total } = auditShipments(problem, plan.shipments).cost;
      expect(told.change).toBeCloseTo(cost.total - total, 6);
      expect(told.moved.reduce((sum, { ownChange }) => sum + ownChange, told.laborChange)).toBeCloseTo(told.change, 6);
      expect(told.atLeast).toBeLessThanOrEqual(told.change + 1e-9);
    }),
    { numRuns: 25 },
  );
});

test('an order that waits costs no less than the bound says, whatever the others do', async () => {
  await fc.assert(
    fc.asyncProperty(tiny, async (problem) => {
      const { plan } = await solve(problem, quick);
      const [first, ...others] = problem.orders;
      const told = await whatIf(problem, plan, { order: first!.id, wait: true }, quick);
      const open = first!.lines.reduce((sum, { units, unfilledCostPerUnit }) => sum + units * unfilledCostPerUnit, 0);
      const least = leastCostByForce({ ...problem, orders: others }) + open - plan.claim!.totalCost!;
      expect(told).toMatchObject({ kind: 'possible' });
      const { atLeast, change } = told.kind === 'possible' ? told : { atLeast: Infinity, change: -Infinity };
      expect(atLeast).toBeLessThanOrEqual(least + 1e-6);
      expect(change).toBeGreaterThanOrEqual(least - 1e-6);
    }),
    { numRuns: 25 },
  );
});

test('every line that a plan leaves open is told once, with a reason', async () => {
  await fc.assert(
    fc.asyncProperty(small, async (problem) => {
      const { plan } = await solve(problem, quick);
      const { unfilledLines } = auditShipments(problem, plan.shipments).stats;
      expect(new Set(explainUnfilled(problem, plan).map(({ order, line }) => JSON.stringify([order, line]))).size).toBe(unfilledLines);
    }),
    { numRuns: 15 },
  );
});
