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
  readonly refunds: Map<number, RefundState>;
  readonly returns: Map<number, ReturnState>;
  /** Work that Shopify does after it has answered, such as a cancellation. */
  readonly jobs: Map<number, JobState>;
  readonly edits: Map<number, EditState>;
  readonly subscriptions: Map<number, SubscriptionState>;
  readonly bulkOperations: Map<number, BulkOperationState>;
  readonly takes: { readonly cancelMs: number; readonly refundMs: number; readonly bulkMs: number };
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

export type ProductStatus = 'ACTIVE' | 'ARCHIVED' | 'DRAFT' | 'UNLISTED';
export type VariantState = {
  readonly id: number;
  readonly itemId: number;
  readonly title: string;
  readonly price: string;
  /** Of its product, which has this one variant. */
  status: ProductStatus;
};

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
  cancelReason: string | null;
  cancelNote: string | null;
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
  /** What the customer paid in, where that is not the shop's currency; `rate` units of it make one of the shop's. */
  readonly presentment: { readonly currency: string; readonly rate: number } | null;
  /** Another app made the order: Shopify lets nobody else edit it. */
  readonly byAnotherApp: boolean;
  transactions: TransactionState[];
  /** By namespace and key with a dot between. */
  readonly metafields: Map<string, MetafieldState>;
};

export type MetafieldState = { readonly id: number; readonly type: string; readonly value: string };

export type TransactionState = {
  readonly id: number;
  readonly kind: 'AUTHORIZATION' | 'CAPTURE' | 'REFUND' | 'SALE' | 'VOID';
  readonly amount: number;
  readonly parentId: number | null;
  readonly createdAt: string;
  /** Pending until then. */
  readonly settledAt: string;
};

export type RefundState = {
  readonly id: number;
  readonly orderId: number;
  readonly returnId: number | null;
  readonly note: string | null;
  readonly createdAt: string;
  readonly amount: number;
  readonly transactionIds: readonly number[];
  readonly lines: readonly { readonly lineItemId: number; readonly quantity: number; readonly restockType: string }[];
};

export type ReturnStatus = 'CANCELED' | 'CLOSED' | 'DECLINED' | 'OPEN' | 'REQUESTED';
export type ReturnState = {
  readonly id: number;
  readonly orderId: number;
  readonly name: string;
  readonly createdAt: string;
  status: ReturnStatus;
  readonly lines: {
    readonly id: number;
    readonly lineItemId: number;
    readonly quantity: number;
    readonly reason: string;
    processed: number;
  }[];
  readonly trackingNumbers: string[];
};

export type JobState = { readonly id: number; readonly doneAt: string; readonly run: () => void; done: boolean };

/** An order being edited: wanted quantities of its lines, and whether what is taken out goes back on sale. */
export type EditState = {
  readonly id: number;
  readonly orderId: number;
  readonly staged: Map<number, { readonly quantity: number; readonly restock: boolean }>;
  committed: boolean;
};

export type SubscriptionState = {
  readonly id: number;
  readonly topic: string;
  uri: string;
  format: 'JSON' | 'XML';
  filter: string | null;
  includeFields: readonly string[];
};

export type BulkOperationState = {
  readonly id: number;
  readonly query: string;
  readonly createdAt: string;
  readonly runsAt: string;
  readonly doneAt: string;
  readonly expiresAt: string;
  readonly result: { readonly lines: readonly string[]; readonly roots: number };
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
  /** Of the discounted price. */
  refunded: number;
};

export type FulfillmentOrderState = {
  readonly id: number;
  readonly orderId: number;
  locationId: number;
  status: 'OPEN' | 'IN_PROGRESS' | 'SCHEDULED' | 'ON_HOLD' | 'INCOMPLETE' | 'CANCELLED' | 'CLOSED';
  readonly createdAt: string;
  updatedAt: string;
  lines: FulfillmentOrderLineState[];
  /** It is on hold while there is one. */
  readonly holds: HoldState[];
};

export type HoldState = {
  readonly id: number;
  readonly handle: string;
  readonly reason: string;
  readonly reasonNotes: string | null;
  readonly ours: boolean;
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

/** The time some milliseconds from now, to the millisecond. */
export function later(state: ShopState, ms: number): string {
  return new Date(Date.parse(state.clock.now()) + ms).toISOString();
}

/** Does what was due by now of the work that Shopify does after it has answered. */
export function catchUp(state: ShopState): void {
  for (const job of state.jobs.values()) {
    if (job.done || job.doneAt > state.clock.now()) continue;
    job.done = true;
    job.run();
  }
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
  FulfillmentHold: 700_000_000_000,
  OrderTransaction: 6_700_000_000_000,
  Refund: 900_000_000_000,
  Return: 17_000_000_000,
  ReturnLineItem: 18_000_000_000,
  Metafield: 37_000_000_000_000,
  CalculatedOrder: 600_000_000_000,
  WebhookSubscription: 1_400_000_000_000,
  BulkOperation: 5_100_000_000_000,
};
