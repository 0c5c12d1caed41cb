import type { WireOrder, WireOrderLine } from './wire.ts';

/** Units of one line by what became of them. A line of several units is in several states at once. */
export type LineUnits = {
  readonly ordered: number;
  readonly created: number;
  readonly cancelled: number;
  /** Shipped, delivered, or refunded after that. */
  readonly shipped: number;
  /** Neither cancelled nor shipped. */
  readonly open: number;
};

const shippedStates = new Set(['Shipped', 'Delivered', 'Refund']);

export function unitsOf(line: Pick<WireOrderLine, 'orderLineQuantity' | 'orderLineStatuses'>): LineUnits {
  const ordered = Number(line.orderLineQuantity.amount);
  const inStates = (is: (status: string) => boolean) =>
    line.orderLineStatuses.orderLineStatus.reduce(
      (sum, { status, statusQuantity }) => sum + (is(status) ? Number(statusQuantity.amount) : 0),
      0,
    );
  const cancelled = Math.min(
    ordered,
    inStates((status) => status === 'Cancelled'),
  );
  const shipped = Math.min(
    ordered - cancelled,
    inStates((status) => shippedStates.has(status)),
  );
  return { ordered, created: inStates((status) => status === 'Created'), cancelled, shipped, open: ordered - cancelled - shipped };
}

/** Whether anything of the order waits to be acknowledged. */
export function waitsForAcknowledgement(order: Pick<WireOrder, 'orderLines'>): boolean {
  return order.orderLines.orderLine.some((line) => unitsOf(line).created > 0);
}
