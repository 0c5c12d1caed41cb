import { firstCursor, storeCursor, type Bucket, type SurroundingOptions, surroundingsOf } from '@quartermaster/connector-kit';
import type { Channel, ConnectionId } from '@quartermaster/domain';
import { acknowledging } from './acknowledgement.ts';
import { cancelling } from './cancellation.ts';
import { createClient } from './client.ts';
import { itemIndex } from './items.ts';
import { maxStockBatch, wooCommerceBucket, wooCommerceBucketName } from './limits.ts';
import { listingReading } from './listings.ts';
import { orderReading } from './orders.ts';
import { probeShop } from './probe.ts';
import { refunding } from './refund.ts';
import { shipmentConfirming } from './shipment.ts';
import { stockKeeping } from './stock.ts';
import { webhookSubscriptions } from './subscriptions.ts';
import { verifyWebhook } from './webhook.ts';

export type WooCommerceChannelOptions = SurroundingOptions & {
  readonly connection: ConnectionId;
  /** Address of the shop, such as `https://shop.example`; over `http` requests are signed by OAuth 1.0a. */
  readonly origin: string;
  /** `ck_…` and `cs_…`: a key that may read and write, of a user who manages the shop. */
  readonly consumerKey: string;
  readonly consumerSecret: string;
  /** Secret of the webhooks, chosen by us; several while it is being changed, the newest first. */
  readonly webhookSecret: string | readonly string[];
  /** Over https, `query` for hosts that strip the `Authorization` header; default `basic`. */
  readonly keyTransport?: 'basic' | 'query';
  /** Whether the shop has the feature `fulfillments` on; default not, and shipments are told by notes. */
  readonly fulfillments?: boolean;
  /** Whether a refund moves the money through the order's payment provider, default true. False only records it, and somebody pays by hand. */
  readonly refundThroughGateway?: boolean;
  /** How far before its watermark a pull looks again, default one minute: the shop's times have whole seconds. */
  readonly overlapMs?: number;
  /** For how long it is remembered which item has a SKU, default one hour. */
  readonly itemsMaxAgeMs?: number;
  readonly bucket?: Bucket;
};

/**
 * A WooCommerce shop as a channel, over REST `wc/v3`. Ids of orders and lines are WooCommerce's numbers as text. Stock is one figure per item, under the node `everyNode`.
 *
 * Throws a `RangeError` for an address that is no http address, and for one with a query or a fragment.
 */
export function wooCommerceChannel(options: WooCommerceChannelOptions): Channel {
  const bucket = wooCommerceBucketName(options.connection);
  const secrets = typeof options.webhookSecret === 'string' ? [options.webhookSecret] : options.webhookSecret;
  const address = addressOf(options.origin);
  const surroundings = surroundingsOf(options, { [bucket]: options.bucket ?? wooCommerceBucket });
  const { clock } = surroundings;
  const client = createClient({
    ...surroundings,
    origin: address.text,
    keyTransport: address.isSecure ? (options.keyTransport ?? 'basic') : 'oauth',
    consumerKey: options.consumerKey,
    consumerSecret: options.consumerSecret,
    webhookSecrets: secrets,
    bucket,
  });
  const fulfillments = options.fulfillments ?? false;

  return {
    connection: options.connection,
    safety: { pushStock: 'natural', confirmShipment: 'read-back' },
    capabilities: {
      stockPerNode: false,
      compareAndSet: false,
      webhooks: true,
      maxStockBatch,
      partialCancel: false,
      partialShipment: true,
      leastPollMs: 10_000,
    },
    probe: () => probeShop(client, { fulfillments }),
    cursorAt: (at) => storeCursor(firstCursor(at)),
    ...orderReading(client, options.connection, options.overlapMs ?? 60_000),
    ...stockKeeping(client, itemIndex(client, clock, options.itemsMaxAgeMs ?? 3_600_000)),
    ...shipmentConfirming(client, { fulfillments }),
    verifyWebhook: async (rawBody, headers) => verifyWebhook(rawBody, headers, secrets),
    listings: listingReading(client),
    acknowledgement: acknowledging(client),
    cancellation: cancelling(client),
    refund: refunding(client, { throughGateway: options.refundThroughGateway ?? true }),
    capture: null,
    returns: null,
    subscriptions: webhookSubscriptions(client, secrets[0] ?? ''),
  };
}

function addressOf(origin: string): { readonly text: string; readonly isSecure: boolean } {
  const url = new URL(origin);
  if (!['http:', 'https:'].includes(url.protocol) || url.search !== '' || url.hash !== '')
    throw new RangeError('not the address of a shop');
  return { text: `${url.origin}${url.pathname}`.replace(/\/+$/, ''), isSecure: url.protocol === 'https:' };
}
