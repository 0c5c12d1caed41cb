import type { MipAnswer, MipProblem, MipSolver } from '@quartermaster/sourcing';
import GLPK, { type GLPK as Glpk, type LP, type Result } from 'glpk.js/node';

/** Choices of the adapter. */
export interface GlpkOptions {
  /** Time limit of a solve that brings none of its own; default 60,000. glpk.js may overshoot a limit by half. */
  readonly timeLimitMs?: number;
}

/** How far a value may be from a bound, a row limit or a whole number and still be believed; relative to the size of the number. */
const tolerance = 1e-6;

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
    solve: async (problem, { timeLimitMs = options.timeLimitMs ?? 60_000 } = {}) =>
      Promise.resolve(solveChecked(engine, problem, timeLimitMs)),
  };
}

function solveChecked(engine: Glpk, problem: MipProblem, timeLimitMs: number): MipAnswer {
  const trivial = withoutColumns(problem);
  if (trivial !== undefined) return trivial;
  const hasIntegers = problem.columns.some(({ integer }) => integer);
  const result = run(engine, linearProgram(engine, problem), timeLimitMs, hasIntegers);
  if (result === undefined) return { status: 'unknown' };
  const { status, vars, dual } = result.result;
  if (status === engine.GLP_NOFEAS) return { status: 'infeasible' };
  if (status !== engine.GLP_OPT && status !== engine.GLP_FEAS) return { status: 'unknown' };
  const values = checkedValues(problem, vars);
  if (values === undefined) return { status: 'unknown' };
  const objective = problem.columns.reduce((sum, { cost }, column) => sum + cost * values[column]!, 0);
  if (status === engine.GLP_FEAS) return { status: 'feasible', values, objective };
  const duals = hasIntegers || dual === undefined ? undefined : problem.rows.map((_, row) => dual[rowName(row)] ?? 0);
  return { status: 'optimal', values, objective, bound: objective, ...(duals === undefined ? {} : { duals }) };
}

/** A program without columns is decided by its rows alone; glpk.js is not asked. */
function withoutColumns({ columns, rows }: MipProblem): MipAnswer | undefined {
  if (columns.length > 0) return undefined;
  const possible = rows.every(({ lower, upper }) => lower <= tolerance && upper >= -tolerance);
  return possible ? { status: 'optimal', values: [], objective: 0, bound: 0 } : { status: 'infeasible' };
}

/** The engine aborts with an exception of no useful text on input that it does not like: that is an answer 'unknown', not a fault of ours. */
function run(engine: Glpk, program: LP, timeLimitMs: number, hasIntegers: boolean): Result | undefined {
  try {
    // Without its presolver glpk.js answers a MIP with "undefined", objective 0, silently; with it a linear program reports no duals on some problems.
    return engine.solve(program, {
      msglev: engine.GLP_MSG_OFF,
      presol: hasIntegers,
      mipgap: 0,
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
      if (lower === -Infinity && upper === Infinity) return [];
      // A row without entries is kept by a zero on the first column: dropping it could hide that it cannot be met.
      const vars = entries.length === 0 ? [{ name: columnName(0), coef: 0 }] : merged(entries);
      return [{ name: rowName(row), vars, bnds: limits(engine, lower, upper) }];
    }),
    // Every column states its bounds: the default is 0 to infinity, and `binaries` must not overlap with `bounds`.
    bounds: columns.map(({ lower, upper }, column) => ({ name: columnName(column), ...limits(engine, lower, upper) })),
    generals: columns.flatMap(({ integer }, column) => (integer ? [columnName(column)] : [])),
  };
}

/** The same column twice in a row aborts the engine. */
function merged(entries: MipProblem['rows'][number]['entries']): { name: string; coef: number }[] {
  const sums = new Map<number, number>();
  for (const [column, coefficient] of entries) sums.set(column, (sums.get(column) ?? 0) + coefficient);
  return [...sums].map(([column, coef]) => ({ name: columnName(column), coef }));
}

function limits(engine: Glpk, lower: number, upper: number): { type: number; lb: number; ub: number } {
  if (lower === -Infinity) return upper === Infinity ? { type: engine.GLP_FR, lb: 0, ub: 0 } : { type: engine.GLP_UP, lb: 0, ub: upper };
  if (upper === Infinity) return { type: engine.GLP_LO, lb: lower, ub: 0 };
  return { type: lower === upper ? engine.GLP_FX : engine.GLP_DB, lb: lower, ub: upper };
}

/** Values by column, integers rounded; undefined where a bound, a row or integrality is broken. */
function checkedValues({ columns, rows }: MipProblem, vars: Readonly<Record<string, number>>): number[] | undefined {
  const values: number[] = [];
  for (const [column, { lower, upper, integer }] of columns.entries()) {
    const raw = vars[columnName(column)];
    if (raw === undefined || !Number.isFinite(raw)) return undefined;
    const value = integer ? Math.round(raw) : raw;
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

function between(value: number, lower: number, upper: number): boolean {
  return value >= lower - tolerance * Math.max(1, Math.abs(lower)) && value <= upper + tolerance * Math.max(1, Math.abs(upper));
}

/** Names exist only in here, by number, so that none can be misspelt: glpk.js makes an unknown name a new free column. */
function columnName(column: number): string {
  return `x${column}`;
}

function rowName(row: number): string {
  return `r${row}`;
}
