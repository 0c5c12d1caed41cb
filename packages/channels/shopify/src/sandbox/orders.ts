import { moneyFromDecimal } from '@quartermaster/domain';
import { orderAmounts } from './amounts.ts';
import { release } from './inventory.ts';
import {
  now,
  shopifyTime,
  type FinancialStatus,
  type ItemState,
  type LineState,
  type OrderState,
  type SandboxAddress,
  type ShopState,
} from './state.ts';
import { announce } from './webhooks.ts';

/** Cancels an order with restock and, when it was paid, a full refund of what did not ship. */
export function cancelOrder(state: ShopState, order: OrderState, at: string): void {
  if (order.cancelledAt !== null) return;
  const time = shopifyTime(at);
  for (const fulfillmentOrder of fulfillmentOrdersOf(state, order)) {
    if (fulfillmentOrder.status === 'CLOSED' || fulfillmentOrder.status === 'CANCELLED') continue;
    for (const line of fulfillmentOrder.lines) {
      const item = itemOf(state, lineOf(order, line.lineItemId));
      if (item !== undefined) release(item, fulfillmentOrder.locationId, line.remaining);
      lineOf(order, line.lineItemId).removed += line.remaining;
      line.remaining = 0;
    }
    fulfillmentOrder.status = 'CANCELLED';
    fulfillmentOrder.updatedAt = time;
  }
  if (!hasFulfillments(state, order)) for (const line of order.shipping) line.refunded = true;
  order.cancelledAt = time;
  order.updatedAt = time;
  order.capturable = 0;
  if (order.received > 0) {
    order.refunded = order.received - orderAmounts(order, state.taxesIncluded, 'current').total;
    order.financialStatus = order.refunded >= order.received ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  } else {
    order.financialStatus = 'VOIDED';
  }
  announce(state, 'orders/cancelled', order, time);
  announce(state, 'orders/updated', order, time);
}

export type Refund = {
  /** Units to take out, by the line's place in the order, from 0. */
  readonly lines?: readonly { readonly line: number; readonly quantity: number }[];
  readonly shipping?: boolean;
  /** Decimal text: money alone, without a unit; the lines stay as they are. */
  readonly amount?: string;
  readonly at?: string;
};

/** Refunds units that have not shipped (they are restocked), shipping, or money alone. */
export function refund(state: ShopState, order: OrderState, given: Refund): void {
  const time = given.at === undefined ? now(state) : shopifyTime(given.at);
  const before = orderAmounts(order, state.taxesIncluded, 'current').total;
  for (const { line: index, quantity } of given.lines ?? []) {
    const line = order.lines[index];
    if (line === undefined || quantity > line.quantity - line.removed) throw new RangeError('the order has no such units to refund');
    removeUnits(state, order, line, quantity, time);
  }
  if (given.shipping === true) for (const line of order.shipping) line.refunded = true;
  const units = before - orderAmounts(order, state.taxesIncluded, 'current').total;
  const amount = units + (given.amount === undefined ? 0 : moneyFromDecimal(given.amount, state.currency).minor);
  if (order.received > 0) {
    order.refunded += amount;
    order.financialStatus = order.refunded >= order.received ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  } else {
    order.capturable = Math.max(0, order.capturable - amount);
  }
  order.updatedAt = time;
  announce(state, 'refunds/create', order, time);
  announce(state, 'orders/updated', order, time);
}

/** Changes where the order goes. */
export function changeAddress(state: ShopState, order: OrderState, address: SandboxAddress, at: string): void {
  order.shippingAddress = address;
  order.updatedAt = shopifyTime(at);
  announce(state, 'orders/updated', order, order.updatedAt);
}

/** Changes what is paid: `PAID` receives the whole total, `AUTHORIZED` makes it capturable, `PARTIALLY_PAID` receives half of it. */
export function setFinancialStatus(state: ShopState, order: OrderState, status: FinancialStatus, at: string): void {
  order.financialStatus = status;
  settle(state, order);
  order.updatedAt = shopifyTime(at);
  if (status === 'PAID') announce(state, 'orders/paid', order, order.updatedAt);
  announce(state, 'orders/updated', order, order.updatedAt);
}

export function fulfillmentOrdersOf(state: ShopState, order: OrderState) {
  return [...state.fulfillmentOrders.values()].filter((fulfillmentOrder) => fulfillmentOrder.orderId === order.id);
}

export function lineOf(order: OrderState, lineItemId: number): LineState {
  const line = order.lines.find((candidate) => candidate.id === lineItemId);
  if (line === undefined) throw new RangeError(`order ${order.name} has no line ${lineItemId}`);
  return line;
}

export function itemOf(state: ShopState, line: LineState): ItemState | undefined {
  const variant = line.variantId === null ? undefined : state.variants.get(line.variantId);
  return variant === undefined ? undefined : state.items.get(variant.itemId);
}

/** Books payments so that they agree with the order's financial status. */
export function settle(state: ShopState, order: OrderState): void {
  const { total } = orderAmounts(order, state.taxesIncluded, 'current');
  const paid: Readonly<Record<FinancialStatus, readonly [received: number, refunded: number, capturable: number]>> = {
    AUTHORIZED: [0, 0, total],
    PAID: [total, 0, 0],
    PARTIALLY_PAID: [Math.floor(total / 2), 0, 0],
    PARTIALLY_REFUNDED: [total, order.refunded, 0],
    REFUNDED: [total, total, 0],
    PENDING: [0, 0, 0],
    EXPIRED: [0, 0, 0],
    VOIDED: [0, 0, 0],
  };
  [order.received, order.refunded, order.capturable] = paid[order.financialStatus ?? 'PENDING'];
}

function removeUnits(state: ShopState, order: OrderState, line: LineState, quantity: number, at: string): void {
  let left = quantity;
  for (const fulfillmentOrder of fulfillmentOrdersOf(state, order)) {
    for (const open of fulfillmentOrder.lines) {
      if (open.lineItemId !== line.id) continue;
      const units = Math.min(left, open.remaining);
      if (units === 0) continue;
      open.remaining -= units;
      open.total -= units;
      left -= units;
      fulfillmentOrder.updatedAt = at;
      const item = itemOf(state, line);
      if (item !== undefined) release(item, fulfillmentOrder.locationId, units);
    }
    if (isOpen(fulfillmentOrder.status) && fulfillmentOrder.lines.every((open) => open.remaining === 0)) fulfillmentOrder.status = 'CLOSED';
  }
  line.removed += quantity;
}

function isOpen(status: string): boolean {
  return status !== 'CLOSED' && status !== 'CANCELLED';
}

function hasFulfillments(state: ShopState, order: OrderState): boolean {
  return [...state.fulfillments.values()].some((fulfillment) => fulfillment.orderId === order.id);
}
