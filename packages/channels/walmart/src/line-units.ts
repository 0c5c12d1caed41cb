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
  const ordered = wholeUnits(line.orderLineQuantity.amount);
  const inStates = (is: (status: string) => boolean) =>
    line.orderLineStatuses.orderLineStatus.reduce(
      (sum, { status, statusQuantity }) => sum + (is(status) ? wholeUnits(statusQuantity.amount) : 0),
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

/** Walmart writes units as text. Throws a `RangeError` for what is no whole number of them. */
function wholeUnits(text: string): number {
  const units = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(units) || units < 0) throw new RangeError('not a number of units');
  return units;
}

/** Whether anything of the order waits to be acknowledged. */
export function waitsForAcknowledgement(order: Pick<WireOrder, 'orderLines'>): boolean {
  return order.orderLines.orderLine.some((line) => unitsOf(line).created > 0);
}
