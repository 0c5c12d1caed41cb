import { epochMs, instantOf, type Clock, type Instant } from '@quartermaster/domain';
import type { MiraklClient } from './client.ts';
import { entriesPerPage } from './limits.ts';
import { instantIn } from './translate.ts';
import { orderPageSchema, type AnyOrder } from './wire.ts';

/** Orders of one window that are held in memory before they are given out; a window with more is halved. */
const ordersPerWindow = 5_000;

/** A window is not made shorter than this, because Mirakl's times have whole seconds. */
const shortestMs = 4_000;

export type OrderWindows = (from: Instant, operation: 'orders' | 'standings') => AsyncIterable<readonly AnyOrder[]>;

/**
 * Reads orders that changed since an instant, over closed windows `start_update_date..end_update_date` that end now, the oldest change first.
 *
 * OR11 counts its pages from the beginning of the result and sorts by creation only. A closed window gets no new orders, but an order that changes meanwhile leaves it, and those behind it move
 * up. So a window of several pages is read from its last page to its first: then moving up brings an order a second time instead of past us, and what left the window is in the next poll.
 * Mirakl may poll once a minute; the further pages of a window belong to its poll.
 */
export function orderWindows(client: MiraklClient, clock: Clock): OrderWindows {
  return async function* windows(from, operation) {
    let end = epochMs(clock.now());
    let begin = Math.min(epochMs(from), end);
    const last = end;
    while (begin <= last) {
      const first = await readPage(operation, begin, end, 0);
      if (first.total_count > ordersPerWindow && end - begin > shortestMs) {
        end = begin + Math.floor((end - begin) / 2);
        continue;
      }
      yield sorted(first.total_count <= entriesPerPage ? first.orders : await readBackwards(operation, begin, end, first.total_count));
      begin = end + 1;
      end = last;
    }
  };

  async function readBackwards(operation: string, begin: number, end: number, count: number): Promise<readonly AnyOrder[]> {
    const latest = new Map<string, AnyOrder>();
    for (let offset = Math.floor((count - 1) / entriesPerPage) * entriesPerPage; offset >= 0; offset -= entriesPerPage) {
      const page = await readPage(operation, begin, end, offset, 'page');
      for (const order of page.orders) latest.set(order.order_id, order);
    }
    return [...latest.values()];
  }

  function readPage(operation: string, begin: number, end: number, offset: number, limit: 'orders-poll' | 'page' = 'orders-poll') {
    return client.call(
      {
        operation: `${operation}.${limit === 'page' ? 'page' : 'pull'}`,
        limit,
        method: 'GET',
        path: '/api/orders',
        query: [
          ['start_update_date', instantOf(begin)],
          ['end_update_date', instantOf(end)],
          ['sort', 'dateCreated'],
          ['order', 'asc'],
          ['max', String(entriesPerPage)],
          ['offset', String(offset)],
        ],
        kind: 'read',
      },
      orderPageSchema,
    );
  }
}

function sorted(orders: readonly AnyOrder[]): readonly AnyOrder[] {
  const key = (order: AnyOrder) => `${instantIn(order.last_updated_date)} ${order.order_id}`;
  return orders.toSorted((left, right) => (key(left) < key(right) ? -1 : 1));
}
