import { pulledOrder, pullOrderPages } from '@quartermaster/connector-kit';
import type { ChannelCursor, Instant, OrderPage, PulledOrder } from '@quartermaster/domain';
import { notDone, type MiraklClient } from './client.ts';
import { ordersPerRequest } from './limits.ts';
import { orderWords } from './order-words.ts';
import type { Translating } from './translate.ts';
import type { OrderWindows } from './windows.ts';
import { orderPageSchema, orderSchema, type AnyOrder, type WireOrder } from './wire.ts';

export type OrderReading = {
  pullOrders(since: ChannelCursor): AsyncIterable<OrderPage>;
  getOrder(orderId: string): Promise<PulledOrder | null>;
};

/** Orders that are given out together. */
const ordersTogether = 100;

/** Reads orders. One that cannot be put into our words is told as such, beside the others of its page. */
export function orderReading(client: MiraklClient, windows: OrderWindows, given: Translating, overlapMs: number): OrderReading {
  const words = orderWords(given);

  async function* pages(from: Instant): AsyncIterable<readonly AnyOrder[]> {
    for await (const orders of windows(from, 'orders'))
      for (let at = 0; at < orders.length; at += ordersTogether) yield orders.slice(at, at + ordersTogether);
  }

  return {
    pullOrders: (since) => pullOrderPages({ words, since, overlapMs, pages }),
    async getOrder(orderId) {
      const [wire] = await readAnyOrders(client, [orderId], 'orders.read');
      return wire === undefined ? null : pulledOrder(words, wire);
    },
  };
}

/** At most {@link ordersPerRequest} orders by id, by OR11 because OR12 is going to be removed; those that are not there are left out. An id with a comma is none: the list is parted by them. */
export async function readAnyOrders(client: MiraklClient, ids: readonly string[], operation: string): Promise<readonly AnyOrder[]> {
  const asked = ids.filter((id) => id !== '' && !id.includes(','));
  if (asked.length === 0) return [];
  const page = await client.call(
    {
      operation,
      limit: 'page',
      method: 'GET',
      path: '/api/orders',
      query: [
        ['order_ids', asked.join(',')],
        ['max', String(ordersPerRequest)],
      ],
      kind: 'read',
    },
    orderPageSchema,
  );
  return page.orders.filter((order) => asked.includes(order.order_id));
}

/** One order where every field that we use is understood; null where there is none of this id. Throws a `malformed-reply` fault for one that is not understood. */
export async function readOrder(client: MiraklClient, orderId: string, operation: string): Promise<WireOrder | null> {
  const [wire] = await readAnyOrders(client, [orderId], operation);
  if (wire === undefined) return null;
  const parsed = orderSchema.safeParse(wire);
  if (parsed.success) return parsed.data;
  throw notDone(
    'malformed-reply',
    operation,
    `order ${orderId} has an unexpected shape at ${parsed.error.issues[0]?.path.join('.') ?? 'its top'}`,
  );
}
