import { solverContract, type MipAnswer, type MipProblem } from '@quartermaster/sourcing';
import type { Highs } from 'highs';
import { expect, test } from 'vitest';
import { checkedSolver } from './checked-solver.ts';
import { loadHighs } from './highs-engine.ts';
import { highsSolver } from './highs-solver.ts';

const smallChoice: MipProblem = {
  columns: [5, 4, 3].map((gain) => ({ cost: -gain, lower: 0, upper: 1, integer: true })),
  rows: [
    {
      lower: -Infinity,
      upper: 5,
      entries: [
        [0, 2],
        [1, 3],
        [2, 1],
      ],
    },
  ],
};

/** A coefficient that HiGHS takes for infinite. */
const refused: MipProblem = {
  columns: [{ cost: 1, lower: 0, upper: 1, integer: false }],
  rows: [{ lower: 0, upper: 1, entries: [[0, 1e30]] }],
};

/** A hundred things and ten limits on them, and what weighs more is worth more: an answer is near at hand, its proof is not. */
function manyKnapsacks(): MipProblem {
  const mixed = (seed: number): number => {
    const once = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d);
    return (Math.imul(once ^ (once >>> 12), 0x297a2d39) >>> 0) % 1_000;
  };
  const numbers = Array.from({ length: 100 }, (_, index) => index);
  const rows = Array.from({ length: 10 }, (_, row) => numbers.map((column) => 1 + mixed(1_000 * (row + 1) + column)));
  return {
    columns: numbers.map((column) => {
      const weight = rows.reduce((sum, weights) => sum + weights[column]!, 0);
      return { cost: -weight / 10 - mixed(column + 7) / 2, lower: 0, upper: 1, integer: true };
    }),
    rows: rows.map((weights) => ({
      lower: -Infinity,
      upper: Math.floor(weights.reduce((sum, weight) => sum + weight, 0) / 2),
      entries: weights.map((weight, column): [number, number] => [column, weight]),
    })),
  };
}

/** A loader of which each engine is the next of `changes` on a real one; the last of them stays. */
function loaderOf(...changes: ((engine: Highs) => Partial<Highs>)[]): { load: () => Promise<Highs>; loads: () => number } {
  let loads = 0;
  return {
    load: async () => {
      const engine = await loadHighs();
      return { ...engine, ...changes[Math.min(loads++, changes.length - 1)]!(engine) };
    },
    loads: () => loads,
  };
}

const asItIs = (): Partial<Highs> => ({});
const aborting = (): Partial<Highs> => ({
  createModel: () => {
    throw new Error('Aborted(). Build with -sASSERTIONS for more info.');
  },
});

test('an optimum comes with a bound just below it', async () => {
  const answer = await (await highsSolver()).solve(smallChoice);
  expect(answer).toEqual({ status: 'optimal', values: [1, 1, 0], objective: -9, bound: expect.closeTo(-9, 4) });
});

/** Whether an answer of `manyKnapsacks` is honest: no optimum, and a bound that its cheapest answer, of whatever kind, cannot undercut. */
function isHonest({ status, objective = 0, bound }: MipAnswer): boolean {
  return (status === 'feasible' || status === 'unknown') && bound !== undefined && bound < objective;
}

test('what is stopped by the time limit has a bound, but is no optimum', async () => {
  expect(isHonest(await (await highsSolver()).solve(manyKnapsacks(), { timeLimitMs: 1_000 }))).toBe(true);
});

test('the time limit of the adapter holds where a solve brings none', async () => {
  expect(isHonest(await (await highsSolver({ timeLimitMs: 1_000 })).solve(manyKnapsacks()))).toBe(true);
});

test('a crash of the engine is an answer unknown', async () => {
  const solver = await checkedSolver(loaderOf(aborting).load);
  expect(await solver.solve(smallChoice)).toEqual({ status: 'unknown' });
});

test('after a crash the next program has a fresh engine', async () => {
  const solver = await checkedSolver(loaderOf(aborting, asItIs).load);
  await solver.solve(smallChoice);
  expect(await solver.solve(smallChoice)).toMatchObject({ status: 'optimal', objective: -9 });
});

