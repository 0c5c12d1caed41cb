import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { localDate, type Clock } from '@quartermaster/domain';
import { generateKeyPairSync } from 'node:crypto';
import { firstDailyQuotas, requiredScopes, type EbayApi } from '../limits.ts';
import { createSigningKey, type Keyset } from './access.ts';
import { createApp } from './app.ts';
import { takeNotifications, type Endpoint, type NotificationDelivery, type SignedNotification } from './notifications.ts';
import { shippedOf, totalOf } from './order-views.ts';
import { addItem, placeOrder, type NewItem, type NewOrder } from './placing.ts';
import { complete, request } from './post-order.ts';
import { openReturn } from './returns.ts';
import {
  announce,
  cancelStateOf,
  effectiveQuantity,
  touch,
  type EbayState,
  type ItemState,
  type OrderState,
  type SandboxAddress,
} from './state.ts';

export type EbaySandboxOptions = Keyset & {
  readonly clock: Clock;
  /** Such as `EBAY_DE`. */
  readonly marketplace: string;
  readonly currency: string;
  /** `merchantLocationKey` of each location. */
  readonly locations: readonly string[];
  readonly sellerId?: string;
  /** Scopes that the seller granted, default all that the connector needs. */
  readonly scopes?: readonly string[];
  /** Whether refunds and cancellations must be signed, as for sellers in the EU and the UK; default true. */
  readonly signaturesRequired?: boolean;
  /** Calls a day; default what applications commonly have. */
  readonly quotas?: Partial<Record<EbayApi, number>>;
  /** Zone of the day that quotas and revisions are counted by, default Pacific: an assumption. */
  readonly zone?: string;
  /** How long eBay works on a refund, default 20 seconds, and on a cancellation, default none. */
  readonly refundProcessingMs?: number;
  readonly cancelProcessingMs?: number;
  /** Items in one bulkUpdatePriceQuantity, default 25; the specification also says one. */
  readonly skusPerCall?: number;
  /** Who answers eBay's challenge at an address; default nobody. */
  readonly endpoint?: Endpoint;
};

/** What became of an order, for assertions and pages. Amounts are minor units. */
export type EbayOrderSnapshot = {
  readonly id: string;
  readonly modifiedAt: string;
  readonly cancelState: string;
  readonly total: number;
  readonly lines: readonly { readonly id: string; readonly sku: string | null; readonly quantity: number; readonly shipped: number }[];
  readonly fulfillments: readonly {
    readonly id: string;
    readonly trackingNumber: string | null;
    readonly carrier: string | null;
    readonly shippedDate: string;
    readonly units: Readonly<Record<string, number>>;
  }[];
  readonly refunds: readonly number[];
};

/** An emulated eBay with one seller and one application: its HTTP side, and the hands of buyers, of the seller and of eBay. */
export type EbaySandbox = {
  /** Serve it at `https://api.ebay.com`. */
  readonly app: SandboxApp;
  addItem(item: NewItem): void;
  /** A buyer orders and has checked out. Gives the ids of order and lines. */
  placeOrder(order: NewOrder): { readonly id: string; readonly lineIds: readonly string[] };
  changeAddress(orderId: string, address: SandboxAddress): void;
  setPayment(orderId: string, payment: 'PAID' | 'PENDING' | 'FAILED'): void;
  /** eBay cancels the order, for instance because the buyer and the seller agreed on its site. */
  cancelOrder(orderId: string): void;
  /** The buyer wishes to cancel, and waits for the seller. */
  askToCancel(orderId: string): void;
  /** The buyer opens a return. Gives its id. */
  openReturn(orderId: string, sku: string, units: number): string;
  /** Moves a return on, such as to `ITEM_SHIPPED`. */
  moveReturn(returnId: string, state: string): void;
  /** The seller sets the figure of an item, at a location or in total. */
  setStock(sku: string, location: string | null, units: number): void;
  /** Units at a location; what can be bought in all where `location` is null. */
  stock(sku: string, location: string | null): number;
  revisionsOf(listing: string): number;
  order(orderId: string): EbayOrderSnapshot;
  /** Lets eBay make a signing key, as a call of the Key Management API does. */
  signingKey(): { readonly jwe: string; readonly privateKey: string };
  /** Somebody closes their account: eBay demands that their data be erased. */
  closeAccount(username: string): void;
  takeNotifications(how?: NotificationDelivery): SignedNotification[];
  /** Deliveries failed: eBay sends nothing more there. */
  markDown(): void;
  /** Access tokens given out so far. */
  tokens(): readonly string[];
  /** Calls of the day by API. */
  calls(): Readonly<Record<string, number>>;
};

