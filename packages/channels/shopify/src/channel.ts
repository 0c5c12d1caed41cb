import { firstCursor, storeCursor, type Bucket, type SurroundingOptions, surroundingsOf } from '@quartermaster/connector-kit';
import type { Channel, ConnectionId, NodeId } from '@quartermaster/domain';
import { acknowledging } from './acknowledgement.ts';
import { orderBackfill, type OrderBackfill } from './backfill.ts';
import { cancelling } from './cancellation.ts';
import { capturing } from './capture.ts';
import { createClient, type ShopifyTokenProvider } from './client.ts';
import { fulfilmentDesk, type FulfilmentDesk } from './fulfilment-desk.ts';
import { shopDomain } from './identifiers.ts';
import { itemIndex } from './items.ts';
import { defaultApiVersion, maxStockBatch, shopifyBucketName, shopifyPlans } from './limits.ts';
import { listingReading } from './listings.ts';
import { orderReading } from './orders.ts';
import { probeShop } from './probe.ts';
import { refunding } from './refund.ts';
import { returnReading } from './returns.ts';
import { shipmentConfirming } from './shipment.ts';
import { shownStockReading } from './shown-stock.ts';
import { standingReading } from './standings.ts';
import { stockPushing } from './stock.ts';
import { subscriptionKeeping } from './subscriptions.ts';
import { verifyWebhook } from './webhook.ts';

export type ShopifyChannelOptions = SurroundingOptions & {
  readonly connection: ConnectionId;
  /** `acme` or `acme.myshopify.com`. */
  readonly shop: string;
  /** The Admin API's token, or who gives it; a provider is asked again after a 401. */
  readonly accessToken: string | ShopifyTokenProvider;
  /** Secret of the app that signs webhooks; several while it is being changed. */
  readonly webhookSecret: string | readonly string[];
  /** Shopify's location of each of our nodes: a global id (`gid://shopify/Location/…`) or the number in it. */
  readonly locations: Readonly<Record<NodeId, string>>;
  /** Default `https://{shop}.myshopify.com`; another one for a sandbox. */
  readonly origin?: string;
  /** Default 2026-10; 2026-04 is the oldest that works. */
  readonly apiVersion?: string;
  /** Bucket to begin with, default the Standard plan's; the shop's answers correct it. */
  readonly bucket?: Bucket;
  /** How far before its watermark a pull looks again, default two minutes: Shopify's search shows changes late. */
  readonly overlapMs?: number;
  /** For how long it is remembered which item has a SKU, default one hour. */
  readonly itemsMaxAgeMs?: number;
  /**
   * Whether cancelling a whole order gives the customer's money back at once, default false: a refund is an operation of its own, to the cent and found again. Authorized money is let go in any
   * case.
   */
  readonly refundOnCancel?: boolean;
};

/** A Shopify shop as a channel, and what only Shopify has. */
export type ShopifyChannel = Channel & {
  /** Reads past orders in bulk. */
  readonly backfillOrders: OrderBackfill;
  /** How Shopify has an order shipped: hold, release, move, split. */
  readonly fulfilment: FulfilmentDesk;
};

/**
 * A Shopify shop as a channel, over the Admin GraphQL API. Order and line ids are Shopify's numeric ones as text. Setting stock is safe by idempotency key; confirming a
 * shipment by reading back.
 */
export function shopifyChannel(options: ShopifyChannelOptions): ShopifyChannel {
  const domain = shopDomain(options.shop);
  const bucket = shopifyBucketName(options.connection);
  const apiVersion = options.apiVersion ?? defaultApiVersion;
  const overlapMs = options.overlapMs ?? 120_000;
  const surroundings = surroundingsOf(options, { [bucket]: options.bucket ?? shopifyPlans.standard });
  const { clock } = surroundings;
  const client = createClient({
    ...surroundings,
    origin: options.origin ?? `https://${domain}`,
    apiVersion,
    accessToken: options.accessToken,
    bucket,
  });
  const items = itemIndex(client, clock, options.itemsMaxAgeMs ?? 3_600_000);
  const webhooks = { secrets: typeof options.webhookSecret === 'string' ? [options.webhookSecret] : options.webhookSecret, domain };

  return {
    connection: options.connection,
    safety: { pushStock: 'key', confirmShipment: 'read-back' },
    capabilities: {
      stockPerNode: true,
      compareAndSet: true,
      webhooks: true,
      maxStockBatch,
      partialCancel: true,
      partialShipment: true,
      leastPollMs: 0,
    },
    probe: () => probeShop(client, { domain, apiVersion, locations: options.locations }),
    cursorAt: (at) => storeCursor(firstCursor(at)),
    ...orderReading(client, options.connection, overlapMs),
    standings: standingReading(client, overlapMs),
    shownStock: shownStockReading(client, items, options.locations),
    pushStock: stockPushing(client, items, options.locations),
    ...shipmentConfirming(client, options.locations),
    listings: listingReading(client),
    acknowledgement: acknowledging(client),
    cancellation: cancelling(client, { refundOnCancel: options.refundOnCancel ?? false }),
    refund: refunding(client, options.locations),
    capture: capturing(client),
    returns: returnReading(client, overlapMs),
    subscriptions: subscriptionKeeping(client),
    backfillOrders: orderBackfill({ client, connection: options.connection, clock, fetch: options.fetch ?? globalThis.fetch }),
    fulfilment: fulfilmentDesk(client, options.locations),
    verifyWebhook: async (rawBody, headers) => verifyWebhook(rawBody, headers, webhooks),
  };
}
