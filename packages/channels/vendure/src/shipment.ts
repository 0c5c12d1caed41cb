import { fingerprint } from '@quartermaster/connector-kit';
import type { Channel, ConfirmedShipment, Reconciled, ShipmentConfirmation } from '@quartermaster/domain';
import { notDone, type VendureClient } from './client.ts';
import { addFulfillmentDocument, shipFulfillmentDocument } from './documents.ts';
import { readStanding } from './orders.ts';
import { refusedBy } from './refusals.ts';
import { addedFulfillmentSchema, isRefusal, shippedFulfillmentSchema, type WireFulfillment, type WireStanding } from './wire.ts';

const operation = 'shipments.confirm';

/**
 * Confirms shipments: a fulfilment is added, which Vendure then has as pending, and set to shipped. It is found again by its tracking code, whichever of the two steps came through. Vendure itself
 * refuses more units than an order wants.
 */
export function shipmentConfirming(client: VendureClient): Pick<Channel, 'confirmShipment' | 'findShipment'> {
  return { confirmShipment, findShipment };

  async function findShipment(request: ShipmentConfirmation): Promise<Reconciled<ConfirmedShipment>> {
    const order = await readStanding(client, 'shipments.find', request.orderId);
    const there = order === null ? undefined : fulfillmentOf(order, request);
    // One that only was added is none: confirming goes on from there.
    return there !== undefined && hasShipped(there.state) ? { kind: 'found', result: { ref: there.id } } : { kind: 'absent' };
  }

  async function confirmShipment(request: ShipmentConfirmation): Promise<ConfirmedShipment> {
    if (request.lines.length === 0 || request.lines.some(({ units }) => !Number.isInteger(units) || units <= 0))
      throw notDone('invalid-request', operation, 'a shipment without units');
    const order = await readStanding(client, 'shipments.order', request.orderId);
    if (order === null) throw notDone('not-found', operation, 'the shop has no such order');
    const there = fulfillmentOf(order, request) ?? (await add(request, order));
    if (!hasShipped(there.state)) await ship(there.id);
    return { ref: there.id };
  }

  async function add(request: ShipmentConfirmation, order: WireStanding): Promise<{ readonly id: string; readonly state: string }> {
    const stranger = request.lines.find(({ lineId }) => !order.lines.some(({ id }) => id === lineId));
    // Vendure would ship another order's line as well.
    if (stranger !== undefined) throw notDone('not-found', operation, `the order has no line ${stranger.lineId}`);
    const input = {
      lines: request.lines.map(({ lineId, units }) => ({ orderLineId: lineId, quantity: units })),
      handler: {
        code: fulfillmentHandler,
        arguments: [
          { name: 'method', value: request.carrier.toUpperCase() },
          { name: 'trackingCode', value: trackingCodeOf(request) },
        ],
      },
    };
    const { addFulfillmentToOrder: added } = await client({
      operation,
      document: addFulfillmentDocument,
      variables: { input },
      schema: addedFulfillmentSchema,
      kind: 'effect',
    });
    if (isRefusal(added)) throw refusedBy(operation, added);
    return added;
  }

  async function ship(id: string): Promise<void> {
    const { transitionFulfillmentToState: shipped } = await client({
      operation,
      document: shipFulfillmentDocument,
      variables: { id },
      schema: shippedFulfillmentSchema,
      kind: 'repeatable-effect',
    });
    if (isRefusal(shipped) && !hasShipped(shipped.fromState)) throw refusedBy(operation, shipped);
  }
}

/** Vendure's own: it takes what it is told of carrier and tracking. */
export const fulfillmentHandler = 'manual-fulfillment';

function hasShipped(state: string): boolean {
  return state === 'Shipped' || state === 'Delivered';
}

function fulfillmentOf({ fulfillments }: WireStanding, request: ShipmentConfirmation): WireFulfillment | undefined {
  const code = trackingCodeOf(request);
  return fulfillments?.find(({ state, trackingCode }) => state !== 'Cancelled' && trackingCode === code);
}

/** The shipment's tracking numbers, so that a parcel that is told twice is one; of one without, a name made of all that is known. */
function trackingCodeOf({ trackingNumbers, lines, node, shippedAt }: ShipmentConfirmation): string {
  if (trackingNumbers.length > 0) return trackingNumbers.join(', ');
  const goods = lines.map(({ lineId, units }) => `${lineId}*${units}`).toSorted();
  return `QM-${fingerprint(node, shippedAt, ...goods).slice(0, 12)}`;
}
