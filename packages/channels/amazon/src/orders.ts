import { pulledOrder, pullOrderPages } from '@quartermaster/connector-kit';
import { epochMs, instantOf, isFault, type ChannelCursor, type Instant, type OrderPage, type PulledOrder } from '@quartermaster/domain';
import type { AmazonClient } from './client.ts';
import { isOrderId } from './identifiers.ts';
import { ordersPerPage } from './limits.ts';
import { orderWords } from './translate.ts';
import { oneOrderSchema, orderPageSchema, type WireOrder } from './wire.ts';

/** Everything that an order in our words is made of. */
export const wholeOrder = ['BUYER', 'RECIPIENT', 'PROCEEDS', 'CANCELLATION', 'FULFILLMENT', 'PACKAGES', 'TAX', 'PAYMENT'] as const;

/** The same without the person. */
export const orderWithoutPerson = ['PROCEEDS', 'CANCELLATION', 'FULFILLMENT', 'TAX'] as const;

/** Amazon keeps orders this long; elsewhere than in Japan, Australia and Singapore older ones are refused or absent. */
const oldestMs = 730 * 86_400_000;

export type OrderReading = {
  pullOrders(since: ChannelCursor): AsyncIterable<OrderPage>;
  getOrder(orderId: string): Promise<PulledOrder | null>;
};

/**
 * Reads orders that the seller fulfils himself. A search shows what changed until two minutes ago, the rest comes with the next one. In which order its pages come Amazon does not
 * say, so the watermark waits for the last of them.
 */
export function orderReading(
  client: AmazonClient,
  given: { connection: string; marketplaceIds: readonly string[]; overlapMs: number },
): OrderReading {
  const words = orderWords(given.connection);
  return {
    pullOrders: (since) =>
      pullOrderPages({
        words,
        since,
        overlapMs: given.overlapMs,
        inOrder: false,
        pages: (from) => changedOrders(client, { from, marketplaceIds: given.marketplaceIds, includedData: wholeOrder }),
      }),
    async getOrder(orderId) {
      const wire = await readOrder(client, orderId, wholeOrder);
      return wire === null || isAmazons(wire) ? null : pulledOrder(words, wire);
    },
  };
}

/** Orders that changed since an instant, in pages. One search costs one of 20 calls that come back every three minutes, so each page is as large as can be. */
export async function* changedOrders(
  client: AmazonClient,
  given: { readonly from: Instant; readonly marketplaceIds: readonly string[]; readonly includedData: readonly string[] },
): AsyncGenerator<readonly WireOrder[]> {
  const oldest = epochMs(client.clock.now()) - oldestMs;
  const lastUpdatedAfter = instantOf(Math.max(oldest, epochMs(given.from)));
  let paginationToken: string | undefined;
  do {
    const page: Awaited<ReturnType<typeof search>> = await search(paginationToken);
    yield page.orders;
    paginationToken = page.pagination?.nextToken ?? undefined;
  } while (paginationToken !== undefined);

  function search(token: string | undefined) {
    const { marketplaceIds, includedData } = given;
    const query = {
      marketplaceIds,
      lastUpdatedAfter,
      fulfilledBy: ['MERCHANT'],
      maxResultsPerPage: ordersPerPage,
      includedData,
      paginationToken: token,
    };
    return client.call({
      operation: 'searchOrders',
      method: 'GET',
      path: '/orders/2026-01-01/orders',
      query,
      schema: orderPageSchema,
      kind: 'read',
    });
  }
}

/** One order as it is now; null where Amazon has none of this id. */
export async function readOrder(client: AmazonClient, orderId: string, includedData: readonly string[]): Promise<WireOrder | null> {
  if (!isOrderId(orderId)) return null;
  try {
    const path = `/orders/2026-01-01/orders/${encodeURIComponent(orderId)}`;
    const reply = await client.call({
      operation: 'getOrder',
      method: 'GET',
      path,
      query: { includedData },
      schema: oneOrderSchema,
      kind: 'read',
    });
    return reply.order;
  } catch (error) {
    if (isFault(error) && error.code === 'not-found') return null;
    throw error;
  }
}

/** Amazon ships it from its own warehouses: nothing for us to reserve, ship or write. */
export function isAmazons(wire: WireOrder): boolean {
  return wire.fulfillment?.fulfilledBy === 'AMAZON';
}
