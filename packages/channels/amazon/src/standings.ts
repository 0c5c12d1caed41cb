import { pulledOrder } from '@quartermaster/connector-kit';
import { epochMs, instantOf, type OrderStanding, type StandingsQuery } from '@quartermaster/domain';
import type { AmazonClient } from './client.ts';
import { changedOrders, isAmazons, orderWithoutPerson, readOrder } from './orders.ts';
import { orderWords, stateOf, unshippedUnits } from './translate.ts';
import type { WireOrder } from './wire.ts';

/** Orders read one by one before a page of them is given out. */
const namedPerPage = 20;

/**
 * Reads how orders stand, without the person. Those that changed come by a search, a hundred for one call; those that are named one by one, since no search takes ids: two seconds each
 * once the burst of thirty is spent.
 */
export function standingReading(client: AmazonClient, given: { connection: string; marketplaceIds: readonly string[]; overlapMs: number }) {
  const words = orderWords(given.connection);
  return async function* standings(of: StandingsQuery): AsyncIterable<readonly OrderStanding[]> {
    if ('orders' in of) yield* named(of.orders);
    else {
      const from = instantOf(epochMs(of.changedSince) - given.overlapMs);
      const pages = changedOrders(client, { from, marketplaceIds: given.marketplaceIds, includedData: orderWithoutPerson });
      for await (const page of pages) if (page.length > 0) yield page.map(standing);
    }
  };

  async function* named(orders: readonly string[]): AsyncIterable<readonly OrderStanding[]> {
    for (let from = 0; from < orders.length; from += namedPerPage) {
      const found: OrderStanding[] = [];
      for (const orderId of orders.slice(from, from + namedPerPage)) {
        const wire = await readOrder(client, orderId, orderWithoutPerson);
        if (wire !== null && !isAmazons(wire)) found.push(standing(wire));
      }
      if (found.length > 0) yield found;
    }
  }

  function standing(wire: WireOrder): OrderStanding {
    const { order } = pulledOrder(words, wire);
    const state = stateOf(wire);
    return {
      id: order.id,
      name: order.name,
      status: order.status,
      placedAt: order.placedAt,
      updatedAt: order.updatedAt,
      total: order.total,
      secured: order.payment.secured,
      lines: wire.orderItems.map((item) => ({
        id: item.orderItemId,
        quantity: order.lines.find(({ id }) => id === item.orderItemId)?.quantity ?? 0,
        unshipped: unshippedUnits(item, state),
      })),
    };
  }
}
