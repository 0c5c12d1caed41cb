import type { MipAnswer, MipProblem, MipSolver } from './solver-port.ts';

/** Limits on one part of a program. */
export interface PartLimits {
  readonly columns: number;
  /** What the solver may still take. */
  readonly timeLimitMs: () => number;
  /** How far, as a share of its cost, each part's answer may be above its optimum; default 0. */
  readonly gap?: number;
  /** See `MipRequest`; default false. */
  readonly startIsBest?: boolean;
}

/**
 * Solves a program part by part, where a part is a set of columns that shares no row with the others: engines are much faster on many small programs than on one large.
 * `start`: values of a known solution of the whole. 'unknown' where a part has more columns than allowed or one went unanswered.
 */
export async function solveInParts(
  solver: MipSolver,
  problem: MipProblem,
  limits: PartLimits,
  start?: readonly number[],
): Promise<MipAnswer> {
  const values: number[] = Array.from({ length: problem.columns.length }, () => 0);
  const parts = partsOf(problem);
  if (parts.some(({ columns }) => columns.length > limits.columns)) return { status: 'unknown' };
  let objective = 0;
  let bound = 0;
  let status: 'optimal' | 'feasible' = 'optimal';
  for (const { columns, rows } of parts) {
    const position = new Map(columns.map((column, index) => [column, index]));
    const answer = await solver.solve(
      {
        columns: columns.map((column) => problem.columns[column]!),
        rows: rows.map((row) => {
          const { lower, upper, entries } = problem.rows[row]!;
          return { lower, upper, entries: entries.map(([column, coefficient]): [number, number] => [position.get(column)!, coefficient]) };
        }),
      },
      {
        timeLimitMs: limits.timeLimitMs(),
        ...(limits.gap === undefined ? {} : { gap: limits.gap }),
        ...(limits.startIsBest === undefined ? {} : { startIsBest: limits.startIsBest }),
        ...(start === undefined ? {} : { start: columns.map((column) => start[column]!) }),
      },
    );
    if ((answer.status !== 'optimal' && answer.status !== 'feasible') || answer.values === undefined)
      return { status: answer.status === 'infeasible' ? 'infeasible' : 'unknown' };
    if (answer.status === 'feasible') status = 'feasible';
    objective += answer.objective ?? 0;
    bound += answer.bound ?? -Infinity;
    for (const [index, column] of columns.entries()) values[column] = answer.values[index]!;
  }
  return { status, values, objective, ...(Number.isFinite(bound) ? { bound } : {}) };
}

interface Part {
  readonly columns: number[];
  readonly rows: number[];
}

function partsOf(problem: MipProblem): Part[] {
  const parent = Array.from({ length: problem.columns.length }, (_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parent[root]! !== root) {
      parent[root] = parent[parent[root]!]!;
      root = parent[root]!;
    }
    return root;
  };
  for (const { entries } of problem.rows) for (const [column] of entries) parent[rootOf(column)] = rootOf(entries[0]![0]);
  const parts = new Map<number, Part>();
  for (let column = 0; column < problem.columns.length; column++) {
    const root = rootOf(column);
    const part = parts.get(root) ?? { columns: [], rows: [] };
    part.columns.push(column);
    parts.set(root, part);
  }
  for (const [row, { entries }] of problem.rows.entries()) if (entries.length > 0) parts.get(rootOf(entries[0]![0]))!.rows.push(row);
  return [...parts.values()];
}
