import type { Clock } from '@quartermaster/domain';

/** Everything that an emulated shop knows. Ids are the numeric ones; amounts are whole minor units of the shop's currency. */
export type ShopState = {
  readonly domain: string;
  readonly name: string;
  readonly currency: string;
  readonly taxesIncluded: boolean;
  readonly clock: Clock;
  /** After how many milliseconds the search shows a change of an order. */
  readonly searchLagMs: (orderId: number) => number;
  readonly locations: Map<number, LocationState>;
  readonly items: Map<number, ItemState>;
  readonly variants: Map<number, VariantState>;
  readonly orders: Map<number, OrderState>;
  readonly fulfillmentOrders: Map<number, FulfillmentOrderState>;
  readonly fulfillments: Map<number, FulfillmentState>;
  /** Webhooks that nobody took yet. */
  readonly webhooks: WebhookEvent[];
  /** Answers of mutations that carried an idempotency key. */
  readonly answers: Map<string, IdempotentAnswer>;
  readonly counters: Map<string, number>;
};

export type LocationState = { readonly id: number; readonly name: string; active: boolean };

export type ItemState = {
  readonly id: number;
  readonly variantId: number;
  sku: string | null;
  readonly grams: number;
  readonly tracked: boolean;
  readonly requiresShipping: boolean;
  /** By location; a location without an entry does not stock the item. */
  readonly levels: Map<number, LevelState>;
};

/** On hand is available plus committed. */
export type LevelState = { available: number; committed: number };

export type VariantState = { readonly id: number; readonly itemId: number; readonly title: string; readonly price: string };

export type SandboxAddress = {
  readonly name?: string;
  readonly company?: string;
  readonly address1?: string;
  readonly address2?: string;
  readonly city?: string;
  readonly province?: string;
  readonly provinceCode?: string;
  readonly zip?: string;
  readonly countryCode: string;
  readonly phone?: string;
};

export type FinancialStatus =
  | 'AUTHORIZED'
  | 'EXPIRED'
  | 'PAID'
  | 'PARTIALLY_PAID'
  | 'PARTIALLY_REFUNDED'
  | 'PENDING'
  | 'REFUNDED'
  | 'VOIDED';
export type RiskLevel = 'HIGH' | 'MEDIUM' | 'LOW' | 'NONE' | 'PENDING';

export type OrderState = {
  readonly id: number;
  readonly number: number;
  readonly name: string;
  readonly test: boolean;
  readonly createdAt: string;
  updatedAt: string;
  cancelledAt: string | null;
  closedAt: string | null;
  readonly email: string | null;
  readonly customerId: number | null;
  readonly companyName: string | null;
  readonly poNumber: string | null;
  readonly paymentTerms: string | null;
  shippingAddress: SandboxAddress | null;
  readonly billingAddress: SandboxAddress | null;
  financialStatus: FinancialStatus | null;
  risk: RiskLevel;
  readonly lines: LineState[];
  readonly shipping: ShippingState[];
  /** Duties that the customer pays on top. */
  readonly duties: number;
  received: number;
  refunded: number;
  capturable: number;
  readonly fulfillAt: string | null;
};

export type LineState = {
  readonly id: number;
  readonly variantId: number | null;
  readonly sku: string | null;
  readonly title: string;
  readonly quantity: number;
  /** Units taken out again by a refund or a cancellation. */
  removed: number;
  readonly unitPrice: string;
  /** Before discounts. */
  readonly originalTotal: number;
  readonly lineDiscount: number;
  /** The line's part of a discount on the whole order. */
  readonly orderDiscount: number;
  readonly tax: number;
  readonly requiresShipping: boolean;
};

export type ShippingState = {
  readonly id: number;
  readonly title: string;
  readonly code: string;
  readonly price: number;
  readonly discount: number;
  readonly tax: number;
  refunded: boolean;
};

export type FulfillmentOrderState = {
  readonly id: number;
  readonly orderId: number;
  locationId: number;
  status: 'OPEN' | 'IN_PROGRESS' | 'SCHEDULED' | 'ON_HOLD' | 'INCOMPLETE' | 'CANCELLED' | 'CLOSED';
  readonly createdAt: string;
  updatedAt: string;
  lines: FulfillmentOrderLineState[];
};

export type FulfillmentOrderLineState = { readonly id: number; readonly lineItemId: number; total: number; remaining: number };

export type FulfillmentState = {
  readonly id: number;
  readonly orderId: number;
  readonly locationId: number;
  readonly name: string;
  readonly status: 'SUCCESS';
  readonly createdAt: string;
  readonly lines: readonly { readonly id: number; readonly lineItemId: number; readonly quantity: number }[];
  readonly company: string | null;
  readonly numbers: readonly string[];
  readonly urls: readonly string[];
  readonly notifiedCustomer: boolean;
};

export type WebhookEvent = { readonly id: string; readonly topic: string; readonly triggeredAt: string; readonly body: string };

export type IdempotentAnswer = {
  readonly request: string;
  readonly failed: boolean;
  readonly answer: () => { readonly userErrors: readonly UserErrorState[] };
};

/** One entry of `userErrors`. */
export type UserErrorState = { readonly field: readonly string[] | null; readonly message: string; readonly code?: string };

/** The next id of a kind: deterministic, as long as real ones, and different between kinds. */
export function nextId(state: ShopState, kind: string): number {
  const count = (state.counters.get(kind) ?? 0) + 1;
  state.counters.set(kind, count);
  return (firstIds[kind] ?? 9_900_000_000_000) + count;
}

/** Shopify's times have whole seconds: two changes within one second show the same `updatedAt`. */
export function shopifyTime(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

export function now(state: ShopState): string {
  return shopifyTime(state.clock.now());
}

const firstIds: Readonly<Record<string, number>> = {
  Location: 80_000_000_000,
  Product: 8_000_000_000_000,
  ProductVariant: 45_000_000_000_000,
  InventoryItem: 46_000_000_000_000,
  Order: 5_500_000_000_000,
  LineItem: 14_000_000_000_000,
  ShippingLine: 4_300_000_000_000,
  FulfillmentOrder: 6_400_000_000_000,
  FulfillmentOrderLineItem: 13_000_000_000_000,
  Fulfillment: 4_900_000_000_000,
  FulfillmentLineItem: 12_000_000_000_000,
};
