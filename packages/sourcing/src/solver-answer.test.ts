import { expect, test } from 'vitest';
import { answerWithoutEngine, checkedValues, mergedEntries, notWorseThan, objectiveOf } from './solver-answer.ts';
import type { MipAnswer, MipProblem } from './solver-port.ts';

/** At most three of a thing that comes whole and one that does not, at least one of both together. */
const problem: MipProblem = {
  columns: [
    { cost: 2, lower: 0, upper: 3, integer: true },
    { cost: 5, lower: 0, upper: Infinity, integer: false },
  ],
  rows: [
    {
      lower: 1,
      upper: 4,
      entries: [
        [0, 1],
        [1, 1],
      ],
    },
  ],
};

test('values within the program are believed, and whole numbers are made whole', () => {
  expect(checkedValues(problem, [2.000_000_3, 0.5])).toEqual([2, 0.5]);
});

test.each([
  ['a value above its bound', [3.1, 0]],
  ['a value below its bound', [2, -0.1]],
  ['a half of what comes whole', [1.5, 0]],
  ['too much of a row', [3, 1.5]],
  ['zeros where a row wants something', [0, 0]],
  ['too few values', [2]],
  ['no values', []],
  ['what is no number', [Number.NaN, 1]],
  ['what is without end', [1, Infinity]],
])('%s is not believed', (_title, values) => {
  expect(checkedValues(problem, values)).toBeUndefined();
});

test('a large limit may be missed by a millionth of itself, a small one may not', () => {
  const upTo = (limit: number): MipProblem => ({ columns: [{ cost: 0, lower: 0, upper: limit, integer: false }], rows: [] });
  expect([checkedValues(upTo(1e6), [1e6 + 0.5]), checkedValues(upTo(1), [1 + 0.5e-3])]).toEqual([[1e6 + 0.5], undefined]);
});

test('minus zero is zero', () => {
  expect(Object.is(checkedValues({ columns: [{ cost: 1, lower: -1, upper: 1, integer: true }], rows: [] }, [-1e-9])?.[0], 0)).toBe(true);
});

test('the objective is added up from the program', () => {
  expect(objectiveOf(problem, [2, 0.5])).toBe(6.5);
});

test('what a column is given twice is added up', () => {
  const twice = mergedEntries([
    [4, 1],
    [2, 3],
    [4, -2],
  ]);
  expect([...twice]).toEqual([
    [4, -1],
    [2, 3],
  ]);
});

test('a program that its limits do not decide is left to an engine', () => {
  expect(answerWithoutEngine(problem)).toBeUndefined();
});

const oneOfTwo: MipProblem = {
  columns: [
    { cost: 3, lower: 0, upper: 1, integer: true },
    { cost: 2, lower: 0, upper: 1, integer: true },
  ],
  rows: [
    {
      lower: 1,
      upper: 2,
      entries: [
        [0, 1],
        [1, 1],
      ],
    },
  ],
};

test('a known solution takes the place of an answer that did not come in time', () => {
  expect(notWorseThan(oneOfTwo, [1, 0], { status: 'unknown', bound: 1 })).toEqual({
    status: 'feasible',
    values: [1, 0],
    objective: 3,
    bound: 1,
  });
});

test('a known solution gives way to a cheaper answer', () => {
  const answer: MipAnswer = { status: 'feasible', values: [0, 1], objective: 2 };
  expect(notWorseThan(oneOfTwo, [1, 0], answer)).toBe(answer);
});

test('an engine that calls infeasible what has a known solution is not believed', () => {
  expect(notWorseThan(oneOfTwo, [1, 0], { status: 'infeasible' })).toEqual({ status: 'feasible', values: [1, 0], objective: 3 });
});
