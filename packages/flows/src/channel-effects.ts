import { InvariantError, type Channel, type Reconciled, type ShipmentConfirmation } from '@quartermaster/domain';
import { anyEffect, type Achieved, type AnyEffect, type Effect } from './effect.ts';
import { commandPayloadSchema } from './intents.ts';
import { getCase } from './order-cases.ts';

type Confirming = { readonly channel: Channel; readonly shipment: ShipmentConfirmation; readonly shipmentId: string };

const confirm: Effect<Confirming> = {
  async prepare(tx, context, intent) {
    const { order: key, shipmentId } = commandPayloadSchema.parse(intent.payload);
    const order = await getCase(tx, key);
    const shipment = order.shipments.find((each) => each.id === shipmentId);
    if (shipment === undefined) throw new InvariantError(`order ${key} has no shipment ${shipmentId}`);
    const channel = context.channels.get(order.scope.connection);
    if (channel === undefined) return { kind: 'refuse', reason: `the channel ${order.scope.connection} is not in the config any more` };
    const carrier = context.settings.carriers.find((each) => each.connection === shipment.carrier);
    const confirmation: ShipmentConfirmation = {
      orderId: order.order.id,
      node: shipment.node,
      lines: shipment.lines.map(({ lineId, units }) => ({ lineId, units })),
      carrier: carrier?.name ?? shipment.carrier,
      trackingNumbers: shipment.labels.map(({ label }) => label.trackingNumber),
      trackingUrl: shipment.labels.find(({ label }) => label.trackingUrl !== null)?.label.trackingUrl ?? null,
      shippedAt: shipment.shippedAt ?? context.clock.now(),
      notifyCustomer: context.settings.channels.find((each) => each.connection === order.scope.connection)?.notifyCustomer ?? false,
    };
    return { kind: 'go', request: { channel, shipment: confirmation, shipmentId: shipment.id } };
  },
  async perform(_context, { channel, shipment, shipmentId }, memo) {
    return confirmed((await channel.confirmShipment(shipment, memo)).ref, shipmentId);
  },
  async lookUp(_context, { channel, shipment, shipmentId }): Promise<Reconciled<Achieved>> {
    const seen = await channel.findShipment(shipment);
    return seen.kind === 'found' ? { kind: 'found', result: confirmed(seen.result.ref, shipmentId) } : seen;
  },
};

export const channelEffects: Readonly<Record<'confirm', AnyEffect>> = { confirm: anyEffect(confirm) };

function confirmed(ref: string, shipmentId: string): Achieved {
  return { result: { ref }, event: { kind: 'confirmed', shipmentId } };
}
