import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { currencyExponent, type Clock } from '@quartermaster/domain';
import { decimalText, millionthsOf } from '../amounts.ts';
import { createApp, type AppOptions } from './app.ts';
import type { SandboxKey } from './authentication.ts';
import { announce, failDeliveries, takeDeliveries, type DeliveryOptions, type SandboxDelivery } from './deliveries.ts';
import { placeOrder, type NewOrder } from './placing.ts';
import { makeRefund } from './refunds.ts';
import { nextId, nowSeconds, type OrderState, type ProductState, type ShopState } from './state.ts';
import { changed, restock, setStatus } from './stock-changes.ts';

export type WooCommerceSandboxOptions = {
  /** Address of the shop; over `http` it takes OAuth 1.0a only. */
  readonly origin: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  /** Default read and write. */
  readonly permissions?: SandboxKey['permissions'];
  readonly clock: Clock;
  readonly currency: string;
  /** Decimals of its prices, default those of the currency. The real shop begins with two, whatever the currency. */
  readonly decimals?: number;
  readonly taxesIncluded: boolean;
  /** IANA zone of the shop. */
  readonly zone: string;
  /** Whether the feature `fulfillments` is on; as in the real shop, default not. */
  readonly fulfillments?: boolean;
  /** Default true. */
  readonly managesStock?: boolean;
  /** Whether the host strips the `Authorization` header; default not. */
  readonly stripsAuthorization?: boolean;
  /** Default true, as from WooCommerce 10.3 on. */
  readonly hasVariationsRoute?: boolean;
  readonly firewall?: AppOptions['firewall'];
};

export type NewProduct = {
  /** Empty for a product without one. */
  readonly sku: string;
  readonly name: string;
  readonly price: string;
  /** Null for an item whose stock is not managed. */
  readonly stock: number | null;
  /** Makes it a variation of this product, which must be `variable`. */
  readonly parent?: number;
  readonly type?: 'simple' | 'variable' | 'external';
  readonly status?: string;
};

/** What became of an order, for assertions and pages. Ids are text, as the connector gives them. */
export type OrderSnapshot = {
  readonly id: string;
  readonly status: string;
  readonly total: string;
  readonly lines: readonly { readonly id: string; readonly sku: string; readonly quantity: number }[];
  readonly meta: Readonly<Record<string, unknown>>;
  readonly notes: readonly { readonly note: string; readonly toCustomer: boolean }[];
  readonly refunds: readonly { readonly amount: string; readonly reason: string }[];
  readonly fulfillments: readonly Readonly<Record<string, unknown>>[];
};

/** An emulated shop: its HTTP side, and the hands of its customers and staff. Orders are named by their id. */
export type WooCommerceSandbox = {
  readonly app: SandboxApp;
  addProduct(product: NewProduct): number;
  removeProduct(id: number): void;
  /** Units on sale; null where they are not counted. Throws a `RangeError` for a SKU that is not there. */
  stock(sku: string): number | null;
  setStock(sku: string, units: number): void;
  placeOrder(order: NewOrder): string;
  /** Somebody changes what is no matter to anybody. */
  writeCustomerNote(order: string, text: string): void;
  setStatus(order: string, status: string): void;
  trashOrder(order: string): void;
  /** Removes it for good. */
  deleteOrder(order: string): void;
  /** Somebody of the shop takes units of a line out of the order, at what they cost, and pays back by hand. */
  takeOut(order: string, sku: string, units: number): void;
  snapshot(order: string): OrderSnapshot;
  /** Lets the shop's scheduler run, without which nothing is delivered. */
  takeWebhooks(how?: DeliveryOptions): readonly SandboxDelivery[];
  /** Somebody of the shop makes a webhook by hand. */
  addWebhook(webhook: { readonly topic: string; readonly url: string; readonly secret: string }): void;
  /** One delivery to each webhook fails; the seventh in a row turns it off. */
  failDeliveries(): void;
};

