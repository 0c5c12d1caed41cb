import { absent, invalid, limitOf, needKnown, timeOf, type Asked } from './answers.ts';
import { orderView } from './order-views.ts';
import { nowMs, type OrderState, type WalmartState } from './state.ts';

const dayMs = 86_400_000;
const mostOrders = 20_000;

const known = [
  'sku',
  'customerOrderId',
  'purchaseOrderId',
  'status',
  'createdStartDate',
  'createdEndDate',
  'fromExpectedShipDate',
  'toExpectedShipDate',
  'lastModifiedStartDate',
  'lastModifiedEndDate',
  'limit',
  'productInfo',
  'shipNodeType',
  'shippingProgramType',
  'replacementInfo',
  'orderType',
];
const inCursor = ['hasMoreElements', 'soIndex', 'poIndex', 'partnerId', 'sellerId'];

/**
 * GET /v3/orders: the newest orders first, of the last seven days unless asked otherwise. The cursor is a query string, and counts from the beginning of what is found when it is used.
 */
export function getOrders(state: WalmartState, asked: Asked) {
  const { query } = asked;
  const continues = query.has('hasMoreElements');
  needKnown(asked, continues ? [...known, ...inCursor] : known, 'ORDER');
  const limit = limitOf(query.get('limit'), 200, 100, 'ORDER');
  const now = nowMs(state);
  const createdFrom = timeOf(query.get('createdStartDate'), 'ORDER') ?? now - 7 * dayMs;
  if (createdFrom < now - 180 * dayMs)
    throw invalid('createdStartDate is out of range: only orders created in last 180 days can be fetched');
  const createdTo = timeOf(query.get('createdEndDate'), 'ORDER') ?? Infinity;
  const modifiedFrom = timeOf(query.get('lastModifiedStartDate'), 'ORDER') ?? -Infinity;
  const modifiedTo = timeOf(query.get('lastModifiedEndDate'), 'ORDER') ?? Infinity;
  if (modifiedTo <= modifiedFrom) throw invalid('lastModifiedEndDate must be after lastModifiedStartDate');
  const id = query.get('purchaseOrderId');
  const found = [...state.orders.values()]
    .filter((order) => order.orderDate >= createdFrom && order.orderDate < createdTo)
    .filter((order) => order.modifiedAt > modifiedFrom && order.modifiedAt < modifiedTo)
    .filter((order) => id === null || order.id === id)
    .reverse();
  if (found.length === 0) throw absent('No purchase orders found for given search parameters');
  if (found.length > mostOrders)
    throw invalid('Attempting to download more than 20000 orders: a maximum of 20000 orders can be fetched at a time');
  const offset = Number(query.get('poIndex') ?? 0);
  const page = found.slice(offset, offset + limit);
  const more = offset + limit < found.length;
  return {
    list: {
      meta: {
        totalCount: found.length,
        limit,
        ...(more ? { nextCursor: cursorOf(state, query, found.length, offset + limit, limit) } : {}),
      },
      elements: { order: page.map((order) => orderView(state, order)) },
    },
  };
}

export function getOrder(state: WalmartState, id: string) {
  return { order: orderView(state, orderOf(state, id)) };
}

export function orderOf(state: WalmartState, id: string): OrderState {
  const found = state.orders.get(id);
  if (found === undefined) throw absent(`No purchase order found for ${id}`);
  return found;
}

function cursorOf(state: WalmartState, query: URLSearchParams, total: number, offset: number, limit: number): string {
  const own = Object.fromEntries([...query].filter(([name]) => known.includes(name)));
  const next = new URLSearchParams({
    ...own,
    limit: String(limit),
    hasMoreElements: 'true',
    soIndex: String(total),
    poIndex: String(offset),
    partnerId: state.partnerId,
    sellerId: '8',
  });
  return `?${next.toString()}`;
}
