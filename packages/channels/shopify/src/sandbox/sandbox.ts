import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import type { Clock } from '@quartermaster/domain';
import { orderAmounts, shopifyDecimal } from './amounts.ts';
import { createApp, servedVersions } from './app.ts';
import { bulkStorage } from './bulk.ts';
import { setHold } from './fulfilment.ts';
import { gid } from './gid.ts';
import { addVariant, itemBySku, locationByName, type NewVariant } from './inventory.ts';
import { cancelOrder, changeAddress, fulfillmentOrdersOf, lineOf, refund, setFinancialStatus, type Refund } from './orders.ts';
import { placeOrder, type NewOrder } from './placing.ts';
import { requestReturn, setReturn } from './returning.ts';
import { catchUp, nextId, now, shopifyTime, type FinancialStatus, type OrderState, type SandboxAddress, type ShopState } from './state.ts';
import { fulfillmentStatus, fulfillmentsOf } from './order-views.ts';
import { sandboxTokens, type SandboxOauthApp, type SandboxTokens } from './tokens.ts';
import { takeWebhooks, type SignedWebhook, type WebhookDelivery } from './webhooks.ts';

export type ShopifySandboxOptions = {
  /** Name of the shop: `acme` or `acme.myshopify.com`. */
  readonly shop: string;
  readonly accessToken: string;
  readonly webhookSecret: string;
  readonly clock: Clock;
  readonly currency: string;
  readonly taxesIncluded: boolean;
  /** In the order in which orders are routed to them. */
  readonly locations: readonly { readonly name: string }[];
  /** Points that the bucket regains per second, default 100 (Standard plan). */
  readonly restoreRate?: number;
  /** Points that the bucket holds, default 2,000. */
  readonly maximumAvailable?: number;
  /** Scopes of the token, default all that the connector needs. */
  readonly scopes?: readonly string[];
  /** After how many milliseconds the search shows a change of an order; default at once. The real shop's index lags by seconds, not the same for every order. */
  readonly searchLagMs?: (orderId: number) => number;
  /** The app that may ask for tokens; default none. */
  readonly oauthApp?: SandboxOauthApp;
  /** Milliseconds until an order that is to be cancelled is (default 1,500), until refunded money is on its way (default at once), and until a bulk operation is done (default 4,000). */
  readonly takes?: { readonly cancelMs?: number; readonly refundMs?: number; readonly bulkMs?: number };
  /** Where the files of bulk operations are, default `https://storage.googleapis.com`. */
  readonly storageOrigin?: string;
};

/** What became of an order, for assertions and pages. Ids are numeric text, as the connector gives them; locations are names. */
export type OrderSnapshot = {
  readonly id: string;
  readonly name: string;
  readonly updatedAt: string;
  readonly cancelledAt: string | null;
  readonly financialStatus: FinancialStatus | null;
  readonly fulfillmentStatus: string;
  readonly total: string;
  readonly lines: readonly {
    readonly id: string;
    readonly sku: string | null;
    readonly quantity: number;
    readonly currentQuantity: number;
  }[];
  readonly fulfillmentOrders: readonly {
    readonly id: string;
    readonly location: string;
    readonly status: string;
    readonly holds: readonly { readonly handle: string; readonly reason: string }[];
    readonly lines: readonly { readonly lineId: string; readonly sku: string | null; readonly remaining: number }[];
  }[];
  readonly fulfillments: readonly FulfillmentSnapshot[];
  readonly cancelReason: string | null;
  readonly refunds: readonly { readonly id: string; readonly amount: string; readonly note: string | null }[];
  /** Money that was authorized first and taken then. */
  readonly captured: string;
  /** By namespace and key with a dot between. */
  readonly metafields: Readonly<Record<string, string>>;
  readonly returns: readonly { readonly id: string; readonly status: string }[];
};

export type FulfillmentSnapshot = {
  readonly id: string;
  readonly location: string;
  readonly createdAt: string;
  readonly trackingCompany: string | null;
  readonly trackingNumbers: readonly string[];
  readonly trackingUrls: readonly string[];
  readonly notifiedCustomer: boolean;
  readonly lines: readonly { readonly lineId: string; readonly sku: string | null; readonly quantity: number }[];
};

export type StockSnapshot = {
  readonly sku: string | null;
  readonly location: string;
  readonly available: number;
  readonly committed: number;
  readonly onHand: number;
};

export type ShopifySnapshot = { readonly orders: readonly OrderSnapshot[]; readonly inventory: readonly StockSnapshot[] };

