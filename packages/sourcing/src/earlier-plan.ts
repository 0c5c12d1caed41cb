import { laborCost, type Compiled } from './compile.ts';
import { pricedCost } from './draft.ts';
import { bookIfFits, unbook, type Ledger, type Shipment } from './ledger.ts';
import { readShipments } from './plan-shipments.ts';
import type { PlanShipment } from './plan.ts';
import type { Terms } from './price.ts';
import type { Prices } from './prices.ts';

/** What was decided before, and what an order pays whose plan is another now. */
export interface EarlierPlan {
  /** By order: its shipments; undefined where the earlier plan ships nothing of it, or what can no longer be. Such an order has nothing to change and pays nothing. */
  readonly plans: readonly (readonly Shipment[] | undefined)[];
  readonly changeCost: number;
}

/** The shipments of an earlier plan that are still possible for their orders; orders of it that are gone, or now ask for something else, are left out. */
export function earlierShipments(compiled: Compiled, shipments: readonly PlanShipment[]): (readonly Shipment[] | undefined)[] {
  const byOrder = new Map<string, PlanShipment[]>();
  for (const shipment of shipments) {
    const known = byOrder.get(shipment.order);
    if (known === undefined) byOrder.set(shipment.order, [shipment]);
    else known.push(shipment);
  }
  return compiled.problem.orders.map(({ id }, order) => {
    const given = byOrder.get(id);
    if (given === undefined) return undefined;
    const read = readShipments(compiled, order, given);
    return read.kind === 'possible' ? read.shipments : undefined;
  });
}

/** What the order pays for having another plan than before. */
export function changeCostOf({ earlier }: Compiled, order: number, shipments: readonly Shipment[]): number {
  const before = earlier?.plans[order];
  return earlier === undefined || before === undefined || samePlan(before, shipments) ? 0 : earlier.changeCost;
}

/** True where both ship the same lines from the same nodes by the same services. */
export function samePlan(left: readonly Shipment[], right: readonly Shipment[]): boolean {
  return (
    left === right ||
    (left.length === right.length &&
      left.every((one) =>
        right.some((other) => one.node === other.node && one.service === other.service && one.lines.join(' ') === other.lines.join(' ')),
      ))
  );
}

/** An order's earlier plan at the prices; undefined where it has none. */
export function earlierValue(compiled: Compiled, order: number, prices: Prices): number | undefined {
  const before = compiled.earlier?.plans[order];
  return before === undefined ? undefined : pricedCost(compiled, order, before, prices);
}

/** The cheaper one of an order's earlier plan and another on the terms; ties stay with what was. */
export function calmer(compiled: Compiled, order: number, wish: readonly Shipment[], terms: Terms): readonly Shipment[] {
  const before = compiled.earlier?.plans[order];
  if (before === undefined || (terms.ledger !== undefined && !fits(terms.ledger, order, before))) return wish;
  return valueOnTerms(compiled, order, before, terms) <= valueOnTerms(compiled, order, wish, terms) ? before : wish;
}

function fits(ledger: Ledger, order: number, shipments: readonly Shipment[]): boolean {
  if (!bookIfFits(ledger, order, shipments)) return false;
  for (const shipment of shipments) unbook(ledger, order, shipment);
  return true;
}

/** What a plan costs on the terms, the change from the earlier one included. */
function valueOnTerms(compiled: Compiled, order: number, shipments: readonly Shipment[], { prices, ledger, laborBy }: Terms): number {
  let value = pricedCost(compiled, order, shipments, prices);
  if (ledger === undefined || laborBy === 'prices') return value;
  const added = new Map<number, number>();
  for (const { node, minutes } of shipments) added.set(node, (added.get(node) ?? 0) + minutes);
  for (const [node, minutes] of added) {
    const used = Math.max(0, ledger.minutes[node]!);
    const { tiers } = compiled.labor[node]!;
    const beyond = laborCost(tiers, used + minutes) - laborCost(tiers, used) - prices.labor[node]! * minutes;
    value += laborBy === 'ledger' ? beyond : Math.max(0, beyond);
  }
  return value;
}
