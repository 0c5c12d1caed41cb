import type { Clock } from '@quartermaster/domain';
import { epochMs } from '@quartermaster/domain';
import type { Millionths } from '../amounts.ts';

/** All that the emulated shop knows. Times are seconds since 1970, as WooCommerce's have no finer part. */
export type ShopState = {
  readonly clock: Clock;
  readonly origin: string;
  readonly zone: string;
  readonly currency: string;
  /** Decimals of the shop's prices, whatever the currency has. */
  readonly decimals: number;
  readonly taxesIncluded: boolean;
  readonly fulfillments: boolean;
  readonly managesStock: boolean;
  readonly products: Map<number, ProductState>;
  /** Those that have a SKU, which none shares with another. */
  readonly productsBySku: Map<string, ProductState>;
  readonly orders: Map<number, OrderState>;
  readonly webhooks: Map<number, WebhookState>;
  /** Deliveries that wait for the shop's scheduler: one for each webhook and order, however often it changed. */
  readonly pending: Map<string, { readonly webhook: number; readonly order: number }>;
  readonly pings: number[];
  readonly counters: Map<string, number>;
};

export type ProductState = {
  readonly id: number;
  readonly type: 'simple' | 'variable' | 'variation' | 'external';
  /** Of a variation, its product. */
  readonly parent: number;
  readonly name: string;
  readonly sku: string;
  status: string;
  readonly price: Millionths;
  managesStock: boolean;
  stock: number | null;
};

export type MetaState = { readonly id: number; readonly key: string; value: unknown };

export type ChargeState = { readonly id: number; readonly title: string; readonly net: Millionths; readonly tax: Millionths };

export type LineState = ChargeState & {
  readonly product: number;
  readonly quantity: number;
  readonly sku: string;
  readonly subtotal: Millionths;
  readonly subtotalTax: Millionths;
  /** Units that were taken off the stock for it. */
  reduced: number;
};

export type RefundState = {
  readonly id: number;
  readonly createdAt: number;
  readonly amount: Millionths;
  readonly reason: string;
  readonly meta: readonly MetaState[];
  readonly lines: readonly {
    readonly id: number;
    readonly of: LineState;
    readonly units: number;
    readonly net: Millionths;
    readonly tax: Millionths;
  }[];
};

export type FulfillmentState = {
  readonly id: number;
  readonly isFulfilled: boolean;
  readonly status: string;
  readonly updatedAt: number;
  readonly meta: readonly MetaState[];
};

export type SandboxAddress = {
  readonly first_name: string;
  readonly last_name: string;
  readonly company: string;
  readonly address_1: string;
  readonly address_2: string;
  readonly city: string;
  readonly state: string;
  readonly postcode: string;
  readonly country: string;
  readonly phone: string;
};

export type OrderState = {
  readonly id: number;
  status: string;
  readonly currency: string;
  readonly createdAt: number;
  modifiedAt: number;
  completedAt: number | null;
  paidAt: number | null;
  readonly customerId: number;
  customerNote: string;
  readonly email: string;
  readonly billing: SandboxAddress;
  readonly shipping: SandboxAddress | null;
  readonly paymentMethod: string;
  total: Millionths;
  readonly lines: LineState[];
  readonly shippingLines: ChargeState[];
  readonly fees: ChargeState[];
  readonly meta: MetaState[];
  readonly refunds: RefundState[];
  readonly notes: { readonly id: number; readonly note: string; readonly toCustomer: boolean; readonly createdAt: number }[];
  readonly fulfillments: FulfillmentState[];
};

export type WebhookState = {
  readonly id: number;
  readonly name: string;
  readonly topic: string;
  deliveryUrl: string;
  secret: string;
  status: string;
  /** Failed deliveries in a row. */
  failures: number;
  readonly createdAt: number;
};

/** The next id: posts (products, orders, refunds) share one sequence, as in WordPress. */
export function nextId(state: ShopState, kind: 'post' | 'item' | 'meta' | 'note' | 'webhook' | 'fulfillment'): number {
  const id = (state.counters.get(kind) ?? 9) + 1;
  state.counters.set(kind, id);
  return id;
}

export function nowSeconds(state: ShopState): number {
  return Math.floor(epochMs(state.clock.now()) / 1_000);
}
