import { commit, release, ship } from './inventory.ts';
import { fulfillmentOrdersOf, itemOf, lineOf } from './orders.ts';
import {
  nextId,
  now,
  type FulfillmentOrderLineState,
  type FulfillmentOrderState,
  type FulfillmentState,
  type OrderState,
  type ShopState,
  type UserErrorState,
} from './state.ts';
import { announce } from './webhooks.ts';

export type Outcome<Result> =
  | { readonly result: Result; readonly userErrors: readonly [] }
  | { readonly result: null; readonly userErrors: readonly UserErrorState[] };

/** Lines of a fulfillment order by id and units; null means all that is left. */
export type ChosenLines = readonly { readonly id: number; readonly quantity: number }[] | null;

export type NewFulfillment = {
  readonly parts: readonly { readonly fulfillmentOrderId: number; readonly lines: ChosenLines }[];
  readonly company: string | null;
  readonly numbers: readonly string[];
  readonly urls: readonly string[];
  readonly notifyCustomer: boolean;
};

/**
 * Ships lines of fulfillment orders of one order at one location. Not idempotent: the second call finds the fulfillment order closed, or, where units are left, ships
 * again.
 */
export function createFulfillment(state: ShopState, given: NewFulfillment): Outcome<FulfillmentState> {
  const taken: { fulfillmentOrder: FulfillmentOrderState; line: FulfillmentOrderLineState; quantity: number }[] = [];
  for (const [index, part] of given.parts.entries()) {
    const field = ['fulfillment', 'lineItemsByFulfillmentOrder', String(index)];
    const fulfillmentOrder = state.fulfillmentOrders.get(part.fulfillmentOrderId);
    if (fulfillmentOrder === undefined) return refused(field, 'Fulfillment order does not exist.');
    if (fulfillmentOrder.status !== 'OPEN' && fulfillmentOrder.status !== 'IN_PROGRESS') {
      return refused(
        field,
        `Fulfillment order ${fulfillmentOrder.id} has an unfulfillable status= ${fulfillmentOrder.status.toLowerCase()}.`,
      );
    }
    const chosen = chooseLines(fulfillmentOrder, part.lines);
    if (chosen === null) return refused(field, 'Invalid fulfillment order line item quantity requested.');
    taken.push(...chosen.map((choice) => ({ fulfillmentOrder, ...choice })));
  }
  const [first] = taken;
  if (first === undefined) return refused(['fulfillment'], 'There are no line items to fulfill.');
  const { orderId, locationId } = first.fulfillmentOrder;
  const order = state.orders.get(orderId);
  if (order === undefined || taken.some((choice) => choice.fulfillmentOrder.orderId !== orderId)) {
    return refused(['fulfillment'], 'All fulfillment orders must belong to the same order.');
  }
  if (taken.some((choice) => choice.fulfillmentOrder.locationId !== locationId)) {
    return refused(['fulfillment'], 'All fulfillment orders must be assigned to the same location.');
  }
  const at = now(state);
  for (const { fulfillmentOrder, line, quantity } of taken) {
    line.remaining -= quantity;
    const item = itemOf(state, lineOf(order, line.lineItemId));
    if (item !== undefined) ship(item, locationId, quantity);
    fulfillmentOrder.status = fulfillmentOrder.lines.every((left) => left.remaining === 0) ? 'CLOSED' : 'IN_PROGRESS';
    fulfillmentOrder.updatedAt = at;
  }
  const earlier = [...state.fulfillments.values()].filter((fulfillment) => fulfillment.orderId === orderId).length;
  const id = nextId(state, 'Fulfillment');
  const fulfillment: FulfillmentState = {
    id,
    orderId,
    locationId,
    name: `${order.name}-F${earlier + 1}`,
    status: 'SUCCESS',
    createdAt: at,
    lines: taken.map(({ line, quantity }) => ({ id: nextId(state, 'FulfillmentLineItem'), lineItemId: line.lineItemId, quantity })),
    company: given.company,
    numbers: given.numbers,
    urls: given.urls,
    notifiedCustomer: given.notifyCustomer,
  };
  state.fulfillments.set(id, fulfillment);
  touch(order, at);
  announce(state, 'fulfillments/create', order, at);
  announce(state, 'orders/updated', order, at);
  return { result: fulfillment, userErrors: [] };
}

