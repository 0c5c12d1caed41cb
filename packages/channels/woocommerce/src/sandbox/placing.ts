import { millionthsOf, sumOf, type Millionths } from '../amounts.ts';
import { nextId, nowSeconds, type ChargeState, type LineState, type OrderState, type SandboxAddress, type ShopState } from './state.ts';
import { setStatus } from './stock-changes.ts';

/** An order as a customer places it. Amounts are decimal text, with tax in them where the shop's prices have it. */
export type NewOrder = {
  readonly lines: readonly {
    readonly sku: string;
    readonly quantity: number;
    /** Off the whole line. */
    readonly discount?: string;
    /** Tax of the whole line, in its price or on top of it, as the shop has it. */
    readonly tax?: string;
  }[];
  readonly shipping?: string;
  readonly shippingTax?: string;
  readonly fees?: readonly { readonly name: string; readonly total: string }[];
  readonly address: SandboxAddress;
  /** Where it goes, when that is another place; null for a shop that leaves it empty. */
  readonly shipTo?: SandboxAddress | null;
  readonly email?: string;
  /** 0 is a guest, and the default. */
  readonly customerId?: number;
  /** Default `stripe`, which can pay back; `bacs` can not. */
  readonly paymentMethod?: string;
  /** Default true: the order is `processing`; otherwise it is `pending`. */
  readonly paid?: boolean;
  /** A total that the lines do not add up to, as a plugin may set it. */
  readonly total?: string;
  readonly currency?: string;
};

/** Places an order; WooCommerce takes the units of one that is paid off the stock at once. Throws a `RangeError` for a SKU that is not there. */
export function placeOrder(state: ShopState, given: NewOrder): OrderState {
  const lines = given.lines.map((line) => newLine(state, line));
  const shippingLines = given.shipping === undefined ? [] : [newCharge(state, 'DHL', given.shipping, given.shippingTax ?? '')];
  const fees = (given.fees ?? []).map(({ name, total }) => newCharge(state, name, total, ''));
  const now = nowSeconds(state);
  const order: OrderState = {
    id: nextId(state, 'post'),
    status: 'pending',
    currency: given.currency ?? state.currency,
    createdAt: now,
    modifiedAt: now,
    completedAt: null,
    paidAt: null,
    customerId: given.customerId ?? 0,
    customerNote: '',
    email: given.email ?? 'ada@example.test',
    billing: given.address,
    shipping: given.shipTo === undefined ? given.address : given.shipTo,
    paymentMethod: given.paymentMethod ?? 'stripe',
    total:
      given.total === undefined ? sumOf([...lines, ...shippingLines, ...fees].map(({ net, tax }) => net + tax)) : millionthsOf(given.total),
    lines,
    shippingLines,
    fees,
    meta: [],
    refunds: [],
    notes: [],
    fulfillments: [],
  };
  state.orders.set(order.id, order);
  if (given.paid !== false) setStatus(state, order, 'processing');
  return order;
}

function newLine(state: ShopState, given: NewOrder['lines'][number]): LineState {
  const product = [...state.products.values()].find((one) => one.sku === given.sku);
  if (product === undefined) throw new RangeError(`the sandbox shop has no product ${given.sku}`);
  const tax = millionthsOf(given.tax ?? '');
  const full = product.price * BigInt(given.quantity);
  const value = full - millionthsOf(given.discount ?? '');
  const subtotalTax = value === 0n ? tax : (tax * full) / value;
  const net = (amount: Millionths, part: Millionths) => (state.taxesIncluded ? amount - part : amount);
  return {
    id: nextId(state, 'item'),
    title: product.name,
    product: product.id,
    quantity: given.quantity,
    sku: product.sku,
    net: net(value, tax),
    tax,
    subtotal: net(full, subtotalTax),
    subtotalTax,
    reduced: 0,
  };
}

function newCharge(state: ShopState, title: string, amount: string, taxText: string): ChargeState {
  const tax = millionthsOf(taxText);
  return { id: nextId(state, 'item'), title, net: state.taxesIncluded ? millionthsOf(amount) - tax : millionthsOf(amount), tax };
}
