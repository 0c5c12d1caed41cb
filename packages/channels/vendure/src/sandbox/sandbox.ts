import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import type { Clock } from '@quartermaster/domain';
import type { WireAddress } from '../wire.ts';
import { createApp } from './app.ts';
import { cancelOrder, orderThere } from './mutations.ts';
import { changed, levelOf, nextId, secondOf, type OrderState, type ShopState, type VariantState } from './state.ts';

export type VendureSandboxOptions = {
  readonly clock: Clock;
  readonly token: string;
  /** How the token must be shown, default `api-key`. */
  readonly tokenMethod?: 'api-key' | 'bearer';
  /** Stock locations by id, with their names; default one, `1`. What is ordered is allocated at the first that has it. */
  readonly locations?: Readonly<Record<string, string>>;
  /** Default EUR. */
  readonly currency?: string;
  /** Amounts are whole units of 10^-precision of the currency, default 2 whatever the currency. */
  readonly precision?: number;
  /** Default true. */
  readonly pricesIncludeTax?: boolean;
};

/** Amounts as the shop has them. */
export type NewOrder = {
  readonly lines: readonly {
    readonly sku: string;
    readonly quantity: number;
    /** Off the whole line, and the tax in it or on top of it; default none. */
    readonly discount?: number;
    readonly tax?: number;
  }[];
  readonly shipping?: number;
  /** Default `Settled`. */
  readonly payment?: 'Settled' | 'Authorized';
  /** Default not: a cart is not placed. */
  readonly isCart?: boolean;
};

/** What is to be seen of an order there. */
export type OrderSnapshot = Pick<OrderState, 'state' | 'lines' | 'payments' | 'fulfillments' | 'history'>;

/** A stateful emulator of Vendure 3.7: its Admin API, and what customers and people of the shop do. */
export type VendureSandbox = {
  readonly app: SandboxApp;
  /** `stock` by location. */
  addVariant(variant: {
    readonly sku: string;
    readonly name: string;
    readonly price: number;
    readonly stock: Readonly<Record<string, number>>;
  }): string;
  placeOrder(order: NewOrder): string;
  changePhone(orderId: string, phone: string): void;
  /** Units of a line, or all of the order with its shipping. */
  cancel(orderId: string, part?: { readonly sku: string; readonly units: number }): void;
  setStock(sku: string, location: string, onHand: number): void;
  /** What a customer can buy there: on hand less allocated. */
  saleable(sku: string, location: string): number;
  /** Pays a refund and settles it. */
  settleRefunds(orderId: string): void;
  skuOf(lineId: string): string;
  snapshot(orderId: string): OrderSnapshot;
};

export function createVendureSandbox(options: VendureSandboxOptions): VendureSandbox {
  const state: ShopState = {
    clock: options.clock,
    currency: options.currency ?? 'EUR',
    precision: options.precision ?? 2,
    pricesIncludeTax: options.pricesIncludeTax ?? true,
    locations: new Map(Object.entries(options.locations ?? { '1': 'Default Stock Location' })),
    variants: new Map(),
    orders: new Map(),
    fulfillments: new Map(),
    lastId: 0,
  };
  const variantOf = (sku: string): VariantState => {
    const found = [...state.variants.values()].find((variant) => variant.sku === sku);
    if (found === undefined) throw new RangeError(`no variant ${sku}`);
    return found;
  };

  return {
    app: createApp(state, options.token, options.tokenMethod ?? 'api-key'),
    addVariant({ sku, name, price, stock }) {
      const levels = Object.entries(stock).map(([location, onHand]) => [location, { onHand, allocated: 0 }] as const);
      const id = nextId(state);
      state.variants.set(id, { id, sku, name, price, createdAt: secondOf(state), stock: new Map(levels), isTracked: true });
      return id;
    },
    placeOrder(wanted) {
      const order = newOrder(state, wanted, variantOf);
      state.orders.set(order.id, order);
      return order.id;
    },
    changePhone(orderId, phone) {
      const order = orderThere(state, orderId);
      order.address = { ...order.address, phoneNumber: phone };
      changed(state, order);
    },
    cancel(orderId, part) {
      const order = orderThere(state, orderId);
      const id = part === undefined ? '' : (order.lines.find((line) => line.variantId === variantOf(part.sku).id)?.id ?? '');
      const refused = cancelOrder(
        state,
        order,
        part === undefined ? { cancelShipping: true } : { lines: [{ orderLineId: id, quantity: part.units }] },
      );
      if (refused !== null) throw new RangeError(refused.message);
    },
    setStock: (sku, location, onHand) => void (levelOf(variantOf(sku), location).onHand = onHand),
    saleable(sku, location) {
      const { onHand, allocated } = levelOf(variantOf(sku), location);
      return onHand - allocated;
    },
    settleRefunds(orderId) {
      for (const { refunds } of orderThere(state, orderId).payments) for (const refund of refunds) refund.state = 'Settled';
    },
    skuOf(lineId) {
      const line = [...state.orders.values()].flatMap(({ lines }) => lines).find(({ id }) => id === lineId);
      return state.variants.get(line?.variantId ?? '')?.sku ?? lineId;
    },
    snapshot: (orderId) => orderThere(state, orderId),
  };
}

function newOrder(state: ShopState, wanted: NewOrder, variantOf: (sku: string) => VariantState): OrderState {
  const { lines: goods, shipping = 0, payment = 'Settled', isCart = false } = wanted;
  const lines = goods.map(({ sku, quantity, discount = 0, tax = 0 }) => {
    const variant = variantOf(sku);
    if (!isCart) allocate(variant, quantity);
    return { id: nextId(state), variantId: variant.id, placed: quantity, quantity, price: variant.price, discount, tax };
  });
  const total = lines.reduce(
    (sum, line) => sum + line.price * line.placed - line.discount + (state.pricesIncludeTax ? 0 : line.tax),
    shipping,
  );
  const id = nextId(state);
  const paid = { id: nextId(state), state: payment, amount: total, refunds: [] };
  return {
    id,
    code: `CODE${id}`,
    state: isCart ? 'AddingItems' : payment === 'Settled' ? 'PaymentSettled' : 'PaymentAuthorized',
    type: 'Regular',
    active: isCart,
    orderPlacedAt: isCart ? null : state.clock.now(),
    updatedAt: secondOf(state),
    customer: { id: '1', emailAddress: 'ada@example.test' },
    address: ada,
    shipping,
    lines,
    payments: isCart ? [] : [paid],
    fulfillments: [],
    history: [],
  };
}

function allocate(variant: VariantState, units: number): void {
  const fitting = [...variant.stock.values()].find(({ onHand, allocated }) => onHand - allocated >= units);
  const level = fitting ?? [...variant.stock.values()][0];
  if (level !== undefined) level.allocated += units;
}

const ada: WireAddress = {
  fullName: 'Ada Example',
  company: null,
  streetLine1: 'Beispielweg 1',
  streetLine2: null,
  city: 'Bonn',
  province: null,
  postalCode: '53111',
  countryCode: 'DE',
  phoneNumber: '+49 228 000',
};
