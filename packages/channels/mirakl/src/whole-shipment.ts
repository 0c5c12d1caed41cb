import { beforeTheEffect } from '@quartermaster/connector-kit';
import type { ConfirmedShipment, Reconciled, ShipmentConfirmation } from '@quartermaster/domain';
import { notDone, type MiraklClient } from './client.ts';
import { readOrder } from './orders.ts';
import { carrierOf, type Carriers, type ShipmentConfirming } from './shipment.ts';
import { hasShipped, wantedUnits } from './translate.ts';
import type { WireOrder } from './wire.ts';

/**
 * Confirms shipments on platforms where an order leaves as a whole: the tracking number first (OR23, which sets it), then that it left (OR24, which an order that left refuses). Such an order has
 * one tracking number; of several the first is told.
 */
export function wholeShipmentConfirming(client: MiraklClient, carriers: Carriers): ShipmentConfirming {
  async function findShipment(request: ShipmentConfirmation): Promise<Reconciled<ConfirmedShipment>> {
    const order = await readOrder(client, request.orderId, 'shipments.find');
    if (order === null || !hasShipped(order.order_state)) return { kind: 'absent' };
    const [trackingNumber = null] = request.trackingNumbers;
    if (trackingNumber === null || trackingNumber === order.shipping_tracking) return { kind: 'found', result: { ref: order.order_id } };
    return { kind: 'cannot-tell', check: 'the order has left under another tracking number; look at the marketplace who told it' };
  }

  async function confirmShipment(request: ShipmentConfirmation): Promise<ConfirmedShipment> {
    const order = await beforeTheEffect(() => readOrder(client, request.orderId, 'shipments.look'));
    if (order === null) throw notDone('not-found', 'shipments.confirm', 'the marketplace has no such order');
    const [trackingNumber] = request.trackingNumbers;
    if (hasShipped(order.order_state) && order.shipping_tracking === trackingNumber) return { ref: order.order_id };
    if (!isAllOf(order, request)) throw notDone('unsupported', 'shipments.confirm', 'an order leaves as a whole on this platform');
    const path = `/api/orders/${encodeURIComponent(request.orderId)}`;
    if (trackingNumber !== undefined)
      await beforeTheEffect(() =>
        client.text({
          operation: 'shipments.tracking',
          limit: 'page',
          method: 'PUT',
          path: `${path}/tracking`,
          json: { ...carrierOf(request, carriers, 'carrier_url'), tracking_number: trackingNumber },
          kind: 'repeatable-effect',
        }),
      );
    await client.text({
      operation: 'shipments.confirm',
      limit: 'page',
      method: 'PUT',
      path: `${path}/ship`,
      kind: 'effect',
      understand: (message, status) => notDone(status === 404 ? 'not-found' : 'refused', 'shipments.confirm', message),
    });
    return { ref: order.order_id };
  }

  return { confirmShipment, findShipment };
}

function isAllOf(order: WireOrder, { lines }: ShipmentConfirmation): boolean {
  const shipped = new Map<string, number>();
  for (const { lineId, units } of lines) shipped.set(lineId, (shipped.get(lineId) ?? 0) + units);
  return [...wantedUnits(order)].every(([id, units]) => (shipped.get(id) ?? 0) === units);
}
