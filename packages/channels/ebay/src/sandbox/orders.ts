import { epochMs } from '@quartermaster/domain';
import { z } from 'zod';
import { bodyOf, EbayRefusal, type Answer, type Asked } from './answers.ts';
import { orderView, shippedOf } from './order-views.ts';
import { nowOf, touch, type EbayState, type OrderState } from './state.ts';

const maxLimit = 200;
const maxIds = 50;
const dayMs = 86_400_000;
const orderIdPattern = /^\d{2}-\d{5}-\d{5}$/;

/** getOrders: filters, closed windows, offsets. The result has no order that is promised: here the newest comes first. */
export function getOrders(state: EbayState, asked: Asked): Answer {
  const { query } = asked;
  const ids = query.get('orderIds');
  if (ids !== null) return { status: 200, body: byIds(state, ids.split(',')) };
  const limit = wholeNumber(query.get('limit') ?? '50');
  const offset = wholeNumber(query.get('offset') ?? '0');
  if (limit === null || limit < 1 || limit > maxLimit) throw refused(31_100, `Invalid limit: ${query.get('limit')}`);
  if (offset === null) throw refused(31_000, `Invalid offset: ${query.get('offset')}`);
  const chosen = [...state.orders.values()].filter(filterOf(state, query.get('filter'))).reverse();
  const breakdown = breakdownOf(asked);
  const page = chosen.slice(offset, offset + limit);
  const href = (at: number) => `https://${asked.host}${asked.path}?limit=${limit}&offset=${at}`;
  return {
    status: 200,
    body: {
      href: href(offset),
      total: chosen.length,
      limit,
      offset,
      ...(offset + limit < chosen.length ? { next: href(offset + limit) } : {}),
      orders: page.map((order) => orderView(state, order, { single: false, breakdown })),
    },
  };
}

export function getOrder(state: EbayState, asked: Asked, orderId: string): Answer {
  return { status: 200, body: orderView(state, orderOf(state, orderId), { single: true, breakdown: breakdownOf(asked) }) };
}

export function getFulfillments(state: EbayState, orderId: string): Answer {
  const { fulfillments } = orderOf(state, orderId);
  return {
    status: 200,
    body: {
      total: fulfillments.length,
      warnings: [],
      fulfillments: fulfillments.map((one) => ({
        fulfillmentId: one.id,
        shippedDate: one.shippedDate,
        ...(one.trackingNumber === null ? {} : { shipmentTrackingNumber: one.trackingNumber, shippingCarrierCode: one.carrier }),
        lineItems: one.lines.map(({ lineId, quantity }) => ({ lineItemId: lineId, quantity })),
      })),
    },
  };
}

const shipmentSchema = z.strictObject({
  lineItems: z.array(z.strictObject({ lineItemId: z.string(), quantity: z.int().positive().default(1) })).min(1),
  shippedDate: z.string().optional(),
  shippingCarrierCode: z.string().min(1).optional(),
  trackingNumber: z.string().min(1).optional(),
});

/** createShippingFulfillment: number and carrier need each other, the number is the id, and nothing can be shipped twice or changed. */
export function createFulfillment(state: EbayState, asked: Asked, orderId: string): Answer {
  const order = orderOf(state, orderId);
  const invalid = refused(32_600, 'Invalid input data');
  const body = bodyOf(asked, shipmentSchema, invalid);
  if ((body.trackingNumber === undefined) !== (body.shippingCarrierCode === undefined))
    throw refused(32_300, 'Invalid shipment tracking number or carrier');
  if (body.trackingNumber !== undefined && !/^[\p{L}\p{N} -]+$/u.test(body.trackingNumber))
    throw refused(32_300, 'Invalid shipment tracking number or carrier');
  const shippedDate = body.shippedDate ?? nowOf(state);
  const shippedMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(shippedDate) ? Date.parse(shippedDate) : Number.NaN;
  if (!(shippedMs <= epochMs(state.clock.now()))) throw refused(32_500, 'Invalid shipped date');
  const id = body.trackingNumber === undefined ? '999' : body.trackingNumber.replaceAll(/[ -]/g, '');
  if (id !== '999' && order.fulfillments.some((one) => one.id === id))
    throw refused(34_500, 'Please use PUT operation for updating shipping fulfillment');
  const seen = new Set<string>();
  for (const { lineItemId, quantity } of body.lineItems) {
    const line = order.lines.find((one) => one.id === lineItemId);
    if (line === undefined) throw refused(32_200, `Invalid line item id: ${lineItemId}`);
    if (seen.has(lineItemId)) throw refused(32_210, 'Duplicate line item in the request');
    seen.add(lineItemId);
    if (shippedOf(order, lineItemId) + quantity > line.quantity) throw invalid;
  }
  order.fulfillments.push({
    id,
    trackingNumber: body.trackingNumber ?? null,
    carrier: body.shippingCarrierCode ?? null,
    shippedDate,
    lines: body.lineItems.map(({ lineItemId, quantity }) => ({ lineId: lineItemId, quantity })),
  });
  touch(state, order);
  return { status: 201, body: {}, location: `https://${asked.host}${asked.path}/${encodeURIComponent(id)}` };
}

