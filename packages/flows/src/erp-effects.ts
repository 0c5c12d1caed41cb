import {
  InvariantError,
  type Address,
  type ErpAllocation,
  type ErpDelivery,
  type ErpOrder,
  type ErpOrderDraft,
  type ErpOrderKey,
  type ErpShipment,
} from '@quartermaster/domain';
import { isLive, type OrderCase, type Shipment } from '@quartermaster/fulfilment';
import { anyEffect, type AnyEffect, type Effect } from './effect.ts';
import { draftErpOrder, erpLinesOf } from './erp-draft.ts';
import { commandPayloadSchema } from './intents.ts';
import { getCase } from './order-cases.ts';
import { jsonOf } from './plain-json.ts';
import { erasedPerson, personOf } from './intake/people.ts';

const writeOrder: Effect<{ draft: ErpOrderDraft; lines: LineNames }> = {
  async prepare(tx, context, intent) {
    const order = await getCase(tx, commandPayloadSchema.parse(intent.payload).order);
    const person = await personOf(tx, order.order);
    if (person === null) return erasedPerson;
    const written = order.shipments.filter((shipment) => isLive(shipment) && shipment.fresh === 'write');
    for (const shipment of written) wholeErpLines(order, shipment);
    const nodes = new Map(written.flatMap(({ node, lines }) => lines.map((line) => [line.lineId, node])));
    const draft = draftErpOrder({
      key: erpKeyOf(order),
      order: order.order,
      person,
      nodeOf: (lineId) => nodes.get(lineId) ?? null,
      serviceSkus: context.settings.erp.serviceSkus,
    });
    return { kind: 'go', request: { draft, lines: lineNames(order) } };
  },
  async perform(context, { draft, lines }, memo) {
    const written = await context.erp.writeOrder(draft, memo);
    return { result: summaryOf(written), event: writtenEvent(written, lines) };
  },
};

const allocate: Effect<{ allocation: ErpAllocation; shipmentId: string; lines: LineNames }> = {
  async prepare(tx, _context, intent) {
    const { order, shipment } = await shipmentOf(tx, intent.payload);
    const lineIds = wholeErpLines(order, shipment).map((line) => line.lineId);
    const allocation = { key: erpKeyOf(order), node: shipment.node, lineIds };
    return { kind: 'go', request: { allocation, shipmentId: shipment.id, lines: lineNames(order) } };
  },
  async perform(context, { allocation, shipmentId, lines }, memo) {
    const written = await context.erp.allocate(allocation, memo);
    const wanted = new Set(allocation.lineIds);
    const delivery = written.deliveries.find(
      (each) => each.node === allocation.node && each.state !== 'cancelled' && each.lines.some((line) => wanted.has(line.lineId)),
    );
    if (delivery === undefined) throw new InvariantError(`the ERP allocated to ${allocation.node} and shows no delivery of it`);
    return { result: summaryOf(written), event: { kind: 'allocated', shipmentId, delivery: deliveryInOurLines(delivery, lines) } };
  },
};

const deallocate: Effect<{ allocation: ErpAllocation; shipmentId: string }> = {
  async prepare(tx, _context, intent) {
    const { order, shipment } = await shipmentOf(tx, intent.payload);
    if (shipment.state !== 'stopping') return { kind: 'obsolete', reason: `shipment ${shipment.id} is ${shipment.state}` };
    const lineIds = shipment.lines.flatMap(({ lineId }) => erpLineIds(order, lineId));
    return { kind: 'go', request: { allocation: { key: erpKeyOf(order), node: shipment.node, lineIds }, shipmentId: shipment.id } };
  },
  async perform(context, { allocation, shipmentId }, memo) {
    const written = await context.erp.deallocate(allocation, memo);
    return { result: summaryOf(written), event: { kind: 'deallocated', shipmentId } };
  },
};

const ship: Effect<{ shipment: ErpShipment; shipmentId: string }> = {
  async prepare(tx, context, intent) {
    const { order, shipment } = await shipmentOf(tx, intent.payload);
    const carrier = context.settings.carriers.find((each) => each.connection === shipment.carrier);
    const request = {
      key: erpKeyOf(order),
      node: shipment.node,
      lines: wholeErpLines(order, shipment),
      carrier: carrier?.name ?? shipment.carrier,
      trackingNumbers: shipment.labels.map(({ label }) => label.trackingNumber),
    };
    return { kind: 'go', request: { shipment: request, shipmentId: shipment.id } };
  },
  async perform(context, { shipment, shipmentId }, memo) {
    const delivery = await context.erp.ship(shipment, memo);
    return { result: { delivery: delivery.name }, event: { kind: 'erp-shipped', shipmentId, at: context.clock.now() } };
  },
};

