import type { Shipment } from './ledger.ts';
import { sharedLines } from './line-sets.ts';

/** An order and its plan. */
export interface OrderPlan {
  readonly order: number;
  readonly shipments: readonly Shipment[];
}

/** Plans of some orders as one list of numbers, which goes to another thread in no time. */
export function packPlans(plans: readonly OrderPlan[]): Float64Array {
  let size = 0;
  for (const { shipments } of plans) for (const { lines } of shipments) size += 6 + lines.length;
  const packed = new Float64Array(size + 2 * plans.length);
  let at = 0;
  for (const { order, shipments } of plans) {
    packed[at++] = order;
    packed[at++] = shipments.length;
    for (const { node, service, slot, cost, minutes, lines } of shipments) {
      for (const number of [node, service, slot, cost, minutes, lines.length]) packed[at++] = number;
      for (const line of lines) packed[at++] = line;
    }
  }
  return packed;
}

/** What `packPlans` packed. */
export function unpackPlans(packed: Float64Array): OrderPlan[] {
  const plans: OrderPlan[] = [];
  let at = 0;
  const next = (): number => packed[at++]!;
  while (at < packed.length) {
    const order = next();
    // Lists of a known length: one that grows has room for sixteen.
    const shipments = Array.from({ length: next() }, (): Shipment => {
      const [node, service, slot, cost, minutes] = [next(), next(), next(), next(), next()];
      return { node, service, slot, lines: sharedLines(Array.from({ length: next() }, next)), cost, minutes };
    });
    plans.push({ order, shipments });
  }
  return plans;
}