/** Opens an emulated eBay. All state is in memory; but for keys, ids and answers are the same for the same steps. */
export function createEbaySandbox(options: EbaySandboxOptions): EbaySandbox {
  const zone = options.zone ?? 'America/Los_Angeles';
  const state: EbayState = {
    clock: options.clock,
    marketplace: options.marketplace,
    currency: options.currency,
    sellerId: options.sellerId ?? 'acme-trading',
    taxOnTop: true,
    orders: new Map(),
    items: new Map(),
    returns: new Map(),
    locations: new Map(options.locations.map((key) => [key, 'ENABLED'])),
    notifications: [],
    destinations: new Map(),
    subscriptions: new Map(),
    tokens: new Map(),
    signingKeys: new Map(),
    notificationKey: { id: '9936261a-0000-4000-8000-000000000001', ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) },
    revisions: new Map(),
    calls: new Map(),
    counters: new Map(),
    day: localDate(options.clock.now(), zone),
    alertEmail: null,
  };
  const orderOf = (id: string): OrderState => {
    const found = state.orders.get(id);
    if (found === undefined) throw new RangeError(`the sandbox has no order ${JSON.stringify(id)}`);
    return found;
  };
  const itemOf = (sku: string): ItemState => {
    const found = state.items.get(sku);
    if (found === undefined) throw new RangeError(`the sandbox has no item ${JSON.stringify(sku)}`);
    return found;
  };
  return {
    app: createApp({
      state,
      keyset: options,
      scopes: options.scopes ?? requiredScopes,
      quotas: { ...firstDailyQuotas, ...options.quotas },
      zone,
      signaturesRequired: options.signaturesRequired ?? true,
      refundProcessingMs: options.refundProcessingMs ?? 20_000,
      cancelProcessingMs: options.cancelProcessingMs ?? 0,
      skusPerCall: options.skusPerCall ?? 25,
      endpoint: options.endpoint ?? (() => Promise.resolve(null)),
    }),
    addItem: (item) => addItem(state, item),
    placeOrder: (order) => placeOrder(state, order),
    changeAddress(id, address) {
      const order = orderOf(id);
      order.address = address;
      touch(state, order);
    },
    setPayment(id, payment) {
      const order = orderOf(id);
      order.payment = payment;
      touch(state, order);
    },
    cancelOrder(id) {
      request(state, orderOf(id), 'Seller', 'OUT_OF_STOCK_OR_CANNOT_FULFILL');
      complete(state, orderOf(id), 0);
    },
    askToCancel(id) {
      request(state, orderOf(id), 'Buyer', 'ORDER_MISTAKE');
    },
    openReturn: (id, sku, units) => openReturn(state, orderOf(id), sku, units),
    moveReturn(id, to) {
      const found = state.returns.get(id);
      if (found === undefined) throw new RangeError(`the sandbox has no return ${JSON.stringify(id)}`);
      found.state = to;
    },
    setStock(sku, location, units) {
      const item = itemOf(sku);
      if (location === null) item.total = units;
      else {
        item.distributions = new Map([...(item.distributions ?? []), [location, units]]);
        item.total = [...item.distributions.values()].reduce((sum, each) => sum + each, 0);
      }
    },
    stock: (sku, location) => (location === null ? effectiveQuantity(itemOf(sku)) : (itemOf(sku).distributions?.get(location) ?? 0)),
    revisionsOf: (listing) => state.revisions.get(listing) ?? 0,
    order: (id) => snapshotOf(state, orderOf(id)),
    signingKey() {
      const { jwe, privateKey } = createSigningKey(state);
      return { jwe, privateKey };
    },
    closeAccount(username) {
      announce(state, 'MARKETPLACE_ACCOUNT_DELETION', { username, userId: `id-${username}`, eiasToken: 'nY+sHZ2PrBmdj6wVnY+sEZ2PrA2dj6' });
    },
    takeNotifications: (how) => takeNotifications(state, how ?? {}),
    markDown() {
      for (const destination of state.destinations.values()) destination.status = 'MARKED_DOWN';
    },
    tokens: () => [...state.tokens.keys()],
    calls: () => Object.fromEntries(state.calls),
  };
}

function snapshotOf(state: EbayState, order: OrderState): EbayOrderSnapshot {
  const skuOf = (lineId: string) => order.lines.find(({ id }) => id === lineId)?.sku ?? '';
  return {
    id: order.id,
    modifiedAt: order.modifiedAt,
    cancelState: cancelStateOf(state, order),
    total: totalOf(order),
    lines: order.lines.map(({ id, sku, quantity }) => ({ id, sku, quantity, shipped: shippedOf(order, id) })),
    fulfillments: order.fulfillments.map(({ id, trackingNumber, carrier, shippedDate, lines }) => ({
      id,
      trackingNumber,
      carrier,
      shippedDate,
      units: Object.fromEntries(lines.map((line) => [skuOf(line.lineId), line.quantity])),
    })),
    refunds: order.refunds.map(({ amount }) => amount),
  };
}
