import { epochMs, instantOf, type Clock } from '@quartermaster/domain';
import type { KeyObject } from 'node:crypto';

/** An address as customers of the sandbox give it. */
export type SandboxAddress = {
  readonly name: string;
  readonly line1: string;
  readonly city: string;
  readonly postalCode: string;
  readonly countryCode: string;
  readonly stateOrProvince?: string;
  readonly phone?: string;
  readonly email?: string;
};

/** Amounts are minor units of the sandbox's currency. */
export type LineState = {
  readonly id: string;
  readonly sku: string | null;
  readonly legacyItemId: string;
  readonly legacyVariationId: string | null;
  readonly title: string;
  readonly unitPrice: number;
  readonly quantity: number;
  readonly discount: number;
  readonly tax: number;
  readonly importCharges: number;
};

export type FulfillmentState = {
  readonly id: string;
  readonly trackingNumber: string | null;
  readonly carrier: string | null;
  readonly shippedDate: string;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
};

export type RefundState = {
  readonly id: string;
  readonly amount: number;
  readonly lines: readonly { readonly lineId: string; readonly amount: number }[];
  readonly at: string;
  /** When eBay is through with it. */
  readonly doneAt: number;
};

export type CancelRequestState = {
  readonly id: string;
  readonly initiator: 'Buyer' | 'Seller';
  readonly reason: string;
  readonly at: string;
  state: 'REQUESTED' | 'COMPLETED' | 'REJECTED';
};

export type OrderState = {
  readonly id: string;
  readonly buyer: string;
  readonly createdAt: string;
  modifiedAt: string;
  address: SandboxAddress;
  /** Set where eBay ships on from a hub: the address is then the hub's. */
  readonly hub: { readonly reference: string; readonly finalAddress: SandboxAddress } | null;
  readonly lines: readonly LineState[];
  readonly shipping: number;
  readonly shippingDiscount: number;
  readonly fee: number;
  readonly adjustment: number;
  /** Rate from the buyer's currency, where that is another one. */
  readonly converted: { readonly currency: string; readonly rate: number } | null;
  readonly importChargesInTotal: boolean;
  readonly byEbay: boolean;
  payment: 'PAID' | 'PENDING' | 'FAILED';
  readonly fulfillments: FulfillmentState[];
  readonly refunds: RefundState[];
  readonly cancelRequests: CancelRequestState[];
  /** When eBay is through with a cancellation; null of one that is not under way. */
  cancelledAt: number | null;
};

export type ReturnState = {
  readonly id: string;
  readonly orderId: string;
  readonly itemId: string;
  readonly transactionId: string;
  readonly units: number;
  readonly reason: string;
  readonly openedAt: string;
  state: string;
};

export type ItemState = {
  readonly sku: string;
  readonly title: string;
  readonly price: number;
  readonly group: string | null;
  readonly listingId: string;
  listingStatus: 'ACTIVE' | 'OUT_OF_STOCK' | 'ENDED' | 'NOT_LISTED';
  readonly offerId: string;
  /** A quantity of the offer's own; null where it follows the item. */
  offerQuantity: number | null;
  total: number;
  /** By location; null where the item has one figure only. */
  distributions: Map<string, number> | null;
};

export type NotificationState = {
  readonly id: string;
  readonly topic: string;
  readonly at: string;
  readonly data: unknown;
};

export type DestinationState = { readonly id: string; name: string; endpoint: string; status: 'ENABLED' | 'DISABLED' | 'MARKED_DOWN' };
export type SubscriptionState = {
  readonly id: string;
  readonly topic: string;
  readonly destinationId: string;
  readonly owner: 'seller' | 'application';
  status: 'ENABLED' | 'DISABLED';
};

export type TokenState = { readonly kind: 'seller' | 'application'; readonly scopes: ReadonlySet<string>; readonly until: number };

/** All that the emulated eBay holds of one seller and one application. */
export type EbayState = {
  readonly clock: Clock;
  readonly marketplace: string;
  readonly currency: string;
  readonly sellerId: string;
  readonly taxOnTop: boolean;
  readonly orders: Map<string, OrderState>;
  readonly items: Map<string, ItemState>;
  readonly returns: Map<string, ReturnState>;
  readonly locations: Map<string, 'ENABLED' | 'DISABLED'>;
  readonly notifications: NotificationState[];
  readonly destinations: Map<string, DestinationState>;
  readonly subscriptions: Map<string, SubscriptionState>;
  readonly tokens: Map<string, TokenState>;
  /** Public keys (SPKI, base64) by the token that eBay made for them. */
  readonly signingKeys: Map<string, string>;
  readonly notificationKey: { readonly id: string; readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  /** Revisions by listing, and calls by API, of the day. */
  readonly revisions: Map<string, number>;
  readonly calls: Map<string, number>;
  readonly counters: Map<string, number>;
  day: string;
  alertEmail: string | null;
};

export function nextNumber(state: EbayState, kind: string): number {
  const next = (state.counters.get(kind) ?? 0) + 1;
  state.counters.set(kind, next);
  return next;
}

export function nowOf(state: EbayState): string {
  return instantOf(epochMs(state.clock.now()));
}

/** Writes down that an order changed. */
export function touch(state: EbayState, order: OrderState): void {
  order.modifiedAt = nowOf(state);
}

export function announce(state: EbayState, topic: string, data: unknown): void {
  const nth = nextNumber(state, 'notification');
  state.notifications.push({ id: `49feeaeb-0000-4000-8000-${String(nth).padStart(12, '0')}`, topic, at: nowOf(state), data });
}

/** Units that can be bought: the smaller of what the item has and what its offer allows. */
export function effectiveQuantity(item: ItemState): number {
  return Math.min(item.total, item.offerQuantity ?? item.total);
}

/** Takes what became due with time: cancellations that eBay is through with. */
export function settle(state: EbayState, order: OrderState): void {
  if (order.cancelledAt === null || epochMs(state.clock.now()) < order.cancelledAt) return;
  for (const request of order.cancelRequests) if (request.state === 'REQUESTED') request.state = 'COMPLETED';
}

export function cancelStateOf(state: EbayState, order: OrderState): 'CANCELED' | 'IN_PROGRESS' | 'NONE_REQUESTED' {
  if (order.cancelledAt !== null) return epochMs(state.clock.now()) >= order.cancelledAt ? 'CANCELED' : 'IN_PROGRESS';
  return order.cancelRequests.some((request) => request.state === 'REQUESTED') ? 'IN_PROGRESS' : 'NONE_REQUESTED';
}
