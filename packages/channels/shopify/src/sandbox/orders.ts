import { moneyFromDecimal } from '@quartermaster/domain';
import { discountedShipping, orderAmounts } from './amounts.ts';
import { forgo, release } from './inventory.ts';
import { payBackFrom, settle, voidAuthorizations } from './payments.ts';
import {
  nextId,
  now,
  shopifyTime,
  type FinancialStatus,
  type ItemState,
  type LineState,
  type OrderState,
  type RefundState,
  type SandboxAddress,
  type ShopState,
  type TransactionState,
} from './state.ts';
import { announce } from './webhooks.ts';

/** How an order is cancelled. Shopify lets go of authorized payments whatever is said here. */
export type CancelHow = {
  readonly reason: string;
  readonly note: string | null;
  /** Whether units that did not ship can be bought again. */
  readonly restock: boolean;
  /** Whether the customer gets the money of what did not ship back at once. */
  readonly refund: boolean;
};

/** Cancels an order; what it was to ship is promised no longer. */
export function cancelOrder(
  state: ShopState,
  order: OrderState,
  at: string,
  how: CancelHow = { reason: 'CUSTOMER', note: null, restock: true, refund: true },
): void {
  if (order.cancelledAt !== null) return;
  const time = shopifyTime(at);
  for (const fulfillmentOrder of fulfillmentOrdersOf(state, order)) {
    if (fulfillmentOrder.status === 'CLOSED' || fulfillmentOrder.status === 'CANCELLED') continue;
    for (const line of fulfillmentOrder.lines) {
      const item = itemOf(state, lineOf(order, line.lineItemId));
      if (item !== undefined) (how.restock ? release : forgo)(item, fulfillmentOrder.locationId, line.remaining);
      lineOf(order, line.lineItemId).removed += line.remaining;
      line.remaining = 0;
    }
    fulfillmentOrder.status = 'CANCELLED';
    fulfillmentOrder.updatedAt = time;
  }
  if (!hasFulfillments(state, order)) for (const line of order.shipping) line.refunded = discountedShipping(line);
  order.cancelledAt = time;
  order.cancelReason = how.reason;
  order.cancelNote = how.note;
  order.updatedAt = time;
  voidAuthorizations(state, order);
  if (order.received === 0) order.financialStatus = 'VOIDED';
  else if (how.refund) {
    const owed = order.received - order.refunded - orderAmounts(order, state.taxesIncluded, 'current').total;
    if (owed > 0) keepRefund(state, order, { lines: [], note: null, returnId: null, transactions: payBackFrom(state, order, owed) });
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
  const lines: RefundState['lines'][number][] = [];
  for (const { line: index, quantity } of given.lines ?? []) {
    const line = order.lines[index];
    if (line === undefined || quantity > line.quantity - line.removed) throw new RangeError('the order has no such units to refund');
    removeUnits(state, order, line, quantity, time, true);
    lines.push({ lineItemId: line.id, quantity, restockType: 'CANCEL' });
  }
  if (given.shipping === true) for (const line of order.shipping) line.refunded = discountedShipping(line);
  const units = before - orderAmounts(order, state.taxesIncluded, 'current').total;
  const amount = units + (given.amount === undefined ? 0 : moneyFromDecimal(given.amount, state.currency).minor);
  const transactions = order.received > 0 ? payBackFrom(state, order, amount) : [];
  if (order.received === 0) order.capturable = Math.max(0, order.capturable - amount);
  keepRefund(state, order, { lines, note: null, returnId: null, transactions });
  order.updatedAt = time;
  announce(state, 'refunds/create', order, time);
  announce(state, 'orders/updated', order, time);
}

/** Writes a refund down. */
export function keepRefund(
  state: ShopState,
  order: OrderState,
  given: Pick<RefundState, 'lines' | 'note' | 'returnId'> & { readonly transactions: readonly TransactionState[] },
): RefundState {
  const { transactions, ...about } = given;
  const id = nextId(state, 'Refund');
  const made: RefundState = {
    id,
    orderId: order.id,
    createdAt: now(state),
    amount: transactions.reduce((sum, one) => sum + one.amount, 0),
    transactionIds: transactions.map((one) => one.id),
    ...about,
  };
  state.refunds.set(id, made);
  return made;
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

/** Takes units that have not shipped out of an order. */
export function removeUnits(state: ShopState, order: OrderState, line: LineState, quantity: number, at: string, restock: boolean): void {
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
      if (item !== undefined) (restock ? release : forgo)(item, fulfillmentOrder.locationId, units);
    }
    if (isOpen(fulfillmentOrder.status) && fulfillmentOrder.lines.every((open) => open.remaining === 0)) fulfillmentOrder.status = 'CLOSED';
  }
  line.removed += quantity;
}

/** Units of a line that no fulfillment holds and nobody took out. */
export function unfulfilledUnits(state: ShopState, order: OrderState, lineItemId: number): number {
  return fulfillmentOrdersOf(state, order)
    .flatMap(({ lines }) => lines)
    .filter((part) => part.lineItemId === lineItemId)
    .reduce((sum, part) => sum + part.remaining, 0);
}

function isOpen(status: string): boolean {
  return status !== 'CLOSED' && status !== 'CANCELLED';
}

export function hasFulfillments(state: ShopState, order: OrderState): boolean {
  return [...state.fulfillments.values()].some((fulfillment) => fulfillment.orderId === order.id);
}
