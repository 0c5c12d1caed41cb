import { pulledOrder, pullOrderPages } from '@quartermaster/connector-kit';
import { isFault, type ChannelCursor, type Instant, type OrderPage, type PulledOrder } from '@quartermaster/domain';
import type { EbayClient } from './client.ts';
import { orderWords } from './order-words.ts';
import type { Translating } from './translate.ts';
import type { OrderWindows } from './windows.ts';
import { anyOrderSchema, orderSchema, type AnyOrder, type WireOrder } from './wire.ts';

export type OrderReading = {
  pullOrders(since: ChannelCursor): AsyncIterable<OrderPage>;
  getOrder(orderId: string): Promise<PulledOrder | null>;
};

/** Orders that are given out together. */
const ordersTogether = 100;

/** Reads orders. One that cannot be put into our words is told as such, beside the others of its page. */
export function orderReading(client: EbayClient, windows: OrderWindows, given: Translating, overlapMs: number): OrderReading {
  const words = orderWords(given);

  async function* pages(from: Instant): AsyncIterable<readonly AnyOrder[]> {
    for await (const orders of windows(from, 'orders.pull'))
      for (let at = 0; at < orders.length; at += ordersTogether) yield orders.slice(at, at + ordersTogether);
  }

  return {
    pullOrders: (since) => pullOrderPages({ words, since, overlapMs, pages }),
    async getOrder(orderId) {
      const wire = await readAnyOrder(client, orderId, 'orders.read');
      return wire === null ? null : pulledOrder(words, wire);
    },
  };
}

/** One order as eBay has it now; null where it has none of this id. */
export async function readAnyOrder(client: EbayClient, orderId: string, operation: string): Promise<AnyOrder | null> {
  try {
    const reply = await client.call({
      operation,
      api: 'fulfillment',
      method: 'GET',
      path: `${orderPath(orderId)}?fieldGroups=TAX_BREAKDOWN`,
      schema: anyOrderSchema,
      kind: 'read',
    });
    return reply.data;
  } catch (error) {
    if (isNoOrder(error)) return null;
    throw error;
  }
}

/** The same where every field that we use must be understood. */
export async function readOrder(client: EbayClient, orderId: string, operation: string): Promise<WireOrder | null> {
  try {
    const reply = await client.call({
      operation,
      api: 'fulfillment',
      method: 'GET',
      path: `${orderPath(orderId)}?fieldGroups=TAX_BREAKDOWN`,
      schema: orderSchema,
      kind: 'read',
    });
    return reply.data;
  } catch (error) {
    if (isNoOrder(error)) return null;
    throw error;
  }
}

export function orderPath(orderId: string): string {
  return `/sell/fulfillment/v1/order/${encodeURIComponent(orderId)}`;
}

/** eBay says 404 of an order that it has not, and 400 with error 32100 of an id that is none. */
export function isNoOrder(error: unknown): boolean {
  return isFault(error) && (error.code === 'not-found' || error.facts.vendorCode === '32100');
}
