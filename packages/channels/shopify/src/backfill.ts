import { firstCursor, pullOrderPages, storeCursor } from '@quartermaster/connector-kit';
import { ConnectorFault, type ChannelCursor, type Clock, type Instant, type OrderPage } from '@quartermaster/domain';
import { z } from 'zod';
import { bulkOperationDocument, bulkOrdersQuery, runBulkQueryDocument } from './backfill-documents.ts';
import { connectorName, type ShopifyClient } from './client.ts';
import { jsonLines } from './jsonl.ts';
import { namelessAnswer, throwRefusal } from './refusals.ts';
import { orderWords, type CompleteOrder } from './translate.ts';
import { orderSchema, userErrorsSchema } from './wire.ts';

const operation = 'orders.backfill';

export type BackfillRequest = {
  /** Orders that were placed at or after this, */
  readonly from: Instant;
  /** and before this. */
  readonly until: Instant;
  /** Where an earlier run came to: the cursor of its last page. */
  readonly resume?: ChannelCursor;
};

export type BackfillOptions = {
  readonly client: ShopifyClient;
  readonly connection: string;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  /** The longest that one call waits for Shopify to have the file ready, default one hour; the next one with `resume` goes on. */
  readonly waitMs?: number;
};

/** The first page is empty and names the operation. A page's cursor may be stored once its orders are. */
export type OrderBackfill = (request: BackfillRequest) => AsyncIterable<OrderPage>;

const ordersPerPage = 100;
const pollMs = 5_000;
const defaultWaitMs = 3_600_000;
/** As many as a pull asks for, so that an order reads the same. */
const fulfillmentOrdersRead = 3;

/**
 * Reads past orders in bulk: Shopify writes them to a file, which costs no points, and the file is read from where an earlier run came to. An operation that Shopify has given up or forgotten (its
 * file is there for seven days) is begun anew; the reader absorbs what comes twice.
 */
export function orderBackfill(options: BackfillOptions): OrderBackfill {
  const { client, clock } = options;

  return async function* backfillOrders(request) {
    const earlier = restore(request.resume);
    const search = `created_at:>='${request.from}' AND created_at:<'${request.until}'`;
    let begun = earlier ?? { id: await start(search), done: 0 };
    yield pageAt(begun, []);
    let file = await ready(begun.id);
    if (file.kind === 'gone' && earlier !== null) {
      begun = { id: await start(search), done: 0 };
      yield pageAt(begun, []);
      file = await ready(begun.id);
    }
    if (file.kind === 'gone')
      throw fault('server-error', { kind: 'after', ms: 60_000 }, `Shopify did not finish the bulk operation: ${file.why}`);
    if (file.url === null) return;
    let { done } = begun;
    const batches = ordersIn(file.url, file.objects, begun.done, (count) => {
      done = count;
    });
    const since = storeCursor(firstCursor(request.from));
    const words = orderWords(options.connection);
    for await (const page of pullOrderPages({ words, since, overlapMs: 0, pages: () => batches }))
      if (page.orders.length > 0 || page.unreadable !== undefined) yield { ...page, cursor: { operation: begun.id, orders: done } };
  };

  async function start(search: string): Promise<string> {
    const reply = await client({
      operation,
      document: runBulkQueryDocument,
      variables: { query: bulkOrdersQuery(search) },
      schema: runBulkQuerySchema,
      kind: 'repeatable-effect',
    });
    const answer = reply.data.bulkOperationRunQuery;
    const busy = answer?.userErrors.find(({ code }) => code === 'LIMIT_REACHED' || code === 'OPERATION_IN_PROGRESS');
    if (busy !== undefined) throw fault('rate-limited', { kind: 'after', ms: 60_000 }, 'as many bulk operations run as Shopify allows');
    throwRefusal(operation, answer?.userErrors ?? []);
    if (answer?.bulkOperation == null) throw namelessAnswer(operation, 'bulk operation');
    return answer.bulkOperation.id;
  }

  type Ready =
    | { readonly kind: 'file'; readonly url: string | null; readonly objects: number }
    | { readonly kind: 'gone'; readonly why: string };

  async function ready(id: string): Promise<Ready> {
    for (let waited = 0; ; waited += pollMs) {
      const reply = await client({
        operation: 'bulk-operations.read',
        document: bulkOperationDocument,
        variables: { id },
        schema: bulkOperationSchema,
        kind: 'read',
      });
      const one = reply.data.bulkOperation;
      if (one === null) return { kind: 'gone', why: 'it is not there' };
      if (one.status === 'COMPLETED') return { kind: 'file', url: one.url, objects: Number(one.objectCount) };
      if (!runningStatuses.has(one.status)) return { kind: 'gone', why: one.errorCode ?? one.status };
      if (waited >= (options.waitMs ?? defaultWaitMs))
        throw fault('timeout', { kind: 'after', ms: 60_000 }, 'the file of the bulk operation is not ready yet');
      await clock.sleep(pollMs);
    }
  }

  /** Orders of the file in batches, without those that were read before. An order's parts follow it. */
  async function* ordersIn(url: string, objects: number, skip: number, told: (count: number) => void): AsyncGenerator<CompleteOrder[]> {
    let parts: OrderParts | null = null;
    let batch: CompleteOrder[] = [];
    let lines = 0;
    let count = 0;
    const take = (): void => {
      if (parts === null) return;
      count += 1;
      if (count > skip) batch.push(completeOrder(parts));
      parts = null;
    };
    for await (const value of jsonLines({ operation, url, fetch: options.fetch, idleMs: 60_000 })) {
      lines += 1;
      const child = childSchema.safeParse(value);
      if (child.success) {
        addPart(parts, child.data.__parentId, child.data.__typename, value);
        continue;
      }
      take();
      if (batch.length >= ordersPerPage) {
        told(count);
        yield batch;
        batch = [];
      }
      parts = { order: value, fulfillmentOrders: [], shippingLines: [], lineItems: [] };
    }
    if (lines < objects) throw fault('malformed-reply', { kind: 'safely' }, `the file has ${lines} of ${objects} objects`);
    take();
    told(count);
    if (batch.length > 0) yield batch;
  }
}

