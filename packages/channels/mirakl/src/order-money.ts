import { shareUnits } from '@quartermaster/domain';
import { minorOf, sum } from './amounts.ts';
import type { WireLine, WireOrder, WireRefund, WireTaken, WireTax } from './wire.ts';

/** Amounts of one line, minor units. Taxes and fees by their code, because Mirakl wants them back by it. */
export type Parts = {
  readonly units: number;
  readonly price: number;
  readonly shipping: number;
  readonly taxes: ReadonlyMap<string, number>;
  readonly shippingTaxes: ReadonlyMap<string, number>;
  readonly fees: ReadonlyMap<string, number>;
};

/** A line as it was ordered, what of it is still wanted, and what of that was not refunded. */
export type LineMoney = {
  readonly line: WireLine;
  readonly ordered: Parts;
  readonly wanted: Parts;
  readonly kept: Parts;
  readonly remitted: number;
};

/**
 * What a line comes to. `price`, `shipping_price`, taxes and fees of Mirakl's line stay as they were ordered when units are cancelled or money is refunded; what was taken stands beside them in
 * `cancelations` and `refunds` (so the example of OR11). Of a line that was refused or cancelled nothing is wanted.
 */
export function lineMoney(line: WireLine, currency: string): LineMoney {
  const ordered: Parts = {
    units: line.quantity,
    price: minorOf(line.price, currency),
    shipping: minorOf(line.shipping_price, currency),
    taxes: byCode(line.taxes ?? [], currency),
    shippingTaxes: byCode(line.shipping_taxes ?? [], currency),
    fees: byCode(line.fees ?? [], currency),
  };
  const gone = isGone(line);
  const cancelations = line.cancelations ?? [];
  const wanted = gone ? nothing : cancelations.reduce((left, taken) => less(left, taken, currency, true), ordered);
  const kept = goodRefunds(line).reduce((left, taken) => less(left, taken, currency, false), wanted);
  const remittedOf = (taxes: readonly WireTax[] | null | undefined) => sum((taxes ?? []).map((tax) => notPayable(tax, currency)));
  const cancelled = sum(cancelations.map((one) => remittedOf(one.taxes) + remittedOf(one.shipping_taxes)));
  return {
    line,
    ordered,
    wanted,
    kept,
    remitted: gone ? 0 : Math.max(0, remittedOf(line.taxes) + remittedOf(line.shipping_taxes) - cancelled),
  };
}

/** Refunds that were not taken back. */
export function goodRefunds(line: WireLine): readonly WireRefund[] {
  return (line.refunds ?? []).filter((refund) => !/REFUSED|CANCEL|FAILED/i.test(refund.refund_state ?? refund.state ?? ''));
}

/** What a refund or a cancellation comes to, all in all, with its taxes where they are on top. */
export function takenTotal(taken: WireTaken, currency: string, taxesIncluded: boolean): number {
  const parts = less(nothing, taken, currency, true);
  return -grandTotal(parts, taxesIncluded);
}

/** All of it together, with its taxes where they are on top. */
export function grandTotal(parts: Parts, taxesIncluded: boolean): number {
  const tax = taxesIncluded ? 0 : total(parts.taxes) + total(parts.shippingTaxes);
  return parts.price + parts.shipping + total(parts.fees) + tax;
}

export function total(amounts: ReadonlyMap<string, number>): number {
  return sum([...amounts.values()]);
}

/** Splits amounts that have codes so that the parts come to `minor`, in proportion to what there is of each. */
export function shareByCode(minor: number, amounts: ReadonlyMap<string, number>): { readonly code: string; readonly minor: number }[] {
  const codes = [...amounts.entries()].filter(([, amount]) => amount > 0);
  if (codes.length === 0) return [];
  const shares = shareUnits(
    minor,
    codes.map(([, amount]) => amount),
  );
  return codes.map(([code], nth) => ({ code, minor: shares[nth] ?? 0 }));
}

export function pricesIncludeTax(wire: Pick<WireOrder, 'order_tax_mode'>): boolean {
  return wire.order_tax_mode !== 'TAX_EXCLUDED';
}

/** Lines that nobody wants any more. */
export function isGone({ order_line_state: state }: Pick<WireLine, 'order_line_state'>): boolean {
  return state === 'CANCELED' || state === 'REFUSED';
}

const none: ReadonlyMap<string, number> = new Map();
const nothing: Parts = { units: 0, price: 0, shipping: 0, taxes: none, shippingTaxes: none, fees: none };

function less(from: Parts, taken: WireTaken, currency: string, andUnits: boolean): Parts {
  return {
    units: andUnits ? Math.max(0, from.units - (taken.quantity ?? 0)) : from.units,
    price: from.price - minorOf(taken.amount, currency),
    shipping: from.shipping - minorOf(taken.shipping_amount, currency),
    taxes: minus(from.taxes, byCode(taken.taxes ?? [], currency)),
    shippingTaxes: minus(from.shippingTaxes, byCode(taken.shipping_taxes ?? [], currency)),
    fees: minus(from.fees, byCode(taken.fees ?? [], currency)),
  };
}

function minus(from: ReadonlyMap<string, number>, taken: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const left = new Map(from);
  for (const [code, minor] of taken) left.set(code, (left.get(code) ?? 0) - minor);
  return left;
}

/** One code may stand several times, with other rates. */
function byCode(
  amounts: readonly { readonly code: string; readonly amount: number | string }[],
  currency: string,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { code, amount } of amounts) found.set(code, (found.get(code) ?? 0) + minorOf(amount, currency));
  return found;
}

/** The part of a tax that the customer pays and the shop does not get: the operator remits it. */
function notPayable({ amount_breakdown: breakdown }: WireTax, currency: string): number {
  const parts = (breakdown?.parts ?? []).filter((part) => part.payable_to_shop === false && part.debitable_from_customer !== false);
  return sum(parts.map((part) => minorOf(part.amount, currency)));
}
