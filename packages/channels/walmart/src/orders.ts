import { pulledOrder, pullOrderPages } from '@quartermaster/connector-kit';
import {
  epochMs,
  isFault,
  type ChannelCursor,
  type Clock,
  type ConnectionId,
  type Instant,
  type OrderPage,
  type PulledOrder,
} from '@quartermaster/domain';
import { notDone, type WalmartClient } from './client.ts';
import { mostPerPage, oldestMs } from './limits.ts';
import { orderWords } from './order-words.ts';
import { readWindows, type WindowPage } from './windows.ts';
import { oneOrderSchema, orderPageSchema, orderSchema, type AnyOrder, type WireOrder } from './wire.ts';

export type OrderReading = {
  pullOrders(since: ChannelCursor): AsyncIterable<OrderPage>;
  getOrder(orderId: string): Promise<PulledOrder | null>;
};

/** Orders that changed since an instant, the oldest change first, in windows. */
export type ChangedOrders = (from: Instant, operation: string) => AsyncIterable<readonly AnyOrder[]>;

/** Reads orders. One that cannot be put into our words is told as such, beside the others of its page. */
export function orderReading(client: WalmartClient, changed: ChangedOrders, connection: ConnectionId, overlapMs: number): OrderReading {
  const words = orderWords(connection);
  return {
    pullOrders: (since) => pullOrderPages({ words, since, overlapMs, pages: (from) => changed(from, 'orders.pull') }),
    async getOrder(orderId) {
      const wire = await readAnyOrder(client, orderId, 'orders.read');
      return wire === null ? null : pulledOrder(words, wire);
    },
  };
}

/**
 * Reads what changed from `GET /v3/orders`. Without `createdStartDate` Walmart shows only what was ordered in the last seven days, whatever changed since, so it is always asked for.
 */
export function changedOrders(client: WalmartClient, clock: Clock): ChangedOrders {
  return (from, operation) => {
    const now = epochMs(clock.now());
    const oldest = now - oldestMs;

    async function read(query: string): Promise<WindowPage<AnyOrder>> {
      try {
        const { list } = await client({
          operation,
          bucket: 'orders-read',
          method: 'GET',
          path: `/v3/orders${query}`,
          schema: orderPageSchema,
          kind: 'read',
        });
        return { items: list.elements?.order ?? [], total: list.meta?.totalCount ?? null, nextCursor: list.meta?.nextCursor ?? null };
      } catch (error) {
        if (isNoContent(error)) return { items: [], total: 0, nextCursor: null };
        throw error;
      }
    }

    return readWindows(
      {
        perPage: mostPerPage,
        keyOf: ({ purchaseOrderId }) => purchaseOrderId,
        next: (cursor) => read(cursor.startsWith('?') ? cursor : `?${cursor}`),
        first: (begin, end) =>
          read(`?${windowQuery('lastModified', begin, end)}&createdStartDate=${wireTime(oldest)}&limit=${mostPerPage}`),
      },
      Math.max(epochMs(from), oldest),
      now,
    );
  };
}

/** Whether the ends of a window count is not said: so each is asked for with a second more on both sides. */
export function windowQuery(name: 'lastModified' | 'returnLastModified', begin: number, end: number | null): string {
  const until = end === null ? '' : `&${name}EndDate=${wireTime(end + 1_000)}`;
  return `${name}StartDate=${wireTime(begin - 1_000)}${until}`;
}

/** A time as Walmart reads it: UTC, whole seconds. */
export function wireTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** One order as Walmart has it now; null where it has none of this id. */
export async function readAnyOrder(client: WalmartClient, orderId: string, operation: string): Promise<AnyOrder | null> {
  try {
    const { order } = await client({
      operation,
      bucket: 'orders-read',
      method: 'GET',
      path: orderPath(orderId),
      schema: oneOrderSchema,
      kind: 'read',
    });
    return order;
  } catch (error) {
    if (isFault(error) && error.code === 'not-found') return null;
    throw error;
  }
}

/** The same where every field that we use must be understood; throws `malformed-reply` for an order of which some are not. */
export async function readOrder(client: WalmartClient, orderId: string, operation: string): Promise<WireOrder | null> {
  const order = await readAnyOrder(client, orderId, operation);
  if (order === null) return null;
  const parsed = orderSchema.safeParse(order);
  if (parsed.success) return parsed.data;
  throw notDone(
    'malformed-reply',
    operation,
    `order ${orderId} has an unexpected shape at ${parsed.error.issues[0]?.path.join('.') ?? 'its top'}`,
  );
}

export function orderPath(orderId: string): string {
  return `/v3/orders/${encodeURIComponent(orderId)}`;
}

/** Walmart answers a question that finds no orders with 404 and this code, or with an empty list. */
export function isNoContent(error: unknown): boolean {
  return isFault(error) && error.code === 'not-found' && error.facts.vendorCode?.startsWith('CONTENT_NOT_FOUND') === true;
}
