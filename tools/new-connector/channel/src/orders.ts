import { pulledOrder, pullOrderPages } from '@quartermaster/connector-kit';
import type { Channel, Instant, OrderStanding, StandingsQuery } from '@quartermaster/domain';
import type { Client } from './client.ts';
import { ordersPerPage, overlapMs } from './limits.ts';
import { orderWords, standingOf } from './translate.ts';
import { orderPageSchema, orderSchema, type WireOrder } from './wire.ts';

/** Reads orders: the vendor's pages since an instant; watermark, overlap and what was seen are the kit's affair. Never page by number: a page that moves loses orders. */
export function orderReading(client: Client, connection: string): Pick<Channel, 'pullOrders' | 'getOrder' | 'standings'> {
  const words = orderWords(connection);

  return {
    pullOrders: (since) => pullOrderPages({ words, since, overlapMs, pages: changedSince }),
    async getOrder(orderId) {
      const wire = await readOne(orderId);
      return wire === null ? null : pulledOrder(words, wire);
    },
    standings,
  };

  async function* changedSince(from: Instant): AsyncIterable<readonly WireOrder[]> {
    let after: string | null = null;
    do {
      const query: URLSearchParams = new URLSearchParams({
        updated_since: from,
        limit: String(ordersPerPage),
        ...(after === null ? {} : { after }),
      });
      const page = await client(
        { operation: 'orders.pull', method: 'GET', path: `/orders?${query.toString()}`, repeat: 'always' },
        orderPageSchema,
      );
      yield page.orders;
      after = page.next;
    } while (after !== null);
  }

  async function readOne(orderId: string): Promise<WireOrder | null> {
    const path = `/orders/${encodeURIComponent(orderId)}`;
    return client.orNull({ operation: 'orders.read', method: 'GET', path, repeat: 'always' }, orderSchema);
  }

  /** TODO: in as few calls as the vendor has for it. */
  async function* standings(of: StandingsQuery): AsyncIterable<readonly OrderStanding[]> {
    if ('changedSince' in of) {
      for await (const page of changedSince(of.changedSince)) yield page.map((wire) => standingOf(wire, connection));
      return;
    }
    for (const id of of.orders) {
      const wire = await readOne(id);
      if (wire !== null) yield [standingOf(wire, connection)];
    }
  }
}
