import type { ChosenLines, Outcome } from './fulfilment.ts';
import { splitFulfillmentOrder } from './fulfilment.ts';
import { nextId, now, type FulfillmentOrderState, type HoldState, type ShopState, type UserErrorState } from './state.ts';

/** Holds that one app may have on a fulfillment order. */
const mostHolds = 10;

export type HoldGiven = {
  readonly handle: string;
  readonly reason: string;
  readonly reasonNotes: string | null;
  readonly lines: ChosenLines;
};

/** Puts a fulfillment order, or some of its units, on hold. A handle is there once on each; a second hold of it is refused. */
export function placeHold(
  state: ShopState,
  id: number,
  given: HoldGiven,
): Outcome<{ held: FulfillmentOrderState; hold: HoldState; remaining: FulfillmentOrderState | null }> {
  const original = state.fulfillmentOrders.get(id);
  if (original === undefined) return refused('FULFILLMENT_ORDER_NOT_FOUND', 'Fulfillment order does not exist.');
  if (original.status !== 'OPEN' && original.status !== 'ON_HOLD' && original.status !== 'SCHEDULED')
    return refused('TAKEN', 'The fulfillment order is not in a state that can be held.');
  if (given.handle.length > 64) return refused('TAKEN', 'Handle is too long (maximum is 64 characters).');
  const ours = original.holds.filter((hold) => hold.ours);
  if (ours.some((hold) => hold.handle === given.handle))
    return refused('DUPLICATE_FULFILLMENT_HOLD_HANDLE', 'A hold with this handle exists already.');
  if (ours.length >= mostHolds) return refused('FULFILLMENT_ORDER_HOLD_LIMIT_REACHED', 'The limit of holds is reached.');
  const some = given.lines !== null && given.lines.length > 0;
  if (some && original.holds.length > 0)
    return refused('FULFILLMENT_ORDER_NOT_SPLITTABLE', 'A fulfillment order that is held cannot be split.');
  const all =
    !some ||
    original.lines.every(
      (line) => line.remaining === 0 || given.lines?.some((chosen) => chosen.id === line.id && chosen.quantity === line.remaining),
    );
  const split = all ? null : splitFulfillmentOrder(state, id, given.lines);
  if (split !== null && split.result === null) return refused('INVALID_LINE_ITEM_QUANTITY', 'Invalid line item quantity.');
  const held = split === null ? original : split.result.split;
  const hold: HoldState = {
    id: nextId(state, 'FulfillmentHold'),
    handle: given.handle,
    reason: given.reason,
    reasonNotes: given.reasonNotes,
    ours: true,
  };
  held.holds.push(hold);
  held.status = 'ON_HOLD';
  touch(state, held);
  return { result: { held, hold, remaining: split === null ? null : original }, userErrors: [] };
}

/** Releases holds of a fulfillment order: those that are named, or all. It is open again when none is left. */
export function liftHolds(state: ShopState, id: number, holdIds: readonly number[] | null): Outcome<FulfillmentOrderState> {
  const one = state.fulfillmentOrders.get(id);
  if (one === undefined) return refused('FULFILLMENT_ORDER_NOT_FOUND', 'Fulfillment order does not exist.');
  const left = holdIds === null ? [] : one.holds.filter((hold) => !holdIds.includes(hold.id));
  one.holds.splice(0, one.holds.length, ...left);
  if (one.status === 'ON_HOLD' && left.length === 0) one.status = 'OPEN';
  touch(state, one);
  return { result: one, userErrors: [] };
}

function touch(state: ShopState, one: FulfillmentOrderState): void {
  one.updatedAt = now(state);
  const order = state.orders.get(one.orderId);
  if (order !== undefined && one.updatedAt > order.updatedAt) order.updatedAt = one.updatedAt;
}

function refused(code: string, message: string): { result: null; userErrors: readonly UserErrorState[] } {
  return { result: null, userErrors: [{ field: ['id'], message, code }] };
}
