import { moneyFromDecimal, type OrderLine } from '@quartermaster/domain';
import type { WireItem, WireItemBreakdown, WireMoney, WireOrder } from './wire.ts';

/** What an item brings beside its goods and its shipping: gift wrap and fees, each after its discount. */
export type ItemCharge = {
  readonly type: string;
  readonly cause: NonNullable<OrderLine['cause']>;
  readonly title: string;
  readonly amount: number;
  readonly tax: number;
};

/** The money of one item in minor units of the order's currency; what was taken off is off already. */
export type ItemMoney = {
  readonly goods: number;
  readonly goodsTax: number;
  /** What `goods` was reduced by, positive. */
  readonly discount: number;
  readonly shipping: number;
  readonly shippingTax: number;
  readonly charges: readonly ItemCharge[];
};

const chargeWords: Readonly<Record<string, { cause: ItemCharge['cause']; title: string }>> = {
  GIFT_WRAP: { cause: 'gift-wrap', title: 'Gift wrap' },
  COD_FEE: { cause: 'fee', title: 'Fee for cash on delivery' },
  OTHER: { cause: 'fee', title: 'Other charge' },
};

/**
 * Takes an item's proceeds apart. The details of TAX and DISCOUNT say what they belong to; what no detail names belongs to the goods. A discount is a reduction whatever its sign: the
 * model does not say which it has. A category that we have no word for is a charge, not lost.
 */
export function itemMoney(item: WireItem, currency: string): ItemMoney {
  const breakdowns = item.proceeds?.breakdowns ?? [];
  const of = (type: string) => breakdowns.filter((one) => one.type === type);
  const subtotal = (type: string) => sum(of(type).map((one) => minorOf(one.subtotal, currency)));
  const taxOf = detailOf(of('TAX'), currency, (amount) => amount);
  const discountOf = detailOf(of('DISCOUNT'), currency, Math.abs);
  const taxTotal = subtotal('TAX');
  const discountTotal = sum(of('DISCOUNT').map((one) => Math.abs(minorOf(one.subtotal, currency))));
  const charges = [...new Set(breakdowns.map(({ type }) => type))]
    .filter((type) => !['ITEM', 'SHIPPING', 'TAX', 'DISCOUNT'].includes(type))
    .map((type): ItemCharge => ({
      type,
      ...(chargeWords[type] ?? { cause: 'fee', title: `Charge ${type}` }),
      amount: subtotal(type) - discountOf(type),
      tax: taxOf(type),
    }));
  const elsewhere = (detail: (type: string) => number) => detail('SHIPPING') + sum(charges.map(({ type }) => detail(type)));
  const discount = discountTotal - elsewhere(discountOf);
  const gross = breakdowns.length > 0 ? subtotal('ITEM') : minorOf(item.proceeds?.proceedsTotal, currency);
  return {
    goods: gross - discount,
    goodsTax: taxTotal - elsewhere(taxOf),
    discount,
    shipping: subtotal('SHIPPING') - discountOf('SHIPPING'),
    shippingTax: taxOf('SHIPPING'),
    charges,
  };
}

/**
 * Whether the taxes are in the amounts, or come on top of them: what makes the order's own total come out. Where both do, or neither, it is as the marketplace has it.
 */
export function taxesAreIncluded(given: {
  readonly total: number | null;
  readonly beforeTax: number;
  readonly tax: number;
  readonly usual: boolean;
}): boolean {
  if (given.tax === 0 || given.total === null) return given.usual;
  if (given.total === given.beforeTax) return true;
  if (given.total === given.beforeTax + given.tax) return false;
  return given.usual;
}

/** The order's total as Amazon says it, or the sum of its items'; null while neither is told, as of a pending order. */
export function orderTotal(wire: WireOrder, currency: string): number | null {
  if (wire.proceeds?.grandTotal != null) return minorOf(wire.proceeds.grandTotal, currency);
  const totals = wire.orderItems.flatMap(({ proceeds }) => proceeds?.proceedsTotal ?? []);
  return totals.length === 0 ? null : sum(totals.map((total) => minorOf(total, currency))) + deliveryTip(wire, currency);
}

/** The one charge that belongs to no item. */
export function deliveryTip(wire: WireOrder, currency: string): number {
  return sum((wire.proceeds?.breakdowns ?? []).filter(({ type }) => type === 'DELIVERY_TIP').map((one) => minorOf(one.subtotal, currency)));
}

/** Amazon collected the tax of this item and pays it to the state itself. */
export function taxIsRemitted(item: WireItem): boolean {
  return (item.tax?.taxCollections ?? []).some(({ model }) => model === 'MARKETPLACE_FACILITATOR');
}

/** The currency of an order: that of any amount in it; null where there is none. */
export function currencyOf(wire: WireOrder): string | null {
  const amounts = [
    wire.proceeds?.grandTotal,
    ...wire.orderItems.flatMap(({ proceeds, product }) => [
      proceeds?.proceedsTotal,
      proceeds?.breakdowns?.[0]?.subtotal,
      product.price?.unitPrice,
    ]),
  ];
  return amounts.find((amount) => amount != null)?.currencyCode ?? null;
}

/** Throws a `RangeError` for another currency than the order's, and for an amount finer than its currency. */
export function minorOf(amount: WireMoney | null | undefined, currency: string): number {
  if (amount == null) return 0;
  if (amount.currencyCode !== currency) throw new RangeError(`an order in ${currency} has an amount in ${amount.currencyCode}`);
  return moneyFromDecimal(amount.amount, currency).minor;
}

function detailOf(breakdowns: readonly WireItemBreakdown[], currency: string, sign: (amount: number) => number) {
  const details = breakdowns.flatMap(({ detailedBreakdowns }) => detailedBreakdowns ?? []);
  return (type: string) => sum(details.filter(({ subtype }) => subtype === type).map(({ value }) => sign(minorOf(value, currency))));
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((left, right) => left + right, 0);
}
