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

test('a program without an answer is infeasible, not an answer of zeros', async () => {
  const answer = await solver.solve({
    columns: [choice(1), choice(1)],
    rows: [
      {
        lower: 3,
        upper: Infinity,
        entries: [
          [0, 1],
          [1, 1],
        ],
      },
    ],
  });
  expect(answer).toEqual({ status: 'infeasible' });
});

test('a fractional relaxation is no answer where whole numbers are asked for', async () => {
  const answer = await solver.solve({
    columns: [choice(-1), choice(-1)],
    rows: [
      {
        lower: -Infinity,
        upper: 3,
        entries: [
          [0, 2],
          [1, 2],
        ],
      },
    ],
  });
  expect(answer.objective).toBe(-1);
});

test('the same column twice in a row counts twice', async () => {
  const answer = await solver.solve({
    columns: [{ cost: -1, lower: 0, upper: 10, integer: false }],
    rows: [
      {
        lower: -Infinity,
        upper: 6,
        entries: [
          [0, 1],
          [0, 2],
        ],
      },
    ],
  });
  expect(answer).toMatchObject({ status: 'optimal', values: [2], objective: -2 });
});

test('a row that no column enters decides by its limits', async () => {
  const column = { cost: 1, lower: 0, upper: 1, integer: false };
  expect(await solver.solve({ columns: [column], rows: [{ lower: 1, upper: 2, entries: [] }] })).toEqual({ status: 'infeasible' });
});

test('a program without columns is decided by its rows', async () => {
  expect(await solver.solve({ columns: [], rows: [{ lower: 1, upper: 1, entries: [] }] })).toEqual({ status: 'infeasible' });
});

test('a program without a least cost is unknown', async () => {
  expect(await solver.solve({ columns: [{ cost: -1, lower: 0, upper: Infinity, integer: false }], rows: [] })).toEqual({
    status: 'unknown',
  });
});

test('columns may have lower bounds below zero and none at all', async () => {
  const answer = await solver.solve({
    columns: [
      { cost: 1, lower: -5, upper: 5, integer: true },
      { cost: 1, lower: -Infinity, upper: Infinity, integer: false },
    ],
    rows: [
      {
        lower: -7.5,
        upper: Infinity,
        entries: [
          [0, 1],
          [1, 1],
        ],
      },
    ],
  });
  expect(answer).toMatchObject({ status: 'optimal', objective: -7.5 });
});

test('a linear program tells its duals', async () => {
  const answer = await solver.solve({
    columns: [{ cost: -3, lower: 0, upper: Infinity, integer: false }],
    rows: [{ lower: -Infinity, upper: 4, entries: [[0, 2]] }],
  });
  expect(answer).toMatchObject({ status: 'optimal', objective: -6, duals: [-1.5] });
});

test('a program that is too hard for its time limit stays without an answer, not with one of zeros', async () => {
  expect(await solver.solve(marketSplit(), { timeLimitMs: 1 })).toEqual({ status: 'unknown' });
});
