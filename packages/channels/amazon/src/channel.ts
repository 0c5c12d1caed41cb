import { firstCursor, storeCursor, type SurroundingOptions, surroundingsOf } from '@quartermaster/connector-kit';
import type { Channel, ConnectionId, Instant, NodeId } from '@quartermaster/domain';
import { acknowledgementFeeds, acknowledging, cancelling } from './acknowledgement.ts';
import { createClient } from './client.ts';
import { feedsOf } from './feeds.ts';
import { amazonBuckets, maxFeedMessages, patchAtMost } from './limits.ts';
import { allListings } from './listings.ts';
import type { LoginCredentials } from './login.ts';
import { regionOrigins, type AmazonRegion } from './marketplaces.ts';
import { verifyNotification } from './notifications.ts';
import { orderReading } from './orders.ts';
import { probeSeller } from './probe.ts';
import { refunding } from './refund.ts';
import { reportsOf } from './reports.ts';
import { returnReading } from './returns.ts';
import { readSettlements, type AmazonSettlement } from './settlements.ts';
import { shipmentConfirming } from './shipment.ts';
import { standingReading } from './standings.ts';
import { shownStockReading, stockPushing } from './stock.ts';
import { notificationSubscriptions, type NotificationDestination } from './subscriptions.ts';

export type AmazonChannelOptions = SurroundingOptions & {
  readonly connection: ConnectionId;
  readonly region: AmazonRegion;
  /** The seller's id (merchant token), such as `A3TH9S8BH6GOGM`. */
  readonly sellerId: string;
  /** Marketplaces of the region that this connection is about, at least one. */
  readonly marketplaceIds: readonly string[];
  readonly credentials: LoginCredentials;
  /** Supply source of each node that is one at Amazon; others ship from nowhere in particular. */
  readonly supplySources?: Readonly<Record<NodeId, string>>;
  /** Values of the `authorization` header by which EventBridge's deliveries to our address are known; default none: then notifications are read from a queue. */
  readonly notificationAuthorizations?: readonly string[];
  /** Where Amazon is to deliver notifications; without it the channel has no subscriptions to look after. */
  readonly notificationDestination?: NotificationDestination;
  /** So many levels are set one by one, more go as a feed; default 150. */
  readonly patchAtMost?: number;
  /** How far before its watermark a pull looks again, default three minutes: a search shows nothing of the last two. */
  readonly overlapMs?: number;
  /** Default the region's; another one for a sandbox. */
  readonly origin?: string;
  /** Default `https://api.amazon.com`. */
  readonly loginOrigin?: string;
};

/** A channel that also tells what Amazon pays out. */
export type AmazonChannel = Channel & {
  /** Settlements that Amazon made since an instant, the oldest first. */
  settlements(since: Instant): AsyncIterable<AmazonSettlement>;
};

/** An Amazon seller's account as a channel, over the Selling Partner API: orders that the seller ships himself, one stock figure per SKU. */
export function amazonChannel(options: AmazonChannelOptions): AmazonChannel {
  const { connection, marketplaceIds, sellerId } = options;
  const client = createClient({
    ...surroundingsOf(options, amazonBuckets(connection)),
    connection,
    origin: options.origin ?? regionOrigins[options.region],
    loginOrigin: options.loginOrigin ?? 'https://api.amazon.com',
    credentials: options.credentials,
  });
  const seller = { sellerId, marketplaceIds };
  const reading = { connection, marketplaceIds, overlapMs: options.overlapMs ?? 180_000 };
  const feeds = feedsOf(client, marketplaceIds);
  const reports = reportsOf(client, marketplaceIds);
  const acknowledge = acknowledgementFeeds(feeds, sellerId);
  const destination = options.notificationDestination;
  const authorizations = options.notificationAuthorizations ?? [];

  return {
    connection,
    safety: { pushStock: 'natural', confirmShipment: 'natural' },
    capabilities: {
      stockPerNode: false,
      compareAndSet: false,
      webhooks: authorizations.length > 0,
      maxStockBatch: maxFeedMessages,
      partialCancel: false,
      partialShipment: true,
      leastPollMs: 180_000,
    },
    probe: () => probeSeller(client, seller),
    cursorAt: (at) => storeCursor(firstCursor(at)),
    ...orderReading(client, reading),
    standings: standingReading(client, reading),
    shownStock: shownStockReading(client, seller),
    pushStock: stockPushing(client, feeds, { seller, patchAtMost: options.patchAtMost ?? patchAtMost }),
    ...shipmentConfirming(client, { marketplaceIds, supplySources: options.supplySources ?? {} }),
    listings: () => allListings(client, seller),
    acknowledgement: acknowledging(client, acknowledge),
    cancellation: cancelling(client, acknowledge),
    refund: refunding(client, feeds, { sellerId, connection }),
    capture: null,
    returns: returnReading(client, reports, marketplaceIds),
    subscriptions: destination === undefined ? null : notificationSubscriptions(client, destination),
    settlements: (since) => readSettlements(reports, since),
    verifyWebhook: async (rawBody, headers) => verifyNotification(rawBody, headers, authorizations),
  };
}