const cancelOrder: Effect<ErpOrderKey> = {
  async prepare(tx, _context, intent) {
    return { kind: 'go', request: erpKeyOf(await getCase(tx, commandPayloadSchema.parse(intent.payload).order)) };
  },
  async perform(context, key, memo) {
    const there = await context.erp.findOrder(key);
    const left = there === null ? null : await context.erp.cancelOrder(key, memo);
    return { result: left === null ? { absent: true } : summaryOf(left), event: { kind: 'erp-cancelled' } };
  },
};

const changeAddress: Effect<{ key: ErpOrderKey; shipTo: Address }> = {
  async prepare(tx, _context, intent) {
    const order = await getCase(tx, commandPayloadSchema.parse(intent.payload).order);
    const person = await personOf(tx, order.order);
    if (person === null) return erasedPerson;
    const { shipTo } = person;
    if (shipTo === null) return { kind: 'refuse', reason: 'the order has no address any more' };
    return { kind: 'go', request: { key: erpKeyOf(order), shipTo } };
  },
  async perform(context, request, memo) {
    await context.erp.changeAddress(request, memo);
    return { result: null, event: { kind: 'address-written' } };
  },
};

export const erpEffects: Readonly<
  Record<'write-order' | 'allocate' | 'deallocate' | 'ship' | 'cancel-order' | 'change-address', AnyEffect>
> = {
  'write-order': anyEffect(writeOrder),
  allocate: anyEffect(allocate),
  deallocate: anyEffect(deallocate),
  ship: anyEffect(ship),
  'cancel-order': anyEffect(cancelOrder),
  'change-address': anyEffect(changeAddress),
};

/** The order's line of each ERP line: one line of ours may have become two there. */
type LineNames = ReadonlyMap<string, string>;

export function lineNames(order: OrderCase): LineNames {
  return new Map(
    order.order.lines.filter((line) => line.quantity > 0).flatMap((line) => erpLinesOf(line).map((piece) => [piece.lineId, line.id])),
  );
}

/**
 * The ERP lines of a shipment. An ERP line has one node and stands in one delivery, so a shipment has its lines whole and alone: throws an `InvariantError` when a line is divided or
 * in two live shipments, because one of them would then take the other's units.
 */
function wholeErpLines(order: OrderCase, shipment: Shipment): { lineId: string; units: number }[] {
  return shipment.lines.flatMap((shipped) => {
    const line = order.order.lines.find((each) => each.id === shipped.lineId);
    if (line === undefined) throw new InvariantError(`shipment ${shipment.id} of ${order.key} has a line that the order does not have`);
    const sharing = order.shipments.filter((each) => isLive(each) && each.lines.some(({ lineId }) => lineId === shipped.lineId));
    if (shipped.units !== line.quantity || sharing.some((each) => each.id !== shipment.id)) {
      throw new InvariantError(
        `shipment ${shipment.id} has ${shipped.units} of ${line.quantity} units of line ${line.id}: a line of the ERP cannot be divided`,
      );
    }
    return erpLinesOf(line);
  });
}

/** The ERP lines that a line of the order became. */
function erpLineIds({ order }: OrderCase, lineId: string): string[] {
  const line = order.lines.find((each) => each.id === lineId);
  return line === undefined ? [] : erpLinesOf(line).map((piece) => piece.lineId);
}

export function writtenEvent(written: ErpOrder, lines: LineNames) {
  return {
    kind: 'written',
    erp: { ref: written.ref, name: written.name },
    deliveries: written.deliveries.filter((each) => each.state !== 'cancelled').map((each) => deliveryInOurLines(each, lines)),
  } as const;
}

function deliveryInOurLines(delivery: ErpDelivery, lines: LineNames) {
  const reserved = new Map<string, number>();
  for (const line of delivery.lines) {
    const ours = lines.get(line.lineId);
    if (ours !== undefined) reserved.set(ours, (reserved.get(ours) ?? 0) + line.reserved);
  }
  return {
    ref: delivery.ref,
    name: delivery.name,
    node: delivery.node,
    lines: [...reserved].map(([lineId, units]) => ({ lineId, reserved: units })),
  };
}

function summaryOf(written: ErpOrder) {
  return jsonOf({ ref: written.ref, name: written.name, state: written.state, deliveries: written.deliveries.map((each) => each.name) });
}

export function erpKeyOf(order: OrderCase): ErpOrderKey {
  return { scope: order.scope, orderId: order.order.id };
}

async function shipmentOf(tx: Parameters<typeof getCase>[0], payload: unknown): Promise<{ order: OrderCase; shipment: Shipment }> {
  const { order: key, shipmentId } = commandPayloadSchema.parse(payload);
  const order = await getCase(tx, key);
  const shipment = order.shipments.find((each) => each.id === shipmentId);
  if (shipment === undefined) throw new InvariantError(`order ${key} has no shipment ${shipmentId}`);
  return { order, shipment };
}
