import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { explainOrders } from './explain.ts';
import { explainPlan } from './explain-plan.ts';
import { solve } from './solve.ts';
import { problems } from './testing/problems.ts';
import { verifyPlan } from './verify.ts';

const small = problems({ nodes: 3, services: 3, skus: 4, orders: 5, lines: 5 });
const quick = { workLimit: 50 };
const near = (value: number): unknown => expect.closeTo(value, 6);
const sum = (terms: Readonly<Record<string, number>>): number => Object.values(terms).reduce((total, term) => total + term, 0);

test('the terms of every alternative add up, and so do their differences from what was chosen', async () => {
  await fc.assert(
    fc.asyncProperty(small, async (problem) => {
      const { plan } = await solve(problem, quick);
      for (const { atPrices, alternatives } of explainOrders(problem, plan)) {
        const { total, ...terms } = atPrices;
        expect(sum(terms)).toEqual(near(total));
        for (const { cost, dearerBy } of alternatives) {
          const { total: other, ...otherTerms } = cost;
          expect(sum(otherTerms)).toEqual(near(other));
          expect(other - total).toEqual(near(dearerBy));
        }
      }
    }),
    { numRuns: 25 },
  );
});

test('an order has its cheapest plan at the prices, or what it gave up for others is named', async () => {
  await fc.assert(
    fc.asyncProperty(small, async (problem) => {
      const { plan } = await solve(problem, quick);
      for (const { order, atPrices, gaveUp, alternatives } of explainOrders(problem, plan)) {
        const lines = problem.orders.find(({ id }) => id === order)!.lines;
        const allOpen = lines.reduce((total, line) => total + line.units * line.unfilledCostPerUnit, 0);
        const cheapest = Math.min(allOpen, ...alternatives.map(({ cost }) => cost.total));
        expect(atPrices.total - cheapest).toEqual(near(gaveUp!));
      }
    }),
    { numRuns: 25 },
  );
});

test('the causes of the gap are never negative and add up to the distance between the cost and what the certificate proves', async () => {
  await fc.assert(
    fc.asyncProperty(small, async (problem) => {
      const { plan } = await solve(problem, quick);
      const { bound, gap, cost } = explainPlan(problem, plan);
      expect(bound).toEqual(near(verifyPlan(problem, plan).certifiedBound!));
      const { total, ...causes } = gap;
      expect(cost.total - bound).toEqual(near(total));
      expect(Math.min(...Object.values(causes))).toBeGreaterThan(-1e-6);
    }),
    { numRuns: 25 },
  );
});
