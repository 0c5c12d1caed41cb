import { beforeTheEffect } from '@quartermaster/connector-kit';
import type { ConfirmedShipment, EffectMemo, NodeId, Reconciled, ShipmentConfirmation } from '@quartermaster/domain';
import type { ShopifyClient } from './client.ts';
import { confirmationDocument, createFulfillmentDocument, fulfillmentsDocument } from './documents.ts';
import { gatherAt, readFulfillmentOrders, type ShippableParts } from './fulfilment-orders.ts';
import type { OpenFulfillmentOrder } from './fulfilment-plan.ts';
import { fromGid, toGid } from './identifiers.ts';
import { fulfillmentsSeenFirst, maxFulfillmentsSeen } from './limits.ts';
import { namelessAnswer, notDone, throwRefusal } from './refusals.ts';
import { trackingInfo } from './tracking.ts';
import { confirmationSchema, createFulfillmentSchema, fulfillmentsSchema, type WireFulfillments } from './wire.ts';

export type ShipmentConfirming = {
  confirmShipment(request: ShipmentConfirmation, memo: EffectMemo): Promise<ConfirmedShipment>;
  findShipment(request: ShipmentConfirmation): Promise<Reconciled<ConfirmedShipment>>;
};

/**
 * Confirms shipments. Shopify keeps no idempotency key here, so a fulfillment with our tracking number is looked for before one is made. Where Shopify had assigned another
 * location than the one that really ships, the units are moved first; the move is no part of the effect: until the fulfillment itself was asked for, nothing has shipped.
 */
export function shipmentConfirming(client: ShopifyClient, locations: Readonly<Record<NodeId, string>>): ShipmentConfirming {
  async function findShipment(request: ShipmentConfirmation): Promise<Reconciled<ConfirmedShipment>> {
    const variables = { id: toGid('Order', request.orderId), first: maxFulfillmentsSeen };
    const reply = await client({
      operation: 'shipments.find',
      document: fulfillmentsDocument,
      variables,
      schema: fulfillmentsSchema,
      kind: 'read',
    });
    if (reply.data.order === null) return { kind: 'absent' };
    const { fulfillments } = reply.data.order;
    const found = withOurNumber(fulfillments, request);
    if (found !== null) return { kind: 'found', result: found };
    if (fulfillments.length >= maxFulfillmentsSeen) {
      return { kind: 'cannot-tell', check: `the order has more than ${maxFulfillmentsSeen} fulfillments; look for this one in Shopify` };
    }
    if (request.trackingNumbers.length === 0 && fulfillments.some(isAlive)) {
      return {
        kind: 'cannot-tell',
        check: 'the shipment has no tracking number and the order has fulfillments; compare their lines in Shopify',
      };
    }
    return { kind: 'absent' };
  }

  async function confirmShipment(request: ShipmentConfirmation, memo: EffectMemo): Promise<ConfirmedShipment> {
    const prepared = await beforeTheEffect(() => prepare(request, memo));
    if (prepared.kind === 'there') return prepared.shipment;
    const tracking = trackingInfo(request);
    const reply = await client({
      operation: 'shipments.confirm',
      document: createFulfillmentDocument,
      variables: {
        fulfillment: {
          lineItemsByFulfillmentOrder: prepared.parts.map((part) => ({
            fulfillmentOrderId: part.fulfillmentOrderId,
            fulfillmentOrderLineItems: part.lines,
          })),
          trackingInfo: tracking,
          notifyCustomer: request.notifyCustomer,
        },
      },
      schema: createFulfillmentSchema,
      kind: 'effect',
    });
    const answer = reply.data.fulfillmentCreate;
    throwRefusal('shipments.confirm', answer?.userErrors ?? []);
    const id = answer?.fulfillment?.id;
    if (id !== undefined) return { ref: fromGid(id) };
    throw namelessAnswer('shipments.confirm', 'fulfillment');
  }

  type Prepared =
    | { readonly kind: 'there'; readonly shipment: ConfirmedShipment }
    | { readonly kind: 'ready'; readonly parts: ShippableParts };

  /** Brings all units to the location that ships them. */
  async function prepare(request: ShipmentConfirmation, memo: EffectMemo): Promise<Prepared> {
    const location = locations[request.node];
    if (location === undefined) throw notDone('misconfigured', 'shipments.confirm', `node ${request.node} has no Shopify location`);
    if (request.lines.every((line) => line.units <= 0)) throw notDone('invalid-request', 'shipments.confirm', 'a shipment without units');
    const first = await readConfirmation(request);
    if (first.there !== null) return { kind: 'there', shipment: first.there };
    const wanted = request.lines.map((line) => ({ lineItemId: toGid('LineItem', line.lineId), units: line.units }));
    const gathered = await gatherAt(client, memo, {
      operation: 'shipments.confirm',
      orderId: request.orderId,
      wanted,
      locationId: toGid('Location', location),
      open: first.open,
    });
    return { kind: 'ready', parts: gathered };
  }

  /** One query for both: whether it is there already, and what is open. */
  async function readConfirmation(
    request: ShipmentConfirmation,
  ): Promise<{ readonly there: ConfirmedShipment | null; readonly open: OpenFulfillmentOrder[] }> {
    const reply = await client({
      operation: 'shipments.plan',
      document: confirmationDocument,
      variables: { id: toGid('Order', request.orderId), first: fulfillmentsSeenFirst },
      schema: confirmationSchema,
      kind: 'read',
    });
    const { order } = reply.data;
    if (order === null) throw notDone('not-found', 'shipments.confirm', 'the shop has no such order');
    let there = request.trackingNumbers.length === 0 ? null : withOurNumber(order.fulfillments, request);
    if (there === null && request.trackingNumbers.length > 0 && order.fulfillments.length >= fulfillmentsSeenFirst) {
      const found = await findShipment(request);
      if (found.kind === 'found') there = found.result;
    }
    return { there, open: there === null ? await readFulfillmentOrders(client, 'shipments.confirm', request.orderId, order) : [] };
  }

  return { confirmShipment, findShipment };
}

/** Fulfillments that ship nothing. */
const deadStatuses: ReadonlySet<string> = new Set(['CANCELLED', 'ERROR', 'FAILURE']);

function isAlive({ status }: WireFulfillments[number]): boolean {
  return !deadStatuses.has(status);
}

function withOurNumber(fulfillments: WireFulfillments, { trackingNumbers }: ShipmentConfirmation): ConfirmedShipment | null {
  const ours = new Set(trackingNumbers);
  const found = fulfillments.find((each) => isAlive(each) && each.trackingInfo.some(({ number }) => number !== null && ours.has(number)));
  return found === undefined ? null : { ref: fromGid(found.id) };
}