/** An emulated shop: its HTTP side, and the hands of its customers and staff. */
export type ShopifySandbox = {
  readonly app: SandboxApp;
  /** Global ids of the locations by name: what the connector's `locations` option wants. */
  readonly locationIds: Readonly<Record<string, string>>;
  addVariant(variant: NewVariant): { readonly variantId: string; readonly inventoryItemId: string };
  /** Somebody of the shop counts, and sets what is available. */
  setStock(sku: string, location: string, available: number): void;
  /** Stops a location from stocking an item, as if it had never. */
  unstock(sku: string, location: string): void;
  /** A customer orders. Ids are numeric text. */
  placeOrder(order: NewOrder): { readonly id: string; readonly name: string; readonly lineIds: readonly string[] };
  /** `order` is a name (`#1001`) or an id in all of these; `at` is now unless given. */
  cancelOrder(order: string, at?: string): void;
  changeAddress(order: string, address: SandboxAddress, at?: string): void;
  setFinancialStatus(order: string, status: FinancialStatus, at?: string): void;
  refund(order: string, refund: Refund): void;
  closeOrder(order: string, at?: string): void;
  holdOrder(order: string, at?: string): void;
  releaseHold(order: string, at?: string): void;
  /** A customer asks to send units back that shipped. The id is numeric text. */
  requestReturn(order: string, given: { readonly line: number; readonly units: number; readonly reason?: string }): string;
  /** Staff decide about a return (`OPEN` approves it), or it goes on. */
  setReturn(id: string, given: Parameters<typeof setReturn>[2]): void;
  /** Deletes all webhook subscriptions, as Shopify does with those that its deliveries failed at for four hours. */
  dropSubscriptions(): void;
  readonly subscriptions: () => readonly { readonly topic: string; readonly uri: string }[];
  /** The merchant lets the app of `oauthApp` in. */
  installApp(): ReturnType<SandboxTokens['install']>;
  /** Where the files of bulk operations are; it answers at an origin of its own. */
  readonly storage: SandboxApp;
  readonly storageOrigin: string;
  stock(sku: string, location: string): { readonly available: number; readonly committed: number; readonly onHand: number };
  snapshot(): ShopifySnapshot;
  takeWebhooks(delivery?: WebhookDelivery): SignedWebhook[];
};

/** Scopes that the connector needs, all of which a sandbox token has by default. */
const defaultScopes = [
  'read_orders',
  'write_orders',
  'write_order_edits',
  'read_returns',
  'read_products',
  'read_customers',
  'read_payment_terms',
  'read_locations',
  'read_inventory',
  'write_inventory',
  'read_merchant_managed_fulfillment_orders',
  'write_merchant_managed_fulfillment_orders',
];

/** Opens an emulated shop. All state is in memory; ids and answers are the same for the same steps. */
export function createShopifySandbox(options: ShopifySandboxOptions): ShopifySandbox {
  const state: ShopState = {
    domain: options.shop.includes('.') ? options.shop : `${options.shop}.myshopify.com`,
    name: options.shop.split('.')[0] ?? options.shop,
    currency: options.currency,
    taxesIncluded: options.taxesIncluded,
    clock: options.clock,
    searchLagMs: options.searchLagMs ?? (() => 0),
    locations: new Map(),
    items: new Map(),
    variants: new Map(),
    orders: new Map(),
    fulfillmentOrders: new Map(),
    fulfillments: new Map(),
    refunds: new Map(),
    returns: new Map(),
    jobs: new Map(),
    edits: new Map(),
    subscriptions: new Map(),
    bulkOperations: new Map(),
    takes: { cancelMs: options.takes?.cancelMs ?? 1_500, refundMs: options.takes?.refundMs ?? 0, bulkMs: options.takes?.bulkMs ?? 4_000 },
    webhooks: [],
    answers: new Map(),
    counters: new Map(),
  };
  for (const { name } of options.locations) {
    const id = nextId(state, 'Location');
    state.locations.set(id, { id, name, active: true });
  }
  const find = (order: string) => findOrder(state, order);
  const tokens = sandboxTokens(options.clock, options.accessToken, options.oauthApp ?? null);
  const storageOrigin = options.storageOrigin ?? 'https://storage.googleapis.com';
  return {
    app: createApp({
      state,
      tokens,
      storageOrigin,
      scopes: options.scopes ?? defaultScopes,
      maximumAvailable: options.maximumAvailable ?? 2_000,
      restoreRate: options.restoreRate ?? 100,
    }),
    locationIds: Object.fromEntries([...state.locations.values()].map(({ id, name }) => [name, gid('Location', id)])),
    addVariant(variant) {
      const { variantId, inventoryItemId } = addVariant(state, variant);
      return { variantId: String(variantId), inventoryItemId: String(inventoryItemId) };
    },
    setStock(sku, location, available) {
      const level = itemBySku(state, sku)?.levels.get(locationByName(state, location).id);
      if (level === undefined) throw new RangeError(`${sku} is not stocked at ${location}`);
      level.available = available;
    },
    unstock(sku, location) {
      itemBySku(state, sku)?.levels.delete(locationByName(state, location).id);
    },
    placeOrder(given) {
      const order = placeOrder(state, given);
      return { id: String(order.id), name: order.name, lineIds: order.lines.map((line) => String(line.id)) };
    },
    cancelOrder: (order, at) => cancelOrder(state, find(order), at ?? now(state)),
    changeAddress: (order, address, at) => changeAddress(state, find(order), address, at ?? now(state)),
    setFinancialStatus: (order, status, at) => setFinancialStatus(state, find(order), status, at ?? now(state)),
    refund: (order, given) => refund(state, find(order), given),
    closeOrder(order, at) {
      const found = find(order);
      found.closedAt = at === undefined ? now(state) : shopifyTime(at);
      found.updatedAt = found.closedAt;
    },
    holdOrder: (order, at) => setHold(state, find(order), true, shopifyTime(at ?? now(state))),
    releaseHold: (order, at) => setHold(state, find(order), false, shopifyTime(at ?? now(state))),
    stock(sku, location) {
      const level = itemBySku(state, sku)?.levels.get(locationByName(state, location).id) ?? { available: 0, committed: 0 };
      return { ...level, onHand: level.available + level.committed };
    },
    requestReturn: (order, given) => String(requestReturn(state, find(order), given).id),
    setReturn(id, given) {
      const one = state.returns.get(Number(id));
      if (one === undefined) throw new RangeError(`the sandbox shop has no return ${JSON.stringify(id)}`);
      setReturn(state, one, given);
    },
    dropSubscriptions: () => state.subscriptions.clear(),
    subscriptions: () => [...state.subscriptions.values()].map(({ topic, uri }) => ({ topic, uri })),
    installApp: () => tokens.install(),
    storage: bulkStorage(state),
    storageOrigin,
    snapshot() {
      catchUp(state);
      return snapshot(state);
    },
    takeWebhooks: (delivery) => takeWebhooks(state, options.webhookSecret, servedVersions.at(-1) ?? '', delivery ?? {}),
  };
}

