import type { MipAnswer, MipProblem } from './solver-port.ts';

/** How far a value may be from a bound, a row limit or a whole number and still be believed; relative to the size of the limit where that is above 1. */
const tolerance = 1e-6;

/** What a program's limits alone decide, so that no engine need be asked: undefined where they decide nothing. Engines differ most on these. Costs and coefficients that are no numbers are 'unknown'. */
export function answerWithoutEngine({ columns, rows }: MipProblem): MipAnswer | undefined {
  const isSound =
    columns.every(({ cost, lower, upper }) => Number.isFinite(cost) && !Number.isNaN(lower) && !Number.isNaN(upper)) &&
    rows.every(
      ({ lower, upper, entries }) =>
        !Number.isNaN(lower) &&
        !Number.isNaN(upper) &&
        entries.every(([column, coefficient]) => columns[column] !== undefined && Number.isFinite(coefficient)),
    );
  if (!isSound) return { status: 'unknown' };
  const emptied = columns.some(({ lower, upper, integer }) =>
    integer ? Math.floor(upper + tolerance) < Math.ceil(lower - tolerance) : isAbove(lower, upper),
  );
  const unmeetable = rows.some(({ lower, upper, entries }) => isAbove(lower, upper) || (entries.length === 0 && !between(0, lower, upper)));
  if (emptied || unmeetable) return { status: 'infeasible' };
  return columns.length === 0 ? { status: 'optimal', values: [], objective: 0, bound: 0 } : undefined;
}

/**
 * The values of an engine if they may be believed, integers made whole: undefined where one is missing or breaks a bound, a row or integrality by more than 1e-6,
 * relative to limits above 1. An adapter answers 'optimal' and 'feasible' with nothing else.
 */
export function checkedValues({ columns, rows }: MipProblem, given: ArrayLike<number | undefined>): number[] | undefined {
  const values: number[] = [];
  for (const [column, { lower, upper, integer }] of columns.entries()) {
    const raw = given[column];
    if (raw === undefined || !Number.isFinite(raw)) return undefined;
    // The sum gives 0 for -0, which would make equal answers look different.
    const value = (integer ? Math.round(raw) : raw) + 0;
    if (Math.abs(value - raw) > tolerance || !between(value, lower, upper)) return undefined;
    values.push(value);
  }
  for (const { lower, upper, entries } of rows) {
    let sum = 0;
    for (const [column, coefficient] of entries) sum += coefficient * values[column]!;
    if (!between(sum, lower, upper)) return undefined;
  }
  return values;
}

/** The cost of values, added up from the program: what an engine says about it is not asked. */
export function objectiveOf({ columns }: MipProblem, values: readonly number[]): number {
  return columns.reduce((sum, { cost }, column) => sum + cost * values[column]!, 0);
}

/** The answer, or the known values (checked, as `checkedValues` gives them) where it has none or only dearer ones. A bound stays what the engine proved. */
export function notWorseThan(problem: MipProblem, known: readonly number[] | undefined, answer: MipAnswer): MipAnswer {
  if (known === undefined || answer.status === 'optimal') return answer;
  const objective = objectiveOf(problem, known);
  if (answer.objective !== undefined && answer.objective <= objective) return answer;
  // Who calls a program infeasible of which a solution is known has proven nothing.
  const bound = answer.status === 'infeasible' || answer.bound === undefined ? undefined : Math.min(answer.bound, objective);
  return { status: 'feasible', values: known, objective, ...(bound === undefined ? {} : { bound }) };
}

/** A row's coefficients by column, with those of a column that is named twice added up. */
export function mergedEntries(entries: MipProblem['rows'][number]['entries']): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  for (const [column, coefficient] of entries) sums.set(column, (sums.get(column) ?? 0) + coefficient);
  return sums;
}

function between(value: number, lower: number, upper: number): boolean {
  return !isAbove(lower, value) && !isAbove(value, upper);
}

/** Above by more than the tolerance, which is relative to the nearer of the two where both are large. */
function isAbove(value: number, limit: number): boolean {
  return value > limit + tolerance * Math.max(1, Math.min(Math.abs(value), Math.abs(limit)));
}
