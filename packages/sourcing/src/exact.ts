import { draftCost, draftOf, ownCost, type Draft } from './draft.ts';
import { plansWithin, type Column } from './enumerate.ts';
import { book, emptyLedger, withinLimits } from './ledger.ts';
import { masterProgram, startOf, takesTheSame } from './master.ts';
import { isExact } from './order-table.ts';
import { solveInParts, type PartLimits } from './parts.ts';
import { pricedCuts } from './prices.ts';
import type { MipSolver } from './solver-port.ts';
import type { PricedBound } from './shadow-prices.ts';

/** What the exact method came to. */
export type ExactOutcome =
  | { readonly kind: 'proven'; readonly draft: Draft }
  /** `finished`: as near to the optimum as was asked; else time was up, and the draft depends on the machine. `bound`: no choice among the columns costs less. */
  | { readonly kind: 'better'; readonly draft: Draft; readonly finished: boolean; readonly bound: number; readonly why: string }
  | { readonly kind: 'unanswered'; readonly why: string };

/** Limits of the exact method: most columns of one program, how long the solver may still think, and whether it may take the known plan for the best one. */
export type ExactLimits = Omit<PartLimits, 'gap'>;

/**
 * Proves the best plan: every plan of every order whose reduced cost fits between the bound and the known cost becomes a column, and one program chooses among them.
 * A plan left out cannot be part of anything cheaper than the known cost. Not possible with an order of more than `maxExactLines` lines.
 */
export async function proveOptimum(known: Draft, priced: PricedBound, solver: MipSolver, limits: ExactLimits): Promise<ExactOutcome> {
  const columns = columnsWithin(known, priced, 1, limits);
  return typeof columns === 'string' ? { kind: 'unanswered', why: columns } : choose(columns, known, priced, solver, limits);
}

/**
 * The best plan that can be put together from those nearest to the prices. It is nearly always the optimum: with it known fewer plans are left within the gap, and of a proof
 * the finding is the longer part. Undefined where all plans within the gap are so few that this would gain nothing, and for engines that take no more than that.
 */
export async function bestOfNearest(
  known: Draft,
  priced: PricedBound,
  solver: MipSolver,
  limits: ExactLimits,
): Promise<ExactOutcome | undefined> {
  if (limits.columns <= fewColumns) return undefined;
  const few = columnsWithin(known, priced, 1, { ...limits, columns: fewColumns });
  if (typeof few !== 'string') return undefined;
  const columns = columnsWithin(known, priced, nearShare, limits);
  return typeof columns === 'string'
    ? { kind: 'unanswered', why: columns }
    : choose(columns, known, priced, solver, { ...limits, gap: nearGap });
}

/** Programs of so few columns are solved in less than a second. */
const fewColumns = 2_000;

/** The part of the gap within which the nearest plans lie, and how near to the best choice among them is near enough. */
const nearShare = 0.25;
const nearGap = 2e-5;

/** The plans of each order that cost at the prices no more above its cheapest one than this share of the gap, and its known one; in words where there are too many. */
function columnsWithin(known: Draft, { prices, bound }: PricedBound, share: number, limits: ExactLimits): Column[][] | string {
  const { given } = known;
  const { compiled } = given;
  const slack = share * (draftCost(known) - bound);
  const within: Column[][] = [];
  let count = 0;
  for (let order = 0; order < compiled.orderCount; order++) {
    if (!isExact(compiled, order)) return `order ${compiled.problem.orders[order]!.id} has too many lines to enumerate its plans`;
    const columns = plansWithin(given, order, prices, slack, limits.columns);
    count += columns?.length ?? Infinity;
    if (columns === undefined || count > limits.columns + compiled.orderCount)
      return `more than ${limits.columns} plans lie within the gap`;
    if (share < 1) addKnown(columns, known, order);
    within.push(columns);
  }
  return within;
}

function addKnown(columns: Column[], { given: { compiled }, plans }: Draft, order: number): void {
  const shipments = plans[order]!;
  if (!columns.some((column) => takesTheSame(column.shipments, shipments)))
    columns.push({ order, shipments, cost: ownCost(compiled, order, shipments), excess: 0 });
}

/** The best choice of one column for each order. */
async function choose(
  columnsOf: readonly Column[][],
  known: Draft,
  { prices }: PricedBound,
  solver: MipSolver,
  limits: PartLimits,
): Promise<ExactOutcome> {
  const { given } = known;
  const { compiled } = given;
  const cost = draftCost(known);
  const fixed = columnsOf.flatMap((columns) => (columns.length === 1 ? columns : []));
  const open = columnsOf.filter(({ length }) => length > 1);
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
  const { objective = 0, bound = -Infinity } = answer;
  const finished = objective - bound <= ((limits.gap ?? 0) + boundSlack) * Math.max(1, Math.abs(objective));
  // What the program leaves out of the cost is the same for all its choices.
  return { kind: 'better', draft, finished, bound: bound + draftCost(draft) - objective, why: `${solver.name} stopped before the proof` };
}

/** What an engine's own tolerances may take off its bound, as a share of the cost. */
const boundSlack = 5e-6;

function keepsLimits(draft: Draft): boolean {
  return draft.plans.every((shipments, order) => shipments.every((shipment) => withinLimits(draft.ledger, order, shipment)));
}
