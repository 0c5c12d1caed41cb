import { decimalOf, money, shareUnits } from '@quartermaster/domain';
import type { LineState, OrderState, ShippingState } from './state.ts';

/** What an order amounts to, in minor units: as it was placed, or as it is now that units were removed and shipping was refunded. */
export function orderAmounts(order: OrderState, taxesIncluded: boolean, when: 'placed' | 'current') {
  const lines = order.lines.map((line) => (when === 'placed' ? line.originalTotal - lineDiscount(line) : currentLineTotal(line)));
  const lineTaxes = order.lines.map((line) => (when === 'placed' ? line.tax : currentLineTax(line)));
  const subtotal = sum(lines);
  const shipping = sum(order.shipping.map((line) => (when === 'placed' ? discountedShipping(line) : currentShipping(line))));
  const tax = sum(lineTaxes) + sum(order.shipping.map((line) => (when === 'placed' ? line.tax : currentShippingTax(line))));
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

export function currentShipping(line: ShippingState): number {
  return discountedShipping(line) - line.refunded;
}

export function currentShippingTax(line: ShippingState): number {
  return line.refunded === 0 ? line.tax : (shareUnits(line.tax, [currentShipping(line), line.refunded])[0] ?? 0);
}

/** What units of a line are worth to whom they are refunded: what the order's total falls by when they are taken out. */
export function refundedShare(line: LineState, units: number): { readonly subtotal: number; readonly tax: number } {
  const after = { ...line, removed: line.removed + units };
  return { subtotal: currentLineTotal(line) - currentLineTotal(after), tax: currentLineTax(line) - currentLineTax(after) };
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
