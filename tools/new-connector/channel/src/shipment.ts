import type { Channel, ShipmentConfirmation } from '@quartermaster/domain';
import type { Client } from './client.ts';
import { orderSchema, shipmentCreatedSchema, type WireOrder } from './wire.ts';

/**
 * Confirms shipments. The vendor keeps no idempotency key, so it is safe by read-back: after an outcome that is not known, the shipment is looked for by its tracking numbers before it is
 * confirmed again, and the call itself is never repeated blindly.
 */
export function shipmentConfirming(client: Client): Pick<Channel, 'confirmShipment' | 'findShipment'> {
  return {
    async confirmShipment(request) {
      const body = {
        lines: request.lines.map(({ lineId, units }) => ({ line_id: lineId, quantity: units })),
        carrier: request.carrier,
        tracking_numbers: request.trackingNumbers,
        shipped_at: request.shippedAt,
        notify_customer: request.notifyCustomer,
      };
      const path = `${pathOf(request.orderId)}/shipments`;
      const { id } = await client({ operation: 'shipment.confirm', method: 'POST', path, body, repeat: 'never' }, shipmentCreatedSchema);
      return { ref: id };
    },
    async findShipment(request) {
      const order = await client.orNull(
        { operation: 'shipment.find', method: 'GET', path: pathOf(request.orderId), repeat: 'always' },
        orderSchema,
      );
      if (request.trackingNumbers.length === 0)
        return { kind: 'cannot-tell', check: 'whether the order has this shipment, which has no tracking number' };
      const found = order?.shipments.find((shipment) => isThis(request, shipment));
      return found === undefined ? { kind: 'absent' } : { kind: 'found', result: { ref: found.id } };
    },
  };
}

function isThis({ trackingNumbers }: ShipmentConfirmation, shipment: WireOrder['shipments'][number]): boolean {
  return trackingNumbers.every((number) => shipment.tracking_numbers.includes(number));
}

function pathOf(orderId: string): string {
  return `/orders/${encodeURIComponent(orderId)}`;
}
