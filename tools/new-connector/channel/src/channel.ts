import { firstCursor, storeCursor, surroundingsOf, type SurroundingOptions } from '@quartermaster/connector-kit';
import type { Channel, ConnectionId } from '@quartermaster/domain';
import { createClient } from './client.ts';
import { exampleVendorBucket, exampleVendorBucketName, maxStockBatch } from './limits.ts';
import { orderReading } from './orders.ts';
import { shipmentConfirming } from './shipment.ts';
import { stockPublishing } from './stock.ts';
import { accountSchema } from './wire.ts';

export type ExampleVendorChannelOptions = SurroundingOptions & {
  readonly connection: ConnectionId;
  readonly token: string;
  /** Default `https://api.example-vendor.example`; another one for a sandbox. */
  readonly origin?: string;
};

/** Example Vendor as a channel. Setting stock is safe by nature, confirming a shipment by reading back. */
export function exampleVendorChannel(options: ExampleVendorChannelOptions): Channel {
  const bucketName = exampleVendorBucketName(options.connection);
  const client = createClient({
    ...surroundingsOf(options, { [bucketName]: exampleVendorBucket }),
    origin: options.origin ?? 'https://api.example-vendor.example',
    token: options.token,
    bucketName,
  });

  return {
    connection: options.connection,
    safety: { pushStock: 'natural', confirmShipment: 'read-back' },
    capabilities: {
      stockPerNode: false,
      compareAndSet: false,
      webhooks: false,
      maxStockBatch,
      partialCancel: false,
      partialShipment: true,
      leastPollMs: 0,
    },
    async probe() {
      const { name } = await client({ operation: 'probe', method: 'GET', path: '/account', repeat: 'always' }, accountSchema);
      return { account: name, problems: [] };
    },
    cursorAt: (at) => storeCursor(firstCursor(at)),
    ...orderReading(client, options.connection),
    ...stockPublishing(client),
    ...shipmentConfirming(client),
    verifyWebhook: async () => ({ kind: 'rejected', reason: 'webhooks are not written yet' }),
    listings: null,
    acknowledgement: null,
    cancellation: null,
    refund: null,
    capture: null,
    returns: null,
    subscriptions: null,
  };
}
