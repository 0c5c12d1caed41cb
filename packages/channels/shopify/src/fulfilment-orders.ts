import type { EffectMemo } from '@quartermaster/domain';
import type { z } from 'zod';
import type { ShopifyClient } from './client.ts';
import { fulfillmentOrderLinesDocument, fulfillmentOrdersDocument, moveDocument } from './documents.ts';
import { nextFulfilmentStep, type ChosenLine, type FulfilmentStep, type OpenFulfillmentOrder, type WantedLine } from './fulfilment-plan.ts';
import { fromGid, toGid } from './identifiers.ts';
import { notDone, throwRefusal } from './refusals.ts';
import { activate, readAvailable } from './stock.ts';
import { fulfillmentOrderLinesSchema, fulfillmentOrdersSchema, moveSchema } from './wire.ts';

/** Fulfillment orders at one location, with lines and units of each that make up what was wanted. */
export type ShippableParts = Extract<FulfilmentStep, { kind: 'ship' }>['parts'];

/** One page of an order's fulfillment orders, as it comes. */
export type FulfillmentOrdersPage = NonNullable<z.infer<typeof fulfillmentOrdersSchema>['order']>;

/** Moves that one gathering may need at most: each reads the order again, and no order is spread wider. */
const maxMoves = 20;

/**
 * Brings units of an order to one location, where Shopify had assigned others: they are moved, one fulfillment order at a time, and the item is stocked there first where it was not. Throws a
 * `refused` fault where fewer are open than wanted.
 */
export async function gatherAt(
  client: ShopifyClient,
  memo: EffectMemo,
  given: {
    readonly operation: string;
    readonly orderId: string;
    readonly wanted: readonly WantedLine[];
    readonly locationId: string;
    /** The order's fulfillment orders, where they were read just now. */
    readonly open?: OpenFulfillmentOrder[];
  },
): Promise<ShippableParts> {
  const { operation, orderId, wanted, locationId } = given;
  let open = given.open ?? null;
  for (let moves = 0; moves <= maxMoves; moves++) {
    const step = nextFulfilmentStep(open ?? (await readFulfillmentOrders(client, operation, orderId, null)), wanted, locationId);
    open = null;
    if (step.kind === 'ship') return step.parts;
    if (step.kind === 'short') {
      const held = step.held === 0 ? '' : `; ${step.held} more are on hold or scheduled`;
      const line = fromGid(step.lineItemId);
      throw notDone('refused', operation, `${step.open} of ${step.wanted} units of line ${line} are open to be fulfilled${held}`);
    }
    const stocked = await readAvailable(client, step.inventoryItemIds, locationId);
    for (const itemId of step.inventoryItemIds)
      if ((stocked.get(itemId) ?? null) === null) await activate(client, itemId, locationId, memo);
    await move(client, step.fulfillmentOrderId, locationId, step.lines);
  }
  throw notDone('conflict', operation, `the order's units are still at other locations after ${maxMoves} moves`);
}

/** All fulfillment orders of an order with all their lines; the first page of them may have been read already. Throws a `not-found` fault for an order that is not there. */
export async function readFulfillmentOrders(
  client: ShopifyClient,
  operation: string,
  orderId: string,
  firstPage: FulfillmentOrdersPage | null,
): Promise<OpenFulfillmentOrder[]> {
  const read: OpenFulfillmentOrder[] = [];
  let after: string | null = null;
  do {
    const page: FulfillmentOrdersPage | null = after === null && firstPage !== null ? firstPage : await readPage(client, orderId, after);
    if (page === null) throw notDone('not-found', operation, 'the shop has no such order');
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

async function readPage(client: ShopifyClient, orderId: string, after: string | null): Promise<FulfillmentOrdersPage | null> {
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

async function move(client: ShopifyClient, id: string, newLocationId: string, lines: readonly ChosenLine[]): Promise<void> {
  const reply = await client({
    operation: 'shipments.move',
    document: moveDocument,
    variables: { id, newLocationId, lines },
    schema: moveSchema,
    kind: 'effect',
  });
  throwRefusal('shipments.move', reply.data.fulfillmentOrderMove?.userErrors ?? [], {
    CANNOT_MOVE_FULFILLMENT_ORDER_WITH_REPORTED_PROGRESS: 'Mark the fulfillment order as open in Shopify, then confirm again.',
  });
}