export type Moved = { readonly moved: FulfillmentOrderState; readonly original: FulfillmentOrderState };

/**
 * Assigns unfulfilled lines to another location. All of an untouched fulfillment order: it just changes its location. Some of it, or what is left of one that shipped in
 * part: they go to a new fulfillment order. Where the destination has an active fulfillment order of the same order already, that one is closed and its lines are made
 * anew, together with the moved ones, in a new fulfillment order.
 */
export function moveFulfillmentOrder(state: ShopState, id: number, locationId: number, lines: ChosenLines): Outcome<Moved> {
  const original = state.fulfillmentOrders.get(id);
  if (original === undefined) return refused(['id'], 'Fulfillment order does not exist.');
  const order = state.orders.get(original.orderId);
  const destination = state.locations.get(locationId);
  if (order === undefined || destination === undefined || !destination.active) return refused(['newLocationId'], 'Location not found.');
  if (original.status === 'CLOSED' || original.status === 'CANCELLED')
    return refused(['id'], 'The fulfillment order is closed and cannot be moved.');
  if (original.locationId === locationId) return refused(['newLocationId'], 'The fulfillment order is already assigned to that location.');
  const chosen = chooseLines(original, lines);
  if (chosen === null || chosen.length === 0)
    return refused(['fulfillmentOrderLineItems'], 'Invalid fulfillment order line item quantity requested.');
  for (const { line } of chosen) {
    const item = itemOf(state, lineOf(order, line.lineItemId));
    if (item !== undefined && !item.levels.has(locationId))
      return refused(['newLocationId'], 'The destination location does not stock the requested item.');
  }
  const at = now(state);
  for (const { line, quantity } of chosen) {
    const item = itemOf(state, lineOf(order, line.lineItemId));
    if (item === undefined) continue;
    release(item, original.locationId, quantity);
    commit(item, locationId, quantity);
  }
  touch(order, at);
  announce(state, 'orders/updated', order, at);
  const there = fulfillmentOrdersOf(state, order).find((other) => other.locationId === locationId && isActive(other));
  const untouched = original.lines.every((line) => line.remaining === line.total);
  const whole = chosen.length === original.lines.length && chosen.every(({ line, quantity }) => quantity === line.remaining);
  original.updatedAt = at;
  if (whole && untouched && there === undefined) {
    original.locationId = locationId;
    return { result: { moved: original, original }, userErrors: [] };
  }
  const status = original.status === 'IN_PROGRESS' ? 'OPEN' : original.status;
  const units = chosen.map(({ line, quantity }) => ({ lineItemId: line.lineItemId, quantity }));
  take(original, chosen);
  if (there !== undefined) {
    units.unshift(
      ...there.lines.filter((line) => line.remaining > 0).map((line) => ({ lineItemId: line.lineItemId, quantity: line.remaining })),
    );
    take(
      there,
      there.lines.map((line) => ({ line, quantity: line.remaining })),
    );
    there.status = 'CLOSED';
    there.updatedAt = at;
  }
  const moved = newFulfillmentOrder(state, order, locationId, status, units, at);
  if (status === 'ON_HOLD') moved.holds.push(...original.holds);
  return { result: { moved, original }, userErrors: [] };
}