/** Opens an emulated shop. All state is in memory; ids and answers are the same for the same steps. */
export function createWooCommerceSandbox(options: WooCommerceSandboxOptions): WooCommerceSandbox {
  const state: ShopState = {
    clock: options.clock,
    origin: options.origin,
    zone: options.zone,
    currency: options.currency,
    decimals: options.decimals ?? currencyExponent(options.currency),
    taxesIncluded: options.taxesIncluded,
    fulfillments: options.fulfillments ?? false,
    managesStock: options.managesStock ?? true,
    products: new Map(),
    productsBySku: new Map(),
    orders: new Map(),
    webhooks: new Map(),
    pending: new Map(),
    pings: [],
    counters: new Map(),
  };
  const { consumerKey, consumerSecret, permissions = 'read_write' } = options;
  const find = (id: string) => orderOf(state, id);
  return {
    app: createApp({
      state,
      key: { consumerKey, consumerSecret, permissions },
      stripsAuthorization: options.stripsAuthorization ?? false,
      hasVariationsRoute: options.hasVariationsRoute ?? true,
      firewall: options.firewall ?? null,
    }),
    addProduct: (product) => addProduct(state, product),
    removeProduct(id) {
      state.productsBySku.delete(state.products.get(id)?.sku ?? '');
      state.products.delete(id);
    },
    stock: (sku) => productOf(state, sku).stock,
    setStock(sku, units) {
      productOf(state, sku).stock = units;
    },
    placeOrder(given) {
      const order = placeOrder(state, given);
      announce(state, 'order.created', order);
      return String(order.id);
    },
    writeCustomerNote(id, text) {
      const order = find(id);
      order.customerNote = text;
      changed(state, order);
    },
    setStatus: (id, status) => setStatus(state, find(id), status),
    trashOrder(id) {
      const order = find(id);
      order.status = 'trash';
      changed(state, order, 'order.deleted');
    },
    deleteOrder(id) {
      const order = find(id);
      announce(state, 'order.deleted', order);
      state.orders.delete(order.id);
    },
    takeOut: (id, sku, units) => takeOut(state, find(id), sku, units),
    snapshot: (id) => snapshot(state, find(id)),
    takeWebhooks: (how) => takeDeliveries(state, how ?? {}),
    addWebhook({ topic, url, secret }) {
      const id = nextId(state, 'webhook');
      state.webhooks.set(id, {
        id,
        name: topic,
        topic,
        deliveryUrl: url,
        secret,
        status: 'active',
        failures: 0,
        createdAt: nowSeconds(state),
      });
    },
    failDeliveries: () => failDeliveries(state),
  };
}

function addProduct(state: ShopState, product: NewProduct): number {
  const { sku, name, price, stock, parent = 0, status = 'publish' } = product;
  if (state.productsBySku.has(sku)) throw new RangeError(`the shop has ${sku} already: WooCommerce takes no SKU twice`);
  const id = nextId(state, 'post');
  const type: ProductState['type'] = parent === 0 ? (product.type ?? 'simple') : 'variation';
  const made: ProductState = { id, type, parent, name, sku, status, price: millionthsOf(price), managesStock: stock !== null, stock };
  state.products.set(id, made);
  if (sku !== '') state.productsBySku.set(sku, made);
  return id;
}

/** At what the units cost; the last ones take what is left of the line. */
function takeOut(state: ShopState, order: OrderState, sku: string, units: number): void {
  const line = order.lines.find((one) => one.sku === sku);
  if (line === undefined) throw new RangeError(`the order has no ${sku}`);
  const part = (amount: bigint) => millionthsOf(decimalText((amount * BigInt(units)) / BigInt(line.quantity), state.decimals));
  const [net, tax] = [part(line.net), part(line.tax)];
  const text = (amount: bigint) => decimalText(amount, state.decimals);
  makeRefund(state, order, {
    amount: text(net + tax),
    reason: 'taken out',
    api_refund: false,
    api_restock: false,
    line_items: [{ id: line.id, quantity: units, refund_total: text(net), refund_tax: [{ id: 1, refund_total: text(tax) }] }],
  });
  restock(state, line, units);
}

function orderOf(state: ShopState, id: string): OrderState {
  const order = state.orders.get(Number(id));
  if (order === undefined) throw new RangeError(`the sandbox shop has no order ${JSON.stringify(id)}`);
  return order;
}

function productOf(state: ShopState, sku: string): ProductState {
  const product = state.productsBySku.get(sku);
  if (product === undefined) throw new RangeError(`the sandbox shop has no product ${JSON.stringify(sku)}`);
  return product;
}

function snapshot(state: ShopState, order: OrderState): OrderSnapshot {
  return {
    id: String(order.id),
    status: order.status,
    total: decimalText(order.total, state.decimals),
    lines: order.lines.map(({ id, sku, quantity }) => ({ id: String(id), sku, quantity })),
    meta: Object.fromEntries(order.meta.map(({ key, value }) => [key, value])),
    notes: order.notes.map(({ note, toCustomer }) => ({ note, toCustomer })),
    refunds: order.refunds.map(({ amount, reason }) => ({ amount: decimalText(amount, state.decimals), reason })),
    fulfillments: order.fulfillments.map(({ meta }) => Object.fromEntries(meta.map(({ key, value }) => [key, value]))),
  };
}