export function orderOf(state: EbayState, orderId: string): OrderState {
  if (!orderIdPattern.test(orderId)) throw refused(32_100, `Invalid order ID: ${orderId}`);
  const order = state.orders.get(orderId);
  if (order === undefined) throw refused(32_100, `Invalid order ID: ${orderId}`, 404);
  return order;
}

function byIds(state: EbayState, ids: readonly string[]) {
  if (ids.length > maxIds) throw refused(30_900, `Exceeded maximum number of order IDs (the current limit is ${maxIds})`);
  for (const id of ids) if (!orderIdPattern.test(id)) throw refused(32_100, `Invalid order ID: ${id}`);
  const found = ids.flatMap((id) => state.orders.get(id) ?? []);
  return {
    total: found.length,
    limit: ids.length,
    offset: 0,
    orders: found.map((order) => orderView(state, order, { single: false, breakdown: false })),
  };
}

function breakdownOf({ query }: Asked): boolean {
  const groups = query.get('fieldGroups');
  if (groups !== null && groups !== 'TAX_BREAKDOWN') throw refused(32_800, `Invalid field group: ${groups}`);
  return groups !== null;
}

/** Without a filter eBay tells the last 90 days; where both dates are given only the creation counts. */
function filterOf(state: EbayState, text: string | null): (order: OrderState) => boolean {
  const now = epochMs(state.clock.now());
  if (text === null) return (order) => epochMs(order.createdAt) >= now - 90 * dayMs;
  const parts = [...text.matchAll(/([a-z]+):(\[[^\]]*\]|\{[^}]*\})(?:,|$)/g)].map(([, name = '', value = '']) => ({ name, value }));
  if (parts.map(({ name, value }) => `${name}:${value}`).join(',') !== text) throw refused(30_800, `Invalid filter value ${text}`);
  for (const { name } of parts)
    if (!['creationdate', 'lastmodifieddate', 'orderfulfillmentstatus'].includes(name))
      throw refused(30_700, `Invalid filter name: ${name}`);
  const created = parts.find(({ name }) => name === 'creationdate');
  const modified = created === undefined ? parts.find(({ name }) => name === 'lastmodifieddate') : undefined;
  const range = rangeOf(created?.value ?? modified?.value ?? null, now);
  const status = parts.find(({ name }) => name === 'orderfulfillmentstatus')?.value;
  if (status !== undefined && status !== '{NOT_STARTED|IN_PROGRESS}' && status !== '{FULFILLED|IN_PROGRESS}')
    throw refused(30_800, `Invalid filter value ${status} for filter orderfulfillmentstatus`);
  return (order) => {
    const at = epochMs(created === undefined ? order.modifiedAt : order.createdAt);
    const done = order.lines.every((line) => shippedOf(order, line.id) >= line.quantity);
    const fits =
      status === undefined || (done ? status.includes('FULFILLED') : order.fulfillments.length > 0 || status.includes('NOT_STARTED'));
    return at >= range.from && at <= range.to && fits;
  };
}

function rangeOf(value: string | null, now: number): { readonly from: number; readonly to: number } {
  if (value === null) return { from: now - 90 * dayMs, to: now };
  const [, start = '', end = ''] = /^\[([^\]]*?)\.\.([^\]]*)\]$/.exec(value) ?? [];
  if (start === '') throw refused(30_820, 'Start date is missing');
  const from = dateOf(start);
  const to = end === '' ? now : dateOf(end);
  if (from > now || to > now) throw refused(30_850, "Start and end dates can't be in the future");
  if (from > to) throw refused(30_840, 'Start date should be before end date');
  if (from < now - 730 * dayMs) throw refused(30_830, "Time range between start date and end date must be within '2' years.");
  return { from, to };
}

function dateOf(text: string): number {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(text)) throw refused(30_810, 'Invalid date format');
  return Date.parse(text);
}

function wholeNumber(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : null;
}

function refused(errorId: number, message: string, status = 400): EbayRefusal {
  return new EbayRefusal(status, errorId, message);
}
