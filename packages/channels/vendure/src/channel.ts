import { firstCursor, storeCursor, surroundingsOf, type Bucket, type SurroundingOptions } from '@quartermaster/connector-kit';
import type { Channel, ConnectionId, NodeId } from '@quartermaster/domain';
import { acknowledging } from './acknowledgement.ts';
import { cancelling } from './cancellation.ts';
import { capturing } from './capture.ts';
import { createClient, type TokenMethod } from './client.ts';
import { maxStockBatch, vendureBucket, vendureBucketName } from './limits.ts';
import { listingReading } from './listings.ts';
import { orderReading } from './orders.ts';
import { probeShop } from './probe.ts';
import { refunding } from './refund.ts';
import { shipmentConfirming } from './shipment.ts';
import { stockKeeping } from './stock.ts';

export type VendureChannelOptions = SurroundingOptions & {
  readonly connection: ConnectionId;
  /** Address of the Admin API, such as `https://shop.example/admin-api`. */
  readonly url: string;
  /** An API key, or the token of a session. */
  readonly token: string;
  /** How the token is shown, default `api-key`. */
  readonly tokenMethod?: TokenMethod;
  /** Token of one of the shop's channels, default its default channel. */
  readonly channelToken?: string;
  /** Vendure's stock location of each of our nodes, by its id. */
  readonly stockLocations: Readonly<Record<NodeId, string>>;
  /** How far before its watermark a pull looks again, default one minute: with SQLite the shop's times have whole seconds. */
  readonly overlapMs?: number;
  readonly bucket?: Bucket;
};

/** A Vendure shop as a channel, over its Admin API. Ids of orders and lines are Vendure's own. Setting stock and capturing are safe by nature, all else by reading back. */
export function vendureChannel(options: VendureChannelOptions): Channel {
  const bucket = vendureBucketName(options.connection);
  const client = createClient({
    ...surroundingsOf(options, { [bucket]: options.bucket ?? vendureBucket }),
    url: options.url,
    token: options.token,
    tokenMethod: options.tokenMethod ?? 'api-key',
    channelToken: options.channelToken ?? null,
    bucket,
  });

  return {
    connection: options.connection,
    safety: { pushStock: 'natural', confirmShipment: 'read-back' },
    capabilities: {
      stockPerNode: true,
      compareAndSet: false,
      webhooks: false,
      maxStockBatch,
      partialCancel: true,
      partialShipment: true,
      leastPollMs: 0,
    },
    probe: () => probeShop(client, options.stockLocations),
    cursorAt: (at) => storeCursor(firstCursor(at)),
    ...orderReading(client, options.connection, options.overlapMs ?? 60_000),
    ...stockKeeping(client, options.stockLocations),
    ...shipmentConfirming(client),
    verifyWebhook: async () => ({ kind: 'rejected', reason: 'Vendure sends no webhooks' }),
    listings: listingReading(client),
    acknowledgement: acknowledging(client),
    cancellation: cancelling(client),
    refund: refunding(client),
    capture: capturing(client),
    returns: null,
    subscriptions: null,
  };
}
