import { decimalOf, money } from '@quartermaster/domain';
import type { LineState, OrderState, ShippingState } from './state.ts';

/** What an order amounts to, in minor units: as it was placed, or as it is now that units were removed and shipping was refunded. */
export function orderAmounts(order: OrderState, taxesIncluded: boolean, when: 'placed' | 'current') {
  const lines = order.lines.map((line) => (when === 'placed' ? line.originalTotal - lineDiscount(line) : currentLineTotal(line)));
  const lineTaxes = order.lines.map((line) => (when === 'placed' ? line.tax : currentLineTax(line)));
  const shippingLines = order.shipping.filter((line) => when === 'placed' || !line.refunded);
  const subtotal = sum(lines);
  const shipping = sum(shippingLines.map(discountedShipping));
  const tax = sum(lineTaxes) + sum(shippingLines.map((line) => line.tax));
  const duties = when === 'current' && order.cancelledAt !== null ? 0 : order.duties;
  return { subtotal, shipping, tax, duties, total: subtotal + shipping + (taxesIncluded ? 0 : tax) + duties };
}

export function lineDiscount(line: LineState): number {
  return line.lineDiscount + line.orderDiscount;
}

/** What the units that are still wanted cost: the removed ones take their share, rounded half up, with them. */
export function currentLineTotal(line: LineState): number {
  const total = line.originalTotal - lineDiscount(line);
  return total - removedShare(total, line);
}

export function currentLineTax(line: LineState): number {
  return line.tax - removedShare(line.tax, line);
}

export function discountedShipping(line: ShippingState): number {
  return line.price - line.discount;
}

/** An amount as Shopify writes its `Decimal`: at least one digit after the point and no zero that says nothing, `12.9`, `10.0`, also `1299.0` yen. */
export function shopifyDecimal(minor: number, currency: string): string {
  const text = decimalOf(money(minor, currency));
  if (!text.includes('.')) return `${text}.0`;
  return text.replace(/0+$/, '').replace(/\.$/, '.0');
}

function removedShare(amount: number, line: LineState): number {
  return line.quantity === 0 ? 0 : Math.round((amount * line.removed) / line.quantity);
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((left, right) => left + right, 0);
}
