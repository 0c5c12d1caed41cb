import { fulfillmentOrdersOf } from './orders.ts';
import { nextId, now, type OrderState, type ReturnState, type ReturnStatus, type ShopState } from './state.ts';
import { announce } from './webhooks.ts';

/** A customer asks to send units of a line back, by the line's place in the order, from 0. They must have shipped. */
export function requestReturn(
  state: ShopState,
  order: OrderState,
  given: { readonly line: number; readonly units: number; readonly reason?: string },
): ReturnState {
  const line = order.lines[given.line];
  const shipped = [...state.fulfillments.values()]
    .filter((one) => one.orderId === order.id)
    .flatMap(({ lines }) => lines)
    .filter(({ lineItemId }) => lineItemId === line?.id)
    .reduce((sum, { quantity }) => sum + quantity, 0);
  if (line === undefined || given.units > shipped || fulfillmentOrdersOf(state, order).length === 0)
    throw new RangeError('no such units have shipped');
  const count = [...state.returns.values()].filter((one) => one.orderId === order.id).length;
  const made: ReturnState = {
    id: nextId(state, 'Return'),
    orderId: order.id,
    name: `${order.name}-R${count + 1}`,
    createdAt: now(state),
    status: 'REQUESTED',
    lines: [
      { id: nextId(state, 'ReturnLineItem'), lineItemId: line.id, quantity: given.units, reason: given.reason ?? 'unwanted', processed: 0 },
    ],
    trackingNumbers: [],
  };
  state.returns.set(made.id, made);
  touch(state, order, 'returns/request');
  return made;
}

/** Staff decide about a return, or it goes on. */
export function setReturn(
  state: ShopState,
  one: ReturnState,
  given: { readonly status?: ReturnStatus; readonly trackingNumber?: string; readonly processed?: number },
): void {
  if (given.status !== undefined) one.status = given.status;
  if (given.trackingNumber !== undefined) one.trackingNumbers.push(given.trackingNumber);
  for (const line of one.lines) line.processed = Math.min(line.quantity, given.processed ?? line.processed);
  const order = state.orders.get(one.orderId);
  if (order !== undefined) touch(state, order, topics[given.status ?? 'REQUESTED'] ?? 'returns/update');
}

/** How an order's returns stand, all together. */
export function returnStatus(state: ShopState, order: OrderState): string {
  const statuses = new Set([...state.returns.values()].filter((one) => one.orderId === order.id).map(({ status }) => status));
  if (statuses.has('REQUESTED')) return 'RETURN_REQUESTED';
  if (statuses.has('OPEN')) return 'IN_PROGRESS';
  return statuses.has('CLOSED') ? 'RETURNED' : 'NO_RETURN';
}

const topics: Readonly<Partial<Record<ReturnStatus, string>>> = {
  OPEN: 'returns/approve',
  DECLINED: 'returns/decline',
  CANCELED: 'returns/cancel',
  CLOSED: 'returns/close',
};

function touch(state: ShopState, order: OrderState, topic: string): void {
  const at = now(state);
  if (at > order.updatedAt) order.updatedAt = at;
  announce(state, topic, order, at);
  announce(state, 'orders/updated', order, at);
}
