import type { MipProblem } from '@quartermaster/sourcing';
import { expect, test } from 'vitest';
import { glpkSolver } from './glpk-solver.ts';

const solver = await glpkSolver();

function choice(cost: number): MipProblem['columns'][number] {
  return { cost, lower: 0, upper: 1, integer: true };
}

/** Splits a market so that five products fall exactly in half: notoriously out of reach of branch and bound. */
function marketSplit(): MipProblem {
  const columns = Array.from({ length: 40 }, () => choice(1));
  const rows = [1, 2, 3, 4, 5].map((row) => {
    let state = row;
    const weights = columns.map(() => ((state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) % 9_973) % 100);
    const half = Math.floor(weights.reduce((sum, weight) => sum + weight, 0) / 2);
    return { lower: half, upper: half, entries: weights.map((weight, column): [number, number] => [column, weight]) };
  });
  return { columns, rows };
}

test('a small program is solved to its optimum', async () => {
  const answer = await solver.solve({
    columns: [choice(-5), choice(-4), choice(-3)],
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
  });
  expect(answer).toEqual({ status: 'optimal', values: [1, 1, 0], objective: -9, bound: -9 });
});

test('a program that is too hard for its time limit stays without an answer, not with one of zeros', async () => {
  expect(await solver.solve(marketSplit(), { timeLimitMs: 1 })).toEqual({ status: 'unknown' });
});
