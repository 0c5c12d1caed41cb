import { advance, askFrom, fingerprint, restoreCursor, seenBefore, storeCursor } from '@quartermaster/connector-kit';
import {
  moneyFromDecimal,
  sumMoney,
  type ChannelCursor,
  type ChannelReturn,
  type Instant,
  type ReturnPage,
  type ReturnReading,
} from '@quartermaster/domain';
import type { ShopifyClient } from './client.ts';
import { orderReturnsDocument, ordersWithReturnsDocument, returnLinesDocument } from './desk-documents.ts';
import { orderReturnsSchema, ordersWithReturnsSchema, returnLinesSchema, type WireReturn, type WireReturnLine } from './desk-wire.ts';
import { fromGid, toGid } from './identifiers.ts';

/** Orders in one page of those that changed, returns of one order in one page, lines of each that come with it, and lines in a page of their own. */
export const returnPageSizes = { orders: 100, returns: 4, lines: 20, moreLines: 100 } as const;

/**
 * Reads returns. Shopify lists them by order only, and they have no time of their change: so the orders that changed are asked for theirs. A return is new when what is said of it is: another
 * change of its order does not tell it again within the overlap.
 */
export function returnReading(client: ShopifyClient, overlapMs: number): ReturnReading {
  return {
    async *pullReturns(since: ChannelCursor): AsyncIterable<ReturnPage> {
      let cursor = restoreCursor(since);
      let told = false;
      for await (const changed of changedOrders(askFrom(cursor, overlapMs))) {
        const returns: ChannelReturn[] = [];
        for (const order of changed) if (order.returns.nodes.length > 0) returns.push(...(await readReturns(order.id)));
        const isKnown = seenBefore(cursor);
        const orders = changed.map(({ id, updatedAt }) => ({ id, revision: 'order', updatedAt: normal(updatedAt) }));
        const news = returns.filter((one) => !isKnown(one));
        cursor = advance(cursor, [...orders, ...returns], overlapMs);
        cursor = { watermark: cursor.watermark, seen: cursor.seen.filter(({ revision }) => revision !== 'order') };
        if (news.length === 0) continue;
        yield { returns: news, cursor: storeCursor(cursor) };
        told = true;
      }
      if (!told) yield { returns: [], cursor: storeCursor(cursor) };
    },
  };

  async function* changedOrders(from: Instant) {
    for (let after: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof readChanged>> = await readChanged(from, after);
      yield page.nodes;
      if (!page.pageInfo.hasNextPage || page.pageInfo.endCursor === null) return;
      after = page.pageInfo.endCursor;
    }
  }

  async function readChanged(from: Instant, after: string | null) {
    const reply = await client({
      operation: 'returns.changed',
      document: ordersWithReturnsDocument,
      variables: { first: returnPageSizes.orders, after, query: `updated_at:>='${from}'` },
      schema: ordersWithReturnsSchema,
      kind: 'read',
    });
    return reply.data.orders;
  }

  async function readReturns(orderGid: string): Promise<ChannelReturn[]> {
    const read: ChannelReturn[] = [];
    for (let after: string | null = null; ;) {
      const order: Awaited<ReturnType<typeof readPage>> = await readPage(orderGid, after);
      if (order === null) return read;
      for (const one of order.returns.nodes) read.push(returnOf(one, await linesOf(one), { ...order, id: orderGid }));
      if (!order.returns.pageInfo.hasNextPage || order.returns.pageInfo.endCursor === null) return read;
      after = order.returns.pageInfo.endCursor;
    }
  }

  async function readPage(id: string, after: string | null) {
    const reply = await client({
      operation: 'returns.read',
      document: orderReturnsDocument,
      variables: { id, first: returnPageSizes.returns, after, lines: returnPageSizes.lines },
      schema: orderReturnsSchema,
      kind: 'read',
    });
    return reply.data.order;
  }

  async function linesOf(one: WireReturn): Promise<WireReturnLine[]> {
    const lines = [...one.returnLineItems.nodes];
    let { pageInfo } = one.returnLineItems;
    while (pageInfo.hasNextPage && pageInfo.endCursor !== null) {
      const reply = await client({
        operation: 'returns.lines',
        document: returnLinesDocument,
        variables: { id: toGid('Return', one.id), first: returnPageSizes.moreLines, after: pageInfo.endCursor },
        schema: returnLinesSchema,
        kind: 'read',
      });
      if (reply.data.return === null) break;
      lines.push(...reply.data.return.returnLineItems.nodes);
      ({ pageInfo } = reply.data.return.returnLineItems);
    }
    return lines;
  }
}

/** A return in our words. Its time is that of the last change of its order. */
export function returnOf(
  wire: WireReturn,
  lines: readonly WireReturnLine[],
  order: { readonly id: string; readonly updatedAt: string; readonly currencyCode: string },
): ChannelReturn {
  const refunds = wire.refunds.nodes.map(({ totalRefundedSet: { shopMoney } }) =>
    moneyFromDecimal(shopMoney.amount, shopMoney.currencyCode),
  );
  const about = {
    id: fromGid(wire.id),
    orderId: fromGid(order.id),
    state: stateOf(wire.status, lines),
    lines: lines.map((line) => ({
      lineId: line.fulfillmentLineItem === undefined ? null : fromGid(line.fulfillmentLineItem.lineItem.id),
      sku: line.fulfillmentLineItem?.lineItem.sku ?? null,
      units: line.quantity,
      reason: line.returnReasonDefinition?.handle ?? null,
    })),
    refunded: sumMoney(refunds, order.currencyCode),
    trackingNumbers: wire.reverseFulfillmentOrders.nodes
      .flatMap(({ reverseDeliveries }) => reverseDeliveries.nodes)
      .flatMap(({ deliverable }) => deliverable?.tracking?.number ?? []),
  };
  return { ...about, revision: fingerprint(JSON.stringify(about)).slice(0, 24), updatedAt: normal(order.updatedAt) };
}

/** Shopify does not say that a parcel is on its way: an open return is approved until all of it was processed, which is after it came in. */
function stateOf(status: string, lines: readonly WireReturnLine[]): ChannelReturn['state'] {
  const received = lines.length > 0 && lines.every((line) => line.processedQuantity >= line.quantity);
  if (status === 'OPEN') return received ? 'received' : 'approved';
  return states[status] ?? 'other';
}

const states: Readonly<Record<string, ChannelReturn['state']>> = {
  REQUESTED: 'requested',
  DECLINED: 'declined',
  CANCELED: 'cancelled',
  CLOSED: 'closed',
};

function normal(instant: Instant): Instant {
  return new Date(instant).toISOString();
}
