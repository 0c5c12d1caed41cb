import type { VendureClient } from './client.ts';
import { orderHistoryDocument } from './documents.ts';
import { isPlaced } from './translate.ts';
import { orderHistorySchema, type WireOrderHistory } from './wire.ts';

/** Entries of one kind that are looked through, the newest first. */
const mostEntries = 100;

/** An order with what its history says of one kind; null where there is no such order. What we did is found there by our own mark of it. */
export async function readHistory(
  client: VendureClient,
  operation: string,
  orderId: string,
  type: 'ORDER_NOTE' | 'ORDER_CANCELLATION',
): Promise<WireOrderHistory | null> {
  const options = { filter: { type: { eq: type } }, sort: { createdAt: 'DESC' }, take: mostEntries };
  const variables = { id: orderId, options };
  const { order } = await client({ operation, document: orderHistoryDocument, variables, schema: orderHistorySchema, kind: 'read' });
  return order === null || !isPlaced(order) ? null : order;
}
