import { checkedValues, objectiveOf } from './solver-answer.ts';
import type { MipAnswer, MipProblem, MipSolver } from './solver-port.ts';

/** How long a program may take where nobody said. */
const safetyLimitMs = 60_000;

/** Engines overshoot their limit by half; one that is still silent then has hung. */
const overshoot = 1.5;
const graceMs = 100;

export interface Guard {
  readonly signal?: AbortSignal | undefined;
  /** Hears in words what the solver did wrong. */
  readonly tell: (fault: string) => void;
}

/**
 * The solver, trusted with nothing but speed: one that throws, rejects, falls silent, or answers with values or duals that do not fit its program has answered 'unknown'.
 * What it says of an objective is replaced by what its values cost. An engine that never gives the thread back cannot be helped from here.
 */
export function guardedSolver(solver: MipSolver, guard: Guard): MipSolver {
  return {
    name: solver.name,
    comfortable: solver.comfortable,
    solve: async (problem, options = {}) => {
      const timeLimitMs = options.timeLimitMs ?? safetyLimitMs;
      const waited = wait(timeLimitMs * overshoot + graceMs, guard.signal);
      try {
        const answer = await Promise.race([solver.solve(problem, { ...options, timeLimitMs }), waited.over]);
        if (answer !== 'late' && answer !== 'aborted') return believable(solver.name, problem, answer, guard);
        if (answer === 'late') guard.tell(`${solver.name} did not answer within its time`);
      } catch (error) {
        guard.tell(`${solver.name} broke off (${error instanceof Error ? `${error.name}: ${error.message}` : String(error)})`);
      } finally {
        waited.clear();
      }
      return { status: 'unknown' };
    },
  };
}

function wait(ms: number, signal: AbortSignal | undefined): { over: Promise<'late' | 'aborted'>; clear: () => void } {
  let clear = (): void => {};
  const over = new Promise<'late' | 'aborted'>((resolve) => {
    const timer = setTimeout(() => resolve('late'), Math.min(ms, longestTimer));
    const abort = (): void => resolve('aborted');
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort);
    clear = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
  });
  return { over, clear };
}

/** What a timer can hold; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;

function believable(name: string, problem: MipProblem, answer: MipAnswer, { tell }: Guard): MipAnswer {
  const bound = answer.bound !== undefined && Number.isFinite(answer.bound) ? { bound: answer.bound } : {};
  if (answer.status === 'infeasible') {
    // The plan that is already known is a solution of every program that we ask for.
    tell(`${name} says that nothing is feasible, which is not so`);
    return { status: 'unknown' };
  }
  if (answer.status !== 'optimal' && answer.status !== 'feasible') return { status: 'unknown', ...bound };
  const values = answer.values?.length === problem.columns.length ? checkedValues(problem, answer.values) : undefined;
  if (values === undefined) {
    tell(`${name} answered with values that do not fit its program`);
    return { status: 'unknown' };
  }
  const duals =
    answer.duals?.length === problem.rows.length && answer.duals.every((dual) => Number.isFinite(dual)) ? { duals: answer.duals } : {};
  if (answer.duals !== undefined && duals.duals === undefined) tell(`${name} answered with duals that do not fit its program`);
  return { status: answer.status, values, objective: objectiveOf(problem, values), ...bound, ...duals };
}
