import { InvariantError, type Channel, type Reconciled, type ShipmentConfirmation, type Sku } from '@quartermaster/domain';
import type { FlowContext } from './context.ts';
import { anyEffect, type Achieved, type AnyEffect, type Effect } from './effect.ts';
import { commandPayloadSchema } from './intents.ts';
import { getCase } from './order-cases.ts';
import { doubtLevels } from './stock/known-levels.ts';

type Confirming = {
  readonly channel: Channel;
  readonly shipment: ShipmentConfirmation;
  readonly shipmentId: string;
  readonly skus: readonly Sku[];
};

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
    return {
      kind: 'go',
      request: { channel, shipment: confirmation, shipmentId: shipment.id, skus: shipment.lines.map(({ sku }) => sku) },
    };
  },
  async perform(context, request, memo) {
    return confirmed(context, request, (await request.channel.confirmShipment(request.shipment, memo)).ref);
  },
  async lookUp(context, request): Promise<Reconciled<Achieved>> {
    const seen = await request.channel.findShipment(request.shipment);
    return seen.kind === 'found' ? { kind: 'found', result: confirmed(context, request, seen.result.ref) } : seen;
  },
};

export const channelEffects: Readonly<Record<'confirm', AnyEffect>> = { confirm: anyEffect(confirm) };

function confirmed(context: FlowContext, { channel, shipmentId, skus }: Confirming, ref: string): Achieved {
  return {
    result: { ref },
    event: { kind: 'confirmed', shipmentId },
    // The channel may have moved the goods to the node that they left from, and its figures with them.
    keep: (tx) => doubtLevels(tx, context, channel.connection, skus),
  };
}
