import {
  answerWithoutEngine,
  checkedValues,
  mergedEntries,
  notWorseThan,
  objectiveOf,
  type MipAnswer,
  type MipProblem,
  type MipRequest,
  type MipSolver,
} from '@quartermaster/sourcing';
import type { Highs, ModelData } from 'highs';
import { startEngine, type Engine, type EngineAnswer, type EngineOptions } from './highs-engine.ts';

/** HiGHS' model statuses that we read; numbers of its C API. */
const engineStatus = { optimal: 7, infeasible: 8, unboundedOrInfeasible: 9, unbounded: 10 };

/** A bound of HiGHS is lowered by this share (of 1 where it is smaller): its own tolerances for costs and rows are 1e-7. */
const boundSlack = 1e-6;

/**
 * Measured on the programs of 100 and 1,000 orders: without these HiGHS needs 1.6 to 2.2 times as long on large ones and up to 20 times on the smallest, where its feasibility jump alone
 * takes 8 to 20 ms. Presolve pays even there, but two of its rules, probing and the enumeration of solutions (bits 15 and 16), are off: with either of them HiGHS 1.15.3 loses solutions of small programs with
 * switches and calls a dearer one optimal. Without them large programs are solved no slower. The random numbers inside start from a fixed seed, so that the same program has the same answer.
 */
const usual: EngineOptions = {
  mip_heuristic_effort: 0,
  mip_heuristic_run_feasibility_jump: false,
  mip_detect_symmetry: false,
  presolve_rule_off: (1 << 15) | (1 << 16),
};

/**
 * Where the start is as good as nothing better: HiGHS spends more than half of its time on smaller programs in which it looks for better solutions, with `mip_heuristic_effort` 0 too.
 * From a start that is not they are needed: a proof that took 12 s with them was not there after 70 s without.
 */
const proving: EngineOptions = {
  ...usual,
  mip_heuristic_run_rins: false,
  mip_heuristic_run_rens: false,
  mip_heuristic_run_root_reduced_cost: false,
  // Presolving again after each of the many restarts takes longer than it saves.
  mip_root_presolve_only: true,
};

/** For a second run where the first answer cannot be believed: a switch may be held half open within tolerances. */
const careful: EngineOptions = {
  ...usual,
  presolve: 'off',
  mip_feasibility_tolerance: 1e-9,
  primal_feasibility_tolerance: 1e-9,
};

/** Programs with integers of at most so many columns are solved as fast without presolve, and need not trust it; with a hundred it can take ten times as long, with ten thousand a minute. */
const columnsWithoutPresolve = 60;

const unpresolved: EngineOptions = { ...usual, presolve: 'off' };

/** The solver on engines of `load`; `usualLimitMs` is the time limit of a solve that brings none of its own. */
export async function checkedSolver(load: () => Promise<Highs>, usualLimitMs = 60_000): Promise<MipSolver> {
  const engine = await startEngine(load);
  return {
    name: 'highs',
    comfortable: { mipColumns: 60_000, lpColumns: 40_000 },
    solve: async (problem, request = {}) => {
      const known = request.start === undefined ? undefined : checkedValues(problem, request.start);
      return notWorseThan(problem, known, await solveChecked(engine, problem, { timeLimitMs: usualLimitMs, ...request }, known));
    },
  };
}

