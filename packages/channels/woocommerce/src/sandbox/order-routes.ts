import {
  idsOf,
  invalidParameter,
  isRecord,
  metaIn,
  oneOf,
  paged,
  RestError,
  whole,
  withFields,
  type Answer,
  type Asked,
} from './answers.ts';
import { gmtText, filterSeconds } from './local-time.ts';
import { orderView, refundView, times } from './order-views.ts';
import { makeRefund } from './refunds.ts';
import { nextId, nowSeconds, type OrderState, type ShopState } from './state.ts';
import { changed, setMeta, setStatus } from './stock-changes.ts';

const statuses = ['auto-draft', 'pending', 'processing', 'on-hold', 'completed', 'cancelled', 'refunded', 'failed', 'checkout-draft'];

/** `GET orders`: filters by the time of the last change (exclusive, whole seconds), status and ids. */
export function listOrders(state: ShopState, asked: Asked): Answer {
  const { query } = asked;
  const time = (name: string) => {
    const text = query.get(name);
    if (text === null) return null;
    const seconds = filterSeconds(text, query.get('dates_are_gmt') === 'true', state.zone);
    if (seconds === null) throw invalidParameter(name, 'Invalid date.');
    return seconds;
  };
  const [after, before] = [time('modified_after'), time('modified_before')];
  const [include, exclude] = [idsOf(query, 'include'), idsOf(query, 'exclude')];
  const wanted = statusFilter(query.get('status') ?? 'any');
  const orderby = oneOf(query, 'orderby', ['date', 'id', 'include', 'title', 'slug', 'modified'], 'date');
  const direction = oneOf(query, 'order', ['asc', 'desc'], 'desc') === 'asc' ? 1 : -1;
  const found = [...state.orders.values()]
    .filter(({ status }) => wanted(status))
    .filter(({ modifiedAt }) => (after === null || modifiedAt > after) && (before === null || modifiedAt < before))
    .filter(({ id }) => include?.has(id) !== false && exclude?.has(id) !== true);
  // The database promises no order among those of one second.
  const turn = (state.counters.get('lists') ?? 0) + 1;
  state.counters.set('lists', turn);
  const tie = turn % 2 === 0 ? 1 : -1;
  const key = ({ id, modifiedAt, createdAt }: OrderState) => (orderby === 'modified' ? modifiedAt : orderby === 'date' ? createdAt : id);
  found.sort((a, b) => (key(a) - key(b)) * direction || (a.id - b.id) * tie);
  return paged(asked, found, ({ id, ...order }) => {
    const { _links, ...view } = orderView(state, { id, ...order }, decimals(state, asked));
    return view;
  });
}

export function readOrder(state: ShopState, asked: Asked, id: number): Answer {
  return { status: 200, body: withFields(asked, orderView(state, orderOf(state, id), decimals(state, asked))) };
}

/** `PUT orders/{id}`: status, note and `meta_data`; nothing else of the real one is played. */
export function changeOrder(state: ShopState, asked: Asked, id: number): Answer {
  const order = orderOf(state, id);
  const { status, meta_data: _meta, customer_note: note, ...others } = asked.body;
  const [unplayed] = Object.keys(others);
  if (unplayed !== undefined) throw new RestError(501, 'sandbox_not_played', `The sandbox does not change ${unplayed} of an order.`);
  if (status !== undefined && (typeof status !== 'string' || !statuses.includes(status)))
    throw invalidParameter('status', `status is not one of ${statuses.join(', ')}.`);
  setMeta(state, order, metaIn(asked.body));
  if (typeof note === 'string') order.customerNote = note;
  if (typeof status === 'string' && status !== order.status) setStatus(state, order, status);
  else changed(state, order);
  return readOrder(state, asked, id);
}

export function listNotes(state: ShopState, asked: Asked, id: number): Answer {
  return {
    status: 200,
    body: orderOf(state, id)
      .notes.toReversed()
      .map((note) => withFields(asked, noteView(state, note))),
  };
}

/** `POST orders/{id}/notes`: one for the customer is mailed. The order's own time does not change. */
export function addNote(state: ShopState, asked: Asked, id: number): Answer {
  const { note, customer_note: toCustomer = false } = asked.body;
  if (typeof note !== 'string')
    throw new RestError(400, 'rest_missing_callback_param', 'Missing parameter(s): note', { status: 400, params: ['note'] });
  if (typeof toCustomer !== 'boolean') throw invalidParameter('customer_note', 'customer_note is not of type boolean.');
  const made = { id: nextId(state, 'note'), note: note.replaceAll('&', '&amp;'), toCustomer, createdAt: nowSeconds(state) };
  orderOf(state, id).notes.push(made);
  return { status: 201, body: withFields(asked, noteView(state, made)) };
}

