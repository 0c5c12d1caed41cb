import { addressHash, fingerprint } from '@quartermaster/connector-kit';
import {
  channelOrderSchema,
  decimalOf,
  destinationOf,
  instantOf,
  type Address,
  type ChannelOrder,
  type ConnectionId,
  type Instant,
  type OrderLine,
  type Person,
  type SubjectId,
} from '@quartermaster/domain';
import { minorOf, sum, unitPriceOf } from './amounts.ts';
import { unitsOf } from './line-units.ts';
import { orderSchema, type AnyOrder, type WireCharge, type WireOrder, type WireOrderLine } from './wire.ts';

/**
 * Turns Walmart's order into ours. US prices hold no tax: each charge has its tax beside it, and Walmart, as marketplace facilitator, collects it and pays it to the state, so all of it
 * is `remittedTax`. Of cancelled units Walmart takes the charges away, so a line comes to what its charges come to. Charges that are neither goods nor shipping are lines of their own.
 * Throws a `RangeError` when an amount is finer than its currency, or of another one than the order.
 */
export function translateOrder(wire: WireOrder, connection: ConnectionId, revision: string): { order: ChannelOrder; person: Person } {
  const currency = currencyOf(wire);
  const amount = (minor: number) => ({ minor, currency });
  const plain = wire.orderLines.orderLine.map((line) => draftOf(line, currency, 1));
  const told = toldTotal(wire, currency);
  const perUnit = wire.orderLines.orderLine.map((line) => draftOf(line, currency, unitsOf(line).ordered));
  const drafts = told !== null && totalOf(plain) !== told && totalOf(perUnit) === told ? perUnit : plain;
  const total = told ?? totalOf(drafts);
  const rest = total - totalOf(drafts);
  const shipTo = translateAddress(wire);
  const remitted = sum(drafts.map((draft) => draft.tax + draft.shippingTax + sum(draft.fees.map(({ tax }) => tax))));
  const refunded = sum(wire.orderLines.orderLine.map((line) => refundedOf(line, currency)));

  const order = channelOrderSchema.parse({
    id: wire.purchaseOrderId,
    name: wire.purchaseOrderId,
    revision,
    status: statusOf(wire),
    test: false,
    placedAt: instantOf(wire.orderDate),
    updatedAt: updatedAtOf(wire),
    class: 'consumer',
    purchaseOrderNumber: null,
    terms: null,
    shipNotBefore: null,
    requestedService: textOrNull(wire.shippingInfo?.methodCode),
    pickupPoint: null,
    currency,
    taxesIncluded: false,
    payment: { status: refunded === 0 ? 'authorized' : 'refunded', secured: amount(Math.max(0, total - refunded)) },
    risk: 'unknown',
    subject: subjectOf(wire, connection),
    destination: shipTo === null || shipTo.country === '' ? null : destinationOf(shipTo),
    addressHash: shipTo === null ? null : addressHash(shipTo),
    lines: [
      ...drafts.flatMap((draft) => [goodsLine(draft, currency), ...draft.fees.map((fee) => chargeLine(fee, currency))]),
      ...(rest > 0
        ? [chargeLine({ id: 'difference', cause: 'unexplained', title: "Difference to Walmart's total", total: rest, tax: 0 }, currency)]
        : []),
    ],
    shipping: amount(sum(drafts.map(({ shipping }) => shipping))),
    shippingTax: amount(sum(drafts.map(({ shippingTax }) => shippingTax))),
    orderDiscount: amount(Math.max(0, -rest)),
    total: amount(total),
    ...(remitted === 0 ? {} : { remittedTax: amount(remitted) }),
  });
  return { order, person: { shipTo, billTo: null } };
}

/** Currency of the first charge; an order that charges nothing at all is of the United States. */
export function currencyOf(wire: WireOrder): string {
  const [first] = wire.orderLines.orderLine.flatMap((line) => line.charges?.charge ?? []);
  return first?.chargeAmount.currency ?? wire.orderSummary?.totalAmount?.currencyUnit ?? 'USD';
}

/** Cancelled where every unit is, closed once all that is wanted has shipped. */
export function statusOf(wire: Pick<WireOrder, 'orderLines'>): ChannelOrder['status'] {
  const units = wire.orderLines.orderLine.map(unitsOf);
  if (units.every(({ ordered, cancelled }) => cancelled === ordered)) return 'cancelled';
  return units.every(({ open }) => open === 0) ? 'closed' : 'open';
}

/**
 * The latest time that an order tells: Walmart finds orders by when they were modified, and tells in them only when each line last changed its state, which is never later.
 */
export function updatedAtOf(wire: AnyOrder): Instant {
  const parsed = orderSchema.safeParse(wire);
  const dates = parsed.success ? parsed.data.orderLines.orderLine.flatMap(({ statusDate }) => statusDate ?? []) : [];
  return instantOf(Math.max(wire.orderDate, ...dates));
}

/** The person behind an order: by the address that Walmart's relay gave them, or the order itself where there is none. */
export function subjectOf(wire: AnyOrder, connection: ConnectionId): SubjectId {
  const parsed = orderSchema.shape.customerEmailId.safeParse(wire.customerEmailId);
  const email = parsed.success ? textOrNull(parsed.data) : null;
  if (email === null) return fingerprint(connection, 'order', wire.purchaseOrderId);
  return fingerprint(connection, 'buyer', email.toLowerCase());
}

