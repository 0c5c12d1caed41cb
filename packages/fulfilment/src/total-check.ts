import { centsProof, formatMoney, subtractMoney, sumMoney, type ChannelOrder, type Money } from '@quartermaster/domain';
import { isWithin, type Limits } from './limits.ts';

/**
 * Whether an order adds up to its own total, to the minor unit or what is tolerated: lines and shipping, taxes where they come on top, less the discount that no line carries. Null when it does;
 * else the derivation, each amount with its currency.
 */
export function totalProblem(order: ChannelOrder, tolerance: Limits = {}): string | null {
  const foreign = amounts(order).find((amount) => amount.currency !== order.currency);
  if (foreign !== undefined) return `${foreign.currency} amounts in an order of ${order.currency}`;
  const { currency } = order;
  const lines = sumMoney(
    order.lines.map((line) => line.total),
    currency,
  );
  const taxes = order.taxesIncluded ? null : sumMoney([...order.lines.map((line) => line.tax), order.shippingTax], currency);
  const { difference } = centsProof(order);
  if (isWithin(tolerance, order.total, subtractMoney(order.total, difference))) return null;
  const terms = [
    `lines ${formatMoney(lines)}`,
    `+ shipping ${formatMoney(order.shipping)}`,
    ...(taxes === null ? [] : [`+ taxes ${formatMoney(taxes)}`]),
    `- discount ${formatMoney(order.orderDiscount)}`,
    `= ${formatMoney(subtractMoney(order.total, difference))}`,
  ];
  return `${terms.join(' ')}, and the channel says ${formatMoney(order.total)}`;
}

function amounts(order: ChannelOrder): Money[] {
  return [order.shipping, order.shippingTax, order.orderDiscount, order.total, ...order.lines.flatMap((line) => [line.total, line.tax])];
}
