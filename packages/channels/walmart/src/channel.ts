import { firstCursor, storeCursor, type SurroundingOptions, surroundingsOf } from '@quartermaster/connector-kit';
import type { Channel, ConnectionId, NodeId } from '@quartermaster/domain';
import { acknowledging } from './acknowledgement.ts';
import { cancelling } from './cancellation.ts';
import { createClient } from './client.ts';
import { levelsPerFeed, walmartRateBuckets } from './limits.ts';
import { inventoryListing, listingReading } from './listings.ts';
import { changedOrders, orderReading } from './orders.ts';
import { probeWalmart } from './probe.ts';
import { refunding } from './refund.ts';
import { returnReading } from './returns.ts';
import { shipmentConfirming } from './shipment.ts';
import { standingReading } from './standings.ts';
import { shownStockReading, stockPushing } from './stock.ts';
import { webhookSubscriptions } from './subscriptions.ts';
import type { WalmartCredentials } from './tokens.ts';
import { defaultSignatureHeader, webhookVerifying } from './webhook.ts';

export type WalmartChannelOptions = SurroundingOptions &
  WalmartCredentials & {
    readonly connection: ConnectionId;
    /** Walmart's ship node of each of our nodes. Left out, all nodes have one figure together, at the seller's default ship node. */
    readonly shipNodes?: Readonly<Record<NodeId, string>>;
    /** Walmart's carrier words by our carrier names, where its list has others than we know. */
    readonly carriers?: Readonly<Record<string, string>>;
    /** Walmart signs notifications with it; ours to choose. Without it none is taken for genuine. */
    readonly webhookSecret?: string;
    /** Secrets of before, which notifications may still be signed with. */
    readonly formerWebhookSecrets?: readonly string[];
    /** Header of the signature, default `x-walmart-signature`; ours to choose. */
    readonly webhookHeader?: string;
    /** Default `https://marketplace.walmartapis.com`; Walmart's own sandbox is `https://sandbox.walmartapis.com`. */
    readonly origin?: string;
    /** `WM_SVC.NAME`, default `Walmart Marketplace`. */
    readonly serviceName?: string;
    /** `WM_CONSUMER.CHANNEL.TYPE` of a solution provider. */
    readonly channelType?: string;
    /** How far before its watermark a pull looks again, default five minutes. */
    readonly overlapMs?: number;
    /** A new id for each call, default a random UUID. */
    readonly correlationId?: () => string;
  };

/**
 * A seller on Walmart Marketplace (US) as a channel. Setting stock and acknowledging are natural; confirming a shipment, cancelling and refunding are safe by reading the order back.
 */
export function walmartChannel(options: WalmartChannelOptions): Channel {
  const { clientId, clientSecret, connection } = options;
  const overlapMs = options.overlapMs ?? 300_000;
  const shipNodes = options.shipNodes ?? null;
  const secrets = [options.webhookSecret, ...(options.formerWebhookSecrets ?? [])].filter((secret) => secret !== undefined);
  const header = options.webhookHeader ?? defaultSignatureHeader;
  const surroundings = surroundingsOf(options, walmartRateBuckets(clientId));
  const { clock } = surroundings;
  const client = createClient({
    ...surroundings,
    credentials: { clientId, clientSecret },
    origin: options.origin ?? 'https://marketplace.walmartapis.com',
    serviceName: options.serviceName ?? 'Walmart Marketplace',
    channelType: options.channelType ?? null,
    secrets,
    ...(options.correlationId === undefined ? {} : { correlationId: options.correlationId }),
  });
  const changed = changedOrders(client, clock);
  const listAll = inventoryListing(client);

  return {
    connection,
    safety: { pushStock: 'natural', confirmShipment: 'read-back' },
    capabilities: {
      stockPerNode: shipNodes !== null,
      compareAndSet: false,
      webhooks: true,
      maxStockBatch: levelsPerFeed,
      partialCancel: true,
      partialShipment: true,
      leastPollMs: 30_000,
    },
    probe: () => probeWalmart(client, { clientId, shipNodes }),
    cursorAt: (at) => storeCursor(firstCursor(at)),
    ...orderReading(client, changed, connection, overlapMs),
    standings: standingReading(client, changed, connection, overlapMs),
    shownStock: shownStockReading(client, shipNodes, listAll),
    pushStock: stockPushing(client, shipNodes, clock),
    ...shipmentConfirming(client, clock, options.carriers ?? {}),
    verifyWebhook: webhookVerifying({ secrets, header }),
    listings: listingReading(listAll),
    acknowledgement: acknowledging(client),
    cancellation: cancelling(client),
    refund: refunding(client),
    capture: null,
    returns: returnReading(client, clock, overlapMs),
    subscriptions: webhookSubscriptions(client, { secret: options.webhookSecret ?? null, header }),
  };
}