async function solveChecked(
  engine: Engine,
  problem: MipProblem,
  { timeLimitMs, gap = 0, startIsBest = false }: MipRequest & { readonly timeLimitMs: number },
  known: readonly number[] | undefined,
): Promise<MipAnswer> {
  const decided = answerWithoutEngine(problem);
  if (decided !== undefined) return decided;
  const program = modelOf(problem);
  const end = performance.now() + timeLimitMs;
  const ask = async (options: EngineOptions, start: readonly number[] | undefined): Promise<MipAnswer | undefined> => {
    const seconds = Math.max(0, end - performance.now()) / 1_000;
    const answer = await engine.run(program, { ...options, mip_rel_gap: gap, time_limit: seconds }, start);
    if (answer === undefined) return { status: 'unknown' };
    if (answer.status === engineStatus.unboundedOrInfeasible) return answerWithoutCosts(engine, program, seconds);
    return believedAnswer(problem, answer);
  };
  const isSmall = problem.columns.length <= columnsWithoutPresolve && problem.columns.some(({ integer }) => integer);
  const first = isSmall ? unpresolved : startIsBest && known !== undefined ? proving : usual;
  for (const options of [first, careful]) {
    const believed = await ask(options, known);
    if (believed !== undefined) return believed;
    if (performance.now() >= end) break;
  }
  return { status: 'unknown' };
}

/** HiGHS cannot always tell an infeasible program from one whose cost can fall for ever; without its costs it can. */
async function answerWithoutCosts(engine: Engine, program: ModelData, seconds: number): Promise<MipAnswer> {
  const answer = await engine.run({ ...program, colCost: new Float64Array(program.numCols) }, { ...usual, time_limit: seconds });
  return { status: answer?.status === engineStatus.infeasible ? 'infeasible' : 'unknown' };
}

/** What we make of an answer; undefined where it should be asked for again. */
function believedAnswer(problem: MipProblem, { status, values: given, duals, dualBound }: EngineAnswer): MipAnswer | undefined {
  if (status === engineStatus.infeasible) return { status: 'infeasible' };
  if (status === engineStatus.unbounded) return { status: 'unknown' };
  const hasIntegers = problem.columns.some(({ integer }) => integer);
  if (given === undefined)
    return { status: 'unknown', ...(hasIntegers && Number.isFinite(dualBound) ? { bound: lowered(dualBound) } : {}) };
  const values = checkedValues(problem, given);
  if (values === undefined) return undefined;
  const objective = objectiveOf(problem, values);
  if (!hasIntegers) {
    if (status !== engineStatus.optimal || duals === undefined) return { status: 'feasible', values, objective };
    return { status: 'optimal', values, objective, bound: lowered(objective), duals: Array.from(duals) };
  }
  const bound = Number.isFinite(dualBound) ? lowered(Math.min(dualBound, objective)) : undefined;
  const isProven =
    status === engineStatus.optimal && bound !== undefined && objective - bound <= 3 * boundSlack * Math.max(1, Math.abs(objective));
  return { status: isProven ? 'optimal' : 'feasible', values, objective, ...(bound === undefined ? {} : { bound }) };
}

function lowered(bound: number): number {
  return bound - boundSlack * Math.max(1, Math.abs(bound));
}

function modelOf({ columns, rows }: MipProblem): ModelData {
  const starts = new Int32Array(rows.length + 1);
  const merged = rows.map(({ entries }, row) => {
    const sums = mergedEntries(entries);
    starts[row + 1] = starts[row]! + sums.size;
    return sums;
  });
  const indices = new Int32Array(starts[rows.length]!);
  const values = new Float64Array(starts[rows.length]!);
  let at = 0;
  for (const sums of merged) {
    for (const [column, coefficient] of sums) {
      indices[at] = column;
      values[at++] = coefficient;
    }
  }
  return {
    numCols: columns.length,
    numRows: rows.length,
    colCost: Float64Array.from(columns, ({ cost }) => cost),
    colLower: Float64Array.from(columns, ({ lower }) => lower),
    colUpper: Float64Array.from(columns, ({ upper }) => upper),
    rowLower: Float64Array.from(rows, ({ lower }) => lower),
    rowUpper: Float64Array.from(rows, ({ upper }) => upper),
    matrix: { format: 'csr', numRows: rows.length, numCols: columns.length, starts, indices, values },
    integrality: Int32Array.from(columns, ({ integer }) => (integer ? 1 : 0)),
  };
}