type Begun = { readonly id: string; readonly done: number };

function restore(stored: ChannelCursor | undefined): Begun | null {
  if (stored === undefined) return null;
  const { operation: id, orders } = stored;
  return typeof id === 'string' && typeof orders === 'number' ? { id, done: orders } : null;
}

function pageAt({ id, done }: Begun, orders: OrderPage['orders']): OrderPage {
  return { orders, cursor: { operation: id, orders: done } };
}

type OrderParts = {
  readonly order: unknown;
  readonly fulfillmentOrders: unknown[];
  readonly shippingLines: unknown[];
  readonly lineItems: unknown[];
};

const childSchema = z.object({ __parentId: z.string(), __typename: z.string() });
const idSchema = z.object({ id: z.string() });

function addPart(parts: OrderParts | null, parentId: string, type: string, value: unknown): void {
  const parent = idSchema.safeParse(parts?.order);
  if (parts === null || !parent.success || parent.data.id !== parentId)
    throw fault('malformed-reply', { kind: 'never' }, 'a line of the file belongs to no order before it');
  if (type === 'LineItem') parts.lineItems.push(value);
  else if (type === 'ShippingLine') parts.shippingLines.push(value);
  else if (type === 'FulfillmentOrder') parts.fulfillmentOrders.push(value);
}

/** An order as a pull gives it. */
function completeOrder(parts: OrderParts): CompleteOrder {
  const whole = { hasNextPage: false, endCursor: null };
  const wire = orderSchema.safeParse({
    ...Object(parts.order),
    fulfillmentOrders: { nodes: parts.fulfillmentOrders.slice(0, fulfillmentOrdersRead) },
    shippingLines: { nodes: parts.shippingLines, pageInfo: whole },
    lineItems: { nodes: parts.lineItems, pageInfo: whole },
  });
  if (!wire.success) throw fault('malformed-reply', { kind: 'never' }, 'an order of the file is not as Shopify describes it');
  return { ...wire.data, lineItems: wire.data.lineItems.nodes, shippingLines: wire.data.shippingLines.nodes };
}

const runningStatuses: ReadonlySet<string> = new Set(['CREATED', 'RUNNING']);

const runBulkQuerySchema = z.object({
  bulkOperationRunQuery: z.object({ bulkOperation: z.object({ id: z.string() }).nullable(), userErrors: userErrorsSchema }).nullable(),
});
const bulkOperationSchema = z.object({
  bulkOperation: z
    .object({
      status: z.string(),
      errorCode: z.string().nullable(),
      objectCount: z.union([z.string(), z.number()]),
      url: z.string().nullable(),
    })
    .nullable(),
});

function fault(
  code: 'malformed-reply' | 'rate-limited' | 'server-error' | 'timeout',
  retry: ConnectorFault['facts']['retry'],
  message: string,
): ConnectorFault {
  return new ConnectorFault(code, { connector: connectorName, operation, outcome: 'not-applied', retry, message });
}
