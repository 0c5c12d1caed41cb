import { seededNumbers } from './random.ts';
import { checkedValues, objectiveOf } from './solver-answer.ts';
import type { MipAnswer, MipProblem } from './solver-port.ts';

/** One demand on an adapter of an engine: a program, and what is wrong with an answer to it. */
export interface SolverCase {
  /** A sentence. */
  readonly title: string;
  readonly problem: MipProblem;
  /** Time limit to be given to the solve; none: the adapter's own. */
  readonly timeLimitMs?: number;
  /** In words, what is wrong with an answer; empty for a right one. */
  readonly faults: (answer: MipAnswer) => string[];
}

/**
 * What every adapter of an engine must do, for any test runner:
 * `for (const { title, problem, timeLimitMs, faults } of solverContract()) test(title, async () => expect(faults(await solver.solve(problem, …))).toEqual([]))`.
 * Each answer is judged by itself, too: values within the program, objective added up, bound below the optimum, duals that prove the least cost.
 */
export function solverContract(): readonly SolverCase[] {
  return [...decidedCases(), ...linearCases(), ...dualCases(), ...integerCases(), ...hardCases()];
}

/** A small program made from a seed, with its least cost found by trying everything (whole numbers) or proven by the duals of the answer (linear). */
export function randomSolverCase(seed: number): SolverCase {
  const problem = randomProgram(seed);
  const title = `the program of seed ${seed}`;
  if (!problem.columns.every(({ integer }) => integer)) {
    const isPossible = leastByTrying(problem) !== undefined;
    return {
      title,
      problem,
      faults: (answer) => (answer.status === 'infeasible' && !isPossible ? [] : optimumFaults(problem, undefined, answer)),
    };
  }
  const least = leastByTrying(problem);
  return least === undefined ? impossible(title, problem) : solved(title, problem, least);
}

type ProblemColumn = MipProblem['columns'][number];
type ProblemRow = MipProblem['rows'][number];

function choice(cost: number): ProblemColumn {
  return { cost, lower: 0, upper: 1, integer: true };
}

function whole(cost: number, lower: number, upper: number): ProblemColumn {
  return { cost, lower, upper, integer: true };
}

function amount(cost: number, lower = 0, upper = Infinity): ProblemColumn {
  return { cost, lower, upper, integer: false };
}

/** A row of the coefficients of the first columns. */
function row(lower: number, coefficients: readonly number[], upper: number): ProblemRow {
  return { lower, upper, entries: coefficients.map((coefficient, column): [number, number] => [column, coefficient]) };
}

function atMost(coefficients: readonly number[], upper: number): ProblemRow {
  return row(-Infinity, coefficients, upper);
}

function atLeast(coefficients: readonly number[], lower: number): ProblemRow {
  return row(lower, coefficients, Infinity);
}

function decidedCases(): SolverCase[] {
  return [
    solved('a program of nothing costs nothing', { columns: [], rows: [] }, 0),
    impossible('a program without columns is decided by its rows', { columns: [], rows: [row(1, [], 1)] }),
    solved('a row that no column enters and that zero meets is no obstacle', { columns: [amount(1, 2)], rows: [row(-1, [], 1)] }, 2),
    impossible('a row that no column enters and that zero does not meet cannot be met', { columns: [amount(1)], rows: [row(1, [], 2)] }),
    impossible('a column whose bounds cross has no value', { columns: [amount(1, 2, 1)], rows: [] }),
    impossible('a whole column between two whole numbers has no value', { columns: [whole(1, 1.2, 1.8)], rows: [] }),
    impossible('a row whose limits cross cannot be met', { columns: [amount(1)], rows: [row(2, [1], 1)] }),
    unknown('a cost that is no number is not worked with', { columns: [amount(Number.NaN)], rows: [] }),
    unknown('a coefficient of a column that is not there is not worked with', { columns: [amount(1)], rows: [atMost([1, 1], 1)] }),
  ];
}

