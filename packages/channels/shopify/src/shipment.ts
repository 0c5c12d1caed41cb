import {
  ConnectorFault,
  isFault,
  type ConfirmedShipment,
  type EffectMemo,
  type FaultCode,
  type NodeId,
  type Reconciled,
  type ShipmentConfirmation,
} from '@quartermaster/domain';
import type { z } from 'zod';
import { connectorName, type ShopifyClient } from './client.ts';
import {
  confirmationDocument,
  createFulfillmentDocument,
  fulfillmentOrderLinesDocument,
  fulfillmentOrdersDocument,
  fulfillmentsDocument,
  moveDocument,
} from './documents.ts';
import { nextFulfilmentStep, type OpenFulfillmentOrder } from './fulfilment-plan.ts';
import { fromGid, toGid } from './identifiers.ts';
import { fulfillmentsSeenFirst, maxFulfillmentsSeen } from './limits.ts';
import { activate, readAvailable } from './stock.ts';
import { trackingInfo } from './tracking.ts';
import {
  confirmationSchema,
  createFulfillmentSchema,
  fulfillmentOrderLinesSchema,
  fulfillmentOrdersSchema,
  fulfillmentsSchema,
  moveSchema,
  type WireFulfillments,
  type WireUserError,
} from './wire.ts';

export type ShipmentConfirming = {
  confirmShipment(request: ShipmentConfirmation, memo: EffectMemo): Promise<ConfirmedShipment>;
  findShipment(request: ShipmentConfirmation): Promise<Reconciled<ConfirmedShipment>>;
};

