import { epochMs, type Clock } from '@quartermaster/domain';

/** An address as customers of the sandbox give it. */
export type SandboxAddress = {
  readonly name: string;
  readonly line1: string;
  readonly line2?: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  /** Three letters, default `USA`. */
  readonly country?: string;
  readonly phone: string;
};

export type UnitStatus = 'Created' | 'Acknowledged' | 'Shipped' | 'Delivered' | 'Cancelled';

export type Tracking = {
  readonly shipDateTime: number;
  readonly carrierName: { readonly carrier?: string | undefined; readonly otherCarrier?: string | undefined };
  readonly methodCode: string;
  readonly trackingNumber: string;
  readonly trackingURL?: string | undefined;
};

/** Units of a line that are in one state, and under one tracking number. */
export type UnitGroup = { status: UnitStatus; units: number; readonly tracking?: Tracking; readonly reason?: string };

export type RefundedCharge = {
  readonly type: string;
  readonly name: string;
  readonly amount: number;
  readonly tax: number;
  readonly reason: string;
};

/** Amounts are minor units of the sandbox's currency, of all units that were ordered. */
export type LineState = {
  readonly number: string;
  readonly sku: string;
  readonly title: string;
  readonly unitPrice: number;
  readonly quantity: number;
  readonly discount: number;
  readonly tax: number;
  readonly shipping: number;
  readonly shippingTax: number;
  readonly fee: number;
  statusDate: number;
  groups: UnitGroup[];
  readonly refunds: { readonly comments: string; readonly charges: readonly RefundedCharge[] }[];
  intentToCancel: boolean;
};

export type OrderState = {
  readonly id: string;
  readonly customerOrderId: string;
  readonly email: string;
  readonly orderDate: number;
  /** When anything of it changed: found by, and never told. */
  modifiedAt: number;
  address: SandboxAddress;
  readonly methodCode: string;
  readonly shipNode: string;
  /** Whether the order has a summary with its total. */
  readonly summary: boolean;
  acknowledged: boolean;
  readonly lines: readonly LineState[];
};

export type ItemState = {
  readonly sku: string;
  readonly price: number;
  readonly title: string;
  readonly stock: Map<string, { input: number; reserved: number }>;
};

export type FeedState = {
  readonly id: string;
  readonly type: string;
  readonly at: number;
  /** When Walmart is through with it. */
  readonly doneAt: number;
  readonly items: readonly { readonly sku: string; readonly nodes: readonly { readonly shipNode: string; readonly amount: number }[] }[];
  readonly outcomes: Map<string, string | null>;
  done: boolean;
};

export type ReturnState = {
  readonly id: string;
  readonly order: OrderState;
  readonly line: LineState;
  readonly units: number;
  readonly reason: string;
  readonly createdAt: number;
  modifiedAt: number;
  status: string;
};

export type SubscriptionState = {
  readonly id: string;
  readonly eventType: string;
  readonly resourceName: string;
  readonly eventUrl: string;
  readonly header: string;
  readonly secret: string;
  status: 'ACTIVE' | 'INACTIVE';
};

export type NotificationState = { readonly id: string; readonly eventType: string; readonly at: number; readonly payload: unknown };

/** All that the emulated Walmart holds of one seller. */
export type WalmartState = {
  readonly clock: Clock;
  readonly currency: string;
  readonly partnerId: string;
  /** The first is the seller's default. */
  readonly shipNodes: readonly string[];
  readonly feedMs: number;
  readonly orders: Map<string, OrderState>;
  readonly items: Map<string, ItemState>;
  readonly returns: Map<string, ReturnState>;
  readonly feeds: Map<string, FeedState>;
  readonly subscriptions: Map<string, SubscriptionState>;
  readonly notifications: NotificationState[];
  /** Access tokens and when each runs out. */
  readonly tokens: Map<string, number>;
  readonly rates: Map<string, { used: number; until: number }>;
  readonly counters: Map<string, number>;
};

export function nextNumber(state: WalmartState, kind: string): number {
  const next = (state.counters.get(kind) ?? 0) + 1;
  state.counters.set(kind, next);
  return next;
}

export function nowMs(state: WalmartState): number {
  return epochMs(state.clock.now());
}

/** Units of a line in a state. */
export function unitsIn(line: LineState, ...statuses: readonly UnitStatus[]): number {
  return line.groups.reduce((sum, { status, units }) => sum + (statuses.includes(status) ? units : 0), 0);
}

/** Moves units of a line from states into another; false, and nothing is moved, where there are not so many. */
export function moveUnits(line: LineState, from: readonly UnitStatus[], units: number, to: Omit<UnitGroup, 'units'>): boolean {
  if (unitsIn(line, ...from) < units) return false;
  let left = units;
  for (const status of from)
    for (const group of line.groups.filter((one) => one.status === status)) {
      const taken = Math.min(left, group.units);
      group.units -= taken;
      left -= taken;
    }
  line.groups = line.groups.filter((group) => group.units > 0);
  const same = line.groups.find(
    (group) => group.status === to.status && group.tracking === undefined && to.tracking === undefined && group.reason === to.reason,
  );
  if (same === undefined) line.groups.push({ ...to, units });
  else same.units += units;
  return true;
}

/** Writes down that an order changed, and which of its lines changed their state. */
export function touch(state: WalmartState, order: OrderState, lines: readonly LineState[] = []): void {
  order.modifiedAt = nowMs(state);
  for (const line of lines) line.statusDate = order.modifiedAt;
}

export function announce(state: WalmartState, eventType: string, payload: unknown): void {
  const nth = nextNumber(state, 'notification');
  state.notifications.push({ id: `7c4e0b22-0000-4000-8000-${String(nth).padStart(12, '0')}`, eventType, at: nowMs(state), payload });
}

/** Gives units of a line back to what can be bought, or takes them for good once they leave. */
export function settleStock(state: WalmartState, order: OrderState, line: LineState, units: number, how: 'given-back' | 'taken'): void {
  const stock = state.items.get(line.sku)?.stock.get(order.shipNode);
  if (stock === undefined) return;
  stock.reserved = Math.max(0, stock.reserved - units);
  if (how === 'taken') stock.input = Math.max(0, stock.input - units);
}
