import {
  type ConnectorFault,
  type ConfirmedShipment,
  type NodeId,
  type Reconciled,
  type ShipmentConfirmation,
} from '@quartermaster/domain';
import { notDone } from './client.ts';
import { nameOfRequest } from './layout.ts';
import { openOrder } from './open-order.ts';
import type { OrderBook } from './order-book.ts';
import type { Sending } from './sending.ts';
import { shipmentText, type FileFormat } from './written-text.ts';

export type ShipmentConfirming = {
  confirmShipment(request: ShipmentConfirmation): Promise<ConfirmedShipment>;
  findShipment(request: ShipmentConfirmation): Promise<Reconciled<ConfirmedShipment>>;
};

/** Tells of shipments by files. The file's name is made of the request, so writing it twice is writing it once; by that name it is found again. */
export function shipmentConfirming(given: {
  readonly book: OrderBook;
  readonly sending: Sending;
  readonly warehouses: Readonly<Record<NodeId, string>> | null;
  readonly format: FileFormat;
}): ShipmentConfirming {
  const { book, sending } = given;

  return {
    async confirmShipment(request) {
      const id = shipmentId(request);
      const told = await sending.shipmentsOf(request.orderId);
      if (told.some((record) => record.id === id)) return { ref: id };
      const order = await openOrder(book, request.orderId, 'shipment.confirm');
      const skus = new Map(order.lines.map((line) => [line.line_id, line]));
      const units = new Map<string, number>();
      for (const line of request.lines) units.set(line.lineId, (units.get(line.lineId) ?? 0) + line.units);
      for (const [lineId, count] of units) {
        const line = skus.get(lineId);
        const before = told.reduce((sum, record) => sum + (record.units?.[lineId] ?? 0), 0);
        if (line === undefined) throw refused(`the order has no line ${lineId}`);
        if (!Number.isSafeInteger(count) || count <= 0) throw refused(`${count} is no number of units`);
        if (before + count > line.quantity) throw refused(`line ${lineId} wants ${line.quantity - before} units more, not ${count}`);
      }
      if (units.size === 0) throw refused('a shipment of nothing');
      const written = shipmentText(
        {
          format: 'shipment/1',
          shipment_id: id,
          order_id: request.orderId,
          warehouse: warehouseOf(request.node),
          shipped_at: request.shippedAt,
          carrier: request.carrier,
          tracking_numbers: [...request.trackingNumbers],
          tracking_url: request.trackingUrl,
          notify_customer: request.notifyCustomer,
          lines: [...units].map(([line, quantity]) => ({ line_id: line, sku: skus.get(line)?.sku ?? null, quantity })),
        },
        given.format,
      );
      await sending.send('shipments', { id, orderId: request.orderId, ...written, units: Object.fromEntries(units) });
      return { ref: id };
    },
    async findShipment(request) {
      const id = shipmentId(request);
      return (await sending.wasSent('shipments', id)) ? { kind: 'found', result: { ref: id } } : { kind: 'absent' };
    },
  };

  function warehouseOf(node: NodeId): string {
    return Object.entries(given.warehouses ?? {}).find(([ours]) => ours === node)?.[1] ?? node;
  }
}

/** Two shipments that agree in all of this are one. */
function shipmentId({ orderId, node, lines, carrier, trackingNumbers, shippedAt }: ShipmentConfirmation): string {
  const parts = lines.map(({ lineId, units }) => `${units} ${lineId}`).toSorted();
  return nameOfRequest(orderId, 'shipment', node, carrier, shippedAt, ...trackingNumbers, ...parts);
}

function refused(why: string): ConnectorFault {
  return notDone(
    'refused',
    'shipment.confirm',
    why,
    'Compare the shipment with the newest version of the order; the partner may have taken units out of it.',
  );
}
