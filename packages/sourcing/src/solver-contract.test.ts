import { expect, test } from 'vitest';
import { randomSolverCase, solverContract, type SolverCase } from './solver-contract.ts';
import type { MipAnswer, MipProblem } from './solver-port.ts';

/** Which cases see through an adapter that answers like this. */
function caught(answerOf: (problem: MipProblem) => MipAnswer, cases: readonly SolverCase[] = solverContract()): string[] {
  return cases.filter(({ problem, faults }) => faults(answerOf(problem)).length > 0).map(({ title }) => title);
}

function caseCalled(title: string): SolverCase {
  const found = solverContract().find((one) => one.title === title);
  if (found === undefined) throw new Error(`no case is called: ${title}`);
  return found;
}

const cheapest = caseCalled('a small choice is made at least cost');
const priced = caseCalled('more of a scarce limit lowers the cost');

test('an adapter that answers zeros for everything fails nearly everywhere', () => {
  const zeros = (problem: MipProblem): MipAnswer => ({ status: 'optimal', values: problem.columns.map(() => 0), objective: 0 });
  expect(solverContract().length - caught(zeros).length).toBeLessThan(8);
});

test.each(['infeasible', 'unknown'] as const)('an adapter that calls everything %s fails', (status) => {
  expect(caught(() => ({ status })).length).toBeGreaterThan(20);
});

test('the right answer has no faults', () => {
  expect(cheapest.faults({ status: 'optimal', values: [1, 1, 0], objective: -9, bound: -9 })).toEqual([]);
});

test.each<[string, MipAnswer]>([
  ['an answer without values', { status: 'optimal' }],
  ['values that are not the cheapest', { status: 'optimal', values: [1, 0, 1], objective: -8 }],
  ['values that break a row', { status: 'optimal', values: [1, 1, 1], objective: -12 }],
  ['a half', { status: 'optimal', values: [1, 0.5, 1], objective: -10 }],
  ['an objective that is not what the values cost', { status: 'optimal', values: [1, 1, 0], objective: -10 }],
  ['a bound above the optimum', { status: 'optimal', values: [1, 1, 0], objective: -9, bound: -8.999 }],
  ['a bound far below the optimum', { status: 'optimal', values: [1, 1, 0], objective: -9, bound: -10 }],
  ['duals of a program with whole numbers', { status: 'optimal', values: [1, 1, 0], objective: -9, duals: [0] }],
  ['an optimum that is only called feasible', { status: 'feasible', values: [1, 1, 0], objective: -9 }],
])('%s is found', (_title, answer) => {
  expect(cheapest.faults(answer)).not.toEqual([]);
});

test('duals with the other sign are found', () => {
  const answer: MipAnswer = { status: 'optimal', values: [2], objective: -6, bound: -6 };
  expect([priced.faults({ ...answer, duals: [-1.5] }).length, priced.faults({ ...answer, duals: [1.5] }).length > 0]).toEqual([0, true]);
});

test('random programs are of all kinds: with and without answer, whole and linear', () => {
  const cases = Array.from({ length: 200 }, (_, seed) => randomSolverCase(seed));
  const linear = cases.filter(({ problem }) => !problem.columns.every(({ integer }) => integer));
  const impossible = cases.filter(({ faults }) => faults({ status: 'infeasible' }).length === 0);
  expect([linear.length > 30, impossible.length > 30, cases.length - impossible.length > 60]).toEqual([true, true, true]);
});
