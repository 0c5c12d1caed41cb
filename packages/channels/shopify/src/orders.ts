import { pulledOrder, pullOrderPages } from '@quartermaster/connector-kit';
import { ConnectorFault, isFault, type ChannelCursor, type Instant, type OrderPage, type PulledOrder } from '@quartermaster/domain';
import { connectorName, type ShopifyClient } from './client.ts';
import { orderDocument, orderLinesDocument, orderShippingLinesDocument, pullOrdersDocument } from './documents.ts';
import { toGid } from './identifiers.ts';
import { maxQueryCost } from './limits.ts';
import { orderWords, type CompleteOrder } from './translate.ts';
import {
  oneOrderSchema,
  orderLinesSchema,
  orderPageSchema,
  orderShippingLinesSchema,
  type WireLineItem,
  type WireOrder,
  type WireShippingLine,
} from './wire.ts';

export type OrderReading = {
  pullOrders(since: ChannelCursor): AsyncIterable<OrderPage>;
  getOrder(orderId: string): Promise<PulledOrder | null>;
};

/** How much is asked for at once. It adapts: half of it when Shopify finds a query too dear, twice as much while that would still be cheap. */
type PageSize = { orders: number; lines: number };

const firstPageSize: PageSize = { orders: 5, lines: 10 };
const maxOrdersPerPage = 50;
/** Lines of one order in a page of their own. */
const linesPerPage = 50;

/** Reads orders. One that cannot be put into our words is told as such, beside the others of its page. A page's lines never come short: what did not fit is fetched before the page is given out. */
export function orderReading(client: ShopifyClient, connection: string, overlapMs: number): OrderReading {
  const size = { ...firstPageSize };
  const words = orderWords(connection);

  return {
    pullOrders: (since) => pullOrderPages({ words, since, overlapMs, pages }),
    async getOrder(orderId) {
      const order = await readWhole(toGid('Order', orderId));
      return order === null ? null : pulledOrder(words, order);
    },
  };

  async function* pages(from: Instant): AsyncIterable<CompleteOrder[]> {
    const query = `updated_at:>='${from}'`;
    let after: string | null = null;
    do {
      const reply: Awaited<ReturnType<typeof readPage>> = await readPage(query, after);
      const { nodes, pageInfo } = reply.data.orders;
      const whole: CompleteOrder[] = [];
      for (const node of nodes) whole.push(await complete(node));
      yield whole;
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
  }

  async function readPage(query: string, after: string | null) {
    for (;;) {
      try {
        const reply = await client({
          operation: 'orders.pull',
          document: pullOrdersDocument,
          variables: { first: size.orders, after, query, lines: size.lines },
          schema: orderPageSchema,
          kind: 'read',
        });
        if (reply.requestedCost !== null && reply.requestedCost * 2 <= maxQueryCost)
          size.orders = Math.min(maxOrdersPerPage, size.orders * 2);
        return reply;
      } catch (error) {
        if (!isTooDear(error) || !shrink()) throw error;
      }
    }
  }

  /** Asks for half of the orders, and of the lines once it is one order. False when nothing is left to halve. */
  function shrink(): boolean {
    if (size.orders > 1) size.orders = Math.floor(size.orders / 2);
    else if (size.lines > 1) size.lines = Math.floor(size.lines / 2);
    else return false;
    return true;
  }

  async function readWhole(gid: string): Promise<CompleteOrder | null> {
    for (let attempt = 1; attempt <= 5; attempt++) {
      const node = await readOne(gid);
      if (node === null) return null;
      const whole = await withRest(node);
      if (whole !== null) return whole;
    }
    throw new ConnectorFault('conflict', {
      connector: connectorName,
      operation: 'orders.read',
      outcome: 'not-applied',
      retry: { kind: 'after', ms: 1_000 },
      message: 'the order changed each time while its pages were read',
    });
  }

  async function readOne(gid: string): Promise<WireOrder | null> {
    for (let lines = linesPerPage; ; lines = Math.floor(lines / 2)) {
      try {
        const variables = { id: gid, lines };
        const reply = await client({ operation: 'orders.read', document: orderDocument, variables, schema: oneOrderSchema, kind: 'read' });
        return reply.data.order;
      } catch (error) {
        if (!isTooDear(error) || lines === 1) throw error;
      }
    }
  }

  async function complete(node: WireOrder): Promise<CompleteOrder> {
    const whole = (await withRest(node)) ?? (await readWhole(node.id));
    if (whole !== null) return whole;
    throw new ConnectorFault('conflict', {
      connector: connectorName,
      operation: 'orders.pull',
      outcome: 'not-applied',
      retry: { kind: 'safely' },
      message: 'an order was deleted while its lines were read',
    });
  }

  /** Fetches the lines that did not come with the order. Null when the order changed meanwhile: then its pages do not belong together. */
  async function withRest(node: WireOrder): Promise<CompleteOrder | null> {
    const lineItems = await theRest<WireLineItem>(node.updatedAt, node.lineItems, async (after) => {
      const variables = { id: node.id, first: linesPerPage, after };
      const reply = await client({
        operation: 'orders.lines',
        document: orderLinesDocument,
        variables,
        schema: orderLinesSchema,
        kind: 'read',
      });
      return reply.data.order === null ? null : { updatedAt: reply.data.order.updatedAt, ...reply.data.order.lineItems };
    });
    const shippingLines = await theRest<WireShippingLine>(node.updatedAt, node.shippingLines, async (after) => {
      const variables = { id: node.id, first: linesPerPage, after };
      const reply = await client({
        operation: 'orders.shipping-lines',
        document: orderShippingLinesDocument,
        variables,
        schema: orderShippingLinesSchema,
        kind: 'read',
      });
      return reply.data.order === null ? null : { updatedAt: reply.data.order.updatedAt, ...reply.data.order.shippingLines };
    });
    return lineItems === null || shippingLines === null ? null : { ...node, lineItems, shippingLines };
  }
}

type Page<Node> = {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};

async function theRest<Node>(
  updatedAt: string,
  first: Page<Node>,
  next: (after: string) => Promise<(Page<Node> & { readonly updatedAt: string }) | null>,
): Promise<Node[] | null> {
  const nodes = [...first.nodes];
  let { pageInfo } = first;
  while (pageInfo.hasNextPage && pageInfo.endCursor !== null) {
    const page = await next(pageInfo.endCursor);
    if (page === null || page.updatedAt !== updatedAt) return null;
    nodes.push(...page.nodes);
    pageInfo = page.pageInfo;
  }
  return nodes;
}

function isTooDear(error: unknown): boolean {
  return isFault(error) && error.facts.vendorCode === 'MAX_COST_EXCEEDED';
}
