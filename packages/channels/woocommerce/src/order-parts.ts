import { decimalOf, type ChannelOrder, type Money, type OrderLine } from '@quartermaster/domain';
import { decimalText, exactMinor, millionthsOf, roundedMinor, settledMinors, sumOf, type Millionths } from './amounts.ts';
import { notDone } from './client.ts';
import type { WireCharge, WireOrder } from './wire.ts';

/** As much of an order as needs no person: what is wanted and what it comes to. */
export type OrderParts = Pick<
  ChannelOrder,
  'status' | 'payment' | 'currency' | 'taxesIncluded' | 'lines' | 'shipping' | 'shippingTax' | 'orderDiscount' | 'total'
>;

/**
 * What an order is made of, in our words. WooCommerce keeps every amount without its tax, and leaves the order as it was when something is refunded; ours has tax in its prices when the
 * shop enters them so, and without the units that a refund took out.
 *
 * The amounts were asked for with six decimals and are made whole minor units together, so that they add up to the shop's own total; a total that is finer than its currency (a yen order of
 * a shop whose prices have two decimals) is a `malformed-reply` fault and never rounded.
 */
export function orderParts(wire: WireOrder): OrderParts {
  const { currency, prices_include_tax: taxesIncluded } = wire;
  const money = (minor: number): Money => ({ minor: minor === 0 ? 0 : minor, currency });
  const taken = takenOut(wire);
  const goods = wire.line_items.map((line): Draft => {
    const out = taken.get(line.id) ?? nothing;
    return { ...less(chargeOf(line, taxesIncluded), out), id: String(line.id) };
  });
  const fees = wire.fee_lines.map((line): Draft => ({ ...chargeOf(line, taxesIncluded), id: String(line.id) }));
  const shipping = wire.shipping_lines.map((line): Draft => ({ ...chargeOf(line, taxesIncluded), id: String(line.id) }));

  const drafts = [...goods, ...fees, ...shipping];
  const summands = drafts.flatMap(({ value, tax }) => (taxesIncluded ? [value] : [value, tax]));
  const gross = exactTotal(wire);
  const total = roundedMinor(gross - sumOf([...taken.values()].map(({ value, tax }) => (taxesIncluded ? value : value + tax))), currency);
  const { minors, left } = settledMinors(summands, total, currency);
  const settled = drafts.map(({ tax }, at) =>
    taxesIncluded
      ? { total: minors[at] ?? 0, tax: roundedMinor(tax, currency) }
      : { total: minors[at * 2] ?? 0, tax: minors[at * 2 + 1] ?? 0 },
  );
  const [goodsAmounts, feeAmounts, shippingAmounts] = [
    settled.slice(0, goods.length),
    settled.slice(goods.length, goods.length + fees.length),
    settled.slice(goods.length + fees.length),
  ];

  const lines: OrderLine[] = [];
  for (const [at, line] of wire.line_items.entries()) {
    const amounts = goodsAmounts[at] ?? { total: 0, tax: 0 };
    const units = Math.max(0, line.quantity - (taken.get(line.id)?.units ?? 0));
    const kept = units === 0 && line.quantity > 0;
    const subtotal = taxesIncluded ? millionthsOf(line.subtotal) + millionthsOf(line.subtotal_tax) : millionthsOf(line.subtotal);
    const discount = roundedMinor(subtotal - chargeOf(line, taxesIncluded).value, currency);
    lines.push({
      id: String(line.id),
      kind: 'product',
      parent: null,
      sku: line.sku.trim() === '' ? null : line.sku,
      title: line.name,
      quantity: units,
      unitFactor: 1,
      unitPrice: decimalText(line.quantity === 0 ? subtotal : subtotal / BigInt(line.quantity), 6).replace(/\.?0+$/, ''),
      total: money(kept ? 0 : amounts.total),
      tax: money(kept ? 0 : amounts.tax),
      ...(discount > 0 ? { discount: money(discount) } : {}),
    });
    if (kept && (amounts.total !== 0 || amounts.tax !== 0))
      lines.push(chargeLine(`${line.id}-kept`, 'fee', `Kept of ${line.name}`, money(amounts.total), money(amounts.tax)));
  }
  for (const [at, fee] of wire.fee_lines.entries()) {
    const amounts = feeAmounts[at] ?? { total: 0, tax: 0 };
    lines.push(chargeLine(String(fee.id), 'fee', fee.name, money(amounts.total), money(amounts.tax)));
  }
  if (left !== 0) {
    // The shop rounds once for each tax rate and once for the whole order.
    const cause = Math.abs(left) <= wire.tax_lines.length + 1 ? 'rounding' : 'unexplained';
    lines.push(chargeLine('difference', cause, "Difference to the shop's total", money(left), money(0)));
  }
  return {
    status: statusOf(wire),
    payment: paymentOf(wire, gross),
    currency,
    taxesIncluded,
    lines,
    shipping: money(shippingAmounts.reduce((sum, one) => sum + one.total, 0)),
    shippingTax: money(shippingAmounts.reduce((sum, one) => sum + one.tax, 0)),
    orderDiscount: money(0),
    total: money(total),
  };
}

