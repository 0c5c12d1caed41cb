import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import type { Clock } from '@quartermaster/domain';
import { firstQuotas, type WalmartBucket } from '../limits.ts';
import { createApp } from './app.ts';
import { settleFeeds } from './inventory.ts';
import { totalOf } from './order-views.ts';
import { autoCancel, cancelUnits } from './order-writes.ts';
import { placeOrder, type NewOrder } from './placing.ts';
import {
  announce,
  nextNumber,
  nowMs,
  touch,
  unitsIn,
  type ItemState,
  type OrderState,
  type SandboxAddress,
  type WalmartState,
} from './state.ts';
import { takeNotifications, type NotificationDelivery, type SignedNotification } from './webhooks.ts';

export type WalmartSandboxOptions = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: Clock;
  /** Ids of the seller's ship nodes; the first is the default one. */
  readonly shipNodes: readonly string[];
  /** Default `USD`. */
  readonly currency?: string;
  /** What the key may do, default all. */
  readonly scopes?: Readonly<Record<string, string>>;
  /** Calls in a time, by operation; default what the connector begins with. */
  readonly quotas?: Partial<Record<WalmartBucket, { readonly calls: number; readonly perMs: number }>>;
  /** How long Walmart works on a feed, default four seconds. */
  readonly feedMs?: number;
  /** How notifications are signed that nobody subscribed to; default not at all well. */
  readonly unsubscribed?: { readonly header: string; readonly secret: string };
};

/** What became of an order, for assertions and pages. Amounts are minor units. */
export type WalmartOrderSnapshot = {
  readonly id: string;
  readonly acknowledged: boolean;
  readonly total: number;
  readonly lines: readonly {
    readonly number: string;
    readonly sku: string;
    readonly quantity: number;
    readonly cancelled: number;
    readonly shipped: readonly { readonly trackingNumber: string; readonly units: number }[];
  }[];
  /** One amount for each refund by its comment, with tax. */
  readonly refunds: readonly { readonly comments: string; readonly amount: number }[];
};

/** An emulated Walmart Marketplace with one seller: its HTTP side, and the hands of customers, of the seller and of Walmart. */
export type WalmartSandbox = {
  /** Serve it at `https://marketplace.walmartapis.com`. */
  readonly app: SandboxApp;
  /** Lists an item, with its stock by ship node. */
  addItem(item: {
    readonly sku: string;
    readonly title: string;
    readonly price: number;
    readonly stock: Readonly<Record<string, number>>;
  }): void;
  /** A customer orders. Gives the purchase order's id. */
  placeOrder(order: NewOrder): string;
  changeAddress(orderId: string, address: SandboxAddress): void;
  /** Walmart cancels all that has not shipped. */
  autoCancel(orderId: string): void;
  /** The seller cancels units in Seller Center. */
  cancelUnits(orderId: string, sku: string, units: number): void;
  /** The customer wishes to cancel, and waits for the seller. */
  askToCancel(orderId: string): void;
  /** A parcel was delivered. */
  deliver(orderId: string): void;
  openReturn(orderId: string, sku: string, units: number): string;
  /** Moves a return on, such as to `COMPLETED`. */
  moveReturn(returnId: string, status: string): void;
  setStock(sku: string, shipNode: string, units: number): void;
  /** Units that can be bought at a ship node. */
  stock(sku: string, shipNode: string): number;
  order(orderId: string): WalmartOrderSnapshot;
  takeNotifications(how?: NotificationDelivery): SignedNotification[];
  /** Deliveries failed: Walmart sends nothing more there. */
  turnOffSubscriptions(): void;
  /** Access tokens given out so far. */
  tokens(): readonly string[];
};

const allScopes = Object.fromEntries(
  ['reports', 'item', 'shipping', 'price', 'lagtime', 'feeds', 'returns', 'orders', 'inventory', 'content'].map((scope) => [
    scope,
    'full_access',
  ]),
);

