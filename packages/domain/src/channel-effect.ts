import type { NodeId } from './identity.ts';
import type { Money } from './money.ts';

/** Tells the channel that we have taken an order on, by our own name of it. */
export type Acknowledgement = {
  readonly orderId: string;
  /** Our name of the order, such as the ERP's `S00042`. */
  readonly ourRef: string;
};
export type Acknowledged = { readonly ref: string };

/** Why an order or a part of it is cancelled; every channel has words of its own for these. */
export const cancelReasons = ['customer', 'out-of-stock', 'fraud', 'address', 'price', 'other'] as const;
export type CancelReason = (typeof cancelReasons)[number];

export type Cancellation = {
  readonly orderId: string;
  /** Null cancels all that has not shipped; some lines only where `capabilities.partialCancel` says so. */
  readonly lines: readonly { readonly lineId: string; readonly units: number }[] | null;
  readonly reason: CancelReason;
  /** Whether the channel puts the units back on sale by itself. Ours does so by publishing stock: then false. */
  readonly restock: boolean;
  readonly notifyCustomer: boolean;
};
/** `requested`: the channel took it and works on it; `find` tells when it is done. */
export type Cancelled = { readonly ref: string; readonly state: 'done' | 'requested' };

/**
 * Money back. The sum of lines, shipping and `adjustment` is what the customer gets; a line with no units is a price reduction. Amounts include tax exactly when the order's
 * `taxesIncluded` says so; `tax` is the tax in them or on top of them.
 */
export type Refund = {
  readonly orderId: string;
  /** Ours, the same on every attempt: by it a refund is found again. */
  readonly refundId: string;
  readonly lines: readonly { readonly lineId: string; readonly units: number; readonly amount: Money; readonly tax: Money }[];
  readonly shipping: { readonly amount: Money; readonly tax: Money } | null;
  /** An amount that belongs to no line, such as goodwill. */
  readonly adjustment: Money | null;
  readonly reason: RefundReason;
  readonly note: string | null;
  /** Node at which the channel counts the units of the lines as sellable again; null where it shall not count them. */
  readonly restockAt: NodeId | null;
  readonly notifyCustomer: boolean;
};
export const refundReasons = ['returned', 'cancelled', 'lost', 'damaged', 'goodwill', 'price', 'other'] as const;
export type RefundReason = (typeof refundReasons)[number];
/** `pending`: the money is not on its way yet, `find` tells when it is. `amount` is what the channel says it refunds. */
export type Refunded = { readonly ref: string; readonly amount: Money; readonly state: 'done' | 'pending' };

/** Takes money that was only authorized, where the channel leaves that to the seller. */
export type Capture = { readonly orderId: string; readonly amount: Money };
export type Captured = { readonly ref: string; readonly amount: Money };
