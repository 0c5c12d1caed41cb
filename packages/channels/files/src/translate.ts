import { addressHash, fingerprint, type OrderWords } from '@quartermaster/connector-kit';
import {
  channelOrderSchema,
  destinationOf,
  money,
  moneyFromDecimal,
  multiplyPrice,
  subtractMoney,
  zero,
  type Address,
  type ChannelOrder,
  type Instant,
  type Money,
  type OrderLine,
  type Person,
} from '@quartermaster/domain';
import { connectorName } from './client.ts';
import type { FileAddress, FileLine, FileOrder } from './wire.ts';

/** An order of a file, with the time of its version: its own, or that of the file. */
export type TimedOrder = FileOrder & { readonly updated_at: Instant };

/** How the orders of files are told apart and put into our words. */
export function orderWords(connection: string): OrderWords<TimedOrder> {
  return {
    connector: connectorName,
    id: ({ order_id: id }) => id,
    name: nameOf,
    updatedAt: ({ updated_at: at }) => at,
    subject: (order) => subjectOf(connection, order),
    translate: (order, revision) => translateOrder(order, connection, revision),
  };
}

/** The person behind an order: the partner's customer, or the order itself where the file names none. */
export function subjectOf(
  connection: string,
  order: { readonly order_id: string; readonly customer_id?: string | null | undefined },
): string {
  const { order_id: id, customer_id: customer } = order;
  return typeof customer === 'string' ? fingerprint(connection, 'customer', customer) : fingerprint(connection, 'order', id);
}

/**
 * Turns a file's order into ours. Nothing is added to make the sum right: where the parts do not come to the total that the file says, `centsProof` shows the difference, and a person has to
 * ask the partner.
 */
export function translateOrder(wire: TimedOrder, connection: string, revision: string): { order: ChannelOrder; person: Person } {
  const { currency } = wire;
  const amount = (text: string | null | undefined) => (typeof text === 'string' ? moneyFromDecimal(text, currency) : zero(currency));
  const shipTo = addressOf(wire.ship_to);
  const total = amount(wire.total);
  const isSecured = wire.payment === 'paid' || wire.payment === 'on-account';
  const order = channelOrderSchema.parse({
    id: wire.order_id,
    name: nameOf(wire),
    revision,
    status: wire.status,
    test: false,
    placedAt: wire.placed_at,
    updatedAt: wire.updated_at,
    class: wire.class,
    purchaseOrderNumber: wire.purchase_order_number ?? null,
    terms: wire.terms ?? null,
    shipNotBefore: wire.ship_not_before ?? null,
    requestedService: wire.service ?? null,
    pickupPoint: wire.pickup_point ?? null,
    currency,
    taxesIncluded: wire.taxes_included,
    payment: {
      status: wire.payment,
      secured: typeof wire.secured === 'string' ? amount(wire.secured) : isSecured ? total : zero(currency),
    },
    risk: 'unknown',
    subject: subjectOf(connection, wire),
    destination: shipTo === null ? null : destinationOf(shipTo),
    addressHash: shipTo === null ? null : addressHash(shipTo),
    lines: wire.lines.map((line) => lineOf(line, currency)),
    shipping: amount(wire.shipping),
    shippingTax: amount(wire.shipping_tax),
    orderDiscount: amount(wire.discount),
    total,
  });
  return { order, person: { shipTo, billTo: addressOf(wire.bill_to) } };
}

function nameOf({ name, order_id: id }: FileOrder): string {
  return name ?? id;
}

function lineOf(line: FileLine, currency: string): OrderLine {
  const amount = (text: string | null | undefined) => (typeof text === 'string' ? moneyFromDecimal(text, currency) : zero(currency));
  return {
    id: line.line_id,
    kind: line.kind === 'product' ? 'product' : 'non-stock',
    parent: null,
    sku: line.sku ?? null,
    title: line.title ?? line.sku ?? line.kind,
    quantity: line.quantity,
    unitFactor: 1,
    unitPrice: line.unit_price,
    total: totalOf(line, currency, amount(line.discount)),
    tax: amount(line.tax),
    ...(typeof line.discount === 'string' ? { discount: amount(line.discount) } : {}),
    ...(line.kind !== 'product' && line.kind !== 'service' ? { cause: line.kind } : {}),
  };
}

function totalOf(line: FileLine, currency: string, discount: Money): Money {
  if (typeof line.total === 'string') return moneyFromDecimal(line.total, currency);
  return subtractMoney(multiplyPrice(line.unit_price, line.quantity, currency), money(discount.minor, currency));
}

function addressOf(address: FileAddress | null | undefined): Address | null {
  if (address === null || address === undefined) return null;
  return {
    name: address.name,
    company: address.company ?? null,
    lines: [address.street, ...(typeof address.street_2 === 'string' ? [address.street_2] : [])],
    postalCode: address.postal_code,
    city: address.city,
    region: address.region ?? null,
    country: address.country,
    phone: address.phone ?? null,
    email: address.email ?? null,
  };
}
