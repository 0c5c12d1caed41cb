import { z } from 'zod';
import { invalid, listOf, notFound, onlyParameters, Refusal, timeOf, type Answer, type Asked } from './http.ts';
import { changed } from './order-changes.ts';
import { orderView, shippedUnits } from './order-views.ts';
import { digits, next, nowMs, wholeSeconds, timeText, type AmazonState, type OrderState, type PageState } from './state.ts';

const datasets = [
  'BUYER',
  'RECIPIENT',
  'PROCEEDS',
  'EXPENSE',
  'PROMOTION',
  'CANCELLATION',
  'FULFILLMENT',
  'PACKAGES',
  'TAX',
  'PAYMENT',
  'FULFILLMENT_ORDERS',
];
const statuses = ['PENDING_AVAILABILITY', 'PENDING', 'UNSHIPPED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'CANCELLED', 'UNFULFILLABLE'];
const twoMinutes = 120_000;
const dayMs = 86_400_000;
const searchParameters = [
  'createdAfter',
  'createdBefore',
  'lastUpdatedAfter',
  'lastUpdatedBefore',
  'fulfillmentStatuses',
  'marketplaceIds',
  'fulfilledBy',
  'maxResultsPerPage',
  'paginationToken',
  'includedData',
];

/** `searchOrders`: exactly one of two beginnings, an end two minutes ago at the latest, pages by tokens of 24 hours, and in no order that anybody could rely on. */
export function searchOrders(state: AmazonState, { query }: Asked): Answer {
  onlyParameters(query, searchParameters);
  const now = nowMs(state);
  const created = timeOf(query, 'createdAfter');
  const updated = timeOf(query, 'lastUpdatedAfter');
  const after = created ?? updated;
  if (after === null || (created !== null && updated !== null)) {
    throw invalid('Exactly one of createdAfter and lastUpdatedAfter must be provided');
  }
  const byCreation = created !== null;
  if (query.has(byCreation ? 'lastUpdatedBefore' : 'createdBefore')) throw invalid('createdAfter and lastUpdatedAfter do not go together');
  const latest = now - twoMinutes;
  const before = timeOf(query, byCreation ? 'createdBefore' : 'lastUpdatedBefore') ?? latest;
  if (before > latest) throw invalid('The end of the period must be at least two minutes before the time of the request');
  if (after > before) throw invalid('The beginning of the period must be before its end, which is two minutes ago at the latest');
  if (after < now - 731 * dayMs) throw invalid('Orders older than two years are not available');
  const included = includedData(query);
  const marketplaceIds = listOf(query, 'marketplaceIds');
  if (marketplaceIds.length > 50) throw invalid('marketplaceIds has more than 50 entries');
  const fulfilledBy = among(listOf(query, 'fulfilledBy'), ['MERCHANT', 'AMAZON'], 'fulfilledBy');
  const wanted = among(listOf(query, 'fulfillmentStatuses'), statuses, 'fulfillmentStatuses');
  const size = Number(query.get('maxResultsPerPage') ?? 100);
  if (!Number.isInteger(size) || size < 1 || size > 100) throw invalid('maxResultsPerPage must be between 1 and 100');

  const fits = (order: OrderState, end: number) => {
    const at = wholeSeconds(byCreation ? order.createdAt : order.updatedAt);
    return (
      at >= after &&
      at <= end &&
      (marketplaceIds.length === 0 || marketplaceIds.includes(state.marketplace.id)) &&
      (fulfilledBy.length === 0 || fulfilledBy.includes(order.fulfilledBy)) &&
      (wanted.length === 0 || wanted.includes(order.status))
    );
  };
  const asked = [...query]
    .flatMap(([name, value]) => (['maxResultsPerPage', 'includedData', 'paginationToken'].includes(name) ? [] : `${name}=${value}`))
    .sort()
    .join('&');
  const page = pageOf(state, query.get('paginationToken'), asked, () =>
    [...state.orders.values()]
      .filter((order) => fits(order, before))
      .map(({ id }) => id)
      .sort(),
  );
  const shown = page.ids.slice(page.from, page.from + size);
  // What changed since the first page belongs to the next search.
  const orders = shown.flatMap((id) => state.orders.get(id) ?? []).filter((order) => fits(order, page.before ?? before));
  const left = page.from + size < page.ids.length;
  return {
    status: 200,
    body: {
      orders: orders.map((order) => orderView(state, order, included)),
      ...(left
        ? { pagination: { nextToken: keepPage(state, { asked, ids: page.ids, from: page.from + size, before: page.before ?? before }) } }
        : {}),
      [byCreation ? 'createdBefore' : 'lastUpdatedBefore']: timeText(before),
    },
  };
}

function pageOf(state: AmazonState, token: string | null, asked: string, find: () => string[]) {
  if (token === null) return { ids: find(), from: 0, before: null };
  const page = state.pages.get(token);
  if (page === undefined) throw invalid('The pagination token is not valid');
  if (page.expiresAt < nowMs(state)) throw invalid('The pagination token is expired');
  if (page.asked !== asked) throw invalid('All parameters must be those of the request that the pagination token came from');
  return page;
}

function keepPage(state: AmazonState, page: Omit<PageState, 'expiresAt'>): string {
  const token = digits(20, 'page', String(next(state, 'page')));
  state.pages.set(token, { ...page, expiresAt: nowMs(state) + dayMs });
  return token;
}

export function getOrder(state: AmazonState, { params, query }: Asked): Answer {
  onlyParameters(query, ['includedData']);
  const included = includedData(query);
  return { status: 200, body: { order: orderView(state, orderOf(state, params['orderId'] ?? ''), included) } };
}

export function orderOf(state: AmazonState, id: string): OrderState {
  if (!/^[A-Z0-9]{3}-\d{7}-\d{7}$/.test(id)) throw invalid(`Invalid order id: ${id}`);
  const order = state.orders.get(id);
  if (order === undefined) throw notFound(`Order ${id}`);
  return order;
}

function includedData(query: URLSearchParams): ReadonlySet<string> {
  return new Set(among(listOf(query, 'includedData'), datasets, 'includedData'));
}

function among(given: readonly string[], known: readonly string[], name: string): readonly string[] {
  for (const value of given) if (!known.includes(value)) throw invalid(`Value ${value} is not allowed for ${name}`);
  return given;
}

const confirmationSchema = z.strictObject({
  marketplaceId: z.string().min(1),
  codCollectionMethod: z.literal('DirectPayment').optional(),
  packageDetail: z.strictObject({
    packageReferenceId: z.string().regex(/^[1-9]\d*$/, 'packageReferenceId must be a positive number'),
    carrierCode: z.string().min(1),
    carrierName: z.string().min(1).optional(),
    shippingMethod: z.string().optional(),
    trackingNumber: z.string().min(1),
    shipDate: z.iso.datetime({ offset: true }),
    shipFromSupplySourceId: z.string().optional(),
    orderItems: z
      .array(
        z.strictObject({ orderItemId: z.string().min(1), quantity: z.int().positive(), transparencyCodes: z.array(z.string()).optional() }),
      )
      .min(1),
  }),
});

/** `confirmShipment` of Orders v0: a package under the seller's own reference; the same reference again edits it. */
export function confirmShipment(state: AmazonState, { params, body }: Asked): Answer {
  const order = orderOf(state, params['orderId'] ?? '');
  const parsed = confirmationSchema.safeParse(body);
  if (!parsed.success) throw invalid(parsed.error.issues[0]?.message ?? 'the body is not valid');
  const { marketplaceId, packageDetail: detail } = parsed.data;
  if (marketplaceId !== state.marketplace.id) throw invalid('The order was not placed in this marketplace');
  if (order.fulfilledBy === 'AMAZON' || order.status === 'PENDING' || order.status === 'CANCELLED') {
    throw new Refusal(400, 'InvalidInput', `An order that is ${order.status} cannot be confirmed`);
  }
  if (detail.carrierCode === 'Other' && detail.carrierName === undefined)
    throw invalid('carrierName is required when carrierCode is Other');
  const shippedAt = Date.parse(detail.shipDate);
  if (shippedAt > nowMs(state) + 60_000) throw invalid('shipDate is in the future');
  if (shippedAt < wholeSeconds(order.createdAt)) throw invalid('shipDate is before the order was placed');
  const units = new Map<string, number>();
  for (const { orderItemId, quantity } of detail.orderItems) {
    if (units.has(orderItemId)) throw invalid(`order item ${orderItemId} comes twice`);
    units.set(orderItemId, quantity);
  }
  const earlier = order.packages.find(({ reference }) => reference === detail.packageReferenceId);
  for (const [itemId, quantity] of units) {
    const item = order.items.find(({ id }) => id === itemId);
    if (item === undefined) throw invalid(`order item ${itemId} is not of this order`);
    const others = shippedUnits(order, itemId) - (earlier?.units.get(itemId) ?? 0);
    if (others + quantity > item.quantity) throw invalid(`quantity of order item ${itemId} exceeds what is left to ship`);
  }
  const said = {
    carrier: detail.carrierName ?? detail.carrierCode,
    trackingNumber: detail.trackingNumber,
    shippingMethod: detail.shippingMethod ?? null,
    shippedAt,
    units,
  };
  if (earlier === undefined) order.packages.push({ reference: detail.packageReferenceId, createdAt: nowMs(state), ...said });
  else Object.assign(earlier, said);
  const all = order.items.every((item) => shippedUnits(order, item.id) === item.quantity);
  order.status = all ? 'SHIPPED' : 'PARTIALLY_SHIPPED';
  changed(state, order, 'OrderStatusChange');
  return { status: 204 };
}
