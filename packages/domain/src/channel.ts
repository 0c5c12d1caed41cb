import type { Acknowledged, Acknowledgement, Cancellation, Cancelled, Capture, Captured, Refund, Refunded } from './channel-effect.ts';
import type { ReturnReading } from './channel-return.ts';
import type { ConnectionId, NodeId, Sku, SubjectId } from './identity.ts';
import type { Instant } from './instant.ts';
import type { Listing } from './listing.ts';
import type { Money } from './money.ts';
import type { ChannelOrder } from './order.ts';
import type { Person } from './person.ts';
import type { ConnectorOperation, EffectMemo, Reconciled, Safety } from './safety.ts';
import type { WebhookSubscriptions } from './webhook-subscriptions.ts';

/**
 * A marketplace or web shop. Reads may be repeated at will; each effect says by {@link Channel.safety} how it is kept from happening twice. Every method throws a
 * `ConnectorFault` when the channel cannot be reached, refuses, or answers nonsense. What not every channel has is null where it has not.
 */
export type Channel = {
  readonly connection: ConnectionId;
  readonly safety: Readonly<Record<ChannelEffect, Safety>>;
  readonly capabilities: ChannelCapabilities;
  /** Who we are there, and what stands in the way. */
  probe(): Promise<ChannelProbe>;
  /** Where a new connection begins: nothing older than `at` is read. */
  cursorAt(at: Instant): ChannelCursor;
  /**
   * Orders changed since the cursor, oldest first, in pages; a page's cursor may be stored once its orders are. Pages overlap, and an order may come again unchanged: the
   * reader absorbs repetitions by id and revision.
   */
  pullOrders(since: ChannelCursor): AsyncIterable<OrderPage>;
  getOrder(orderId: string): Promise<PulledOrder | null>;
  /** How orders stand there now, in bulk and without personal data, in pages. An order that was asked for and is in no page is not there any more. */
  standings(of: StandingsQuery): AsyncIterable<readonly OrderStanding[]>;
  /** What may be sold there now of each of these, in the same order; null of what the channel does not list at that node. */
  shownStock(places: readonly { readonly sku: Sku; readonly node: NodeId }[]): Promise<(number | null)[]>;
  /** Sets what may be sold, absolute, per SKU and node; the answer says what became of each, in the same order. */
  pushStock(levels: readonly StockLevel[], memo: EffectMemo): Promise<PushedLevel[]>;
  /** Tells the channel that a shipment left. */
  confirmShipment(request: ShipmentConfirmation, memo: EffectMemo): Promise<ConfirmedShipment>;
  /** Looks whether the channel already has this shipment. */
  findShipment(request: ShipmentConfirmation): Promise<Reconciled<ConfirmedShipment>>;
  /** Checks a webhook by its raw body. Headers have lower-case names. */
  verifyWebhook(rawBody: Uint8Array, headers: Readonly<Record<string, string>>): Promise<WebhookVerdict>;
  /** All that the channel lists, in pages; an item that can be had in variations is one listing for each. */
  readonly listings: (() => AsyncIterable<readonly Listing[]>) | null;
  readonly acknowledgement: ConnectorOperation<Acknowledgement, Acknowledged> | null;
  readonly cancellation: ConnectorOperation<Cancellation, Cancelled> | null;
  readonly refund: ConnectorOperation<Refund, Refunded> | null;
  readonly capture: ConnectorOperation<Capture, Captured> | null;
  readonly returns: ReturnReading | null;
  readonly subscriptions: WebhookSubscriptions | null;
};

export const channelEffects = ['pushStock', 'confirmShipment'] as const;
export type ChannelEffect = (typeof channelEffects)[number];

