import { moneyFromDecimal, multiplyPrice, shareUnits } from '@quartermaster/domain';
import { commit, itemBySku } from './inventory.ts';
import { itemOf } from './orders.ts';
import { settle } from './payments.ts';
import {
  nextId,
  now,
  shopifyTime,
  type FinancialStatus,
  type LineState,
  type OrderState,
  type RiskLevel,
  type SandboxAddress,
  type ShopState,
} from './state.ts';
import { announce } from './webhooks.ts';

/** One line of a new order. Amounts are decimal text in the shop's currency. */
export type NewLine = {
  /** Null makes a custom line, without variant and stock; it needs a `title` and a `price`. */
  readonly sku: string | null;
  readonly quantity: number;
  readonly title?: string;
  /** Unit price, default the variant's. */
  readonly price?: string;
  /** Discount on the line as a whole. */
  readonly discount?: string;
  /** Tax of the line as a whole, after discounts: in the price when the shop's prices include tax, on top of it otherwise. */
  readonly tax?: string;
  readonly requiresShipping?: boolean;
};

export type NewOrder = {
  /** Numeric id, default the next one. */
  readonly id?: number;
  /** Order number, default counting from 1001. */
  readonly number?: number;
  /** When it was placed, default now. */
  readonly at?: string;
  readonly lines: readonly NewLine[];
  readonly shippingPrice?: string;
  readonly shippingDiscount?: string;
  readonly shippingTax?: string;
  readonly shippingTitle?: string;
  /** Discount on the whole order: Shopify allocates it to the lines. */
  readonly discount?: string;
  readonly duties?: string;
  readonly address?: SandboxAddress | null;
  readonly billingAddress?: SandboxAddress | null;
  readonly email?: string;
  readonly customerId?: number;
  /** A company buys: the order is business to business. */
  readonly companyName?: string;
  readonly poNumber?: string;
  readonly paymentTerms?: string;
  readonly test?: boolean;
  /** Default `PAID`. */
  readonly financialStatus?: FinancialStatus;
  readonly risk?: RiskLevel;
  /** Not to be shipped before: its fulfillment orders are SCHEDULED. */
  readonly fulfillAt?: string;
  /** The customer pays in another currency; `rate` units of it make one of the shop's. */
  readonly presentment?: { readonly currency: string; readonly rate: number };
  /** Another app made the order: nobody else may edit it. */
  readonly byAnotherApp?: boolean;
};

/** Places an order, routes it to locations, and promises its stock. */
export function placeOrder(state: ShopState, given: NewOrder): OrderState {
  const id = given.id ?? nextId(state, 'Order');
  if (state.orders.has(id)) throw new RangeError(`the sandbox shop has an order ${id} already`);
  const number = given.number ?? 1_000 + state.orders.size + 1;
  const at = given.at === undefined ? now(state) : shopifyTime(given.at);
  const minor = (text: string | undefined) => (text === undefined ? 0 : moneyFromDecimal(text, state.currency).minor);
  const order: OrderState = {
    id,
    number,
    name: `#${number}`,
    test: given.test ?? false,
    createdAt: at,
    updatedAt: at,
    cancelledAt: null,
    cancelReason: null,
    cancelNote: null,
    closedAt: null,
    email: given.email ?? null,
    customerId: given.customerId ?? null,
    companyName: given.companyName ?? null,
    poNumber: given.poNumber ?? null,
    paymentTerms: given.paymentTerms ?? null,
    shippingAddress: given.address ?? null,
    billingAddress: given.billingAddress ?? given.address ?? null,
    financialStatus: given.financialStatus ?? 'PAID',
    risk: given.risk ?? 'LOW',
    lines: newLines(state, given, minor(given.discount)),
    shipping:
      given.shippingPrice === undefined
        ? []
        : [
            {
              id: nextId(state, 'ShippingLine'),
              title: given.shippingTitle ?? 'Standard',
              code: given.shippingTitle ?? 'Standard',
              price: minor(given.shippingPrice),
              discount: minor(given.shippingDiscount),
              tax: minor(given.shippingTax),
              refunded: 0,
            },
          ],
    duties: minor(given.duties),
    received: 0,
    refunded: 0,
    capturable: 0,
    fulfillAt: given.fulfillAt === undefined ? null : shopifyTime(given.fulfillAt),
    presentment: given.presentment ?? null,
    byAnotherApp: given.byAnotherApp ?? false,
    transactions: [],
    metafields: new Map(),
  };
  settle(state, order);
  state.orders.set(id, order);
  route(state, order, at);
  announce(state, 'orders/create', order, at);
  if (order.financialStatus === 'PAID') announce(state, 'orders/paid', order, at);
  return order;
}

