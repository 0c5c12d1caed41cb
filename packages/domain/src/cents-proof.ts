import { addMoney, money, sameMoney, subtractMoney, zero, type Money } from './money.ts';
import type { ChannelOrder } from './order.ts';

/** One step of how an order's total comes about. `sum` is the total so far; `cause` is set of what the channel charges beside its goods, and of what nobody can explain. */
export type CentsStep = {
  readonly what: string;
  readonly lineId: string | null;
  readonly cause: string | null;
  readonly amount: Money;
  readonly sum: Money;
};

export type CentsProof = {
  readonly steps: readonly CentsStep[];
  readonly total: Money;
  /** The channel's total less the sum of all steps: zero, or the order must not be written. */
  readonly difference: Money;
  /** True when the sum is the total and no line of it is there only to make it so. */
  readonly explained: boolean;
};

/**
 * Derives the total of a channel order line by line, to the cent: goods, other charges, shipping, tax where it comes on top, less what no line carries of a discount. The same parts, in the
 * same order, are what the ERP is written. Throws a `RangeError` for an order of several currencies.
 */
export function centsProof(order: ChannelOrder): CentsProof {
  const steps: CentsStep[] = [];
  let sum = zero(order.currency);
  const add = (what: string, amount: Money, lineId: string | null = null, cause: string | null = null): void => {
    if (amount.minor === 0) return;
    sum = addMoney(sum, amount);
    steps.push({ what, lineId, cause, amount, sum });
  };
  for (const line of order.lines) add(line.title, line.total, line.id, line.cause ?? null);
  add('shipping', order.shipping);
  if (!order.taxesIncluded) {
    for (const line of order.lines) add(`tax on ${line.title}`, line.tax, line.id);
    add('tax on shipping', order.shippingTax);
  }
  add('discount on the order', money(-order.orderDiscount.minor, order.orderDiscount.currency));
  const difference = subtractMoney(order.total, sum);
  const explained = sameMoney(sum, order.total) && order.lines.every(({ cause }) => cause !== 'unexplained');
  return { steps, total: order.total, difference, explained };
}
