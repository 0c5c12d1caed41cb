import { notDone } from './client.ts';
import type { OrderBook } from './order-book.ts';
import type { TimedOrder } from './translate.ts';

/** The newest version of an order, which must be there, readable and not cancelled. Throws a `not-found` or `refused` fault: nothing is written then. */
export async function openOrder(book: OrderBook, orderId: string, operation: string): Promise<TimedOrder> {
  await book.refresh();
  const version = book.newest(orderId);
  if (version === null) throw notDone('not-found', operation, 'no file of the partner has the order');
  if (version.read.kind === 'unreadable') throw notDone('refused', operation, `the order cannot be read: ${version.read.reason}`);
  if (version.read.order.status === 'cancelled') throw notDone('refused', operation, 'the partner cancelled the order');
  return version.read.order;
}
