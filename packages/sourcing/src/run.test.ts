import { expect, test } from 'vitest';
import { compile } from './compile.ts';
import { exampleProblem } from './example-problem.ts';
import { pricer } from './pricer.ts';
import { startRun, stopper, type SolveProgress } from './run.ts';
import { solve } from './solve.ts';
import { madeUpBatch } from './testing/made-up-batch.ts';
import type { MipSolver } from './solver-port.ts';

test('a step ends when its share of the time limit is gone, and the rest is left for the others', () => {
  let now = 0;
  const run = startRun({ timeLimitMs: 100, now: () => now });
  now = 40;
  expect([run.isPast(0.3), run.isPast(0.5), run.ended(), run.timeLeftMs()]).toEqual([true, false, undefined, 60]);
});

test('without a time limit no clock is read', () => {
  const run = startRun({
    now: () => {
      throw new Error('the clock was read');
    },
  });
  expect([run.isPast(0), run.timeLeftMs()]).toEqual([false, Infinity]);
});

test('a step ends when its pricing is done, on every machine at the same place', () => {
  const given = pricer(compile(exampleProblem()));
  const stop = stopper(startRun({}), given, { steps: 10, until: 1 });
  given.meter.steps += 11;
  expect(stop()).toBe(true);
});

test('a step looks at the clock at its begin, and then only after some work', () => {
  const given = pricer(compile(exampleProblem()));
  let looks = 0;
  const now = (): number => looks++;
  const stop = stopper(startRun({ timeLimitMs: 1_000, now }), given, { steps: Infinity, until: 1, look: 10 });
  const before = looks;
  const seen = [0, 5, 4, 1].map((steps) => {
    given.meter.steps += steps;
    stop();
    return looks - before;
  });
  expect(seen).toEqual([1, 1, 1, 2]);
});

test('a small batch without the time for a proof says so, and its search gets all the time there is', async () => {
  const solver: MipSolver = {
    name: 'never asked',
    comfortable: { mipColumns: 100, lpColumns: 100 },
    solve: () => Promise.reject(new Error('was asked')),
  };
  const { reasons } = await solve(madeUpBatch(20), { solver, timeLimitMs: 1, now: () => 0 });
  expect(reasons).toEqual(['no proof of an optimum: it would take longer than the time limit']);
});

test('progress tells phases in their order, with a cost that only falls and a bound that only rises', async () => {
  const seen: SolveProgress[] = [];
  await solve(exampleProblem(), { onProgress: (progress) => seen.push(progress) });
  expect(seen[0]?.phase).toBe('greedy');
  expect(seen.every(({ cost, bound }, at) => at === 0 || (cost <= seen[at - 1]!.cost && bound >= seen[at - 1]!.bound))).toBe(true);
});
