import { addressHash, fingerprint } from '@quartermaster/connector-kit';
import {
  channelOrderSchema,
  decimalOf,
  destinationOf,
  epochMs,
  instantOf,
  shareUnits,
  type Address,
  type ChannelOrder,
  type ConnectionId,
  type Instant,
  type OrderLine,
  type Person,
  type SubjectId,
} from '@quartermaster/domain';
import { decimalText, minorOf, sum } from './amounts.ts';
import { countryCode } from './countries.ts';
import { grandTotal, isGone, lineMoney, pricesIncludeTax, total, type LineMoney } from './order-money.ts';
import type { AnyOrder, WireAddress, WireOrder } from './wire.ts';

/** What translation must know of the connection. */
export type Translating = {
  readonly connection: ConnectionId;
  /** Codes of fulfilment centres from which we ship ourselves; lines of others are no goods of ours. */
  readonly ownCenters: readonly string[];
};

/**
 * Turns Mirakl's order into ours: what of it is still wanted, after cancellations. Tax is in the prices or on top of them as the order's `order_tax_mode` says; fees (a deposit, a card fee) are
 * lines of their own; commissions are the shop's cost and in no amount here. Throws a `RangeError` when an amount is finer than its currency.
 */
export function translateOrder(wire: WireOrder, given: Translating, revision: string): { order: ChannelOrder; person: Person } {
  const { currency, lines, feesCount, minor, rest, tax } = amountsOf(wire);
  const amount = (value: number) => ({ minor: value, currency });
  const included = pricesIncludeTax(wire);
  const center = wire.fulfillment?.center?.code ?? null;
  const kind = center === null || given.ownCenters.includes(center) ? 'product' : 'non-stock';
  const isBusiness = (wire.customer?.organization ?? null) !== null;
  const shipTo = isDebited(wire) ? translateAddress(wire.customer?.shipping_address, wire) : null;
  const remitted = sum(lines.map((line) => line.remitted));
  const fees = feesCount ? lines.flatMap(feeLines) : [];

  function feeLines({ line, wanted }: LineMoney): OrderLine[] {
    return [...wanted.fees]
      .filter(([, value]) => value !== 0)
      .map(([code, value]) => charge(`${line.order_line_id}-fee-${code}`, 'fee', `Fee ${code}`, value));
  }
  function charge(id: string, cause: NonNullable<OrderLine['cause']>, title: string, value: number): OrderLine {
    const about = { kind: 'non-stock', parent: null, sku: null, quantity: 1, unitFactor: 1 } as const;
    return { id, cause, title, ...about, unitPrice: decimalOf(amount(value)), total: amount(value), tax: amount(0) };
  }

  const order = channelOrderSchema.parse({
    id: wire.order_id,
    name: wire.order_id,
    revision,
    status: statusOf(wire),
    test: false,
    placedAt: wire.created_date,
    updatedAt: wire.last_updated_date,
    class: isBusiness ? 'business' : 'consumer',
    purchaseOrderNumber: isBusiness ? filled(wire.references?.order_reference_for_customer) : null,
    terms: termsOf(wire),
    shipNotBefore: null,
    requestedService: filled(wire.shipping_type_code),
    pickupPoint: filled(wire.shipping_pudo_id),
    ...acceptanceOf(wire),
    currency,
    taxesIncluded: included,
    payment: { status: wire.order_state.toLowerCase(), secured: amount(securedOf(wire)) },
    risk: 'unknown',
    subject: subjectOf(wire, given.connection),
    destination: shipTo === null ? null : destinationOf(shipTo),
    addressHash: shipTo === null ? null : addressHash(shipTo),
    lines: [
      ...lines.map((one, nth): OrderLine => {
        const discount = discountOf(one, currency);
        return {
          id: one.line.order_line_id,
          kind,
          parent: null,
          sku: filled(one.line.offer_sku),
          title: filled(one.line.product_title) ?? one.line.order_line_id,
          quantity: one.wanted.units,
          unitFactor: 1,
          unitPrice: unitPriceOf(one, currency),
          total: amount(one.wanted.price),
          tax: amount(tax[nth] ?? 0),
          ...(discount === 0 ? {} : { discount: amount(discount) }),
        };
      }),
      ...fees,
      ...(rest > 0 ? [charge('difference', 'unexplained', "Difference to Mirakl's total", rest)] : []),
    ],
    shipping: amount(sum(lines.map(({ wanted }) => wanted.shipping))),
    shippingTax: amount(sum(lines.map(({ wanted }) => total(wanted.shippingTaxes)))),
    orderDiscount: amount(Math.max(0, -rest)),
    total: amount(minor),
    ...(remitted === 0 ? {} : { remittedTax: amount(remitted) }),
  });
  return { order, person: { shipTo, billTo: translateAddress(wire.customer?.billing_address, wire) } };
}

