import { randomSolverCase, solverContract } from '@quartermaster/sourcing';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { glpkSolver } from './glpk-solver.ts';

const solver = await glpkSolver();

describe('the contract of solvers', () => {
  test.each(solverContract().map((one) => [one.title, one] as const))('%s', async (_title, { problem, timeLimitMs, faults }) => {
    const answer = await solver.solve(problem, timeLimitMs === undefined ? {} : { timeLimitMs });
    expect(faults(answer)).toEqual([]);
  });
});

test('small random programs are answered as trying everything answers them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const { problem, faults } = randomSolverCase(seed);
      expect(faults(await solver.solve(problem))).toEqual([]);
    }),
    { numRuns: 400 },
  );
});
