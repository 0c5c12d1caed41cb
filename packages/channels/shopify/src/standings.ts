import { ConnectorFault, money, moneyFromDecimal, type OrderStanding, type StandingsQuery } from '@quartermaster/domain';
import { connectorName, type ShopifyClient } from './client.ts';
import { changedStandingsDocument, standingLinesDocument, standingsDocument } from './documents.ts';
import { fromGid, toGid } from './identifiers.ts';
import { changedStandingsSchema, standingLinesSchema, standingsSchema, type WireStanding } from './wire.ts';

/** Orders in one query, and lines of each that come with it: 7 points and one per line have to fit. */
export const standingsPerPage = 30;
export const linesWithStanding = 25;
/** Lines of one order in a page of their own. */
const linesPerPage = 250;

type WireLines = WireStanding['lineItems']['nodes'];

/**
 * Reads how orders stand. Shopify counts as unfulfilled what no fulfillment holds and nobody refunded. `overlapMs`: so much before the instant is looked, because its search shows changes
 * late.
 */
export function standingReading(client: ShopifyClient, overlapMs: number) {
  return async function* standings(of: StandingsQuery): AsyncIterable<readonly OrderStanding[]> {
    if ('orders' in of) yield* named(of.orders);
    else yield* changed(new Date(Date.parse(of.changedSince) - overlapMs).toISOString());
  };

  async function* changed(since: string): AsyncIterable<readonly OrderStanding[]> {
    for (let after: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof readChanged>> = await readChanged(since, after);
      if (page.nodes.length > 0) yield await Promise.all(page.nodes.map(complete));
      if (!page.pageInfo.hasNextPage || page.pageInfo.endCursor === null) return;
      after = page.pageInfo.endCursor;
    }
  }

  async function* named(orders: readonly string[]): AsyncIterable<readonly OrderStanding[]> {
    for (let from = 0; from < orders.length; from += standingsPerPage) {
      const found = await readNamed(orders.slice(from, from + standingsPerPage).map((order) => toGid('Order', order)));
      if (found.length > 0) yield await Promise.all(found.map(complete));
    }
  }

  async function readNamed(ids: readonly string[]): Promise<WireStanding[]> {
    const variables = { ids, lines: linesWithStanding };
    const reply = await client({
      operation: 'standings.read',
      document: standingsDocument,
      variables,
      schema: standingsSchema,
      kind: 'read',
    });
    return reply.data.nodes.flatMap((node) => node ?? []);
  }

  async function readChanged(since: string, after: string | null) {
    const reply = await client({
      operation: 'standings.changed',
      document: changedStandingsDocument,
      variables: { first: standingsPerPage, after, query: `updated_at:>='${since}'`, lines: linesWithStanding },
      schema: changedStandingsSchema,
      kind: 'read',
    });
    return reply.data.orders;
  }

  /** Fetches the lines that did not come with the order. When it changes meanwhile its pages do not belong together, and it is read anew. */
  async function complete(wire: WireStanding): Promise<OrderStanding> {
    let newest = wire;
    for (let attempt = 1; attempt <= 5; attempt++) {
      const lines = await linesOf(newest);
      if (lines !== null) return standingOf(newest, lines);
      newest = (await readNamed([wire.id]))[0] ?? newest;
    }
    throw changedMeanwhile();
  }

  async function linesOf(wire: WireStanding): Promise<WireLines | null> {
    const lines: WireLines = [...wire.lineItems.nodes];
    let { pageInfo } = wire.lineItems;
    while (pageInfo.hasNextPage && pageInfo.endCursor !== null) {
      const variables = { id: wire.id, first: linesPerPage, after: pageInfo.endCursor };
      const reply = await client({
        operation: 'standings.lines',
        document: standingLinesDocument,
        variables,
        schema: standingLinesSchema,
        kind: 'read',
      });
      if (reply.data.order?.updatedAt !== wire.updatedAt) return null;
      lines.push(...reply.data.order.lineItems.nodes);
      ({ pageInfo } = reply.data.order.lineItems);
    }
    return lines;
  }
}

function standingOf(wire: WireStanding, lines: WireLines): OrderStanding {
  const amount = ({ shopMoney }: WireStanding['netPaymentSet']) => moneyFromDecimal(shopMoney.amount, shopMoney.currencyCode);
  const total = amount(wire.currentTotalPriceSet);
  const paid = amount(wire.netPaymentSet).minor + amount(wire.totalCapturableSet).minor;
  return {
    id: fromGid(wire.id),
    name: wire.name,
    status: wire.cancelledAt !== null ? 'cancelled' : wire.closedAt !== null ? 'closed' : 'open',
    placedAt: new Date(wire.processedAt).toISOString(),
    updatedAt: new Date(wire.updatedAt).toISOString(),
    total,
    secured: money(Math.max(0, paid), total.currency),
    lines: lines.map((line) => ({ id: fromGid(line.id), quantity: line.currentQuantity, unshipped: line.unfulfilledQuantity })),
  };
}

function changedMeanwhile(): ConnectorFault {
  return new ConnectorFault('conflict', {
    connector: connectorName,
    operation: 'standings.lines',
    outcome: 'not-applied',
    retry: { kind: 'safely' },
    message: 'an order changed each time while its lines were read',
  });
}