function newLines(state: ShopState, given: NewOrder, orderDiscount: number): LineState[] {
  const drafts = given.lines.map((line) => {
    const item = line.sku === null ? undefined : itemBySku(state, line.sku);
    if (line.sku !== null && item === undefined) throw new RangeError(`the sandbox shop has no variant ${JSON.stringify(line.sku)}`);
    const variant = item === undefined ? undefined : state.variants.get(item.variantId);
    const unitPrice = line.price ?? variant?.price;
    if (unitPrice === undefined) throw new RangeError('a custom line needs a price');
    const originalTotal = multiplyPrice(unitPrice, line.quantity, state.currency).minor;
    const discount = line.discount === undefined ? 0 : moneyFromDecimal(line.discount, state.currency).minor;
    return { line, item, variant, unitPrice, originalTotal, discount, net: originalTotal - discount };
  });
  const shares =
    drafts.length === 0
      ? []
      : shareUnits(
          orderDiscount,
          drafts.map((draft) => draft.net),
        );
  return drafts.map(({ line, item, variant, unitPrice, originalTotal, discount }, index) => ({
    id: nextId(state, 'LineItem'),
    variantId: variant?.id ?? null,
    sku: line.sku,
    title: line.title ?? variant?.title ?? 'Custom item',
    quantity: line.quantity,
    removed: 0,
    unitPrice,
    originalTotal,
    lineDiscount: discount,
    orderDiscount: shares[index] ?? 0,
    tax: line.tax === undefined ? 0 : moneyFromDecimal(line.tax, state.currency).minor,
    requiresShipping: line.requiresShipping ?? item?.requiresShipping ?? true,
  }));
}

/**
 * Assigns locations: the first that has stock for the whole order; otherwise line by line the first that has stock; otherwise the first that stocks the item, which then
 * oversells. Lines without stock figures go with the others.
 */
function route(state: ShopState, order: OrderState, at: string): void {
  const locations = [...state.locations.values()].filter((location) => location.active);
  const has = (line: LineState, locationId: number) => {
    const item = itemOf(state, line);
    return item === undefined || !item.tracked || (item.levels.get(locationId)?.available ?? 0) >= line.quantity;
  };
  const stocks = (line: LineState, locationId: number) => itemOf(state, line)?.levels.has(locationId) === true;
  const whole = locations.find((location) => order.lines.every((line) => has(line, location.id)));
  const groups = new Map<number, LineState[]>();
  for (const line of order.lines) {
    const chosen =
      whole ??
      locations.find((location) => has(line, location.id)) ??
      locations.find((location) => stocks(line, location.id)) ??
      locations[0];
    if (chosen === undefined) throw new RangeError('the sandbox shop has no active location');
    groups.set(chosen.id, [...(groups.get(chosen.id) ?? []), line]);
  }
  for (const [locationId, lines] of groups) {
    const id = nextId(state, 'FulfillmentOrder');
    state.fulfillmentOrders.set(id, {
      id,
      orderId: order.id,
      locationId,
      status: order.fulfillAt === null ? 'OPEN' : 'SCHEDULED',
      createdAt: at,
      updatedAt: at,
      lines: lines.map((line) => ({
        id: nextId(state, 'FulfillmentOrderLineItem'),
        lineItemId: line.id,
        total: line.quantity,
        remaining: line.quantity,
      })),
      holds: [],
    });
    for (const line of lines) {
      const item = itemOf(state, line);
      if (item !== undefined) commit(item, locationId, line.quantity);
    }
  }
}
