import {
  money,
  orderKey,
  type ChannelOrder,
  type Label,
  type OrderLine,
  type Parcel,
  type Person,
  type Scope,
} from '@quartermaster/domain';
import { decide, receive, type Decision } from '../decide.ts';
import type { OrderEvent, WrittenDelivery } from '../events.ts';
import type { Hold } from '../hold.ts';
import type { OrderCase } from '../order-case.ts';
import type { Shipment, ShipmentDraft } from '../shipment.ts';

/** An order, its person and its story as the package's own tests tell them. Not part of the public face. */

export const scope: Scope = { tenant: 'acme', company: 'acme-eu', connection: 'shop' };
export const now = '2026-11-20T10:00:00.000Z';

export function line(id: string, sku: string | null, quantity: number, more: Partial<OrderLine> = {}): OrderLine {
  return {
    id,
    kind: 'product',
    parent: null,
    sku,
    title: `Article ${id}`,
    quantity,
    unitFactor: 1,
    unitPrice: '10.00',
    total: money(quantity * 1000, 'EUR'),
    tax: money(quantity * 160, 'EUR'),
    ...more,
  };
}

/** Two mugs and one lamp, paid: 30.00 and 4.90 for shipping, taxes included. */
export function order(more: Partial<ChannelOrder> = {}): ChannelOrder {
  return {
    id: '1001',
    name: '#1001',
    revision: 'r1',
    status: 'open',
    test: false,
    placedAt: '2026-11-20T09:00:00.000Z',
    updatedAt: '2026-11-20T09:00:00.000Z',
    class: 'consumer',
    purchaseOrderNumber: null,
    terms: null,
    shipNotBefore: null,
    requestedService: null,
    pickupPoint: null,
    currency: 'EUR',
    taxesIncluded: true,
    payment: { status: 'paid', secured: money(3490, 'EUR') },
    risk: 'low',
    subject: 'subject-1',
    destination: { country: 'DE', region: null, postalArea: '101' },
    addressHash: 'address-a',
    lines: [line('l1', 'MUG', 2), line('l2', 'LAMP', 1)],
    shipping: money(490, 'EUR'),
    shippingTax: money(78, 'EUR'),
    orderDiscount: money(0, 'EUR'),
    total: money(3490, 'EUR'),
    ...more,
  };
}

/** The order some minutes later. */
export function revised(minute: number, more: Partial<ChannelOrder> = {}): ChannelOrder {
  return order({ revision: `r${minute}`, updatedAt: `2026-11-20T09:${String(minute).padStart(2, '0')}:00.000Z`, ...more });
}

export const person: Person = {
  shipTo: {
    name: 'Ada Example',
    company: null,
    lines: ['Invalidenstraße 1'],
    postalCode: '10115',
    city: 'Berlin',
    region: null,
    country: 'DE',
    phone: null,
    email: null,
  },
  billTo: null,
};

export function parcel(number: number, items: Parcel['items']): Parcel {
  return { number, grams: 900, millimetres: null, items };
}

export function draft(node: string, lines: ShipmentDraft['lines'], more: Partial<ShipmentDraft> = {}): ShipmentDraft {
  return {
    node,
    carrier: 'parcels',
    service: 'standard',
    lines,
    parcels: [parcel(1, lines)],
    dispatchDate: '2026-11-20',
    promiseDate: '2026-11-24',
    estimate: { currency: 'EUR', minorByTerm: { freight: 420 } },
    ...more,
  };
}

export const mugs = { lineId: 'l1', sku: 'MUG', units: 2 };
export const lamp = { lineId: 'l2', sku: 'LAMP', units: 1 };

export function label(ref: string): Label {
  return {
    ref,
    carrier: 'DHL',
    service: 'standard',
    trackingNumber: `track-${ref}`,
    trackingUrl: null,
    price: money(420, 'EUR'),
    charges: [],
    boughtAt: now,
    document: { format: 'pdf', base64: null, url: null },
  };
}

/** The delivery of a shipment with everything reserved, or only so much of each line. */
export function delivery(shipment: Pick<Shipment, 'id' | 'node' | 'lines'>, reserved?: number): WrittenDelivery {
  const lines = shipment.lines.map((each) => ({ lineId: each.lineId, reserved: Math.min(each.units, reserved ?? each.units) }));
  return { ref: `out-${shipment.id}`, name: `OUT/${shipment.id}`, node: shipment.node, lines };
}

export function received(
  given: ChannelOrder = order(),
  holds: readonly Hold[] = [],
  { acknowledges = false }: { readonly acknowledges?: boolean } = {},
): OrderCase {
  return receive({ key: orderKey(scope, given.id), scope, order: given, holds, acknowledges, now }).case;
}

/** The events one after the other; the last decision. */
export function after(start: OrderCase, ...events: readonly OrderEvent[]): Decision {
  return events.reduce<Decision>((decision, event) => decide(decision.case, event, now), { case: start, commands: [], reasons: [] });
}

export const sourcedWhole: OrderEvent = { kind: 'sourced', decisionId: 'd1', shipments: [draft('BER', [mugs, lamp])] };
export const sourcedSplit: OrderEvent = { kind: 'sourced', decisionId: 'd1', shipments: [draft('BER', [mugs]), draft('HAM', [lamp])] };

/** The ERP's answer to the write: every shipment of the case has its delivery. */
export function writtenFor(given: OrderCase, reserved?: number): OrderEvent {
  return {
    kind: 'written',
    erp: { ref: '77', name: 'S00077' },
    deliveries: given.shipments.map((shipment) => delivery(shipment, reserved)),
  };
}

export function releasedAll(given: OrderCase): OrderEvent {
  return { kind: 'released', shipmentIds: given.shipments.map((shipment) => shipment.id) };
}

export function bought(shipmentId: string, ref: string, more: { readonly revision?: number; readonly parcel?: number } = {}): OrderEvent {
  return { kind: 'label-bought', shipmentId, revision: more.revision ?? 1, parcel: more.parcel ?? 1, label: label(ref) };
}

export function shippedAt(shipmentId: string): OrderEvent {
  return { kind: 'erp-shipped', shipmentId, at: '2026-11-20T15:00:00.000Z' };
}

/** Committed and written, labels not asked for yet. */
export function writtenCase(sourcing: OrderEvent = sourcedWhole, given: ChannelOrder = order()): OrderCase {
  const committed = after(received(given), sourcing).case;
  return after(committed, writtenFor(committed)).case;
}

/** Written and released: labels are asked for. */
export function releasedCase(sourcing: OrderEvent = sourcedWhole): OrderCase {
  const written = writtenCase(sourcing);
  return after(written, releasedAll(written)).case;
}

/** One shipment, its label bought, shipping asked for. */
export function labelledCase(): OrderCase {
  return after(releasedCase(), bought('1', 'label-1')).case;
}