export function listRefunds(state: ShopState, asked: Asked, id: number): Answer {
  const newestFirst = oneOf(asked.query, 'order', ['asc', 'desc'], 'desc') === 'desc';
  const { refunds } = orderOf(state, id);
  return paged(asked, newestFirst ? refunds.toReversed() : refunds, (refund) => refundView(state, refund, decimals(state, asked)));
}

export function addRefund(state: ShopState, asked: Asked, id: number): Answer {
  const refund = makeRefund(state, orderOf(state, id), asked.body);
  return { status: 201, body: withFields(asked, refundView(state, refund, decimals(state, asked))) };
}

/** `orders/{id}/fulfillments`, of a shop that has the feature on. More units than were ordered are taken. */
export function listFulfillments(state: ShopState, _asked: Asked, id: number): Answer {
  return { status: 200, body: fulfillableOrder(state, id).fulfillments.map((one) => fulfillmentView(one, id)) };
}

export function addFulfillment(state: ShopState, asked: Asked, id: number): Answer {
  const order = fulfillableOrder(state, id);
  const { status = 'unfulfilled', is_fulfilled: isFulfilled = false } = asked.body;
  const meta = metaIn(asked.body).map((entry) => ({ id: nextId(state, 'meta'), ...entry }));
  const items = meta.find(({ key }) => key === '_items')?.value;
  if (!Array.isArray(items) || items.length === 0)
    throw new RestError(400, 'woocommerce_fulfillment_invalid_items', 'The fulfillment should contain at least one item.');
  const made = {
    id: nextId(state, 'fulfillment'),
    isFulfilled: isFulfilled === true,
    status: String(status),
    updatedAt: nowSeconds(state),
    meta,
  };
  order.fulfillments.push(made);
  const units = order.fulfillments.flatMap((one) =>
    one.meta.filter(({ key }) => key === '_items').flatMap(({ value }) => (Array.isArray(value) ? value : [])),
  );
  const fulfilled = order.lines.every((line) => unitsOf(units, line.id) >= line.quantity);
  setMeta(state, order, [{ key: '_fulfillment_status', value: fulfilled ? 'fulfilled' : 'partially_fulfilled' }]);
  changed(state, order);
  return { status: 201, body: { ...fulfillmentView(made, id), is_fulfilled: made.isFulfilled } };
}

function unitsOf(items: readonly unknown[], line: number): number {
  return items.reduce<number>((sum, item) => sum + (isRecord(item) && item['item_id'] === line ? Number(item['qty']) : 0), 0);
}

function fulfillmentView(one: OrderState['fulfillments'][number], order: number): object {
  return {
    id: one.id,
    entity_type: 'WC_Order',
    entity_id: String(order),
    status: one.status,
    is_fulfilled: one.isFulfilled ? '1' : '',
    date_updated: `${gmtText(one.updatedAt)}Z`,
    date_deleted: null,
    meta_data: one.meta,
  };
}

function noteView(state: ShopState, note: OrderState['notes'][number]): object {
  return {
    id: note.id,
    author: 'WooCommerce',
    ...times(state, 'date_created', note.createdAt),
    note: note.note,
    customer_note: note.toCustomer,
  };
}

/** `any` means every status but the trash, and stands above what is named beside it. */
function statusFilter(text: string): (status: string) => boolean {
  const names = text.split(',');
  for (const name of names)
    if (![...statuses, 'any', 'trash'].includes(name))
      throw invalidParameter('status', `status[0] is not one of any, trash, ${statuses.join(', ')}.`);
  return names.includes('any') ? (status) => status !== 'trash' : (status) => names.includes(status);
}

function decimals(state: ShopState, asked: Asked): number {
  return whole(asked.query, 'dp', { least: 0, most: 6, otherwise: state.decimals });
}

function fulfillableOrder(state: ShopState, id: number): OrderState {
  const order = state.orders.get(id);
  if (order === undefined) throw new RestError(404, 'woocommerce_rest_order_invalid_id', 'Invalid order ID.', { status: '404' });
  return order;
}

/** One in the trash is still there. */
function orderOf(state: ShopState, id: number): OrderState {
  const order = state.orders.get(id);
  if (order === undefined) throw new RestError(404, 'woocommerce_rest_shop_order_invalid_id', 'Invalid ID.');
  return order;
}
