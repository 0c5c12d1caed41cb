import { compareText, epochMs, instantOf, isFault, type Clock, type Instant } from '@quartermaster/domain';
import type { EbayClient } from './client.ts';
import { oldestOrdersMs, ordersPerPage } from './limits.ts';
import { orderPageSchema, type AnyOrder } from './wire.ts';

/** Orders of one window that are held in memory before they are given out; a window with more is halved. */
const ordersPerWindow = 2_000;

export type OrderWindows = (from: Instant, operation: string) => AsyncIterable<readonly AnyOrder[]>;

/**
 * Reads orders that changed since an instant, oldest change first, by pages of offsets over closed windows `[a..b]` with b not after now.
 *
 * eBay's pages are counted from the beginning of the result and no order of it is promised (Fulfillment API 1.20, getOrders). A closed window gets no new orders, but an order that
 * changes meanwhile leaves it, and those behind it move up. So a window of several pages is read from its last page to its first: then moving up brings an order a second time instead of
 * past us. What left the window is in a later one. A window is given out sorted, and only whole.
 */
export function orderWindows(client: EbayClient, clock: Clock): OrderWindows {
  /** How far eBay's clock is behind ours, as far as it refused a window for ending in the future. */
  let behindMs = 0;

  return async function* windows(from, operation) {
    const now = epochMs(clock.now());
    let begin = Math.max(epochMs(from), now - oldestOrdersMs);
    while (begin <= now - behindMs) {
      let end = now - behindMs;
      let first: Page | null = null;
      while (first === null) {
        try {
          const page: Page = await readPage(operation, begin, end, 0);
          if (page.total <= ordersPerWindow || end - begin < 2_000) first = page;
          else end = begin + Math.floor((end - begin) / 2);
        } catch (error) {
          if (!isInFuture(error) || behindMs >= mostBehindMs) throw error;
          behindMs = Math.max(1_000, behindMs * 4);
          end = now - behindMs;
          if (end < begin) return;
        }
      }
      yield sorted(first.total <= ordersPerPage ? first.orders : await readBackwards(operation, begin, end, first.total));
      begin = end + 1;
    }
  };

  async function readBackwards(operation: string, begin: number, end: number, total: number): Promise<readonly AnyOrder[]> {
    const latest = new Map<string, AnyOrder>();
    for (let offset = Math.floor((total - 1) / ordersPerPage) * ordersPerPage; offset >= 0; offset -= ordersPerPage) {
      const page = await readPage(operation, begin, end, offset);
      for (const order of page.orders) latest.set(order.orderId, order);
    }
    return [...latest.values()];
  }

  type Page = { readonly total: number; readonly orders: readonly AnyOrder[] };

  async function readPage(operation: string, begin: number, end: number, offset: number): Promise<Page> {
    const filter = `lastmodifieddate:[${instantOf(begin)}..${instantOf(end)}]`;
    const query = `filter=${encodeURIComponent(filter)}&limit=${ordersPerPage}&offset=${offset}&fieldGroups=TAX_BREAKDOWN`;
    const reply = await client.call({
      operation,
      api: 'fulfillment',
      method: 'GET',
      path: `/sell/fulfillment/v1/order?${query}`,
      schema: orderPageSchema,
      kind: 'read',
    });
    return reply.data;
  }
}

/** Ten minutes: a clock that is further ahead has to be set right. */
const mostBehindMs = 600_000;

/** Error 30850: start and end dates cannot be in the future. */
function isInFuture(error: unknown): boolean {
  return isFault(error) && error.facts.vendorCode === '30850';
}

function sorted(orders: readonly AnyOrder[]): readonly AnyOrder[] {
  return orders.toSorted(
    (left, right) => compareText(left.lastModifiedDate, right.lastModifiedDate) || compareText(left.orderId, right.orderId),
  );
}
