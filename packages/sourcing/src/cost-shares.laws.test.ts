import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { baselineNames, baselines } from './baseline.ts';
import { costShares } from './cost-shares.ts';
import { solve } from './solve.ts';
import { verifyPlan } from './verify.ts';
import { problems } from './testing/problems.ts';

const small = problems({ nodes: 3, services: 3, skus: 4, orders: 5, lines: 5 });
const terms = ['shipping', 'labor', 'lateness', 'split', 'unfilled', 'total'] as const;

test('what the orders of a plan have of its cost adds up to the cost of the plan, term by term', async () => {
  await fc.assert(
    fc.asyncProperty(small, fc.constantFrom(...baselineNames, 'ours' as const), async (problem, name) => {
      const plan = name === 'ours' ? (await solve(problem, { workLimit: 20 })).plan : baselines[name](problem).plan;
      const { cost } = verifyPlan(problem, plan);
      const shares = costShares(problem, plan);
      for (const term of terms) expect(shares.reduce((sum, share) => sum + share[term], 0)).toBeCloseTo(cost[term], 6);
    }),
    { numRuns: 60 },
  );
});