function linearCases(): SolverCase[] {
  return [
    solved('a program without rows is decided by its bounds', { columns: [amount(-3, 0, 4), amount(2, -1, 5)], rows: [] }, -14),
    solved('zero is believed where it is the least cost', { columns: [amount(1), amount(0, 0, 1)], rows: [atMost([1, 1], 1)] }, 0),
    solved('a free column goes below zero', { columns: [amount(1, -Infinity), amount(2)], rows: [atLeast([1, 1], -7.5)] }, -7.5),
    solved('a column without lower bound stops at its upper one', { columns: [amount(-2, -Infinity, 3)], rows: [] }, -6),
    solved('fixed columns keep their value', { columns: [amount(5, 2, 2), amount(1)], rows: [atLeast([1, 1], 3)] }, 11),
    solved('a row may have limits on both sides', { columns: [amount(1), amount(-1, 0, 9)], rows: [row(-2, [1, -1], 3)] }, -2),
    solved('a row without limits binds nothing', { columns: [amount(-1, 0, 8)], rows: [row(-Infinity, [1], Infinity)] }, -8),
    solved('the same column twice in a row counts twice', { columns: [amount(-1, 0, 10)], rows: [doubled(1, 2, 6)] }, -2),
    solved('the same column twice in a row may cancel out', { columns: [amount(-1, 0, 10)], rows: [doubled(1, -1, 6)] }, -10),
    impossible('limits that contradict each other cannot be met', {
      columns: [amount(1), amount(1)],
      rows: [atLeast([1, 1], 3), atMost([1, 1], 2)],
    }),
    impossible('what cannot be met is infeasible even where its cost could fall for ever', {
      columns: [amount(-1), amount(0)],
      rows: [row(1, [1, -1], 1), row(2, [1, -1], 2)],
    }),
    unknown('a cost that can fall for ever has no answer', { columns: [amount(-1), amount(0)], rows: [atMost([1, -1], 1)] }),
    unknown('a cost that can fall for ever without any row has no answer', { columns: [amount(-1)], rows: [] }),
    solved('a program that makes the simplex method go in circles ends', bealesProgram(), -1.25),
    solved(
      'a program with many equal optima ends at one of them',
      assignment(6, () => 1),
      6,
    ),
  ];
}

function doubled(first: number, second: number, upper: number): ProblemRow {
  return {
    lower: -Infinity,
    upper,
    entries: [
      [0, first],
      [0, second],
    ],
  };
}

/** Duals: what the least cost gains when the limits of the row rise by one. */
function dualCases(): SolverCase[] {
  const columns = [amount(-3)];
  return [
    priced('more of a scarce limit lowers the cost', { columns, rows: [atMost([2], 4)] }, -6, [-1.5]),
    priced('more of a demand raises the cost', { columns: [amount(3)], rows: [atLeast([2], 4)] }, 6, [1.5]),
    priced(
      'an equation has a price of either sign',
      { columns: [amount(3), amount(-2)], rows: [row(4, [2], 4), row(4, [0, 2], 4)] },
      2,
      [1.5, -1],
    ),
    priced('a limit that does not bind has no price', { columns, rows: [atMost([2], 4), atMost([1], 50)] }, -6, [-1.5, 0]),
    priced('a row with two limits has the price of the one that binds', { columns, rows: [row(1, [2], 4)] }, -6, [-1.5]),
    priced(
      'a row that binds nothing has no price and keeps its place',
      { columns, rows: [row(-Infinity, [1], Infinity), row(0, [], 1), atMost([2], 4)] },
      -6,
      [0, 0, -1.5],
    ),
  ];
}

function integerCases(): SolverCase[] {
  return [
    solved('a small choice is made at least cost', { columns: [choice(-5), choice(-4), choice(-3)], rows: [atMost([2, 3, 1], 5)] }, -9),
    solved(
      'whole numbers below zero are whole numbers',
      { columns: [whole(1, -5, 5), amount(1, -Infinity)], rows: [atLeast([1, 1], -7.5)] },
      -7.5,
    ),
    solved('half of a thing is no answer', { columns: [choice(-1), choice(-1)], rows: [atMost([2, 2], 3)] }, -1),
    solved('whole and other columns are mixed', { columns: [whole(-2, 0, 9), amount(-1, 0, 0.5)], rows: [atMost([1, 1], 3.2)] }, -6.2),
    solved('bounds of a whole column need not be whole', { columns: [whole(-1, 0.4, 3.7)], rows: [] }, -3),
    solved('a whole column may be without limits', { columns: [whole(1, -Infinity, Infinity)], rows: [atLeast([2], 5)] }, 3),
    impossible('three of two cannot be chosen', { columns: [choice(1), choice(1)], rows: [atLeast([1, 1], 3)] }),
    impossible('what only halves could meet cannot be met', { columns: [whole(1, 0, 9), whole(1, 0, 9)], rows: [row(3, [2, 2], 3)] }),
    unknown('a cost that can fall for ever in whole steps has no answer', {
      columns: [whole(-1, 0, Infinity), whole(0, 0, Infinity)],
      rows: [atMost([1, -1], 0)],
    }),
  ];
}