test('an engine that can no longer be loaded is an answer unknown', async () => {
  let loads = 0;
  const solver = await checkedSolver(async () => {
    if (loads++ > 0) throw new Error('highs.wasm is gone');
    return { ...(await loadHighs()), ...aborting() };
  });
  await solver.solve(smallChoice);
  expect(await solver.solve(smallChoice)).toEqual({ status: 'unknown' });
});

test('an engine whose memory has grown large is replaced', async () => {
  const { load, loads } = loaderOf(() => ({ memoryBytes: 2 ** 30 }), asItIs);
  const solver = await checkedSolver(load);
  await solver.solve(smallChoice);
  await solver.solve(smallChoice);
  await solver.solve(smallChoice);
  expect(loads()).toBe(2);
});

test('where the engine cannot tell whether a program is infeasible or unbounded, the program without its costs tells', async () => {
  const undecided = loaderOf((engine) => ({
    createModel: (...source) => {
      const model = engine.createModel(...source);
      // HiGHS answers so for larger programs than a test can have: here, whenever there are costs.
      const run = model.run.bind(model);
      return Object.assign(model, {
        run: () => ({ ...run(), ...(model.getLp().colCost.some((cost) => cost !== 0) ? { modelStatus: 9 as const } : {}) }),
      });
    },
  }));
  const solver = await checkedSolver(undecided.load);
  const tooMany: MipProblem = {
    columns: [{ cost: -1, lower: 0, upper: 1, integer: true }],
    rows: [{ lower: 3, upper: 9, entries: [[0, 2]] }],
  };
  expect([(await solver.solve(tooMany)).status, (await solver.solve(smallChoice)).status]).toEqual(['infeasible', 'unknown']);
});

test('a program that the engine refuses costs it nothing: the same engine goes on', async () => {
  const { load, loads } = loaderOf(asItIs);
  const solver = await checkedSolver(load);
  const answers = [(await solver.solve(refused)).status, (await solver.solve(smallChoice)).status];
  expect({ answers, loads: loads() }).toEqual({ answers: ['unknown', 'optimal'], loads: 1 });
});

test('the memory of every program is given back, also of one that the engine refuses', async () => {
  const models: { readonly disposed: boolean }[] = [];
  const { load } = loaderOf((engine) => ({
    createModel: (...source) => {
      const model = engine.createModel(...source);
      models.push(model);
      return model;
    },
  }));
  const solver = await checkedSolver(load);
  await solver.solve(smallChoice);
  await solver.solve(refused);
  expect(models.map(({ disposed }) => disposed)).toEqual([true, true]);
});

test('programs that are asked at once do not disturb one another', async () => {
  const solver = await highsSolver();
  const cases = solverContract().filter(({ timeLimitMs }) => timeLimitMs === undefined);
  const answers = await Promise.all(cases.map(async ({ problem }) => solver.solve(problem)));
  expect(cases.flatMap(({ faults }, index) => faults(answers[index]!))).toEqual([]);
});

test('the same program has the same answer', async () => {
  const cases = solverContract().filter(({ timeLimitMs }) => timeLimitMs === undefined);
  const answersOf = async (): Promise<unknown> => {
    const solver = await highsSolver();
    return Promise.all(cases.map(async ({ problem }) => solver.solve(problem)));
  };
  expect(await answersOf()).toEqual(await answersOf());
});

test('where highs.wasm is not found, the error says so in a sentence', async () => {
  await expect(highsSolver({ locateFile: () => '/nowhere/highs.wasm' })).rejects.toThrow(/^HiGHS could not be loaded: .{1,120}$/);
});

test('with a known solution there is an answer even where no time is left', async () => {
  const problem = manyKnapsacks();
  const answer = await (
    await highsSolver()
  ).solve(problem, { timeLimitMs: 0, start: problem.columns.map((_, column) => (column === 0 ? 1 : 0)) });
  expect({ status: answer.status, isNotDearer: (answer.objective ?? 0) <= problem.columns[0]!.cost }).toEqual({
    status: 'feasible',
    isNotDearer: true,
  });
});

test('a known solution that breaks the program is left aside', async () => {
  expect(await (await highsSolver()).solve(smallChoice, { start: [1, 1, 1] })).toMatchObject({ status: 'optimal', objective: -9 });
});
