import { addressHash, fingerprint, type OrderWords } from '@quartermaster/connector-kit';
import {
  channelOrderSchema,
  decimalOf,
  destinationOf,
  epochMs,
  instantOf,
  money,
  type Address,
  type ChannelOrder,
  type Money,
  type OrderLine,
  type OrderStanding,
  type Person,
} from '@quartermaster/domain';
import { decimalIn, moneyIn, type AmountWords } from './amounts.ts';
import { connectorName } from './client.ts';
import type { WireAddress, WireLine, WireOrder, WireShop, WireStanding } from './wire.ts';

/** An order as it came, with how its shop is set: the same numbers mean something else in another one. */
export type ShopOrder<Order = WireOrder> = Order & { readonly shop: { readonly precision: number; readonly pricesIncludeTax: boolean } };

export function inShop<Order extends WireStanding | WireOrder>(
  order: Order,
  { globalSettings, activeChannel }: WireShop,
): ShopOrder<Order> {
  const precision = globalSettings.serverConfig.moneyStrategyPrecision;
  return { ...order, shop: { precision, pricesIncludeTax: activeChannel.pricesIncludeTax } };
}

/** Whether a customer really ordered it: carts and drafts are not placed, and of an order that several sellers share their parts are the orders that ship. */
export function isPlaced({ orderPlacedAt, active, type }: Pick<WireStanding, 'orderPlacedAt' | 'active' | 'type'>): boolean {
  return orderPlacedAt !== null && !active && type !== 'Aggregate';
}

/** The same as a filter of `orders`. */
export const placedFilters = [{ orderPlacedAt: { isNull: false } }, { active: { eq: false } }, { type: { notEq: 'Aggregate' } }] as const;

/**
 * Turns Vendure's order into ours. Amounts are those after all discounts, of the units still wanted; with or without tax as the shop's prices are. Vendure writes both, and their difference is the
 * tax, so both come to its own total. Throws a `RangeError` when an amount is finer than its currency.
 */
export function translateOrder(wire: ShopOrder, connection: string, revision: string): { order: ChannelOrder; person: Person } {
  const words = wordsOf(wire);
  const taxesIncluded = wire.shop.pricesIncludeTax;
  const parts = (net: number, gross: number) => ({
    total: moneyIn(words, taxesIncluded ? gross : net),
    tax: moneyIn(words, gross - net),
  });
  const shipTo = wire.shippingAddress === null ? null : addressOf(wire.shippingAddress, wire);
  const billTo = wire.billingAddress === null ? null : addressOf(wire.billingAddress, wire);
  const shipping = parts(wire.shipping, wire.shippingWithTax);
  const product = (line: WireLine): OrderLine => {
    const full = taxesIncluded ? line.linePriceWithTax : line.linePrice;
    const paid = parts(line.proratedLinePrice, line.proratedLinePriceWithTax);
    const discount = moneyIn(words, full).minor - paid.total.minor;
    return {
      id: line.id,
      kind: 'product',
      parent: null,
      sku: line.productVariant.sku.trim() === '' ? null : line.productVariant.sku,
      title: line.productVariant.name,
      quantity: line.quantity,
      unitFactor: 1,
      unitPrice: decimalIn(words, taxesIncluded ? line.unitPriceWithTax : line.unitPrice),
      ...paid,
      ...(discount > 0 ? { discount: money(discount, words.currency) } : {}),
    };
  };
  const charge = (id: string, cause: NonNullable<OrderLine['cause']>, title: string, amount: { total: Money; tax: Money }): OrderLine => ({
    id,
    cause,
    kind: 'non-stock',
    parent: null,
    sku: null,
    title,
    quantity: 1,
    unitFactor: 1,
    unitPrice: decimalOf(amount.total),
    ...amount,
  });
  const surcharges = wire.surcharges.map((one) =>
    charge(`surcharge-${one.id}`, 'fee', one.description, parts(one.price, one.priceWithTax)),
  );
  const gross = [
    wire.shippingWithTax,
    ...wire.lines.map((line) => line.proratedLinePriceWithTax),
    ...wire.surcharges.map((one) => one.priceWithTax),
  ];
  const difference = wire.totalWithTax - gross.reduce((sum, one) => sum + one, 0);
  // A shop can have its tax rounded for the whole order instead of for each line.
  const cause = Math.abs(difference) <= gross.length ? 'rounding' : 'unexplained';
  const rest = charge('difference', cause, "Difference to the shop's total", parts(difference, difference));

  const order = channelOrderSchema.parse({
    ...standingHead(wire),
    revision,
    test: false,
    class: 'consumer',
    purchaseOrderNumber: null,
    terms: null,
    shipNotBefore: null,
    requestedService: wire.shippingLines[0]?.shippingMethod.code ?? null,
    pickupPoint: null,
    currency: words.currency,
    taxesIncluded,
    payment: { status: paymentStatus(wire), secured: securedOf(wire), ...toCaptureOf(wire) },
    risk: 'unknown',
    subject: subjectOf(wire, connection),
    destination: shipTo === null || shipTo.country === '' ? null : destinationOf(shipTo),
    addressHash: shipTo === null ? null : addressHash(shipTo),
    lines: [...wire.lines.map(product), ...surcharges, ...(difference === 0 ? [] : [rest])],
    shipping: shipping.total,
    shippingTax: shipping.tax,
    orderDiscount: money(0, words.currency),
  });
  return { order, person: { shipTo, billTo } };
}

