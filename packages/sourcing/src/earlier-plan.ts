import type { Numbers } from './compile.ts';
import type { Shipment } from './ledger.ts';

/** What was decided before, and what an order pays whose plan is another now. */
export interface EarlierPlan {
  /** By order: its shipments; undefined where the earlier plan ships nothing of it, or what can no longer be. Such an order has nothing to change and pays nothing. */
  readonly plans: readonly (readonly Shipment[] | undefined)[];
  readonly changeCost: number;
}

/** What the order pays for having another plan than before. */
export function changeCostOf({ earlier }: Numbers, order: number, shipments: readonly Shipment[]): number {
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
