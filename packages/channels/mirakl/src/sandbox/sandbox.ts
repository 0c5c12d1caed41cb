import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { shareUnits, type Clock } from '@quartermaster/domain';
import { createApp } from './app.ts';
import { settleImports, unitsOf } from './offer-routes.ts';
import { orderOf } from './order-routes.ts';
import {
  nextId,
  now,
  settleOrder,
  touch,
  type LineState,
  type MarketState,
  type OrderState,
  type SandboxAddress,
  type TakenState,
} from './state.ts';

export type MiraklSandboxOptions = {
  readonly apiKey: string;
  readonly shopId: number;
  readonly clock: Clock;
  readonly currency: string;
  readonly taxesIncluded: boolean;
  /** Codes of the shop's warehouses; none for one figure together. */
  readonly warehouses?: readonly string[];
  /** Default true. */
  readonly multiShipment?: boolean;
  /** Codes of registered carriers, default `UPS`. */
  readonly carriers?: readonly string[];
};

export type NewOrder = {
  readonly lines: readonly {
    readonly sku: string;
    readonly quantity: number;
    readonly discount?: number;
    readonly tax?: number;
    readonly fee?: number;
  }[];
  readonly shipping?: number;
  readonly shippingTax?: number;
  readonly address: SandboxAddress;
  /** Default `SHIPPING`: accepted by itself, and debited. */
  readonly state?: 'WAITING_ACCEPTANCE' | 'WAITING_DEBIT_PAYMENT' | 'SHIPPING';
  readonly business?: boolean;
  /** The operator remits the taxes himself. */
  readonly remitted?: boolean;
};

/** What became of an order, for assertions and pages. */
export type OrderSnapshot = {
  readonly id: string;
  readonly state: string;
  readonly reference: string | null;
  readonly shipments: readonly { readonly tracking: string | null; readonly units: Readonly<Record<string, number>> }[];
  readonly cancelledUnits: Readonly<Record<string, number>>;
  /** One amount per refund, minor units, with its taxes where they are on top. */
  readonly refunds: readonly number[];
};

/** An emulated marketplace: its HTTP side, and the hands of its customers and its operator. */
export type MiraklSandbox = {
  readonly app: SandboxApp;
  addOffer(offer: {
    readonly sku: string;
    readonly title: string;
    readonly price: number;
    readonly stock: Readonly<Record<string, number>>;
  }): void;
  /** Units on sale in a warehouse; in all of them for `*`. Throws a `RangeError` for a SKU that is not there. */
  stock(sku: string, warehouse: string): number;
  setStock(sku: string, warehouse: string, units: number): void;
  placeOrder(order: NewOrder): string;
  /** The customer's money is there. */
  debit(order: string): void;
  /** Somebody of the marketplace writes something that is no matter. */
  writeNote(order: string, text: string): void;
  /** The operator cancels the whole order. */
  cancel(order: string): void;
  /** The operator cancels units. */
  cancelUnits(order: string, sku: string, units: number): void;
  /** The operator paid the refunds. */
  payRefunds(order: string): void;
  openReturn(order: string, sku: string, units: number): string;
  setReturnState(id: string, state: string): void;
  setShopState(state: string): void;
  snapshot(order: string): OrderSnapshot;
};

/** Opens an emulated marketplace. All state is in memory; ids and answers are the same for the same steps. */
export function createMiraklSandbox(options: MiraklSandboxOptions): MiraklSandbox {
  const state: MarketState = {
    clock: options.clock,
    currency: options.currency,
    taxesIncluded: options.taxesIncluded,
    shopId: options.shopId,
    multiShipment: options.multiShipment ?? true,
    warehouses: options.warehouses ?? [],
    carriers: options.carriers ?? ['UPS'],
    orders: new Map(),
    offers: new Map(),
    shipments: [],
    imports: new Map(),
    returns: [],
    lastCalls: new Map(),
    lastWindow: '',
    shopState: 'OPEN',
    counter: 1_000,
  };
  return {
    app: createApp(state, options.apiKey),
    addOffer: ({ sku, title, price, stock }) =>
      void state.offers.set(sku, { id: nextId(state), sku, title, price, stock: new Map(Object.entries(stock)) }),
    stock(sku, warehouse) {
      settleImports(state);
      const offer = offerOf(state, sku);
      return warehouse === '*' ? unitsOf(offer) : (offer.stock.get(warehouse) ?? 0);
    },
    setStock: (sku, warehouse, units) => void offerOf(state, sku).stock.set(warehouse === '*' ? '' : warehouse, units),
    placeOrder: (order) => place(state, order),
    debit(id) {
      const order = orderOf(state, id);
      order.state = 'SHIPPING';
      for (const line of order.lines) if (line.state.startsWith('WAITING')) line.state = 'SHIPPING';
      touch(state, order);
    },
    writeNote(id, text) {
      const order = orderOf(state, id);
      order.note = text;
      touch(state, order);
    },
    cancel(id) {
      const order = orderOf(state, id);
      for (const line of order.lines) line.state = 'CANCELED';
      settleOrder(state, order);
    },
    cancelUnits(id, sku, units) {
      const order = orderOf(state, id);
      const line = lineOf(order, sku);
      line.cancelations.push(unitsTaken(state, line, units));
      settleOrder(state, order);
    },
    payRefunds(id) {
      const order = orderOf(state, id);
      for (const refund of order.lines.flatMap(({ refunds }) => refunds)) refund.state = 'REFUNDED';
      touch(state, order);
    },
    openReturn(id, sku, units) {
      const line = lineOf(orderOf(state, id), sku);
      const at = now(state);
      const returnId = `return-${nextId(state)}`;
      state.returns.push({
        id: returnId,
        orderId: id,
        at,
        updatedAt: at,
        state: 'WAITING_ACCEPTANCE',
        lines: [{ lineId: line.id, quantity: units }],
      });
      return returnId;
    },
    setReturnState(id, to) {
      const found = state.returns.find((one) => one.id === id);
      if (found === undefined) throw new RangeError(`no return ${id}`);
      found.state = to;
      found.updatedAt = now(state);
    },
    setShopState: (to) => void (state.shopState = to),
    snapshot: (id) => snapshotOf(state, orderOf(state, id)),
  };
}

