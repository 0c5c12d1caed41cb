import { expect, test } from 'vitest';
import { compile } from './compile.ts';
import { exampleProblem } from './example-problem.ts';
import { pricer } from './pricer.ts';
import { startRun, stopper, type SolveProgress } from './run.ts';
import { solve } from './solve.ts';

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

test('progress tells phases in their order, with a cost that only falls and a bound that only rises', async () => {
  const seen: SolveProgress[] = [];
  await solve(exampleProblem(), { onProgress: (progress) => seen.push(progress) });
  expect(seen[0]?.phase).toBe('greedy');
  expect(seen.every(({ cost, bound }, at) => at === 0 || (cost <= seen[at - 1]!.cost && bound >= seen[at - 1]!.bound))).toBe(true);
});
