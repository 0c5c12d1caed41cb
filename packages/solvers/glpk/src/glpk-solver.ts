import {
  answerWithoutEngine,
  checkedValues,
  mergedEntries,
  notWorseThan,
  objectiveOf,
  type MipAnswer,
  type MipProblem,
  type MipSolver,
} from '@quartermaster/sourcing';
import GLPK, { type GLPK as Glpk, type LP, type Result } from 'glpk.js/node';

/** Choices of the adapter. */
export interface GlpkOptions {
  /** Time limit of a solve that brings none of its own; default 60,000. glpk.js may overshoot a limit by half. */
  readonly timeLimitMs?: number;
}

/**
 * glpk.js behind the solver port of `@quartermaster/sourcing`.
 *
 * No answer of the engine is taken at its word: values are checked against bounds, rows and integrality, and the objective is added up anew. glpk.js says nothing
 * when it has no solution (status "undefined", objective 0, all values 0), so an answer that does not check is 'unknown'.
 */
export async function glpkSolver(options: GlpkOptions = {}): Promise<MipSolver> {
  const engine = await GLPK();
  return {
    name: 'glpk',
    comfortable: { mipColumns: 2_000, lpColumns: 6_000 },
    // glpk.js has no way to begin with a known solution: it only takes the place of a dearer answer, or of none.
    solve: async (problem, { timeLimitMs = options.timeLimitMs ?? 60_000, start, gap = 0 } = {}) =>
      Promise.resolve(
        notWorseThan(
          problem,
          start === undefined ? undefined : checkedValues(problem, start),
          solveChecked(engine, problem, timeLimitMs, gap),
        ),
      ),
  };
}

function solveChecked(engine: Glpk, problem: MipProblem, timeLimitMs: number, gap: number): MipAnswer {
  const decided = answerWithoutEngine(problem);
  if (decided !== undefined) return decided;
  const hasIntegers = problem.columns.some(({ integer }) => integer);
  const result = run(engine, linearProgram(engine, problem), timeLimitMs, hasIntegers, gap);
  if (result === undefined) return { status: 'unknown' };
  const { status, vars, dual } = result.result;
  if (status === engine.GLP_NOFEAS) return { status: 'infeasible' };
  if (status !== engine.GLP_OPT && status !== engine.GLP_FEAS) return { status: 'unknown' };
  const values = checkedValues(
    problem,
    problem.columns.map((_, column) => vars[columnName(column)]),
  );
  if (values === undefined) return { status: 'unknown' };
  const objective = objectiveOf(problem, values);
  if (status === engine.GLP_FEAS) return { status: 'feasible', values, objective };
  // Within a gap glpk.js calls optimal what may not be.
  if (hasIntegers && gap > 0) return { status: 'feasible', values, objective, bound: objective - gap * Math.abs(objective) };
  const duals = hasIntegers || dual === undefined ? undefined : problem.rows.map((_, row) => dual[rowName(row)] ?? 0);
  return { status: 'optimal', values, objective, bound: objective, ...(duals === undefined ? {} : { duals }) };
}

/** The engine aborts with an exception of no useful text on input that it does not like: that is an answer 'unknown', not a fault of ours. */
function run(engine: Glpk, program: LP, timeLimitMs: number, hasIntegers: boolean, gap: number): Result | undefined {
  try {
    // Without its presolver glpk.js answers a MIP with "undefined", objective 0, silently; with it a linear program reports no duals on some problems.
    return engine.solve(program, {
      msglev: engine.GLP_MSG_OFF,
      presol: hasIntegers,
      mipgap: gap,
      tmlim: Math.max(1, Math.ceil(timeLimitMs / 1_000)),
    });
  } catch {
    return undefined;
  }
}

function linearProgram(engine: Glpk, { columns, rows }: MipProblem): LP {
  return {
    name: 'program',
    objective: {
      direction: engine.GLP_MIN,
      name: 'cost',
      vars: columns.map(({ cost }, column) => ({ name: columnName(column), coef: cost })),
    },
    subjectTo: rows.flatMap(({ lower, upper, entries }, row) => {
      // A row without entries was found to be met already; glpk.js takes none.
      if (entries.length === 0 || (lower === -Infinity && upper === Infinity)) return [];
      // The same column twice in a row aborts the engine.
      const vars = [...mergedEntries(entries)].map(([column, coef]) => ({ name: columnName(column), coef }));
      return [{ name: rowName(row), vars, bnds: limits(engine, lower, upper) }];
    }),
    // Every column states its bounds: the default is 0 to infinity, and `binaries` must not overlap with `bounds`.
    bounds: columns.map((column, index) => ({ name: columnName(index), ...columnLimits(engine, column) })),
    generals: columns.flatMap(({ integer }, column) => (integer ? [columnName(column)] : [])),
  };
}

/** glpk.js answers "undefined" where the bounds of an integer are no whole numbers. */
function columnLimits(engine: Glpk, { lower, upper, integer }: MipProblem['columns'][number]): { type: number; lb: number; ub: number } {
  return integer ? limits(engine, Math.ceil(lower - roundingSlack), Math.floor(upper + roundingSlack)) : limits(engine, lower, upper);
}

/** A bound this near to a whole number was meant to be one. */
const roundingSlack = 1e-6;

function limits(engine: Glpk, lower: number, upper: number): { type: number; lb: number; ub: number } {
  if (lower === -Infinity) return upper === Infinity ? { type: engine.GLP_FR, lb: 0, ub: 0 } : { type: engine.GLP_UP, lb: 0, ub: upper };
  if (upper === Infinity) return { type: engine.GLP_LO, lb: lower, ub: 0 };
  return { type: lower === upper ? engine.GLP_FX : engine.GLP_DB, lb: lower, ub: upper };
}

/** Names exist only in here, by number, so that none can be misspelt: glpk.js makes an unknown name a new free column. */
function columnName(column: number): string {
  return `x${column}`;
}

function rowName(row: number): string {
  return `r${row}`;
}
