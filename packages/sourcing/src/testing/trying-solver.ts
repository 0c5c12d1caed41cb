import type { MipProblem, MipSolver } from '../solver-port.ts';
import { checkedValues, objectiveOf } from '../solver-answer.ts';

/**
 * An engine behind the port that tries every choice of the integer columns: for programs of the optimizer, in which each continuous column is what is over a limit (its coefficient -1)
 * and costs no more the fewer there are. It solves no linear programs.
 */
export function tryingSolver(): MipSolver {
  return {
    name: 'trying',
    comfortable: { mipColumns: 400, lpColumns: 0 },
    // oxlint-disable-next-line require-await -- the port is asynchronous, trying is not
    solve: async (problem) => {
      if (problem.columns.every(({ integer }) => !integer)) return { status: 'unknown' };
      const values = cheapest(problem);
      return values === undefined ? { status: 'infeasible' } : { status: 'optimal', values, objective: objectiveOf(problem, values) };
    },
  };
}

function cheapest(problem: MipProblem): number[] | undefined {
  const { columns, rows } = problem;
  // Rows of equalities are the orders: one column of each, the cheapest first.
  const groups = rows
    .filter(({ lower, upper }) => lower === upper)
    .map(({ entries }) => entries.map(([column]) => column).sort((left, right) => columns[left]!.cost - columns[right]!.cost));
  const leastFrom = groups.map((_, from) => groups.slice(from).reduce((sum, group) => sum + columns[group[0]!]!.cost, 0));
  // Where nothing relieves a row, what is chosen may already be too much.
  const hard = rows.filter(({ lower, upper, entries }) => lower !== upper && entries.every(([, coefficient]) => coefficient >= 0));
  const usesOf = columns.map((_, column) =>
    hard.flatMap(({ entries }, row) => entries.filter(([index]) => index === column).map(([, amount]) => ({ row, amount }))),
  );
  const left = hard.map(({ upper }) => upper);
  let best: number[] | undefined;
  let least = Infinity;
  const values = columns.map(() => 0);
  const choose = (group: number, cost: number): void => {
    const own = groups[group];
    if (own === undefined) {
      const whole = checkedValues(problem, completed(problem, values));
      if (whole === undefined || objectiveOf(problem, whole) >= least) return;
      best = whole;
      least = objectiveOf(problem, whole);
      return;
    }
    for (const column of own) {
      if (cost + columns[column]!.cost + (leastFrom[group + 1] ?? 0) >= least) return;
      values[column] = 1;
      for (const { row, amount } of usesOf[column]!) left[row]! -= amount;
      if (usesOf[column]!.every(({ row }) => left[row]! >= -1e-9)) choose(group + 1, cost + columns[column]!.cost);
      for (const { row, amount } of usesOf[column]!) left[row]! += amount;
      values[column] = 0;
    }
  };
  choose(0, 0);
  return best;
}

/** Gives each continuous column what its row needs, cheapest first. */
function completed({ columns, rows }: MipProblem, chosen: readonly number[]): number[] {
  const values = [...chosen];
  for (const { upper, entries } of rows) {
    let over = entries.reduce((sum, [column, coefficient]) => sum + (coefficient > 0 ? coefficient * values[column]! : 0), -upper);
    const relief = entries
      .filter(([column, coefficient]) => coefficient < 0 && !columns[column]!.integer)
      .sort(([left], [right]) => columns[left]!.cost - columns[right]!.cost);
    for (const [column] of relief) {
      values[column] = Math.max(0, Math.min(over, columns[column]!.upper));
      over -= values[column];
    }
  }
  return values;
}