/** How an order stands. Throws as {@link translateOrder} does. */
export function standingOf(wire: ShopOrder<WireStanding>): OrderStanding {
  const head = standingHead(wire);
  const fulfilled = fulfilledUnits(wire);
  return {
    ...head,
    secured: securedOf(wire),
    lines: wire.lines.map(({ id, quantity }) => ({
      id,
      quantity,
      unshipped: head.status === 'open' ? Math.max(0, quantity - (fulfilled.get(id) ?? 0)) : 0,
    })),
  };
}

/** How a shop's orders are told apart and put into our words. */
export function orderWords(connection: string): OrderWords<ShopOrder> {
  return {
    connector: connectorName,
    id: ({ id }) => id,
    name: ({ code }) => code,
    updatedAt: ({ updatedAt }) => updatedAt,
    subject: (wire) => subjectOf(wire, connection),
    translate: (wire, revision) => translateOrder(wire, connection, revision),
  };
}

export function wordsOf({ shop, currencyCode }: ShopOrder<Pick<WireStanding, 'currencyCode'>>): AmountWords {
  return { precision: shop.precision, currency: currencyCode };
}

/** Units by line of all fulfilments that are not cancelled: Vendure ships no unit twice. */
export function fulfilledUnits({ fulfillments }: Pick<WireStanding, 'fulfillments'>): ReadonlyMap<string, number> {
  const units = new Map<string, number>();
  for (const { state, lines } of fulfillments ?? [])
    if (state !== 'Cancelled')
      for (const { orderLineId, quantity } of lines) units.set(orderLineId, (units.get(orderLineId) ?? 0) + quantity);
  return units;
}

/** What was given back of a payment, or is about to be. */
export function refundedOf({ refunds }: { readonly refunds: readonly { readonly state: string; readonly total: number }[] }): number {
  return refunds.filter(({ state }) => state !== 'Failed').reduce((sum, { total }) => sum + total, 0);
}

function standingHead(wire: ShopOrder<WireStanding>) {
  return {
    id: wire.id,
    name: wire.code,
    status: statusOf(wire.state),
    placedAt: instantOf(epochMs(wire.orderPlacedAt ?? wire.updatedAt)),
    updatedAt: instantOf(epochMs(wire.updatedAt)),
    total: moneyIn(wordsOf(wire), wire.totalWithTax),
  };
}

/** States of a shop's own are open: better looked at than lost. */
function statusOf(state: string): ChannelOrder['status'] {
  if (state === 'Cancelled') return 'cancelled';
  return state === 'Shipped' || state === 'Delivered' ? 'closed' : 'open';
}

/** Authorized or taken, and not given back. */
function securedOf(wire: ShopOrder<WireStanding>): Money {
  const secured = (wire.payments ?? []).filter(({ state }) => state === 'Settled' || state === 'Authorized');
  return moneyIn(
    wordsOf(wire),
    secured.reduce((sum, payment) => sum + payment.amount - refundedOf(payment), 0),
  );
}

/** Vendure settles no authorized payment by itself. */
function toCaptureOf(wire: WireOrder & ShopOrder<WireStanding>): Pick<ChannelOrder['payment'], 'toCapture'> {
  const authorized = (wire.payments ?? []).filter(({ state }) => state === 'Authorized');
  if (authorized.length === 0) return {};
  const amount = authorized.reduce((sum, payment) => sum + payment.amount, 0);
  return { toCapture: moneyIn(wordsOf(wire), amount) };
}

function paymentStatus({ payments }: WireOrder): string {
  const states = new Set((payments ?? []).map(({ state }) => state));
  if (states.has('Authorized')) return 'authorized';
  return states.has('Settled') ? 'paid' : 'unpaid';
}

/** The person behind an order: the customer, whom Vendure knows by the e-mail address also as a guest; or the order itself where it has none. */
function subjectOf({ id, customer }: WireOrder, connection: string): string {
  return customer === null ? fingerprint(connection, 'order', id) : fingerprint(connection, 'customer', customer.id);
}

/** Null for an address that is empty. */
function addressOf(wire: WireAddress, { customer }: WireOrder): Address | null {
  const { fullName, company, streetLine1, streetLine2, city, province, postalCode, countryCode, phoneNumber } = wire;
  if ([fullName, company, streetLine1, city, postalCode].every((part) => textOrNull(part) === null)) return null;
  return {
    name: fullName ?? '',
    company: textOrNull(company),
    lines: [streetLine1, streetLine2].flatMap((line) => textOrNull(line) ?? []),
    postalCode: postalCode ?? '',
    city: city ?? '',
    region: textOrNull(province),
    country: countryCode ?? '',
    phone: textOrNull(phoneNumber),
    email: textOrNull(customer?.emailAddress ?? null),
  };
}

function textOrNull(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : text;
}