/** Opens an emulated Walmart. All state is in memory; ids and answers are the same for the same steps. */
export function createWalmartSandbox(options: WalmartSandboxOptions): WalmartSandbox {
  const state: WalmartState = {
    clock: options.clock,
    currency: options.currency ?? 'USD',
    partnerId: '10000000359',
    shipNodes: options.shipNodes,
    feedMs: options.feedMs ?? 4_000,
    orders: new Map(),
    items: new Map(),
    returns: new Map(),
    feeds: new Map(),
    subscriptions: new Map(),
    notifications: [],
    tokens: new Map(),
    rates: new Map(),
    counters: new Map(),
  };
  const orderOf = (id: string): OrderState => found(state.orders.get(id), 'order', id);
  const itemOf = (sku: string): ItemState => found(state.items.get(sku), 'item', sku);
  const lineOf = (order: OrderState, sku: string) =>
    found(
      order.lines.find((line) => line.sku === sku),
      'line',
      sku,
    );
  const { clientId, clientSecret } = options;
  return {
    app: createApp({ state, clientId, clientSecret, scopes: options.scopes ?? allScopes, quotas: { ...firstQuotas, ...options.quotas } }),
    addItem({ sku, title, price, stock }) {
      state.items.set(sku, {
        sku,
        title,
        price,
        stock: new Map(Object.entries(stock).map(([node, input]) => [node, { input, reserved: 0 }])),
      });
    },
    placeOrder: (order) => placeOrder(state, order),
    changeAddress(id, address) {
      const order = orderOf(id);
      order.address = address;
      touch(state, order);
    },
    autoCancel: (id) => autoCancel(state, orderOf(id)),
    cancelUnits(id, sku, units) {
      const order = orderOf(id);
      cancelUnits(state, order, lineOf(order, sku), units, 'SELLER_CANCEL_OUT_OF_STOCK');
    },
    askToCancel(id) {
      const order = orderOf(id);
      for (const line of order.lines) line.intentToCancel = true;
      touch(state, order);
      announce(state, 'ORDER_INTENT_TO_CANCEL', { partnerId: state.partnerId, purchaseOrderId: id });
    },
    deliver(id) {
      const order = orderOf(id);
      for (const line of order.lines) for (const group of line.groups) if (group.status === 'Shipped') group.status = 'Delivered';
      touch(state, order, order.lines);
    },
    openReturn(id, sku, units) {
      const order = orderOf(id);
      const returnId = `1037380489${String(nextNumber(state, 'return')).padStart(8, '0')}`;
      const at = nowMs(state);
      const line = lineOf(order, sku);
      state.returns.set(returnId, {
        id: returnId,
        order,
        line,
        units,
        reason: 'DAMAGED',
        createdAt: at,
        modifiedAt: at,
        status: 'INITIATED',
      });
      announce(state, 'RETURN_NOTIFICATIONS', { partnerId: state.partnerId, returnOrderId: returnId, purchaseOrderId: id });
      return returnId;
    },
    moveReturn(id, status) {
      const one = found(state.returns.get(id), 'return', id);
      one.status = status;
      one.modifiedAt = nowMs(state);
    },
    setStock(sku, node, units) {
      itemOf(sku).stock.set(node, { input: units, reserved: 0 });
    },
    stock(sku, node) {
      settleFeeds(state);
      const { input, reserved } = itemOf(sku).stock.get(node) ?? { input: 0, reserved: 0 };
      return Math.max(0, input - reserved);
    },
    order: (id) => snapshotOf(orderOf(id)),
    takeNotifications: (how = {}) => takeNotifications(state, how, options.unsubscribed ?? { header: 'x-none', secret: 'none' }),
    turnOffSubscriptions() {
      for (const one of state.subscriptions.values()) one.status = 'INACTIVE';
    },
    tokens: () => [...state.tokens.keys()],
  };
}

function found<Thing>(thing: Thing | undefined, kind: string, name: string): Thing {
  if (thing === undefined) throw new RangeError(`the sandbox has no ${kind} ${JSON.stringify(name)}`);
  return thing;
}

function snapshotOf(order: OrderState): WalmartOrderSnapshot {
  const refunds = new Map<string, number>();
  for (const { comments, charges } of order.lines.flatMap((line) => line.refunds))
    refunds.set(comments, (refunds.get(comments) ?? 0) + charges.reduce((sum, { amount, tax }) => sum + amount + tax, 0));
  return {
    id: order.id,
    acknowledged: order.acknowledged,
    total: totalOf(order),
    lines: order.lines.map((line) => ({
      number: line.number,
      sku: line.sku,
      quantity: line.quantity,
      cancelled: unitsIn(line, 'Cancelled'),
      shipped: line.groups.flatMap(({ tracking, units }) =>
        tracking === undefined ? [] : [{ trackingNumber: tracking.trackingNumber, units }],
      ),
    })),
    refunds: [...refunds].map(([comments, amount]) => ({ comments, amount })),
  };
}
