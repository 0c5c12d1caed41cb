import type { Outcome } from './fulfilment.ts';
import { cancelOrder, hasFulfillments, lineOf, removeUnits, unfulfilledUnits } from './orders.ts';
import { later, nextId, now, type EditState, type JobState, type OrderState, type ShopState, type UserErrorState } from './state.ts';
import { announce } from './webhooks.ts';

export type OrderCancelGiven = {
  readonly reason: string;
  readonly restock: boolean;
  readonly refundMethod?: { readonly originalPaymentMethodsRefund?: boolean | null } | null;
  readonly staffNote?: string | null;
};

/**
 * Begins to cancel an order: the answer names a job, and the order is cancelled when that is done. Refused for an order that is cancelled, has shipped in part, or has a return under way. Two
 * jobs for one order are one cancellation.
 */
export function beginCancelling(state: ShopState, order: OrderState | undefined, given: OrderCancelGiven): Outcome<JobState> {
  if (order === undefined) return refused('NOT_FOUND', 'orderId', 'Order does not exist');
  if (order.cancelledAt !== null) return refused('INVALID', 'orderId', 'Order has already been canceled');
  if (hasFulfillments(state, order)) return refused('INVALID', 'orderId', 'Cannot cancel an order that has fulfillments');
  if ([...state.returns.values()].some((one) => one.orderId === order.id && (one.status === 'OPEN' || one.status === 'REQUESTED')))
    return refused('INVALID', 'orderId', 'Cannot cancel an order with an active return');
  if ((given.staffNote ?? '').length > 255) return refused('INVALID', 'staffNote', 'Staff note is too long (maximum is 255 characters)');
  const how = {
    reason: given.reason,
    note: given.staffNote ?? null,
    restock: given.restock,
    refund: given.refundMethod?.originalPaymentMethodsRefund === true,
  };
  const job: JobState = {
    id: nextId(state, 'Job'),
    doneAt: later(state, state.takes.cancelMs),
    done: false,
    run: () => cancelOrder(state, order, now(state), how),
  };
  state.jobs.set(job.id, job);
  return { result: job, userErrors: [] };
}

/** Opens an order for editing. Nothing happens to it before the edit is committed; an edit that nobody commits is forgotten. */
export function beginEdit(state: ShopState, order: OrderState | undefined): Outcome<EditState> {
  if (order === undefined) return refused(undefined, 'id', 'The order does not exist.');
  if (order.cancelledAt !== null) return refused(undefined, 'id', 'The order cannot be edited because it is canceled.');
  if (order.byAnotherApp) return refused(undefined, 'id', 'The order cannot be edited because it was created by another app.');
  const edit: EditState = { id: nextId(state, 'CalculatedOrder'), orderId: order.id, staged: new Map(), committed: false };
  state.edits.set(edit.id, edit);
  return { result: edit, userErrors: [] };
}

/** Wants another quantity of a line: of all its units that were not taken out before, shipped ones too, of which none can go. */
export function stageQuantity(
  state: ShopState,
  edit: EditState | undefined,
  lineItemId: number,
  quantity: number,
  restock: boolean,
): Outcome<EditState> {
  const order = edit === undefined ? undefined : state.orders.get(edit.orderId);
  if (edit === undefined || order === undefined) return refused(undefined, 'id', 'The calculated order does not exist.');
  const line = order.lines.find((one) => one.id === lineItemId);
  if (line === undefined) return refused(undefined, 'lineItemId', 'The line item does not exist.');
  const current = line.quantity - line.removed;
  if (quantity < 0) return refused(undefined, 'quantity', 'The quantity cannot be negative.');
  if (quantity > current) return refused(undefined, 'quantity', 'The sandbox does not add units to an order.');
  if (current - quantity > unfulfilledUnits(state, order, line.id))
    return refused(undefined, 'quantity', 'Cannot remove units of a line item that are fulfilled.');
  edit.staged.set(lineItemId, { quantity, restock });
  return { result: edit, userErrors: [] };
}

/** Makes an edit true. No money moves: what the customer paid too much is owed until it is refunded. */
export function commitEdit(state: ShopState, edit: EditState | undefined): Outcome<OrderState> {
  const order = edit === undefined ? undefined : state.orders.get(edit.orderId);
  if (edit === undefined || order === undefined) return refused(undefined, 'id', 'The calculated order does not exist.');
  if (edit.committed) return refused(undefined, 'id', 'The calculated order has already been committed.');
  if (edit.staged.size === 0) return refused(undefined, 'id', 'There must be at least one change to be made.');
  for (const [lineItemId, { quantity }] of edit.staged) {
    const line = lineOf(order, lineItemId);
    if (line.quantity - line.removed - quantity > unfulfilledUnits(state, order, lineItemId) || order.cancelledAt !== null)
      return refused(undefined, 'id', 'The order was changed meanwhile and cannot be edited so.');
  }
  const at = now(state);
  for (const [lineItemId, { quantity, restock }] of edit.staged) {
    const line = lineOf(order, lineItemId);
    const units = line.quantity - line.removed - quantity;
    if (units > 0) removeUnits(state, order, line, units, at, restock);
  }
  edit.committed = true;
  order.updatedAt = at;
  announce(state, 'orders/edited', order, at);
  announce(state, 'orders/updated', order, at);
  return { result: order, userErrors: [] };
}

function refused(code: string | undefined, field: string, message: string): { result: null; userErrors: readonly UserErrorState[] } {
  return { result: null, userErrors: [{ field: [field], message, ...(code === undefined ? {} : { code }) }] };
}
