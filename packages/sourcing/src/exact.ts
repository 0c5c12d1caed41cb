import { draftCost, draftOf, type Draft } from './draft.ts';
import { plansWithin, type Column } from './enumerate.ts';
import { book, emptyLedger, withinLimits } from './ledger.ts';
import { masterProgram, startOf } from './master.ts';
import { isExact } from './order-table.ts';
import { solveInParts } from './parts.ts';
import type { Pricer } from './pricer.ts';
import { pricedCuts } from './prices.ts';
import type { MipSolver } from './solver-port.ts';
import type { PricedBound } from './shadow-prices.ts';

/** What the exact method came to. */
export type ExactOutcome =
  | { readonly kind: 'proven'; readonly draft: Draft }
  | { readonly kind: 'better'; readonly draft: Draft; readonly why: string }
  | { readonly kind: 'unanswered'; readonly why: string };

/** Limits of the exact method: most columns of one program, and how long the solver may still think. */
export interface ExactLimits {
  readonly columns: number;
  readonly timeLimitMs: () => number;
}

/**
 * Proves the best plan: every plan of every order whose reduced cost fits between the bound and the known cost becomes a column, and one program chooses among them.
 * A plan left out cannot be part of anything cheaper than the known cost. Not possible with an order of more than `maxExactLines` lines.
 */
export async function proveOptimum(
  given: Pricer,
  solver: MipSolver,
  known: Draft,
  { prices, bound }: PricedBound,
  limits: ExactLimits,
): Promise<ExactOutcome> {
  const { compiled } = given;
  const cost = draftCost(known);
  const fixed: Column[] = [];
  const open: Column[][] = [];
  let count = 0;
  for (let order = 0; order < compiled.orderCount; order++) {
    if (!isExact(compiled, order))
      return { kind: 'unanswered', why: `order ${compiled.problem.orders[order]!.id} has too many lines to enumerate its plans` };
    const columns = plansWithin(given, order, prices, cost - bound, limits.columns);
    count += columns?.length ?? Infinity;
    if (columns === undefined || count > limits.columns + compiled.orderCount)
      return { kind: 'unanswered', why: `more than ${limits.columns} plans lie within the gap` };
    if (columns.length === 1) fixed.push(columns[0]!);
    else open.push(columns);
  }
  const taken = emptyLedger(compiled);
  for (const { order, shipments } of fixed) for (const shipment of shipments) book(taken, order, shipment);
  const cuts = pricedCuts(prices);
  const master = masterProgram(taken, open, { integer: true, cuts, fixed });
  const answer = await solveInParts(solver, master.program, limits, startOf(master, known));
  if (answer.values === undefined) return { kind: 'unanswered', why: `${solver.name} did not answer` };
  const plans = Array.from({ length: compiled.orderCount }, (): Column['shipments'] => []);
  for (const { order, shipments } of fixed) plans[order] = shipments;
  for (const [index, { order, shipments }] of master.columns.entries()) if (answer.values[index]! > 0.5) plans[order] = shipments;
  const draft = draftOf(given, plans);
  if (!keepsLimits(draft)) return { kind: 'unanswered', why: `${solver.name} answered with a plan that does not fit` };
  if (draftCost(draft) > cost + 1e-6 * Math.max(1, cost) && answer.status === 'optimal')
    return { kind: 'unanswered', why: `${solver.name} calls a plan optimal that is dearer than the known one` };
  if (answer.status === 'optimal') return { kind: 'proven', draft: draftCost(draft) <= cost ? draft : known };
  return { kind: 'better', draft, why: `${solver.name} stopped before the proof` };
}

function keepsLimits(draft: Draft): boolean {
  return draft.plans.every((shipments, order) => shipments.every((shipment) => withinLimits(draft.ledger, order, shipment)));
}
