import { formatMoney, moneyFromDecimal, sumMoney, type ChannelOrder, type Money, type RefundReason } from '@quartermaster/domain';
import type { OrderCase, RefundParts } from '@quartermaster/fulfilment';
import { linesNamed, type NamedUnits } from './named-lines.ts';

/** What a person wants given back: units of lines, an amount, the shipping; none of them is all that the order comes to. */
export type RefundWish = {
  readonly lines: readonly NamedUnits[];
  /** As decimal text, in the order's currency, with tax. */
  readonly amount: string | null;
  readonly shipping: boolean;
  readonly cause: RefundReason;
};

export type RefundPlan = { readonly refund: RefundParts; readonly amount: Money };

/**
 * A wish in amounts: units of a line take their share of its total and tax, as the order stands now. A sentence when it cannot be: what is not there cannot go back, nor more than is secured
 * less what goes back already. Pure.
 */
export function refundPlan(given: OrderCase, wish: RefundWish): RefundPlan | string {
  const { order } = given;
  const all = wish.lines.length === 0 && wish.amount === null && !wish.shipping;
  if (all && order.orderDiscount.minor > 0) return 'the order has a discount that its lines do not carry: name an amount';
  const everything = order.lines.filter((line) => line.total.minor > 0).map((line) => ({ line, units: line.quantity }));
  const named = all ? everything : linesNamed(given, wish.lines);
  if (typeof named === 'string') return named;
  const adjustment = wish.amount === null ? null : amountOf(wish.amount, order.currency);
  if (typeof adjustment === 'string') return adjustment;
  const lines = named.map(({ line, units }) => ({
    lineId: line.id,
    units,
    amount: share(line.total, units, line.quantity),
    tax: share(line.tax, units, line.quantity),
  }));
  const shipping = (all && order.shipping.minor > 0) || wish.shipping ? { amount: order.shipping, tax: order.shippingTax } : null;
  const parts = [...lines, ...(shipping === null ? [] : [shipping])];
  const amount = sumMoney(
    [
      ...parts.flatMap((part) => (order.taxesIncluded ? [part.amount] : [part.amount, part.tax])),
      ...(adjustment === null ? [] : [adjustment]),
    ],
    order.currency,
  );
  if (amount.minor <= 0) return 'that comes to nothing';
  const most = mostOf(given);
  if (amount.minor > most.minor) return `that comes to ${formatMoney(amount)}, and ${formatMoney(most)} can go back`;
  return { refund: { lines, shipping, adjustment, reason: wish.cause }, amount };
}

/** What the customer has paid and did not get back: what is only authorized was not paid, and what was asked for goes back already. */
function mostOf({ order, refunds }: OrderCase): Money {
  const { secured, toCapture } = order.payment;
  const going = refunds.filter(({ seen }) => !seen).reduce((sum, { amount }) => sum + amount.minor, 0);
  return { ...secured, minor: Math.max(0, secured.minor - (toCapture?.minor ?? 0) - going) };
}

function amountOf(text: string, currency: ChannelOrder['currency']): Money | string {
  try {
    return moneyFromDecimal(text, currency);
  } catch {
    return `${text} is no amount of ${currency}`;
  }
}

function share(amount: Money, units: number, of: number): Money {
  return units === of ? amount : { ...amount, minor: Math.round((amount.minor * units) / of) };
}