export type ChannelCapabilities = {
  /** Whether each node has a stock figure of its own there; else levels have the node {@link everyNode}. */
  readonly stockPerNode: boolean;
  readonly compareAndSet: boolean;
  readonly webhooks: boolean;
  readonly maxStockBatch: number;
  /** Whether single lines or units of an order can be cancelled. */
  readonly partialCancel: boolean;
  /** Whether one order can be confirmed in several shipments. */
  readonly partialShipment: boolean;
  /** Reading orders more often than this brings nothing or is refused; 0 where there is no such time. */
  readonly leastPollMs: number;
};

export type ChannelProbe = { readonly account: string; readonly problems: readonly string[] };

/** Where reading goes on. What is inside is the connector's own affair; it must survive JSON. */
export type ChannelCursor = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export type OrderPage = {
  readonly orders: readonly PulledOrder[];
  /** Orders that came and cannot be put into our words; they hold up nobody else. Left out when there are none. */
  readonly unreadable?: readonly UnreadableOrder[];
  readonly cursor: ChannelCursor;
};

/** Orders that changed since an instant, or these. */
export type StandingsQuery = { readonly changedSince: Instant } | { readonly orders: readonly string[] };

/** As much of an order as others are compared with: what is wanted, what it comes to, and what the channel still waits for. */
export type OrderStanding = {
  readonly id: string;
  readonly name: string;
  readonly status: ChannelOrder['status'];
  readonly placedAt: Instant;
  readonly updatedAt: Instant;
  readonly total: Money;
  /** As `payment.secured` of the order. */
  readonly secured: Money;
  /** `quantity` as that of the order's line; `unshipped` of these the channel has not been told of yet. */
  readonly lines: readonly { readonly id: string; readonly quantity: number; readonly unshipped: number }[];
};

/** An order of which no more is understood than which one it is; a person must look at it, or the connector learn its words. */
export type UnreadableOrder = {
  readonly id: string;
  readonly name: string;
  /** New with every change, as that of an order. */
  readonly revision: string;
  /** Whose personal data `raw` may hold. */
  readonly subject: SubjectId;
  /** What was not understood, without personal data. */
  readonly reason: string;
  readonly raw: string;
};

/** An order in our words, the person apart from it, and the channel's own text as it came. */
export type PulledOrder = { readonly order: ChannelOrder; readonly person: Person; readonly raw: string };

/** The node of a level where a channel keeps one figure for all of them (`stockPerNode` is false). */
export const everyNode = '*';

/** `expected` is what we published last; null says that the channel's present figure does not matter. */
export type StockLevel = { readonly sku: Sku; readonly node: NodeId; readonly available: number; readonly expected: number | null };

export type PushedLevel =
  /** `was` is said of a figure that was there already where another one was expected. */
  | { readonly kind: 'set'; readonly was?: number }
  /** The channel's figure was another than `expected`; nothing was set. `actual` is null where the channel does not tell. */
  | { readonly kind: 'stale'; readonly actual: number | null }
  | { readonly kind: 'unknown-item'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

export type ShipmentConfirmation = {
  readonly orderId: string;
  readonly node: NodeId;
  readonly lines: readonly { readonly lineId: string; readonly units: number }[];
  /** Carrier's name in our words, such as `UPS` or `DHL`. */
  readonly carrier: string;
  readonly trackingNumbers: readonly string[];
  readonly trackingUrl: string | null;
  readonly shippedAt: Instant;
  readonly notifyCustomer: boolean;
};

export type ConfirmedShipment = { readonly ref: string };

export type WebhookVerdict =
  | {
      readonly kind: 'genuine';
      readonly deliveryId: string;
      readonly topic: string;
      readonly orderId: string | null;
      readonly triggeredAt: Instant | null;
      /** Whose personal data the channel demands to be erased by this webhook, as marketplaces do when somebody closes their account. */
      readonly erase?: readonly SubjectId[];
    }
  /** The channel only tries the address, which is signed nowhere: to be answered as if it were taken, and forgotten. */
  | { readonly kind: 'ping' }
  | { readonly kind: 'rejected'; readonly reason: string };