function hardCases(): SolverCase[] {
  const bigSwitch = { columns: [amount(0, 0.5), choice(1_000)], rows: [atMost([1, -10_000_000], 0)] };
  const split = marketSplit();
  return [
    solved(
      'equations of large numbers are met exactly',
      { columns: [whole(1, 0, 9), whole(1, 0, 9)], rows: [row(80_235, [12_345, 67_890], 80_235)] },
      2,
    ),
    solved(
      'costs of very different size are added up exactly',
      { columns: [choice(1e9), choice(0.001), choice(0.002)], rows: [atLeast([1, 1, 1], 2)] },
      0.003,
    ),
    {
      title: 'a switch that a tolerance could hold half open is on, or there is no answer',
      problem: bigSwitch,
      faults: (answer) => (answer.status === 'unknown' ? [] : optimumFaults(bigSwitch, 1_000, answer)),
    },
    {
      title: 'a program that is too hard for its time limit has no optimum, and above all not one of zeros',
      problem: split,
      timeLimitMs: 1,
      faults: (answer) =>
        ['feasible', 'unknown'].includes(answer.status) ? ownFaults(split, answer) : [`says ${answer.status} within a millisecond`],
    },
  ];
}

/** E. M. L. Beale's example (1955), on which the simplex method with the usual rule never ends. */
function bealesProgram(): MipProblem {
  return {
    columns: [amount(-0.75), amount(20), amount(-0.5), amount(6)],
    rows: [atMost([0.25, -8, -1, 9], 0), atMost([0.5, -12, -0.5, 3], 0), atMost([0, 0, 1], 1)],
  };
}

function assignment(size: number, costOf: (column: number) => number): MipProblem {
  const numbers = Array.from({ length: size }, (_, index) => index);
  const entries = (cell: (index: number) => number): [number, number][] => numbers.map((index) => [cell(index), 1]);
  return {
    columns: Array.from({ length: size * size }, (_, column) => choice(costOf(column))),
    rows: numbers.flatMap((line) => [
      { lower: 1, upper: 1, entries: entries((index) => line * size + index) },
      { lower: 1, upper: 1, entries: entries((index) => index * size + line) },
    ]),
  };
}

/** Splits a market so that five products fall exactly in half: notoriously out of reach of branch and bound. */
function marketSplit(): MipProblem {
  const columns = Array.from({ length: 40 }, () => choice(1));
  const rows = [1, 2, 3, 4, 5].map((seed) => {
    const next = seededNumbers(seed);
    const weights = columns.map(() => Math.floor(next() * 100));
    const half = Math.floor(weights.reduce((sum, weight) => sum + weight, 0) / 2);
    return row(half, weights, half);
  });
  return { columns, rows };
}

/** Up to five columns with small bounds and up to four rows; in a quarter of them not all columns are whole. */
function randomProgram(seed: number): MipProblem {
  const next = seededNumbers(seed);
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const isWhole = next() < 0.75;
  const columns = Array.from({ length: between(1, 5) }, () => {
    const lower = between(-2, 1);
    return { cost: between(-900, 900) / 100, lower, upper: lower + between(0, 3), integer: isWhole };
  });
  const rows = Array.from({ length: between(0, 4) }, () => {
    const entries = Array.from({ length: between(0, 6) }, (): [number, number] => [between(0, columns.length - 1), between(-5, 5)]);
    const lower = next() < 0.5 ? -Infinity : between(-9, 3);
    return { lower, upper: next() < 0.4 ? Infinity : Math.max(lower, -9) + between(0, 9), entries };
  });
  return { columns, rows };
}

/** The least cost over all whole values within the bounds; undefined where none keeps the rows. */
function leastByTrying(problem: MipProblem, chosen: readonly number[] = []): number | undefined {
  const column = problem.columns[chosen.length];
  if (column === undefined) return checkedValues(problem, chosen) === undefined ? undefined : objectiveOf(problem, chosen);
  let least: number | undefined;
  for (let value = column.lower; value <= column.upper; value++) {
    const cost = leastByTrying(problem, [...chosen, value]);
    if (cost !== undefined && (least === undefined || cost < least)) least = cost;
  }
  return least;
}

