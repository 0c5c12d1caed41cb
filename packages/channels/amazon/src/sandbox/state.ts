import { fingerprint } from '@quartermaster/connector-kit';
import { decimalOf, epochMs, money, type Clock } from '@quartermaster/domain';

// What the emulated Amazon knows of one seller. Times are milliseconds, amounts minor units; what goes over the wire is made of them elsewhere.

export type SandboxMarketplace = {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly taxesIncluded: boolean;
};

export type FulfillmentStatus = 'PENDING' | 'UNSHIPPED' | 'PARTIALLY_SHIPPED' | 'SHIPPED' | 'CANCELLED';

export type ItemState = {
  readonly id: string;
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly discount: number;
  readonly tax: number;
  readonly shipping: number;
  readonly shippingTax: number;
  readonly giftWrap: number;
  cancelRequested: string | null;
};

export type PackageState = {
  readonly reference: string;
  carrier: string;
  trackingNumber: string;
  shippingMethod: string | null;
  shippedAt: number;
  readonly createdAt: number;
  units: ReadonlyMap<string, number>;
};

export type SandboxAddress = {
  readonly name: string;
  readonly companyName?: string;
  readonly addressLine1: string;
  readonly addressLine2?: string;
  readonly city: string;
  readonly stateOrRegion?: string;
  readonly postalCode: string;
  readonly countryCode: string;
  readonly phone?: string;
};

export type RefundState = { readonly adjustmentIds: readonly string[]; readonly amount: number; readonly at: number };

export type OrderState = {
  readonly id: string;
  readonly createdAt: number;
  updatedAt: number;
  status: FulfillmentStatus;
  cancelledBy: 'BUYER' | 'MERCHANT' | 'AMAZON' | null;
  address: SandboxAddress;
  readonly buyer: { readonly name: string; readonly email: string; readonly company: string | null; readonly purchaseOrder: string | null };
  readonly fulfilledBy: 'MERCHANT' | 'AMAZON';
  readonly remittedTax: boolean;
  readonly programs: readonly string[];
  readonly items: readonly ItemState[];
  readonly packages: PackageState[];
  readonly refunds: RefundState[];
  sellerOrderId: string | null;
};

export type ListingState = {
  readonly sku: string;
  readonly asin: string;
  readonly title: string;
  readonly productType: string;
  readonly price: number;
  readonly createdAt: number;
  quantity: number;
  /** Days until it leaves; a `replace` of the availability that does not name it drops it. */
  leadTime: number | null;
  readonly buyable: boolean;
};

/** A change that Amazon accepted and has not applied yet. */
export type StockChange = { readonly dueAt: number; readonly sku: string; readonly quantity: number; readonly leadTime: number | null };

export type DocumentState = { readonly id: string; readonly contentType: string; text: string | null };

export type FeedState = {
  readonly id: string;
  readonly type: string;
  readonly documentId: string;
  readonly createdAt: number;
  readonly startsAt: number;
  readonly endsAt: number;
  resultDocumentId: string | null;
};

export type ReportState = {
  readonly id: string;
  readonly type: string;
  readonly createdAt: number;
  readonly endsAt: number;
  readonly from: number | null;
  readonly to: number | null;
  documentId: string | null;
};

export type ReturnState = {
  readonly rma: string;
  readonly orderId: string;
  readonly sku: string;
  readonly units: number;
  readonly requestedAt: number;
  status: string;
};

export type QueuedNotification = { readonly id: string; readonly text: string };

/** A page of orders that was not asked for yet: which orders, from which on, and until when they had changed. */
export type PageState = {
  readonly asked: string;
  readonly ids: readonly string[];
  readonly from: number;
  readonly before: number;
  readonly expiresAt: number;
};

export type AmazonState = {
  readonly clock: Clock;
  readonly sellerId: string;
  readonly storeName: string;
  readonly marketplace: SandboxMarketplace;
  /** How long an accepted change of stock takes to be applied, and a feed or report to be worked through. */
  readonly applyMs: number;
  readonly processMs: number;
  readonly orders: Map<string, OrderState>;
  readonly listings: Map<string, ListingState>;
  readonly stockChanges: StockChange[];
  readonly documents: Map<string, DocumentState>;
  readonly feeds: Map<string, FeedState>;
  readonly reports: Map<string, ReportState>;
  readonly returns: ReturnState[];
  readonly notifications: QueuedNotification[];
  readonly destinations: Map<string, { readonly id: string; readonly name: string; readonly arn: string }>;
  readonly subscriptions: Map<string, { readonly id: string; readonly type: string; readonly destinationId: string }>;
  readonly pages: Map<string, PageState>;
  readonly counters: Map<string, number>;
};

export function nowMs(state: AmazonState): number {
  return epochMs(state.clock.now());
}

/** Amazon's times have whole seconds. */
export function timeText(ms: number): string {
  return `${new Date(Math.floor(ms / 1_000) * 1_000).toISOString().slice(0, 19)}Z`;
}

export function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1_000) * 1_000;
}

/** Counts within a kind, so that ids are the same for the same steps. */
export function next(state: AmazonState, kind: string): number {
  const number = (state.counters.get(kind) ?? 0) + 1;
  state.counters.set(kind, number);
  return number;
}

/** Ids that follow no order, as Amazon's do. */
export function digits(length: number, ...parts: readonly string[]): string {
  return (BigInt(`0x${fingerprint(...parts).slice(0, 30)}`) % 10n ** BigInt(length)).toString().padStart(length, '0');
}

export function amountOf(minor: number, currency: string) {
  return { amount: decimalOf(money(minor, currency)), currencyCode: currency };
}