/** Moves that one confirmation may need at most: each reads the order again, and no order is spread wider. */
const maxMoves = 20;

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
    refuse('shipments.confirm', answer?.userErrors ?? []);
    const id = answer?.fulfillment?.id;
    if (id !== undefined) return { ref: fromGid(id) };
    throw new ConnectorFault('malformed-reply', {
      connector: connectorName,
      operation: 'shipments.confirm',
      outcome: 'unknown',
      retry: { kind: 'safely' },
      message: 'the answer names no fulfillment',
    });
  }

  type Prepared =
    | { readonly kind: 'there'; readonly shipment: ConfirmedShipment }
    | { readonly kind: 'ready'; readonly parts: Extract<ReturnType<typeof nextFulfilmentStep>, { kind: 'ship' }>['parts'] };

  /** Brings all units to the location that ships them. */
  async function prepare(request: ShipmentConfirmation, memo: EffectMemo): Promise<Prepared> {
    const location = locations[request.node];
    if (location === undefined) throw refused('misconfigured', `node ${request.node} has no Shopify location`);
    if (request.lines.every((line) => line.units <= 0)) throw refused('invalid-request', 'a shipment without units');
    const first = await readConfirmation(request);
    if (first.there !== null) return { kind: 'there', shipment: first.there };
    let open: OpenFulfillmentOrder[] | null = first.open;
    const locationId = toGid('Location', location);
    const wanted = request.lines.map((line) => ({ lineItemId: toGid('LineItem', line.lineId), units: line.units }));
    for (let moves = 0; moves <= maxMoves; moves++) {
      const step = nextFulfilmentStep(open ?? (await readFulfillmentOrders(request.orderId, null)), wanted, locationId);
      open = null;
      if (step.kind === 'ship') return { kind: 'ready', parts: step.parts };
      if (step.kind === 'short') {
        const held = step.held === 0 ? '' : `; ${step.held} more are on hold or scheduled`;
        throw refused(
          'refused',
          `${step.open} of ${step.wanted} units of line ${fromGid(step.lineItemId)} are open to be fulfilled${held}`,
        );
      }
      const stocked = await readAvailable(client, step.inventoryItemIds, locationId);
      for (const itemId of step.inventoryItemIds)
        if ((stocked.get(itemId) ?? null) === null) await activate(client, itemId, locationId, memo);
      await move(step.fulfillmentOrderId, locationId, step.lines);
    }
    throw refused('conflict', `the order's units are still at other locations after ${maxMoves} moves`);
  }

  async function move(
    id: string,
    newLocationId: string,
    lines: readonly { readonly id: string; readonly quantity: number }[],
  ): Promise<void> {
    const reply = await client({
      operation: 'shipments.move',
      document: moveDocument,
      variables: { id, newLocationId, lines },
      schema: moveSchema,
      kind: 'effect',
    });
    refuse('shipments.move', reply.data.fulfillmentOrderMove?.userErrors ?? []);
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
    if (order === null) throw refused('not-found', 'the shop has no such order');
    let there = request.trackingNumbers.length === 0 ? null : withOurNumber(order.fulfillments, request);
    if (there === null && request.trackingNumbers.length > 0 && order.fulfillments.length >= fulfillmentsSeenFirst) {
      const found = await findShipment(request);
      if (found.kind === 'found') there = found.result;
    }
    return { there, open: there === null ? await readFulfillmentOrders(request.orderId, order) : [] };
  }

  /** All fulfillment orders of an order, of which the first page may have been read already. */
  async function readFulfillmentOrders(orderId: string, firstPage: FulfillmentOrdersPage | null): Promise<OpenFulfillmentOrder[]> {
    const read: OpenFulfillmentOrder[] = [];
    let after: string | null = null;
    do {
      const page: FulfillmentOrdersPage | null = after === null && firstPage !== null ? firstPage : await readPage(orderId, after);
      if (page === null) throw refused('not-found', 'the shop has no such order');
      for (const node of page.fulfillmentOrders.nodes) {
        const lines = [...node.lineItems.nodes];
        let { pageInfo } = node.lineItems;
        while (pageInfo.hasNextPage && pageInfo.endCursor !== null) {
          const variables = { id: node.id, after: pageInfo.endCursor };
          const rest = await client({
            operation: 'shipments.lines',
            document: fulfillmentOrderLinesDocument,
            variables,
            schema: fulfillmentOrderLinesSchema,
            kind: 'read',
          });
          if (rest.data.fulfillmentOrder === null) break;
          lines.push(...rest.data.fulfillmentOrder.lineItems.nodes);
          pageInfo = rest.data.fulfillmentOrder.lineItems.pageInfo;
        }
        read.push({
          id: node.id,
          status: node.status,
          locationId: node.assignedLocation.location?.id ?? null,
          lines: lines.map((line) => ({
            id: line.id,
            lineItemId: line.lineItem.id,
            inventoryItemId: line.inventoryItemId,
            remaining: line.remainingQuantity,
          })),
        });
      }
      after = page.fulfillmentOrders.pageInfo.hasNextPage ? page.fulfillmentOrders.pageInfo.endCursor : null;
    } while (after !== null);
    return read;
  }

  async function readPage(orderId: string, after: string | null): Promise<FulfillmentOrdersPage | null> {
    const variables = { id: toGid('Order', orderId), after };
    const reply = await client({
      operation: 'shipments.orders',
      document: fulfillmentOrdersDocument,
      variables,
      schema: fulfillmentOrdersSchema,
      kind: 'read',
    });
    return reply.data.order;
  }

  return { confirmShipment, findShipment };
}

type FulfillmentOrdersPage = NonNullable<z.infer<typeof fulfillmentOrdersSchema>['order']>;

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

/** Whatever goes wrong in here, the shipment itself was not asked for: so the fault says, and nothing has to be looked up. */
async function beforeTheEffect<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (!isFault(error) || error.facts.outcome === 'not-applied') throw error;
    throw new ConnectorFault(error.code, { ...error.facts, outcome: 'not-applied' });
  }
}

function refuse(operation: string, errors: readonly WireUserError[]): void {
  const [error] = errors;
  if (error === undefined) return;
  throw new ConnectorFault('refused', {
    connector: connectorName,
    operation,
    outcome: 'not-applied',
    retry: { kind: 'never' },
    message: errors.map(({ message }) => message).join(' '),
    ...(error.code == null ? {} : { vendorCode: error.code }),
    ...(error.code === 'CANNOT_MOVE_FULFILLMENT_ORDER_WITH_REPORTED_PROGRESS'
      ? { advice: 'Mark the fulfillment order as open in Shopify, then confirm again.' }
      : {}),
  });
}

function refused(code: FaultCode, message: string): ConnectorFault {
  return new ConnectorFault(code, {
    connector: connectorName,
    operation: 'shipments.confirm',
    outcome: 'not-applied',
    retry: { kind: 'never' },
    message,
  });
}