type OrderAmounts = {
  readonly currency: string;
  readonly lines: readonly LineMoney[];
  /** Whether fees are in the total. */
  readonly feesCount: boolean;
  /** The total of what is wanted. */
  readonly minor: number;
  /** What of it no part explains. */
  readonly rest: number;
  /** Tax of each line. */
  readonly tax: readonly number[];
};

/**
 * The total of what is wanted: Mirakl's `total_price` less what was cancelled of it, plus tax where it is on top. `total_price` is said to hold the fees, and in the example of OR11 it does not:
 * they are in it where the sum says so. It may be that of the ordered lines, or of those that are left.
 */
function amountsOf(wire: WireOrder): OrderAmounts {
  const currency = wire.currency_iso_code;
  const lines = wire.order_lines.map((line) => lineMoney(line, currency));
  const included = pricesIncludeTax(wire);
  const said = minorOf(wire.total_price, currency);
  const come = (part: 'ordered' | 'wanted', withFees: boolean) =>
    sum(lines.map((line) => grandTotal(line[part], true) - (withFees ? 0 : total(line[part].fees))));
  const explains = (withFees: boolean) => said === come('ordered', withFees) || said === come('wanted', withFees);
  const feesCount = explains(true) || !explains(false);
  const rest = explains(feesCount) ? 0 : said - come('ordered', feesCount);
  const tax = lineTaxes(wire, lines, currency);
  const onTop = included ? 0 : sum(tax) + sum(lines.map(({ wanted }) => total(wanted.shippingTaxes)));
  return { currency, lines, feesCount, rest, tax, minor: come('wanted', feesCount) + rest + onTop };
}

/** Tax of each line. Where the operator has taxes reckoned per order only (`order_taxes`), each line gets its share by its price. */
function lineTaxes(wire: WireOrder, lines: readonly LineMoney[], currency: string): readonly number[] {
  const own = lines.map(({ wanted }) => total(wanted.taxes));
  const perOrder = sum((wire.order_taxes ?? []).map((tax) => minorOf(tax.total_amount, currency)));
  const told = lines.some(({ line }) => (line.taxes ?? []).length + (line.shipping_taxes ?? []).length > 0);
  if (told || perOrder === 0 || lines.every(({ line }) => isGone(line))) return own;
  return shareUnits(
    perOrder,
    lines.map(({ wanted }) => Math.max(0, wanted.price)),
  );
}

/** The total of what is wanted, in minor units. */
export function totalOf(wire: WireOrder): number {
  return amountsOf(wire).minor;
}

/** Units of each line that are wanted. */
export function wantedUnits(wire: WireOrder): ReadonlyMap<string, number> {
  return new Map(wire.order_lines.map((line) => [line.order_line_id, lineMoney(line, wire.currency_iso_code).wanted.units]));
}

/** Cancelled where Mirakl says so or the shop refused it, closed once all has shipped. */
export function statusOf({ order_state: state }: Pick<WireOrder, 'order_state'>): ChannelOrder['status'] {
  if (state === 'CANCELED' || state === 'REFUSED') return 'cancelled';
  return shipped.has(state) ? 'closed' : 'open';
}

/** Mirakl debits the customer after the shop accepted; one that the operator still looks into (STAGING) cannot be accepted. */
function acceptanceOf({ order_state: state }: Pick<WireOrder, 'order_state'>): Pick<ChannelOrder, 'acceptance'> {
  if (state === 'WAITING_ACCEPTANCE') return { acceptance: 'awaited' };
  return state === 'STAGING' ? { acceptance: 'not-yet' } : {};
}

