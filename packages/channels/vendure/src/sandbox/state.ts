import { epochMs, instantOf, type Clock, type Instant } from '@quartermaster/domain';
import type { WireAddress } from '../wire.ts';

/** Amounts are whole units of 10^-precision of the currency, as Vendure has them. */
export type ShopState = {
  readonly clock: Clock;
  readonly currency: string;
  readonly precision: number;
  readonly pricesIncludeTax: boolean;
  /** Stock locations by id, with their names. */
  readonly locations: ReadonlyMap<string, string>;
  readonly variants: Map<string, VariantState>;
  readonly orders: Map<string, OrderState>;
  readonly fulfillments: Map<string, FulfillmentState>;
  lastId: number;
};

export type VariantState = {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly price: number;
  readonly createdAt: Instant;
  /** By stock location. */
  readonly stock: Map<string, { onHand: number; allocated: number }>;
  isTracked: boolean;
};

export type LineState = {
  readonly id: string;
  readonly variantId: string;
  readonly placed: number;
  quantity: number;
  readonly price: number;
  /** Off the whole line as it was placed, and the tax in it or on top of it. */
  readonly discount: number;
  readonly tax: number;
};

export type RefundState = { readonly id: string; state: string; readonly total: number; readonly reason: string | null };
export type PaymentState = { readonly id: string; state: string; readonly amount: number; readonly refunds: RefundState[] };
export type FulfillmentState = {
  readonly id: string;
  readonly orderId: string;
  state: string;
  readonly method: string;
  readonly trackingCode: string | null;
  readonly lines: readonly { readonly orderLineId: string; readonly quantity: number }[];
};
export type HistoryState = { readonly type: string; readonly data: Readonly<Record<string, unknown>>; readonly createdAt: Instant };

export type OrderState = {
  readonly id: string;
  readonly code: string;
  state: string;
  readonly type: 'Regular' | 'Aggregate';
  readonly active: boolean;
  readonly orderPlacedAt: Instant | null;
  updatedAt: Instant;
  readonly customer: { readonly id: string; readonly emailAddress: string };
  address: WireAddress;
  shipping: number;
  readonly lines: readonly LineState[];
  readonly payments: readonly PaymentState[];
  readonly fulfillments: FulfillmentState[];
  readonly history: HistoryState[];
};

export function nextId(state: ShopState): string {
  state.lastId += 1;
  return String(state.lastId);
}

/** As SQLite keeps a time of change: in whole seconds, the beginning of the second. */
export function secondOf({ clock }: ShopState): Instant {
  return instantOf(Math.floor(epochMs(clock.now()) / 1_000) * 1_000);
}

/** Not every change of an order is one of its row: notes, refunds and fulfilments that only were added are none. */
export function changed(state: ShopState, order: OrderState): void {
  order.updatedAt = secondOf(state);
}

export function remember(state: ShopState, order: OrderState, type: string, data: Readonly<Record<string, unknown>>): void {
  order.history.push({ type, data, createdAt: secondOf(state) });
}

export function levelOf(variant: VariantState, location: string): { onHand: number; allocated: number } {
  const level = variant.stock.get(location) ?? { onHand: 0, allocated: 0 };
  variant.stock.set(location, level);
  return level;
}

export function lineOf(state: ShopState, lineId: string): { readonly order: OrderState; readonly line: LineState } | null {
  for (const order of state.orders.values()) {
    const line = order.lines.find(({ id }) => id === lineId);
    if (line !== undefined) return { order, line };
  }
  return null;
}

/** Units of a line in fulfilments that are not cancelled. */
export function fulfilledOf(order: OrderState, lineId: string): number {
  return order.fulfillments
    .filter(({ state }) => state !== 'Cancelled')
    .flatMap(({ lines }) => lines)
    .reduce((sum, line) => sum + (line.orderLineId === lineId ? line.quantity : 0), 0);
}
