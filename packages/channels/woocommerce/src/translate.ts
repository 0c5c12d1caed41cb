import { addressHash, fingerprint, type OrderWords } from '@quartermaster/connector-kit';
import {
  channelOrderSchema,
  destinationOf,
  type Address,
  type ChannelOrder,
  type Instant,
  type OrderStanding,
  type Person,
} from '@quartermaster/domain';
import type { ZodType } from 'zod';
import { connectorName, notDone } from './client.ts';
import { orderParts } from './order-parts.ts';
import { shippedUnits } from './shipment-record.ts';
import { fromGmt } from './times.ts';
import { orderPersonSchema, orderSchema, type WireAddress, type WireOrder, type WireOrderHead } from './wire.ts';

/** Turns WooCommerce's order into ours. Throws a `malformed-reply` fault, naming the field, for one that cannot be put into our words. */
export function translateOrder(head: WireOrderHead, connection: string, revision: string): { order: ChannelOrder; person: Person } {
  const wire = readAs(orderSchema, head);
  const { billing, shipping } = readAs(orderPersonSchema, head);
  const [method] = wire.shipping_lines;
  const isPickup = method !== undefined && ['local_pickup', 'pickup_location'].includes(method.method_id);
  const billTo = translateAddress(billing, billing);
  // Shops that ship to the billing address only leave the other one empty.
  const shipTo = translateAddress(shipping, billing) ?? billTo;
  const order = channelOrderSchema.parse({
    ...orderParts(wire),
    id: String(wire.id),
    name: wire.number,
    revision,
    test: false,
    placedAt: fromGmt(wire.date_created_gmt ?? updatedAt(head)),
    updatedAt: updatedAt(head),
    class: 'consumer',
    purchaseOrderNumber: null,
    terms: null,
    shipNotBefore: null,
    requestedService: method === undefined ? null : (textOrNull(method.method_title) ?? textOrNull(method.method_id)),
    pickupPoint: isPickup ? (textOrNull(method.method_title) ?? method.method_id) : null,
    risk: 'unknown',
    subject: subjectOf(head, connection),
    destination: shipTo === null || shipTo.country === '' ? null : destinationOf(shipTo),
    addressHash: shipTo === null ? null : addressHash(shipTo),
  });
  return { order, person: { shipTo, billTo } };
}

/** How an order stands. `head` may come without the person. Throws as {@link translateOrder} does. */
export function standingOf(head: WireOrderHead): OrderStanding {
  const wire = readAs(orderSchema, head);
  const { status, total, payment, lines } = orderParts(wire);
  const shipped = shippedUnits(wire.meta_data);
  const allFulfilled = wire.meta_data.some(({ key, value }) => key === '_fulfillment_status' && value === 'fulfilled');
  const waits = status === 'open' && !allFulfilled;
  return {
    id: String(wire.id),
    name: wire.number,
    status,
    placedAt: fromGmt(wire.date_created_gmt ?? updatedAt(head)),
    updatedAt: updatedAt(head),
    total,
    secured: payment.secured,
    lines: lines.map(({ id, kind, quantity }) => ({
      id,
      quantity,
      unshipped: waits && kind === 'product' ? Math.max(0, quantity - (shipped.get(id) ?? 0)) : 0,
    })),
  };
}

/** How a shop's orders are told apart and put into our words. */
export function orderWords(connection: string): OrderWords<WireOrderHead> {
  return {
    connector: connectorName,
    id: ({ id }) => String(id),
    name: ({ id, number }) => number ?? String(id),
    updatedAt,
    subject: (wire) => subjectOf(wire, connection),
    translate: (wire, revision) => translateOrder(wire, connection, revision),
  };
}

/** When an order changed last. Throws a `RangeError` for one that has no time at all. */
export function updatedAt({ date_modified_gmt, date_created_gmt }: WireOrderHead): Instant {
  return fromGmt(date_modified_gmt ?? date_created_gmt ?? '');
}

/** Parses an order that so far was only known by its head. */
export function readAs<Read>(schema: ZodType<Read>, head: WireOrderHead): Read {
  const parsed = schema.safeParse(head);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw notDone(
    'malformed-reply',
    'orders.translate',
    `order ${head.id} has an unexpected shape at ${issue?.path.join('.') ?? 'its top'}: ${issue?.message ?? 'unknown'}`,
  );
}

/** The goods of an order, for those who need no more of it. */
export function wantedUnits(wire: WireOrder): ReadonlyMap<string, number> {
  return new Map(orderParts(wire).lines.flatMap(({ id, kind, quantity }) => (kind === 'product' ? [[id, quantity] as const] : [])));
}

/** The person behind an order: the customer, or the order itself where it is a guest's. */
function subjectOf({ id, customer_id: customer }: WireOrderHead, connection: string): string {
  return customer === undefined || customer === 0
    ? fingerprint(connection, 'order', String(id))
    : fingerprint(connection, 'customer', String(customer));
}

/** Null for an address that is empty. Only the billing one has an e-mail address. */
function translateAddress(wire: WireAddress, billing: WireAddress): Address | null {
  const { first_name, last_name, company, address_1, address_2, city, postcode, country } = wire;
  if ([first_name, last_name, company, address_1, city, postcode].every((part) => part.trim() === '')) return null;
  return {
    name: `${first_name} ${last_name}`.trim(),
    company: textOrNull(company),
    lines: [address_1, address_2].filter((line) => line.trim() !== ''),
    postalCode: postcode,
    city,
    region: textOrNull(wire.state),
    country,
    phone: textOrNull(wire.phone) ?? textOrNull(billing.phone),
    email: textOrNull(billing.email),
  };
}

function textOrNull(text: string): string | null {
  return text.trim() === '' ? null : text;
}
