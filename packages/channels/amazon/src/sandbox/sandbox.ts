import { seededRandom, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { moneyFromDecimal, shareUnits, type Clock } from '@quartermaster/domain';
import { createApp } from './app.ts';
import { loginOf } from './login.ts';
import { changed } from './order-changes.ts';
import { shippedUnits, totalOf } from './order-views.ts';
import { addSettlement } from './reports.ts';
import { digits, next, nowMs, type AmazonState, type OrderState, type SandboxAddress, type SandboxMarketplace } from './state.ts';

export type AmazonSandboxOptions = {
  readonly clock: Clock;
  readonly sellerId: string;
  readonly credentials: { readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string };
  /** Default Germany: EUR, taxes included. */
  readonly marketplace?: SandboxMarketplace;
  readonly storeName?: string;
  /** Milliseconds until an accepted change of stock is applied, default 3,000. */
  readonly applyMs?: number;
  /** Milliseconds that a feed or report takes, default 20,000. */
  readonly processMs?: number;
};

/** Amounts are decimal texts in the marketplace's currency. */
export type NewOrder = {
  readonly lines: readonly {
    readonly sku: string;
    readonly quantity: number;
    /** Off the whole line. */
    readonly discount?: string;
    /** Of the whole line, in its price or on top of it as the marketplace has it. */
    readonly tax?: string;
    readonly giftWrap?: string;
  }[];
  readonly shipping?: string;
  readonly shippingTax?: string;
  readonly address?: SandboxAddress;
  /** Payment is being looked at; {@link AmazonSandbox.authorize} ends it. */
  readonly pending?: boolean;
  readonly fulfilledBy?: 'MERCHANT' | 'AMAZON';
  /** Amazon collects the taxes and pays them to the state. */
  readonly remittedTax?: boolean;
  readonly company?: string;
  readonly purchaseOrder?: string;
};

export type NewListing = {
  readonly sku: string;
  readonly title: string;
  readonly price: string;
  readonly quantity?: number;
  readonly productType?: string;
  readonly leadTime?: number;
};

/** What became of an order, for assertions and pages; amounts in minor units. */
export type OrderSnapshot = {
  readonly id: string;
  readonly status: string;
  readonly updatedAt: number;
  readonly total: number;
  readonly sellerOrderId: string | null;
  readonly items: readonly { readonly id: string; readonly sku: string; readonly quantity: number; readonly shipped: number }[];
  readonly packages: readonly {
    readonly reference: string;
    readonly carrier: string;
    readonly trackingNumber: string;
    readonly units: Readonly<Record<string, number>>;
  }[];
  readonly refunds: readonly number[];
};

/** An emulated Amazon with one seller: its HTTP side, and the hands of customers and of Seller Central. */
export type AmazonSandbox = {
  /** Login, API and documents, each by its path; hand it out under every origin that a client asks. */
  readonly app: SandboxApp;
  addListing(listing: NewListing): void;
  removeListing(sku: string): void;
  placeOrder(order: NewOrder): string;
  /** The payment of a pending order is through. */
  authorize(orderId: string): void;
  /** The buyer changes how he is to be reached. */
  changeAddress(orderId: string, address: SandboxAddress): void;
  cancelOrder(orderId: string, by?: 'BUYER' | 'MERCHANT' | 'AMAZON'): void;
  /** The buyer asks the seller to cancel. */
  requestCancellation(orderId: string, reason: string): void;
  requestReturn(orderId: string, sku: string, units: number): string;
  addSettlement(text: string): void;
  stock(sku: string): { readonly quantity: number; readonly leadTime: number | null } | null;
  setStock(sku: string, quantity: number): void;
  order(orderId: string): OrderSnapshot;
  orders(): readonly OrderSnapshot[];
  /** Notifications that wait, as a queue of SQS delivers their texts: at least once, in any order. */
  takeNotifications(how?: { readonly duplicate?: boolean; readonly reorder?: boolean; readonly seed?: number }): readonly string[];
  /** Removes the subscriptions of notifications. */
  dropSubscriptions(): void;
  /** Ends every access token. */
  revokeTokens(): void;
  readonly accessTokens: readonly string[];
  /** Calls by operation, and how many of them were refused for rate. */
  readonly calls: ReadonlyMap<string, { readonly made: number; readonly refused: number }>;
};

export const someone: SandboxAddress = {
  name: 'Ada Example',
  addressLine1: 'Beispielweg 1',
  city: 'Bonn',
  postalCode: '53111',
  countryCode: 'DE',
  phone: '+49 228 000',
};

const germany: SandboxMarketplace = { id: 'A1PA6795UKMFR9', name: 'Amazon.de', currency: 'EUR', taxesIncluded: true };

/** Opens an emulated Amazon. All state is in memory; ids and answers are the same for the same steps. */
export function createAmazonSandbox(options: AmazonSandboxOptions): AmazonSandbox {
  const state: AmazonState = {
    clock: options.clock,
    sellerId: options.sellerId,
    storeName: options.storeName ?? 'Example Store',
    marketplace: options.marketplace ?? germany,
    applyMs: options.applyMs ?? 3_000,
    processMs: options.processMs ?? 20_000,
    orders: new Map(),
    listings: new Map(),
    stockChanges: [],
    documents: new Map(),
    feeds: new Map(),
    reports: new Map(),
    returns: [],
    notifications: [],
    destinations: new Map(),
    subscriptions: new Map(),
    pages: new Map(),
    counters: new Map(),
  };
  const login = loginOf(state, options.credentials);
  const calls = new Map<string, { made: number; refused: number }>();
  const find = (id: string): OrderState => {
    const order = state.orders.get(id);
    if (order === undefined) throw new RangeError(`no order ${id}`);
    return order;
  };
  return {
    app: createApp(state, login, (operation, refused) => {
      const seen = calls.get(operation) ?? { made: 0, refused: 0 };
      calls.set(operation, { made: seen.made + 1, refused: seen.refused + (refused ? 1 : 0) });
    }),
    accessTokens: login.given,
    calls,
    revokeTokens: () => login.revoke(),
    addListing({ sku, title, price, quantity, productType, leadTime }) {
      state.listings.set(sku, {
        sku,
        asin: `B0${digits(8, 'asin', sku)}`,
        title,
        productType: productType ?? 'HOME',
        price: minor(state, price),
        createdAt: nowMs(state),
        quantity: quantity ?? 0,
        leadTime: leadTime ?? null,
        buyable: true,
      });
    },
    removeListing: (sku) => void state.listings.delete(sku),
    placeOrder: (order) => placeOrder(state, order).id,
    authorize(id) {
      const order = find(id);
      if (order.status !== 'PENDING') throw new RangeError(`${id} is not pending`);
      order.status = 'UNSHIPPED';
      changed(state, order, 'OrderStatusChange');
    },
    changeAddress(id, address) {
      const order = find(id);
      order.address = address;
      changed(state, order, 'BuyerRequestedChange');
    },
    cancelOrder(id, by = 'MERCHANT') {
      const order = find(id);
      if (order.packages.length > 0) throw new RangeError(`${id} has shipped`);
      order.status = 'CANCELLED';
      order.cancelledBy = by;
      changed(state, order, 'OrderStatusChange');
    },
    requestCancellation(id, reason) {
      const order = find(id);
      for (const item of order.items) item.cancelRequested = reason;
      changed(state, order, 'BuyerRequestedChange');
    },
    requestReturn(orderId, sku, units) {
      const rma = `D${digits(8, 'return', String(next(state, 'return')))}RRMA`;
      state.returns.push({ rma, orderId, sku, units, requestedAt: nowMs(state), status: 'Approved' });
      return rma;
    },
    addSettlement: (text) => addSettlement(state, text),
    stock(sku) {
      const listing = state.listings.get(sku);
      return listing === undefined ? null : { quantity: listing.quantity, leadTime: listing.leadTime };
    },
    setStock(sku, quantity) {
      const listing = state.listings.get(sku);
      if (listing === undefined) throw new RangeError(`no listing ${sku}`);
      listing.quantity = quantity;
    },
    order: (id) => snapshot(state, find(id)),
    orders: () => [...state.orders.values()].map((order) => snapshot(state, order)),
    takeNotifications({ duplicate = false, reorder = false, seed = 1 } = {}) {
      const texts = state.notifications.splice(0).map(({ text }) => text);
      const all = duplicate ? texts.flatMap((text) => [text, text]) : texts;
      const random = seededRandom(seed);
      return reorder
        ? all
            .map((text) => ({ text, key: random() }))
            .toSorted((one, other) => one.key - other.key)
            .map(({ text }) => text)
        : all;
    },
    dropSubscriptions: () => state.subscriptions.clear(),
  };
}

function placeOrder(state: AmazonState, given: NewOrder): OrderState {
  const number = String(next(state, 'order'));
  const id = `${digits(3, 'order', number)}-${digits(7, 'order', number, 'a')}-${digits(7, 'order', number, 'b')}`;
  const listings = given.lines.map(({ sku }) => {
    const listing = state.listings.get(sku);
    if (listing === undefined) throw new RangeError(`${sku} is not listed`);
    return listing;
  });
  const weights = given.lines.map(({ quantity }, index) => quantity * (listings[index]?.price ?? 0));
  const shipping = shareUnits(minor(state, given.shipping), weights);
  const shippingTax = shareUnits(minor(state, given.shippingTax), weights);
  const now = nowMs(state);
  const order: OrderState = {
    id,
    createdAt: now,
    updatedAt: now,
    status: given.pending === true ? 'PENDING' : 'UNSHIPPED',
    cancelledBy: null,
    address: given.address ?? someone,
    buyer: {
      name: (given.address ?? someone).name,
      email: `${digits(12, 'buyer', number)}@marketplace.amazon.de`,
      company: given.company ?? null,
      purchaseOrder: given.purchaseOrder ?? null,
    },
    fulfilledBy: given.fulfilledBy ?? 'MERCHANT',
    remittedTax: given.remittedTax ?? false,
    programs: given.company === undefined ? [] : ['AMAZON_BUSINESS'],
    items: given.lines.map((line, index) => ({
      id: digits(14, 'item', number, String(index)),
      sku: line.sku,
      title: listings[index]?.title ?? line.sku,
      quantity: line.quantity,
      unitPrice: listings[index]?.price ?? 0,
      discount: minor(state, line.discount),
      tax: minor(state, line.tax),
      shipping: shipping[index] ?? 0,
      shippingTax: shippingTax[index] ?? 0,
      giftWrap: minor(state, line.giftWrap),
      cancelRequested: null,
    })),
    packages: [],
    refunds: [],
    sellerOrderId: null,
  };
  state.orders.set(id, order);
  // Amazon takes what was ordered off what is on sale, pending orders included.
  for (const [index, { quantity }] of given.lines.entries()) {
    const listing = listings[index];
    if (listing !== undefined && order.fulfilledBy === 'MERCHANT') listing.quantity = Math.max(0, listing.quantity - quantity);
  }
  changed(state, order, 'OrderStatusChange');
  return order;
}

function snapshot(state: AmazonState, order: OrderState): OrderSnapshot {
  const skuOf = (itemId: string) => order.items.find(({ id }) => id === itemId)?.sku ?? itemId;
  return {
    id: order.id,
    status: order.status,
    updatedAt: order.updatedAt,
    total: totalOf(state, order),
    sellerOrderId: order.sellerOrderId,
    items: order.items.map(({ id, sku, quantity }) => ({ id, sku, quantity, shipped: shippedUnits(order, id) })),
    packages: order.packages.map(({ reference, carrier, trackingNumber, units }) => ({
      reference,
      carrier,
      trackingNumber,
      units: Object.fromEntries([...units].map(([itemId, quantity]) => [skuOf(itemId), quantity])),
    })),
    refunds: order.refunds.map(({ amount }) => amount),
  };
}

function minor(state: AmazonState, amount: string | undefined): number {
  return amount === undefined ? 0 : moneyFromDecimal(amount, state.marketplace.currency).minor;
}