function findOrder(state: ShopState, order: string): OrderState {
  const found = [...state.orders.values()].find((candidate) => candidate.name === order || String(candidate.id) === order);
  if (found === undefined) throw new RangeError(`the sandbox shop has no order ${JSON.stringify(order)}`);
  return found;
}

function snapshot(state: ShopState): ShopifySnapshot {
  const locationName = (id: number) => state.locations.get(id)?.name ?? '';
  return {
    orders: [...state.orders.values()].map((order) => ({
      id: String(order.id),
      name: order.name,
      updatedAt: order.updatedAt,
      cancelledAt: order.cancelledAt,
      financialStatus: order.financialStatus,
      fulfillmentStatus: fulfillmentStatus(state, order),
      total: shopifyDecimal(orderAmounts(order, state.taxesIncluded, 'current').total, state.currency),
      lines: order.lines.map((line) => ({
        id: String(line.id),
        sku: line.sku,
        quantity: line.quantity,
        currentQuantity: line.quantity - line.removed,
      })),
      fulfillmentOrders: fulfillmentOrdersOf(state, order).map((one) => ({
        id: String(one.id),
        location: locationName(one.locationId),
        status: one.status,
        holds: one.holds.map(({ handle, reason }) => ({ handle, reason })),
        lines: one.lines.map((line) => ({
          lineId: String(line.lineItemId),
          sku: lineOf(order, line.lineItemId).sku,
          remaining: line.remaining,
        })),
      })),
      fulfillments: fulfillmentsOf(state, order).map((one) => ({
        id: String(one.id),
        location: locationName(one.locationId),
        createdAt: one.createdAt,
        trackingCompany: one.company,
        trackingNumbers: one.numbers,
        trackingUrls: one.urls,
        notifiedCustomer: one.notifiedCustomer,
        lines: one.lines.map((line) => ({
          lineId: String(line.lineItemId),
          sku: lineOf(order, line.lineItemId).sku,
          quantity: line.quantity,
        })),
      })),
      cancelReason: order.cancelReason,
      refunds: [...state.refunds.values()]
        .filter((one) => one.orderId === order.id)
        .map((one) => ({ id: String(one.id), amount: shopifyDecimal(one.amount, state.currency), note: one.note })),
      captured: shopifyDecimal(
        order.transactions.filter(({ kind }) => kind === 'CAPTURE').reduce((sum, one) => sum + one.amount, 0),
        state.currency,
      ),
      metafields: Object.fromEntries([...order.metafields].map(([name, { value }]) => [name, value])),
      returns: [...state.returns.values()]
        .filter((one) => one.orderId === order.id)
        .map((one) => ({ id: String(one.id), status: one.status })),
    })),
    inventory: [...state.items.values()].flatMap((item) =>
      [...item.levels].map(([locationId, level]) => ({
        sku: item.sku,
        location: locationName(locationId),
        available: level.available,
        committed: level.committed,
        onHand: level.available + level.committed,
      })),
    ),
  };
}
