import { poolsOf, stockRow, type Compiled, type Numbers } from './compile.ts';
import { changeCostOf } from './earlier-plan.ts';
import { book, bookIfFits, emptyLedger, emptyOut, totalLabor, unbook, type Ledger, type Shipment } from './ledger.ts';
import type { PlanShipment } from './plan.ts';
import type { Pricer } from './pricer.ts';
import { cutPrice, unitPrice, type Prices } from './prices.ts';

/** A feasible plan in the making: the shipments of each order, and what they have taken. */
export interface Draft<Batch extends Numbers = Compiled> {
  readonly given: Pricer<Batch>;
  readonly ledger: Ledger;
  readonly plans: (readonly Shipment[])[];
}

/** The plan of an order of which nothing is shipped: one for all, as there are many. */
const nothing: readonly Shipment[] = [];

/** Nothing shipped: always feasible. */
export function emptyDraft<Batch extends Numbers>(given: Pricer<Batch>): Draft<Batch> {
  return { given, ledger: emptyLedger(given.compiled), plans: Array.from({ length: given.compiled.orderCount }, () => nothing) };
}

/** A draft with the plans of another; later changes of one do not touch the other. */
export function draftOf<Batch extends Numbers>(given: Pricer<Batch>, plans: readonly (readonly Shipment[])[]): Draft<Batch> {
  const draft = emptyDraft(given);
  for (let order = 0; order < plans.length; order++) force(draft, order, plans[order]!);
  return draft;
}

/** Gives a draft the plans of another, as `draftOf` does, on the memory that it has. */
export function setPlans(draft: Draft<Numbers>, plans: readonly (readonly Shipment[])[]): void {
  emptyOut(draft.ledger);
  for (let order = 0; order < plans.length; order++) force(draft, order, plans[order]!);
}

/** Gives an order without shipments its plan where everything fits; else says false and changes nothing. */
export function assign(draft: Draft<Numbers>, order: number, shipments: readonly Shipment[]): boolean {
  if (!bookIfFits(draft.ledger, order, shipments)) return false;
  draft.plans[order] = shipments;
  return true;
}

/** Gives an order without shipments its plan whether or not it fits. */
export function force(draft: Draft<Numbers>, order: number, shipments: readonly Shipment[]): void {
  for (const shipment of shipments) book(draft.ledger, order, shipment);
  draft.plans[order] = shipments;
}

/** Takes an order's shipments back. */
export function clear(draft: Draft<Numbers>, order: number): void {
  for (const shipment of draft.plans[order]!) unbook(draft.ledger, order, shipment);
  draft.plans[order] = nothing;
}

/** Cost of an order's plan without labor: shipping, lateness, splits and open lines, and where the objective has them, the value of its stock and the change from its earlier plan. */
export function ownCost(compiled: Numbers, order: number, shipments: readonly Shipment[]): number {
  let cost = 0;
  for (let line = compiled.lineStart[order]!; line < compiled.lineStart[order + 1]!; line++) cost += compiled.lineOpenCost[line]!;
  const start = compiled.lineStart[order]!;
  for (const shipment of shipments) {
    cost += shipment.cost;
    for (const line of shipment.lines) cost -= compiled.lineOpenCost[start + line]!;
  }
  const change = compiled.earlier === undefined ? 0 : changeCostOf(compiled, order, shipments);
  return cost + Math.max(0, shipments.length - 1) * compiled.orderSplitCost[order]! + change;
}

/** An order's plan at the shadow prices: own cost, minutes, caps, stock and cuts. */
export function pricedCost(compiled: Numbers, order: number, shipments: readonly Shipment[], prices: Prices): number {
  const start = compiled.lineStart[order]!;
  const pools = poolsOf(compiled, order);
  let cost = ownCost(compiled, order, shipments);
  for (const { node, slot, lines, minutes } of shipments) {
    cost += prices.labor[node]! * minutes + (slot >= 0 ? prices.slot[slot]! : 0);
    for (const line of lines) {
      const row = stockRow(compiled, node, compiled.lineSku[start + line]!);
      const units = compiled.lineUnits[start + line]!;
      cost += units * unitPrice(prices, row, pools) + cutPrice(prices, row, units);
    }
  }
  return cost;
}

/** Cost of the whole draft. */
export function draftCost(draft: Draft<Numbers>): number {
  let cost = totalLabor(draft.ledger);
  for (let order = 0; order < draft.plans.length; order++) cost += ownCost(draft.given.compiled, order, draft.plans[order]!);
  return cost;
}

/** The draft's shipments by ids: orders as in the problem, then nodes as in the problem, then first line. */
export function planShipments(draft: Draft): PlanShipment[] {
  const { problem } = draft.given.compiled;
  return draft.plans.flatMap((shipments, order) =>
    [...shipments]
      .sort((left, right) => left.node - right.node || left.lines[0]! - right.lines[0]!)
      .map((shipment) => ({
        order: problem.orders[order]!.id,
        node: problem.nodes[shipment.node]!.id,
        service: problem.services[shipment.service]!.id,
        lines: [...shipment.lines],
      })),
  );
}