/** Draft statuses are carts that nobody has ordered yet. */
export function isDraft(status: string): boolean {
  return status === 'checkout-draft' || status === 'auto-draft';
}

type Amounts = { readonly value: Millionths; readonly tax: Millionths };
type Draft = Amounts & { readonly id: string };
type TakenOut = Amounts & { readonly units: number };
const nothing: TakenOut = { value: 0n, tax: 0n, units: 0 };

/** A charge with its tax in it or beside it. With tax in prices the exact tax makes the price whole again (10.840336 and 2.059664); on top of them the shop adds up the tax as it shows it. */
function chargeOf(charge: WireCharge, taxesIncluded: boolean): Amounts {
  const net = millionthsOf(charge.total);
  const shown = millionthsOf(charge.total_tax);
  if (!taxesIncluded) return { value: net, tax: shown };
  const exact = charge.taxes.length === 0 ? shown : sumOf(charge.taxes.map(({ total }) => millionthsOf(total)));
  return { value: net + exact, tax: exact };
}

function less(from: Amounts, amounts: Amounts): Amounts {
  return { value: from.value - amounts.value, tax: from.tax - amounts.tax };
}

/** What refunds took out of each line of goods; one that gave back money and no units took out nothing. */
function takenOut(wire: WireOrder): ReadonlyMap<number, TakenOut> {
  const taken = new Map<number, TakenOut>();
  for (const refund of wire.refunds)
    for (const line of refund.line_items) {
      const of = Number(line.meta_data.find(({ key }) => key === '_refunded_item_id')?.value);
      if (line.quantity === 0 || !Number.isInteger(of)) continue;
      const before = taken.get(of) ?? nothing;
      const { value, tax } = less(before, chargeOf(line, wire.prices_include_tax));
      taken.set(of, { value, tax, units: before.units + Math.abs(line.quantity) });
    }
  return taken;
}

function exactTotal(wire: WireOrder): Millionths {
  const total = millionthsOf(wire.total);
  if (exactMinor(total, wire.currency) !== null) return total;
  throw notDone(
    'malformed-reply',
    'orders.translate',
    `the total of order ${wire.number}, ${decimalText(total, 6)} ${wire.currency}, is finer than the currency's smallest unit`,
    "Give the shop's prices as many decimals as its currency has, and look what the customer was really charged.",
  );
}

/**
 * A failed payment can still be made good by the customer, so such an order is open and its money not secured. One that was refunded in full before it was completed is wanted no more.
 * Statuses of plugins are open.
 */
function statusOf(wire: WireOrder): ChannelOrder['status'] {
  const completed = wire.date_completed_gmt != null;
  switch (wire.status) {
    case 'cancelled':
    case 'trash':
      return 'cancelled';
    case 'completed':
      return 'closed';
    case 'refunded':
      return completed ? 'closed' : 'cancelled';
    default:
      return 'open';
  }
}

/** Money is secured once it was paid and the payment did not fail after all, and for an order that the shop itself has given out to be shipped, as those that are paid on delivery; less what went back. */
function paymentOf(wire: WireOrder, gross: Millionths): ChannelOrder['payment'] {
  const { currency } = wire;
  const refunded = sumOf(wire.refunds.map(({ amount }) => millionthsOf(amount.replace(/^-/, ''))));
  const paid = wire.date_paid_gmt != null;
  const secured = wire.status !== 'failed' && (paid || ['processing', 'completed', 'refunded'].includes(wire.status));
  const status = paid ? (refunded === 0n ? 'paid' : refunded < gross ? 'partially_refunded' : 'refunded') : wire.payment_method || 'unpaid';
  return { status, secured: { minor: secured ? Math.max(0, roundedMinor(gross - refunded, currency)) : 0, currency } };
}

function chargeLine(id: string, cause: NonNullable<OrderLine['cause']>, title: string, total: Money, tax: Money): OrderLine {
  return {
    id,
    cause,
    kind: 'non-stock',
    parent: null,
    sku: null,
    title,
    quantity: 1,
    unitFactor: 1,
    unitPrice: decimalOf(total),
    total,
    tax,
  };
}
