import { money, type ErpDelivery, type ErpOrder, type Label, type OrderStanding } from '@quartermaster/domain';
import { hasLeft, isLive, type OrderCase, type Shipment } from '@quartermaster/fulfilment';
import type { OrderViews } from '../drift/views.ts';
import { erpLinesOf } from '../erp-draft.ts';
import { after, channelOrder, draft, line, now, openCaseOf, sourced } from './givens.ts';

/** Long before now, so that nothing is young. */
export const longAgo = '2026-11-20T08:00:00.000Z';

/** How far an order has come. */
export const stages = ['open', 'written', 'short', 'labelled', 'shipped', 'confirmed', 'cancelled'] as const;
export type Stage = (typeof stages)[number];

/** An order of these units, one line each, of which the first leaves BER and the others HAM; as far as it has come. */
export function orderAt(stage: Stage, units: readonly number[]): OrderCase {
  const lines = units.map((quantity, index) =>
    line(`l${index + 1}`, index % 2 === 0 ? 'MUG' : 'LAMP', quantity, { tax: money(160 * quantity, 'EUR') }),
  );
  const open = openCaseOf(channelOrder({ lines, placedAt: longAgo, updatedAt: longAgo }));
  if (stage === 'open') return open;
  const shipped = lines.map(({ id, sku, quantity }) => ({ lineId: id, sku: sku ?? '', units: quantity }));
  const parts = [
    { node: 'BER', lines: shipped.slice(0, 1) },
    { node: 'HAM', lines: shipped.slice(1) },
  ].filter((part) => part.lines.length > 0);
  const planned = sourced(open, 'slot', ...parts.map(({ node, lines }) => draft(node, lines)));
  const deliveries = parts.map(({ node, lines }, index) => ({
    ref: `d${index + 1}`,
    name: `${node}/OUT/1`,
    node,
    lines: lines.map(({ lineId, units }) => ({ lineId, reserved: stage === 'short' && index === 0 ? units - 1 : units })),
  }));
  const written = after(planned, { kind: 'written', erp: { ref: '7', name: 'S00007' }, deliveries });
  if (stage === 'written' || stage === 'short') return written;
  if (stage === 'cancelled') return after(written, { kind: 'cancel-requested', by: 'operator' }, { kind: 'erp-cancelled' });
  const ids = parts.map((_part, index) => String(index + 1));
  const labelled = ids.reduce(
    (current, shipmentId) => after(current, { kind: 'label-bought', shipmentId, revision: 1, parcel: 1, label: label(shipmentId) }),
    after(written, { kind: 'released', shipmentIds: ids }),
  );
  if (stage === 'labelled') return labelled;
  const left = ids.reduce((current, shipmentId) => after(current, { kind: 'erp-shipped', shipmentId, at: longAgo }), labelled);
  return stage === 'shipped' ? left : ids.reduce((current, shipmentId) => after(current, { kind: 'confirmed', shipmentId }), left);
}

/** The three sides of an order that agree. A shipment that has left and is not confirmed is one that the channel knows of by another way. */
export function agreeing(given: OrderCase): OrderViews {
  const journal = { kind: 'case', case: given, version: 1, changedAt: longAgo, underWay: false } as const;
  return {
    key: given.key,
    connection: given.scope.connection,
    orderId: given.order.id,
    channel: standingOf(given),
    erp: given.erp === null ? 'absent' : erpOrderOf(given, given.erp),
    journal,
  };
}

function standingOf({ order, shipments }: OrderCase): OrderStanding {
  const leftOf = (lineId: string) =>
    shipments
      .filter(hasLeft)
      .flatMap(({ lines }) => lines)
      .reduce((sum, each) => sum + (each.lineId === lineId ? each.units : 0), 0);
  const { id, name, status, placedAt, updatedAt, total, payment } = order;
  const lines = order.lines.map((each) => ({ id: each.id, quantity: each.quantity, unshipped: each.quantity - leftOf(each.id) }));
  return { id, name, status, placedAt, updatedAt, total, secured: payment.secured, lines };
}

function erpOrderOf(given: OrderCase, { ref, name }: NonNullable<OrderCase['erp']>): ErpOrder {
  const state = given.state === 'cancelled' ? 'cancelled' : 'confirmed';
  return { ref, name, state, total: given.order.total, deliveries: given.shipments.flatMap((each) => deliveryOf(given, each)) };
}

function deliveryOf({ order }: OrderCase, shipment: Shipment): ErpDelivery[] {
  const { delivery, node, labels } = shipment;
  if (delivery === null) return [];
  const lines = shipment.lines.flatMap(({ lineId, sku, units }) => {
    const reserved = shipment.shortage.find((short) => short.lineId === lineId)?.reserved ?? units;
    return order.lines
      .filter(({ id }) => id === lineId)
      .flatMap(erpLinesOf)
      .map((piece) => ({ lineId: piece.lineId, sku, demand: piece.units, reserved }));
  });
  const state = hasLeft(shipment) ? 'done' : !isLive(shipment) ? 'cancelled' : shipment.shortage.length > 0 ? 'waiting' : 'ready';
  return [{ ...delivery, node, state, trackingNumbers: hasLeft(shipment) ? labels.map((each) => each.label.trackingNumber) : [], lines }];
}

function label(id: string): Label {
  return {
    ref: `shp_${id}`,
    carrier: 'House',
    service: 'std',
    trackingNumber: `TRACK${id}`,
    trackingUrl: null,
    price: money(450, 'EUR'),
    charges: [],
    boughtAt: now,
    document: { format: 'pdf', base64: null, url: null },
  };
}
