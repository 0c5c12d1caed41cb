import { ConnectorFault } from '@quartermaster/domain';
import { connectorName, orNull, type WooClient } from './client.ts';
import { maxPerPage } from './limits.ts';
import { orderHeadSchema, refundsSchema, type WireOrderHead, type WireRefund } from './wire.ts';

/** Of an order only what we use leaves the shop: not its key, by which it can be paid, nor the customer's address on the internet. */
export const standingFields = [
  'id',
  'number',
  'status',
  'currency',
  'prices_include_tax',
  'customer_id',
  'date_created_gmt',
  'date_modified_gmt',
  'date_completed_gmt',
  'date_paid_gmt',
  'total',
  'payment_method',
  'meta_data',
  'line_items',
  'shipping_lines',
  'fee_lines',
  'tax_lines',
  'refunds',
].join(',');
export const orderFields = `${standingFields},billing,shipping,customer_note`;

const refundFields = 'id,amount,reason,meta_data,line_items';

/** One order with its refunds; null when the shop has none of that id. One in the trash is still there. */
export async function readOrder(
  client: WooClient,
  orderId: string,
  view: { readonly operation: string; readonly fields: string },
): Promise<WireOrderHead | null> {
  if (!/^\d+$/.test(orderId)) return null;
  const head = await readHead(client, orderId, view);
  return head === null ? null : completeOrder(client, view, head);
}

/**
 * The order with its refunds in full, since it only names them. When one is added meanwhile, the order is read again: the two would not belong together. Its entries are put in the order of
 * their ids: the shop gives the same order's `meta_data` in another order each time (seen in its own fixtures), and a revision must not.
 */
export async function completeOrder(
  client: WooClient,
  view: { readonly operation: string; readonly fields: string },
  head: WireOrderHead,
): Promise<WireOrderHead> {
  let newest = head;
  for (let attempt = 1; attempt <= 5; attempt++) {
    if (newest.refunds.length === 0) return inOrder({ ...newest, refunds: [] });
    const refunds = await readRefunds(client, String(head.id));
    const named = new Set(newest.refunds.map(({ id }) => id));
    if (refunds.length === named.size && refunds.every(({ id }) => named.has(id))) return inOrder({ ...newest, refunds });
    newest = (await readHead(client, String(head.id), view)) ?? { ...newest, refunds: [] };
  }
  throw new ConnectorFault('conflict', {
    connector: connectorName,
    operation: view.operation,
    outcome: 'not-applied',
    retry: { kind: 'after', ms: 1_000 },
    message: 'an order changed each time while its refunds were read',
  });
}

/** All refunds of an order. */
export async function readRefunds(client: WooClient, orderId: string): Promise<WireRefund[]> {
  const refunds: WireRefund[] = [];
  for (let page = 1; ; page++) {
    const read = await client({
      operation: 'refunds.read',
      method: 'GET',
      path: `/wc/v3/orders/${orderId}/refunds`,
      query: { per_page: maxPerPage, page, orderby: 'id', order: 'asc', dp: 6, _fields: refundFields },
      schema: refundsSchema,
      kind: 'read',
    });
    refunds.push(...read);
    if (read.length < maxPerPage) return refunds;
  }
}

async function readHead(client: WooClient, orderId: string, view: { readonly operation: string; readonly fields: string }) {
  return orNull(
    client({
      operation: view.operation,
      method: 'GET',
      path: `/wc/v3/orders/${orderId}`,
      query: { dp: 6, _fields: view.fields },
      schema: orderHeadSchema,
      kind: 'read',
    }),
  );
}

/** The order with every list of `meta_data` in it sorted by id, and without links. */
function inOrder({ _links, ...order }: WireOrderHead): WireOrderHead {
  return orderHeadSchema.parse(sortedMeta(order));
}

function sortedMeta(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedMeta);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'meta_data' && Array.isArray(inner) ? inner.toSorted(byId) : sortedMeta(inner),
    ]),
  );
}

function byId(one: unknown, other: unknown): number {
  return idOf(one) - idOf(other);
}

function idOf(entry: unknown): number {
  return typeof entry === 'object' && entry !== null && 'id' in entry && typeof entry.id === 'number' ? entry.id : 0;
}