/** Splits lines off into a fulfillment order of their own at the same location. */
export function splitFulfillmentOrder(
  state: ShopState,
  id: number,
  lines: ChosenLines,
): Outcome<{ split: FulfillmentOrderState; remaining: FulfillmentOrderState }> {
  const original = state.fulfillmentOrders.get(id);
  if (original === undefined || original.status !== 'OPEN')
    return refused(['fulfillmentOrderSplits'], 'The fulfillment order is not open.');
  const order = state.orders.get(original.orderId);
  const chosen = chooseLines(original, lines);
  const all =
    chosen !== null && original.lines.every((line) => chosen.some((choice) => choice.line === line && choice.quantity === line.remaining));
  if (order === undefined || chosen === null || chosen.length === 0 || all) {
    return refused(['fulfillmentOrderSplits'], 'Invalid fulfillment order line item quantity requested.');
  }
  const at = now(state);
  const units = chosen.map(({ line, quantity }) => ({ lineItemId: line.lineItemId, quantity }));
  take(original, chosen);
  original.updatedAt = at;
  touch(order, at);
  const split = newFulfillmentOrder(state, order, original.locationId, 'OPEN', units, at);
  return { result: { split, remaining: original }, userErrors: [] };
}

/** Staff put an order's open fulfillment orders on hold, or release all their holds. */
export function setHold(state: ShopState, order: OrderState, held: boolean, at: string): void {
  for (const fulfillmentOrder of fulfillmentOrdersOf(state, order)) {
    if (held && fulfillmentOrder.status === 'OPEN') {
      fulfillmentOrder.status = 'ON_HOLD';
      fulfillmentOrder.holds.push({ id: nextId(state, 'FulfillmentHold'), handle: '', reason: 'OTHER', reasonNotes: null, ours: false });
    } else if (!held && fulfillmentOrder.status === 'ON_HOLD') {
      fulfillmentOrder.status = 'OPEN';
      fulfillmentOrder.holds.splice(0);
    }
    fulfillmentOrder.updatedAt = at;
  }
  touch(order, at);
}

function chooseLines(
  fulfillmentOrder: FulfillmentOrderState,
  lines: ChosenLines,
): { line: FulfillmentOrderLineState; quantity: number }[] | null {
  if (lines === null || lines.length === 0) {
    return fulfillmentOrder.lines.filter((line) => line.remaining > 0).map((line) => ({ line, quantity: line.remaining }));
  }
  const chosen: { line: FulfillmentOrderLineState; quantity: number }[] = [];
  for (const { id, quantity } of lines) {
    const line = fulfillmentOrder.lines.find((candidate) => candidate.id === id);
    if (line === undefined || quantity < 1 || quantity > line.remaining || chosen.some((choice) => choice.line === line)) return null;
    chosen.push({ line, quantity });
  }
  return chosen;
}

function take(from: FulfillmentOrderState, chosen: readonly { line: FulfillmentOrderLineState; quantity: number }[]): void {
  for (const { line, quantity } of chosen) {
    line.remaining -= quantity;
    line.total -= quantity;
  }
  from.lines = from.lines.filter((line) => line.total > 0);
  if (from.lines.every((line) => line.remaining === 0)) from.status = 'CLOSED';
}

function newFulfillmentOrder(
  state: ShopState,
  order: OrderState,
  locationId: number,
  status: FulfillmentOrderState['status'],
  units: readonly { lineItemId: number; quantity: number }[],
  at: string,
): FulfillmentOrderState {
  const merged = new Map<number, number>();
  for (const { lineItemId, quantity } of units) merged.set(lineItemId, (merged.get(lineItemId) ?? 0) + quantity);
  const id = nextId(state, 'FulfillmentOrder');
  const made: FulfillmentOrderState = {
    id,
    orderId: order.id,
    locationId,
    status,
    createdAt: at,
    updatedAt: at,
    lines: [...merged].map(([lineItemId, quantity]) => ({
      id: nextId(state, 'FulfillmentOrderLineItem'),
      lineItemId,
      total: quantity,
      remaining: quantity,
    })),
    holds: [],
  };
  state.fulfillmentOrders.set(id, made);
  return made;
}

function isActive(fulfillmentOrder: FulfillmentOrderState): boolean {
  return fulfillmentOrder.status === 'OPEN' || fulfillmentOrder.status === 'IN_PROGRESS';
}

function touch(order: OrderState, at: string): void {
  if (at > order.updatedAt) order.updatedAt = at;
}

function refused(field: readonly string[], message: string): { result: null; userErrors: readonly UserErrorState[] } {
  return { result: null, userErrors: [{ field, message }] };
}
