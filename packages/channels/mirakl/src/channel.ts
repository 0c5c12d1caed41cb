import { firstCursor, storeCursor, type SurroundingOptions, surroundingsOf } from '@quartermaster/connector-kit';
import type { Channel, ConnectionId, NodeId } from '@quartermaster/domain';
import { acknowledging } from './acknowledgement.ts';
import { cancelling } from './cancellation.ts';
import { createClient } from './client.ts';
import { levelsPerFile, miraklBuckets, periodsMs } from './limits.ts';
import { listingReading } from './offers.ts';
import { orderReading } from './orders.ts';
import { probing } from './probe.ts';
import { reasonReading, type ReasonCodes } from './reasons.ts';
import { refunding } from './refund.ts';
import { returnReading } from './returns.ts';
import { shipmentConfirming } from './shipment.ts';
import { standingReading } from './standings.ts';
import { shownStockReading, stockPushing } from './stock.ts';
import type { Translating } from './translate.ts';
import { wholeShipmentConfirming } from './whole-shipment.ts';
import { orderWindows } from './windows.ts';

export type MiraklChannelOptions = SurroundingOptions & {
  readonly connection: ConnectionId;
  /** The operator's instance, such as `https://acme.mirakl.net`. */
  readonly origin: string;
  /** Of the shop, made in its back office. */
  readonly apiKey: string;
  /** Which shop, where the key's user has several. */
  readonly shopId?: number;
  /** Code of the shop's warehouse of each of our nodes. Left out, all nodes have one figure together. */
  readonly warehouses?: Readonly<Record<NodeId, string>>;
  /** The operator's carrier codes by our carrier names. A carrier that is not here is told by its name and link. */
  readonly carriers?: Readonly<Record<string, string>>;
  /** Codes of reasons, where the operator's labels do not say what we mean. */
  readonly reasons?: ReasonCodes;
  /** Whether the platform takes several shipments per order, default true; a probe says when it does not. */
  readonly partialShipments?: boolean;
  /** Codes of fulfilment centres from which we ship ourselves, default `DEFAULT`; goods of others are the operator's to ship. */
  readonly ownCenters?: readonly string[];
  /** How far before its watermark a pull looks again, default five minutes. */
  readonly overlapMs?: number;
};

/**
 * A shop on a Mirakl marketplace as a channel: one connector for all operators, over the seller API of Mirakl Marketplace Platform. Setting stock and taking on an order are natural; shipments,
 * cancellations and refunds are safe by reading back. Mirakl sends sellers no webhooks.
 */
export function miraklChannel(options: MiraklChannelOptions): Channel {
  const { apiKey, connection } = options;
  const origin = options.origin.replace(/\/+$/, '');
  const shopId = options.shopId ?? null;
  const overlapMs = options.overlapMs ?? 300_000;
  const warehouses = options.warehouses ?? null;
  const carriers = options.carriers ?? {};
  const partialShipments = options.partialShipments ?? true;
  const surroundings = surroundingsOf(options, miraklBuckets(origin, apiKey, shopId));
  const { clock } = surroundings;
  const client = createClient({
    ...surroundings,
    origin,
    apiKey,
    shopId,
  });
  const windows = orderWindows(client, clock);
  const reasons = reasonReading(client, options.reasons ?? {});
  const translating: Translating = { connection, ownCenters: options.ownCenters ?? ['DEFAULT'] };

  return {
    connection,
    safety: { pushStock: 'natural', confirmShipment: 'read-back' },
    capabilities: {
      stockPerNode: warehouses !== null,
      compareAndSet: false,
      webhooks: false,
      maxStockBatch: levelsPerFile,
      partialCancel: true,
      partialShipment: partialShipments,
      leastPollMs: periodsMs['orders-poll'],
    },
    probe: probing(client, { partialShipments, clock }),
    cursorAt: (at) => storeCursor(firstCursor(at)),
    ...orderReading(client, windows, translating, overlapMs),
    standings: standingReading(client, windows, { overlapMs, partialShipments }),
    shownStock: shownStockReading(client, warehouses),
    pushStock: stockPushing(client, warehouses),
    ...(partialShipments ? shipmentConfirming(client, carriers) : wholeShipmentConfirming(client, carriers)),
    verifyWebhook: () => Promise.resolve({ kind: 'rejected', reason: 'Mirakl sends sellers no webhooks' }),
    listings: listingReading(client),
    acknowledgement: acknowledging(client),
    cancellation: cancelling(client, reasons, partialShipments),
    refund: refunding(client, reasons),
    capture: null,
    returns: returnReading(client, overlapMs),
    subscriptions: null,
  };
}
