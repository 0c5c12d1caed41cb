import type { Instant } from './instant.ts';
import type { Money } from './money.ts';
import type { ChannelCursor } from './channel.ts';

/** Returns that changed since the cursor, oldest first, in pages; the same rules as for orders: pages overlap, and the reader absorbs repetitions by id and revision. */
export type ReturnReading = { pullReturns(since: ChannelCursor): AsyncIterable<ReturnPage> };

export type ReturnPage = { readonly returns: readonly ChannelReturn[]; readonly cursor: ChannelCursor };

/** What a customer sends back, as the channel tells it. `other` stands for a state that we have no word for. */
export type ChannelReturn = {
  readonly id: string;
  readonly revision: string;
  readonly orderId: string;
  readonly updatedAt: Instant;
  readonly state: 'requested' | 'approved' | 'declined' | 'in-transit' | 'received' | 'closed' | 'cancelled' | 'other';
  readonly lines: readonly ChannelReturnLine[];
  /** What the customer got back for it so far; null where the channel does not tell. */
  readonly refunded: Money | null;
  readonly trackingNumbers: readonly string[];
};

export type ChannelReturnLine = {
  /** Null where the channel names the SKU only. */
  readonly lineId: string | null;
  readonly sku: string | null;
  readonly units: number;
  /** The channel's own word for why, such as `DEFECTIVE`. */
  readonly reason: string | null;
};
