import { addressHash, fingerprint, type OrderWords } from '@quartermaster/connector-kit';
import {
  channelOrderSchema,
  destinationOf,
  moneyFromDecimal,
  zero,
  type Address,
  type ChannelOrder,
  type OrderStanding,
  type Person,
} from '@quartermaster/domain';
import { connectorName } from './client.ts';
import type { WireAddress, WireLine, WireOrder } from './wire.ts';

/** How the vendor's orders are told apart and put into our words. */
export function orderWords(connection: string): OrderWords<WireOrder> {
  return {
    connector: connectorName,
    id: ({ id }) => id,
    name: ({ number }) => number,
    updatedAt: ({ updated_at: at }) => at,
    subject: (wire) => subjectOf(connection, wire),
    translate: (wire, revision) => translateOrder(wire, connection, revision),
  };
}

/**
 * The vendor's order in our words. `total` is the vendor's own; lines and shipping must come to it, to the cent (`centsProof`). A charge that is no goods becomes a line with a `cause`; nothing
 * is added only to make the sum right. Throws a `RangeError` when an amount is finer than its currency.
 */
export function translateOrder(wire: WireOrder, connection: string, revision: string): { order: ChannelOrder; person: Person } {
  const { currency } = wire;
  const shipTo = wire.address === null ? null : addressOf(wire.address);
  const total = moneyFromDecimal(wire.total, currency);
  const order = channelOrderSchema.parse({
    id: wire.id,
    name: wire.number,
    revision,
    status: statusOf(wire.status),
    test: false,
    placedAt: wire.created_at,
    updatedAt: wire.updated_at,
    class: 'consumer',
    purchaseOrderNumber: null,
    terms: null,
    shipNotBefore: null,
    requestedService: null,
    pickupPoint: null,
    currency,
    taxesIncluded: wire.prices_include_tax,
    payment: { status: wire.paid ? 'paid' : 'unpaid', secured: wire.paid ? total : zero(currency) },
    risk: 'unknown',
    subject: subjectOf(connection, wire),
    destination: shipTo === null ? null : destinationOf(shipTo),
    addressHash: shipTo === null ? null : addressHash(shipTo),
    lines: wire.lines.map((line) => lineOf(line, currency)),
    shipping: moneyFromDecimal(wire.shipping, currency),
    shippingTax: zero(currency),
    orderDiscount: zero(currency),
    total,
  });
  return { order, person: { shipTo, billTo: null } };
}

/** How an order stands there, for the comparison with ours. */
export function standingOf(wire: WireOrder, connection: string): OrderStanding {
  const { id, name, status, placedAt, updatedAt, total, payment } = translateOrder(wire, connection, '-').order;
  const lines = wire.lines.map((line) => ({
    id: line.id,
    quantity: line.quantity,
    unshipped: status === 'open' ? line.quantity - line.shipped : 0,
  }));
  return { id, name, status, placedAt, updatedAt, total, secured: payment.secured, lines };
}

/** A status that we do not know is an open order: better looked at than lost. */
function statusOf(status: string): ChannelOrder['status'] {
  if (status === 'cancelled') return 'cancelled';
  return status === 'completed' ? 'closed' : 'open';
}

function lineOf(line: WireLine, currency: string): ChannelOrder['lines'][number] {
  return {
    id: line.id,
    kind: 'product',
    parent: null,
    sku: line.sku,
    title: line.title,
    quantity: line.quantity,
    unitFactor: 1,
    unitPrice: line.unit_price,
    total: moneyFromDecimal(line.total, currency),
    tax: moneyFromDecimal(line.tax, currency),
  };
}

/** TODO: the vendor's id of the customer, where it tells one. */
function subjectOf(connection: string, { id }: WireOrder): string {
  return fingerprint(connection, 'order', id);
}

function addressOf(address: WireAddress): Address {
  const { name, street, postal_code: postalCode, city, country, phone } = address;
  return { name, company: null, lines: [street], postalCode, city, region: null, country, phone, email: null };
}
