import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SourcingProblem } from './problem.ts';
import { solve, type SolveResult } from './solve.ts';
import type { MipAnswer, MipProblem, MipSolver } from './solver-port.ts';
import { leastCostByForce } from './testing/brute-force.ts';
import { problems } from './testing/problems.ts';
import { tryingSolver } from './testing/trying-solver.ts';
import { verifyPlan } from './verify.ts';

const comfortable = { mipColumns: 400, lpColumns: 4_000 };
const honest = tryingSolver();

/** A solver that does this when it is asked. */
function solverThat(answer: (problem: MipProblem) => Promise<unknown>): MipSolver {
  return { name: 'hostile', comfortable, solve: async (problem) => answerOf(await answer(problem)) };
}

// What a hostile solver answers need not be what its type says.
function answerOf(answer: unknown): MipAnswer {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the point of these tests
  return answer as MipAnswer;
}

const values = ({ columns }: MipProblem, value: number): number[] => columns.map(() => value);
const duals = ({ rows }: MipProblem, value: number): number[] => rows.map(() => value);

const hostile: Record<string, MipSolver> = {
  'throws at once': {
    name: 'hostile',
    comfortable,
    solve: () => {
      throw new Error('wasm trap');
    },
  },
  rejects: solverThat(async () => Promise.reject(new Error('worker died'))),
  'runs out of memory': solverThat(async () => Promise.reject(new RangeError('Array buffer allocation failed'))),
  'rejects with what is no error': solverThat(async () => Promise.reject('nothing')),
  'answers nothing': solverThat(async () => Promise.resolve(undefined)),
  'answers a status that nobody knows': solverThat(async () => Promise.resolve({ status: 'fine' })),
  'says unknown': solverThat(async () => Promise.resolve({ status: 'unknown', bound: Number.NaN })),
  'says that nothing is feasible': solverThat(async () => Promise.resolve({ status: 'infeasible', objective: 0 })),
  'answers a silent zero': solverThat(async (problem) =>
    Promise.resolve({ status: 'optimal', objective: 0, values: values(problem, 0), duals: duals(problem, 0) }),
  ),
  'answers ones only': solverThat(async (problem) =>
    Promise.resolve({ status: 'optimal', objective: 0, values: values(problem, 1), duals: duals(problem, -1) }),
  ),
  'answers fractions': solverThat(async (problem) =>
    Promise.resolve({ status: 'optimal', objective: 0, values: values(problem, 0.5), duals: duals(problem, 0) }),
  ),
  'answers what is no number': solverThat(async (problem) =>
    Promise.resolve({ status: 'optimal', objective: Number.NaN, values: values(problem, Number.NaN), duals: duals(problem, Number.NaN) }),
  ),
  'answers too few values': solverThat(async () => Promise.resolve({ status: 'optimal', objective: 1, values: [1], duals: [1] })),
  'answers too many values': solverThat(async (problem) =>
    Promise.resolve({ ...(await honest.solve(problem)), values: [...values(problem, 0), 0, 0] }),
  ),
  'answers without values': solverThat(async () => Promise.resolve({ status: 'optimal', objective: 1 })),
  'lies about the duals': solverThat(async (problem) => Promise.resolve(lpAnswer(problem, (row) => (row % 2 === 0 ? -1e6 : 1e6)))),
  'answers endless duals': solverThat(async (problem) => Promise.resolve(lpAnswer(problem, () => -Infinity))),
  'answers too few duals': solverThat(async (problem) => Promise.resolve({ ...lpAnswer(problem, () => -1), duals: [-1] })),
  'answers enormous duals': solverThat(async (problem) => Promise.resolve(lpAnswer(problem, () => -1e308))),
};

/** Feasible values of a linear program (the first column of each order that fits with all others empty), and whatever duals. */
function lpAnswer(problem: MipProblem, dual: (row: number) => number): MipAnswer {
  const chosen = values(problem, 0);
  for (const { lower, upper, entries } of problem.rows) {
    if (lower !== upper) continue;
    // The plan that ships nothing is the second column of its order, behind the known plan; a lone column is the only choice.
    chosen[(entries[1] ?? entries[0]!)[0]] = 1;
  }
  return { status: 'optimal', objective: 0, values: chosen, duals: problem.rows.map((_, row) => dual(row)) };
}

describe('a solver that', () => {
  const given: { problem: SourcingProblem; alone: SolveResult }[] = [];
  beforeAll(async () => {
    // Batches that prices alone do not prove: only those ask the solver.
    for (const problem of fc.sample(problems({ nodes: 3, services: 2, skus: 2, orders: 6, lines: 4 }), 60)) {
      const alone = await solve(problem, { workLimit: 0 });
      if (alone.method !== 'exact' && given.length < 8) given.push({ problem, alone });
    }
  });

  test.each(Object.entries(hostile))('%s costs quality, never the answer', async (_, solver) => {
    for (const { problem, alone } of given) {
      const result = await solve(problem, { workLimit: 0, solver });
      expect(verifyPlan(problem, result.plan).errors).toEqual([]);
      expect(result.cost.total).toBeLessThanOrEqual(alone.cost.total);
      expect(result.certifiedBound).toBeGreaterThanOrEqual(alone.certifiedBound);
      expect(result.method === 'exact').toBe(result.gap < 1e-9);
      expect(result.reasons.join()).toMatch(/no proof|prices prove/);
    }
  });

  test.each([
    ['throws at once', 'hostile broke off (Error: wasm trap)'],
    ['runs out of memory', 'hostile broke off (RangeError: Array buffer allocation failed)'],
    ['says that nothing is feasible', 'hostile says that nothing is feasible, which is not so'],
    ['answers a silent zero', 'hostile answered with values that do not fit its program'],
    ['answers too few duals', 'hostile answered with duals that do not fit its program'],
  ])('%s is told of in the reasons', async (name, reason) => {
    const { problem } = given[0]!;
    const { reasons } = await solve(problem, { workLimit: 0, solver: hostile[name]! });
    expect(reasons).toContain(reason);
  });

  test('never answers does not hang a run with a time limit', async () => {
    const mute = solverThat(async () => new Promise(() => {}));
    const { problem, alone } = given[0]!;
    const result = await solve(problem, { workLimit: 0, solver: mute, timeLimitMs: 50, now: () => 0 });
    expect(result.cost.total).toBe(alone.cost.total);
    expect(result.reasons).toContain('hostile did not answer within its time');
  });

  test('never answers does not hang a run that its caller gives up', async () => {
    const caller = new AbortController();
    const mute = solverThat(async () => {
      caller.abort();
      return new Promise(() => {});
    });
    const { problem, alone } = given[0]!;
    const result = await solve(problem, { workLimit: 0, solver: mute, signal: caller.signal });
    expect(result.cost.total).toBe(alone.cost.total);
  });

  test('calls a dearer plan optimal proves nothing', async () => {
    // The dearest choice of each order that still fits all rows: nothing shipped.
    const wasteful = solverThat(async (problem) =>
      honest.solve({ ...problem, columns: problem.columns.map((column) => ({ ...column, cost: -column.cost })) }),
    );
    const told: string[] = [];
    for (const { problem } of given) {
      const { method, cost, reasons } = await solve(problem, { workLimit: 0, solver: wasteful });
      expect(method === 'exact' ? leastCostByForce(problem) : cost.total).toBeCloseTo(cost.total, 6);
      told.push(...reasons);
    }
    expect(told.join()).toContain('hostile calls a plan optimal that is dearer than the known one');
  });
});