function place(state: MarketState, given: NewOrder): string {
  const id = `Order_${nextId(state)}-A`;
  const at = now(state);
  const begins = given.state ?? 'SHIPPING';
  const lines = given.lines.map((line, nth): LineState => {
    const offer = offerOf(state, line.sku);
    const discount = line.discount ?? 0;
    return {
      id: `${id}-${nth + 1}`,
      sku: line.sku,
      title: offer.title,
      quantity: line.quantity,
      unitPrice: offer.price,
      price: offer.price * line.quantity - discount,
      discount,
      tax: line.tax ?? 0,
      shipping: nth === 0 ? (given.shipping ?? 0) : 0,
      shippingTax: nth === 0 ? (given.shippingTax ?? 0) : 0,
      fee: line.fee ?? 0,
      remitted: given.remitted ?? false,
      state: begins,
      cancelations: [],
      refunds: [],
    };
  });
  const about = {
    address: given.address,
    business: given.business ?? false,
    customerId: 'Customer_1',
    reference: null,
    tracking: null,
    note: null,
  };
  state.orders.set(id, { id, createdAt: at, updatedAt: at, state: begins, lines, ...about });
  return id;
}

function unitsTaken(state: MarketState, line: LineState, units: number): TakenState {
  const gone = line.cancelations.reduce((sum, { quantity }) => sum + quantity, 0);
  const rest = line.quantity - gone - units;
  const left = (part: 'price' | 'tax' | 'shipping' | 'shippingTax' | 'fee') =>
    line[part] - line.cancelations.reduce((sum, taken) => sum + taken[part], 0);
  const share = (minor: number) => (rest <= 0 ? minor : (shareUnits(minor, [units, rest])[0] ?? 0));
  return {
    id: String(nextId(state)),
    quantity: units,
    price: share(left('price')),
    tax: share(left('tax')),
    fee: share(left('fee')),
    shipping: rest <= 0 ? left('shipping') : 0,
    shippingTax: rest <= 0 ? left('shippingTax') : 0,
    reason: '34',
    at: now(state),
  };
}

function snapshotOf(state: MarketState, order: OrderState): OrderSnapshot {
  const skuOf = (lineId: string) => order.lines.find(({ id }) => id === lineId)?.sku ?? lineId;
  const groups = new Map<string, number>();
  for (const line of order.lines)
    for (const { fee, group, price, shipping, shippingTax, tax } of line.refunds)
      groups.set(group, (groups.get(group) ?? 0) + price + shipping + fee + (state.taxesIncluded ? 0 : tax + shippingTax));
  const cancelled = order.lines.map(
    ({ cancelations, sku }) => [sku, cancelations.reduce((sum, { quantity }) => sum + quantity, 0)] as const,
  );
  return {
    id: order.id,
    state: order.state,
    reference: order.reference,
    shipments: state.shipments
      .filter(({ orderId }) => orderId === order.id)
      .map(({ lines, tracking }) => ({
        tracking,
        units: Object.fromEntries(lines.map(({ lineId, quantity }) => [skuOf(lineId), quantity])),
      })),
    cancelledUnits: Object.fromEntries(cancelled.filter(([, units]) => units > 0)),
    refunds: [...groups.values()],
  };
}

function offerOf(state: MarketState, sku: string) {
  const offer = state.offers.get(sku);
  if (offer === undefined) throw new RangeError(`no offer ${sku}`);
  return offer;
}

function lineOf(order: OrderState, sku: string): LineState {
  const line = order.lines.find((one) => one.sku === sku);
  if (line === undefined) throw new RangeError(`no line of ${sku}`);
  return line;
}
