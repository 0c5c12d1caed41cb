import { draftOf, ownCost, type Draft } from './draft.ts';
import { plansWithin, type Column } from './enumerate.ts';
import { book, emptyLedger, withinLimits } from './ledger.ts';
import { masterProgram, startOf } from './master.ts';
import { isExact } from './order-table.ts';
import { solveInParts, type PartLimits } from './parts.ts';
import { pricedCuts, type Prices } from './prices.ts';
import type { MipSolver } from './solver-port.ts';

/** Which plans an order may choose from: its present one, and at most so many that cost at the prices no more than this above its cheapest one. */
export interface PolishEffort extends PartLimits {
  readonly plans: number;
  readonly slack: number;
}

/**
 * The best plan that can be put together from the draft's own plans and those near the prices: one integer program over all orders. Proves nothing, but sees what no exchange among few
 * orders does. Undefined where the solver does not answer, or would be asked more than `columns`.
 */
export async function polishPlan(draft: Draft, prices: Prices, solver: MipSolver, effort: PolishEffort): Promise<Draft | undefined> {
  const { given } = draft;
  const { compiled } = given;
  const taken = emptyLedger(compiled);
  const plans = [...draft.plans];
  const open: Column[][] = [];
  let count = 0;
  for (let order = 0; order < compiled.orderCount; order++) {
    const columns = columnsOf(draft, order, prices, effort);
    if (columns.length > 1) {
      open.push(columns);
      count += columns.length;
    } else for (const shipment of plans[order]!) book(taken, order, shipment);
  }
  if (count > effort.columns) return undefined;
  // Cuts of the prices hold for whole plans: with them the program is solved in a fraction of the time.
  const cuts = pricedCuts(prices);
  const isOpen = new Set(open.map(([column]) => column!.order));
  const fixed = plans.flatMap((shipments, order) => (isOpen.has(order) ? [] : [{ order, shipments, cost: 0, excess: 0 }]));
  const master = masterProgram(taken, open, { integer: true, cuts, fixed });
  const answer = await solveInParts(solver, master.program, effort, startOf(master, draft));
  if (answer.values === undefined) return undefined;
  for (const [index, { order, shipments }] of master.columns.entries()) if (answer.values[index]! > 0.5) plans[order] = shipments;
  const polished = draftOf(given, plans);
  const fits = plans.every((shipments, order) => shipments.every((shipment) => withinLimits(polished.ledger, order, shipment)));
  return fits ? polished : undefined;
}

function columnsOf(draft: Draft, order: number, prices: Prices, { plans, slack }: PolishEffort): Column[] {
  const { given } = draft;
  const shipments = draft.plans[order]!;
  const present: Column = { order, shipments, cost: ownCost(given.compiled, order, shipments), excess: 0 };
  if (!isExact(given.compiled, order)) return [present];
  let found: Column[] | undefined;
  for (let within = slack; found === undefined && within > leastSlack * slack; within /= 2)
    found = plansWithin(given, order, prices, within, plans);
  const key = keyOf(shipments);
  return [present, ...(found ?? []).filter((column) => keyOf(column.shipments) !== key)];
}

const leastSlack = 1e-3;

function keyOf(shipments: Column['shipments']): string {
  return shipments
    .map(({ node, service, lines }) => `${node} ${service} ${lines.join()}`)
    .sort()
    .join('/');
}