/** What was given back of a line, with its tax. Walmart has written refunds with and without a minus. */
export function refundedOf(line: Pick<WireOrderLine, 'refund'>, currency: string): number {
  const charges = line.refund?.refundCharges?.refundCharge ?? [];
  return sum(
    charges.map(({ charge }) => Math.abs(minorOf(charge.chargeAmount, currency)) + Math.abs(minorOf(charge.tax?.taxAmount, currency))),
  );
}

type Fee = {
  readonly id: string;
  readonly cause: NonNullable<OrderLine['cause']>;
  readonly title: string;
  readonly total: number;
  readonly tax: number;
};

type Draft = {
  readonly wire: WireOrderLine;
  readonly gross: number;
  readonly total: number;
  readonly tax: number;
  readonly shipping: number;
  readonly shippingTax: number;
  readonly fees: readonly Fee[];
};

function draftOf(wire: WireOrderLine, currency: string, times: number): Draft {
  const charges = wire.charges?.charge ?? [];
  const of = (type: string) => charges.filter(({ chargeType }) => chargeType.toUpperCase() === type);
  const amountOf = ({ chargeAmount }: WireCharge) => minorOf(chargeAmount, currency) * times;
  const taxOf = ({ tax }: WireCharge) => minorOf(tax?.taxAmount, currency) * times;
  const goods = of('PRODUCT');
  const shipping = of('SHIPPING');
  const others = charges.filter((charge) => !goods.includes(charge) && !shipping.includes(charge));
  return {
    wire,
    gross: sum(goods.map(amountOf).filter((minor) => minor > 0)),
    total: sum(goods.map(amountOf)),
    tax: sum(goods.map(taxOf)),
    shipping: sum(shipping.map(amountOf)),
    shippingTax: sum(shipping.map(taxOf)),
    fees: others
      .map((charge, nth): Fee => ({
        id: `${wire.lineNumber}-${charge.chargeType}-${nth + 1}`,
        cause: 'fee',
        title: charge.chargeName ?? charge.chargeType,
        total: amountOf(charge),
        tax: taxOf(charge),
      }))
      .filter(({ total, tax }) => total !== 0 || tax !== 0),
  };
}

function totalOf(drafts: readonly Draft[]): number {
  return sum(
    drafts.map(
      ({ total, tax, shipping, shippingTax, fees }) => total + tax + shipping + shippingTax + sum(fees.map((fee) => fee.total + fee.tax)),
    ),
  );
}

/**
 * Walmart's own total, in minor units, where it tells one and it is that of the order as it stands: a summary is made when the order is placed, so that of an order with cancelled units is
 * not taken.
 */
function toldTotal(wire: WireOrder, currency: string): number | null {
  const told = wire.orderSummary?.totalAmount;
  if (told === null || told === undefined) return null;
  if (wire.orderLines.orderLine.some((line) => unitsOf(line).cancelled > 0)) return null;
  return minorOf({ currency: told.currencyUnit, amount: told.currencyAmount }, currency);
}

function goodsLine(draft: Draft, currency: string): OrderLine {
  const { wire, gross, total, tax } = draft;
  const { ordered, cancelled } = unitsOf(wire);
  const quantity = ordered - cancelled;
  return {
    id: wire.lineNumber,
    kind: 'product',
    parent: null,
    sku: textOrNull(wire.item.sku),
    title: textOrNull(wire.item.productName) ?? wire.lineNumber,
    quantity,
    unitFactor: 1,
    unitPrice: unitPriceOf(gross, quantity, currency),
    total: { minor: total, currency },
    tax: { minor: tax, currency },
    ...(gross > total ? { discount: { minor: gross - total, currency } } : {}),
  };
}

function chargeLine({ id, cause, title, total, tax }: Fee, currency: string): OrderLine {
  return {
    id,
    cause,
    kind: 'non-stock',
    parent: null,
    sku: null,
    title,
    quantity: 1,
    unitFactor: 1,
    unitPrice: decimalOf({ minor: total, currency }),
    total: { minor: total, currency },
    tax: { minor: tax, currency },
  };
}

/** Countries and territories that Walmart US ships to, by the three letters that it writes. */
const countries: ReadonlyMap<string, string> = new Map([
  ['USA', 'US'],
  ['PRI', 'PR'],
  ['GUM', 'GU'],
  ['VIR', 'VI'],
  ['ASM', 'AS'],
  ['MNP', 'MP'],
  ['CAN', 'CA'],
  ['MEX', 'MX'],
]);

function translateAddress(wire: WireOrder): Address | null {
  const address = wire.shippingInfo?.postalAddress;
  if (address === null || address === undefined) return null;
  const country = (address.country ?? '').trim().toUpperCase();
  return {
    name: address.name ?? '',
    company: null,
    lines: [address.address1, address.address2].flatMap((line) => textOrNull(line) ?? []),
    postalCode: address.postalCode ?? '',
    city: address.city ?? '',
    region: textOrNull(address.state),
    country: countries.get(country) ?? country,
    phone: textOrNull(wire.shippingInfo?.phone),
    email: textOrNull(wire.customerEmailId),
  };
}

function textOrNull(text: string | null | undefined): string | null {
  return text === undefined || text === null || text.trim() === '' ? null : text;
}