const shipped = new Set(['SHIPPED', 'TO_COLLECT', 'RECEIVED', 'CLOSED']);

/** Whether a line or an order in this state has left. */
export function hasShipped(state: string): boolean {
  return shipped.has(state);
}

/** Before the debit a shop gets no address; whether one shows earlier is a setting of the operator's, and nothing may be shipped to it. */
function isDebited({ order_state: state }: WireOrder): boolean {
  return state === 'SHIPPING' || shipped.has(state);
}

/**
 * What the order may be shipped for, in minor units: all of it once Mirakl asks to ship it, less what was refunded. How the operator takes the money is his affair: with payment on shipment or
 * on a due date the state says as much.
 */
export function securedOf(wire: WireOrder): number {
  if (!isDebited(wire)) return 0;
  const { lines, minor } = amountsOf(wire);
  const included = pricesIncludeTax(wire);
  const refunded = sum(lines.map(({ wanted, kept }) => grandTotal(wanted, included) - grandTotal(kept, included)));
  const open = lines.filter(({ line }) => line.order_line_state.startsWith('WAITING') || line.order_line_state === 'STAGING');
  const waiting = sum(open.map(({ wanted }) => grandTotal(wanted, included)));
  return Math.max(0, minor - refunded - waiting);
}

/** The person behind an order: the customer by the operator's id, or the order itself where there is none. */
export function subjectOf(wire: AnyOrder, connection: ConnectionId): SubjectId {
  const { customer } = wire;
  const id = typeof customer === 'object' && customer !== null && 'customer_id' in customer ? customer.customer_id : null;
  return typeof id === 'string' && id !== '' ? fingerprint(connection, 'customer', id) : fingerprint(connection, 'order', wire.order_id);
}

/** Mirakl writes instants with and without milliseconds. */
export function instantIn(text: string): Instant {
  return instantOf(epochMs(text));
}

function termsOf({ invoice_details: details }: WireOrder): string | null {
  const terms = details?.payment_terms;
  if (terms === null || terms === undefined) return null;
  return filled([terms.type, terms.days].filter((part) => part !== null && part !== undefined).join(' '));
}

/** Off the price, where unit price times quantity less the promotions comes to it. */
function discountOf({ line, wanted, ordered }: LineMoney, currency: string): number {
  const deduced = sum((line.promotions ?? []).map((promotion) => minorOf(promotion.deduced_amount, currency)));
  const isAll = wanted.units === ordered.units && wanted.price === ordered.price;
  return isAll && deduced > 0 ? deduced : 0;
}

/** Before its discounts. */
function unitPriceOf({ line, ordered }: LineMoney, currency: string): string {
  if (line.price_unit !== null && line.price_unit !== undefined) return decimalText(line.price_unit);
  return decimalOf({ minor: ordered.units > 1 ? Math.round(ordered.price / ordered.units) : ordered.price, currency });
}

function translateAddress(wire: WireAddress | null | undefined, { customer_notification_email: email }: WireOrder): Address | null {
  if (wire === null || wire === undefined) return null;
  const country = countryCode(filled(wire.country_iso_code) ?? filled(wire.country) ?? '');
  if (country === '') return null;
  const companies = [wire.company, wire.company_2].flatMap((part) => filled(part) ?? []);
  return {
    name: [wire.firstname, wire.lastname].flatMap((part) => filled(part) ?? []).join(' '),
    company: companies.length === 0 ? null : companies.join(', '),
    lines: [wire.street_1, wire.street_2, wire.additional_info].flatMap((part) => filled(part) ?? []),
    postalCode: wire.zip_code ?? '',
    city: wire.city ?? '',
    region: filled(wire.state),
    country,
    phone: filled(wire.phone) ?? filled(wire.phone_secondary),
    email: filled(email),
  };
}

function filled(text: string | null | undefined): string | null {
  return text === null || text === undefined || text.trim() === '' ? null : text;
}
