import { pulledOrder, pullOrderPages } from '@quartermaster/connector-kit';
import { epochMs, instantOf, isFault, type Channel, type Instant, type OrderStanding, type StandingsQuery } from '@quartermaster/domain';
import { pagesByTime, type Filter } from './by-time.ts';
import type { VendureClient } from './client.ts';
import { orderDocument, ordersDocument, standingDocument, standingsDocument } from './documents.ts';
import { maxNamesPerLookup, maxPerPage } from './limits.ts';
import { inShop, isPlaced, orderWords, placedFilters, standingOf, type ShopOrder } from './translate.ts';
import { oneOrderSchema, oneStandingSchema, ordersPageSchema, standingsPageSchema, type WireStanding } from './wire.ts';

/** Reads orders: those that changed, one, and how many stand. Carts and drafts are none. */
export function orderReading(
  client: VendureClient,
  connection: string,
  overlapMs: number,
): Pick<Channel, 'pullOrders' | 'getOrder' | 'standings'> {
  const words = orderWords(connection);

  return {
    pullOrders: (since) => pullOrderPages({ words, since, overlapMs, pages: changedOrders }),
    async getOrder(orderId) {
      const { order, ...shop } = await client({
        operation: 'orders.read',
        document: orderDocument,
        variables: { id: orderId },
        schema: oneOrderSchema,
        kind: 'read',
      });
      return order === null || !isPlaced(order) ? null : pulledOrder(words, inShop(order, shop));
    },
    standings,
  };

  function changedOrders(from: Instant): AsyncIterable<readonly ShopOrder[]> {
    return pagesByTime({
      field: 'updatedAt',
      from,
      timeOf: ({ updatedAt }) => updatedAt,
      async read(filters) {
        const { orders, ...shop } = await client({
          operation: 'orders.pull',
          document: ordersDocument,
          variables: { options: optionsOf(filters) },
          schema: ordersPageSchema,
          kind: 'read',
        });
        return orders.items.map((order) => inShop(order, shop));
      },
    });
  }

  async function* standings(of: StandingsQuery): AsyncGenerator<readonly OrderStanding[]> {
    if ('orders' in of) {
      const ids = [...new Set(of.orders)];
      for (let start = 0; start < ids.length; start += maxNamesPerLookup) {
        const found = await readStandings([{ id: { in: ids.slice(start, start + maxNamesPerLookup) } }]);
        if (found.length > 0) yield found.map(standingOf);
      }
    } else {
      const from = instantOf(epochMs(of.changedSince) - overlapMs);
      const pages = pagesByTime({ field: 'updatedAt', from, timeOf: ({ updatedAt }) => updatedAt, read: readStandings });
      for await (const page of pages) yield page.flatMap(readableStanding);
    }
  }

  async function readStandings(filters: readonly Filter[]): Promise<ShopOrder<WireStanding>[]> {
    const { orders, ...shop } = await client({
      operation: 'standings.read',
      document: standingsDocument,
      variables: { options: optionsOf(filters) },
      schema: standingsPageSchema,
      kind: 'read',
    });
    return orders.items.map((order) => inShop(order, shop));
  }
}

/** One placed order without the person, for those who are to change it; null where there is none. */
export async function readStanding(client: VendureClient, operation: string, orderId: string): Promise<ShopOrder<WireStanding> | null> {
  const { order, ...shop } = await client({
    operation,
    document: standingDocument,
    variables: { id: orderId },
    schema: oneStandingSchema,
    kind: 'read',
  });
  return order === null || !isPlaced(order) ? null : inShop(order, shop);
}

/** Sorted by the time alone: Vendure puts the fields of a sort into an order of its own, the id first. */
function optionsOf(filters: readonly Filter[]) {
  return { take: maxPerPage, sort: { updatedAt: 'ASC' }, filter: { _and: [...placedFilters, ...filters] } };
}

/** Nothing for an order that cannot be put into our words: a pull tells of it. */
function readableStanding(wire: ShopOrder<WireStanding>): OrderStanding[] {
  try {
    return [standingOf(wire)];
  } catch (error) {
    if (isFault(error) || error instanceof RangeError) return [];
    throw error;
  }
}