function solved(title: string, problem: MipProblem, least: number): SolverCase {
  return { title, problem, faults: (answer) => optimumFaults(problem, least, answer) };
}

function impossible(title: string, problem: MipProblem): SolverCase {
  return { title, problem, faults: ({ status }) => (status === 'infeasible' ? [] : [`says ${status} of what is infeasible`]) };
}

function unknown(title: string, problem: MipProblem): SolverCase {
  return { title, problem, faults: ({ status }) => (status === 'unknown' ? [] : [`says ${status} where there is no answer`]) };
}

function priced(title: string, problem: MipProblem, least: number, prices: readonly number[]): SolverCase {
  const pricesFit = ({ duals }: MipAnswer): boolean =>
    duals?.length === prices.length && prices.every((price, index) => near(duals[index]!, price));
  return {
    title,
    problem,
    faults: (answer) => [
      ...optimumFaults(problem, least, answer),
      ...(pricesFit(answer) ? [] : [`the duals are ${String(answer.duals)}, not ${String(prices)}`]),
    ],
  };
}

/** What is wrong with an answer that must be the optimum; where its least cost is not known, the duals must prove it. */
function optimumFaults(problem: MipProblem, least: number | undefined, answer: MipAnswer): string[] {
  if (answer.status !== 'optimal') return [`says ${answer.status} of what has an optimum`];
  const { objective = Number.NaN, bound = -Infinity, duals } = answer;
  const optimum = least ?? (duals === undefined ? Number.NaN : provenBy(problem, duals));
  return [
    ...ownFaults(problem, answer),
    ...(near(objective, optimum) ? [] : [`the objective is ${objective}, not ${optimum}`]),
    ...(bound <= optimum + 1e-9 * Math.max(1, Math.abs(optimum)) ? [] : [`the bound ${bound} is above the optimum ${optimum}`]),
    ...(bound === -Infinity || near(bound, optimum) ? [] : [`the bound ${bound} of an optimum is far below it`]),
    ...(duals === undefined || near(provenBy(problem, duals), optimum) ? [] : [`the duals prove ${provenBy(problem, duals)}`]),
  ];
}

/** What an answer must be by itself, whatever the program. */
function ownFaults(problem: MipProblem, { status, values, objective, bound, duals }: MipAnswer): string[] {
  if (status === 'infeasible' || status === 'unknown') return values === undefined ? [] : [`has values although it says ${status}`];
  if (values === undefined || objective === undefined) return [`says ${status} without values or objective`];
  const isMixed = problem.columns.some(({ integer }) => integer);
  return [
    ...(values.length === problem.columns.length && checkedValues(problem, values) !== undefined ? [] : ['the values break the program']),
    ...(problem.columns.every(({ integer }, column) => !integer || Number.isInteger(values[column]))
      ? []
      : ['a whole number is not whole']),
    ...(near(objective, objectiveOf(problem, values)) ? [] : ['the objective is not what the values cost']),
    ...(bound === undefined || bound <= objective + 1e-9 * Math.max(1, Math.abs(objective)) ? [] : ['the bound is above the objective']),
    ...(duals === undefined || !isMixed ? [] : ['has duals of a program with whole numbers']),
  ];
}

/** The lower bound that prices of the rows prove: what no values within the bounds can undercut. Prices below 1e-7 count as none. */
function provenBy({ columns, rows }: MipProblem, duals: readonly number[]): number {
  const reduced = columns.map(({ cost }) => cost);
  let bound = 0;
  for (const [index, { lower, upper, entries }] of rows.entries()) {
    const dual = duals[index]!;
    bound += worth(dual, lower, upper);
    for (const [column, coefficient] of entries) reduced[column]! -= dual * coefficient;
  }
  return columns.reduce((sum, { lower, upper }, column) => sum + worth(reduced[column]!, lower, upper), bound);
}

function worth(price: number, lower: number, upper: number): number {
  return Math.abs(price) < 1e-7 ? 0 : price * (price > 0 ? lower : upper);
}

function near(left: number, right: number): boolean {
  return Math.abs(left - right) <= 1e-5 * Math.max(1, Math.abs(right));
}
