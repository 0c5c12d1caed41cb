import { firstCursor, storeCursor, type SurroundingOptions, surroundingsOf } from '@quartermaster/connector-kit';
import type { Channel, ConnectionId, NodeId, Sku } from '@quartermaster/domain';
import { cancelling } from './cancellation.ts';
import { createClient } from './client.ts';
import { ebayBuckets, levelsPerPush } from './limits.ts';
import { listingReading } from './listings.ts';
import { orderReading } from './orders.ts';
import { probeEbay } from './probe.ts';
import { refunding } from './refund.ts';
import { returnReading } from './returns.ts';
import { memoryRevisionBudget, type RevisionBudget } from './revision-budget.ts';
import { shipmentConfirming } from './shipment.ts';
import type { EbaySigningKey } from './signature.ts';
import { standingReading } from './standings.ts';
import { shownStockReading, stockPushing } from './stock.ts';
import { webhookSubscriptions } from './subscriptions.ts';
import type { EbayCredentials } from './tokens.ts';
import type { Translating } from './translate.ts';
import { webhookVerifying } from './webhook.ts';
import { orderWindows } from './windows.ts';

export type EbayChannelOptions = SurroundingOptions &
  EbayCredentials & {
    readonly connection: ConnectionId;
    /** Where the seller sells, such as `EBAY_DE`. */
    readonly marketplace: string;
    /** eBay's `merchantLocationKey` of each of our nodes. Left out, all nodes have one figure together. */
    readonly locations?: Readonly<Record<NodeId, string>>;
    /** From the Key Management API. Refunds and cancellations of sellers in the EU and the UK need it. */
    readonly signingKey?: EbaySigningKey;
    /** Whether prices hold their tax, default true except on the marketplaces of the United States and Canada. */
    readonly pricesIncludeTax?: boolean;
    /** SKU of an item that was listed without one by the Trading API. */
    readonly skuOf?: Translating['skuOf'];
    /** eBay's carrier codes by our carrier names, where eBay's site has others than we know. */
    readonly carriers?: Readonly<Record<string, string>>;
    /** Default one in memory: 250 revisions of a listing a Pacific day, 50 of them kept for decreases. */
    readonly revisionBudget?: RevisionBudget;
    /** Whether offers that have a quantity of their own follow the item's, default false: then they only cap it. It costs a call per SKU. */
    readonly offersFollow?: boolean;
    /** For subscriptions of notifications. */
    readonly verificationToken?: string;
    readonly alertEmail?: string;
    /** Default `https://api.ebay.com`. */
    readonly origin?: string;
    /** How far before its watermark a pull looks again, default five minutes. */
    readonly overlapMs?: number;
    /** A return that was opened longer ago is not looked at any more, default 60 days. */
    readonly returnDays?: number;
  };

/**
 * A seller on eBay as a channel, over the Fulfillment, Inventory, Notification and Post-Order APIs. Setting stock is natural; confirming a shipment, refunding and cancelling are safe by
 * reading back.
 */
export function ebayChannel(options: EbayChannelOptions): Channel {
  const { clientId, clientSecret, connection, marketplace, refreshToken } = options;
  const overlapMs = options.overlapMs ?? 300_000;
  const locations = options.locations ?? null;
  const surroundings = surroundingsOf(options, ebayBuckets(clientId));
  const { clock, limiter } = surroundings;
  const client = createClient({
    ...surroundings,
    credentials: { clientId, clientSecret, refreshToken },
    origin: options.origin ?? 'https://api.ebay.com',
    marketplace,
    signingKey: options.signingKey ?? null,
    secrets: [options.signingKey?.privateKey, options.signingKey?.jwe, options.verificationToken].filter((secret) => secret !== undefined),
  });
  const windows = orderWindows(client, clock);
  const noSku: (item: unknown) => Sku | null = () => null;
  const translating: Translating = {
    connection,
    pricesIncludeTax: options.pricesIncludeTax ?? !/^EBAY_(US|CA|MOTORS_US)$/.test(marketplace),
    skuOf: options.skuOf ?? noSku,
  };

  return {
    connection,
    safety: { pushStock: 'natural', confirmShipment: 'read-back' },
    capabilities: {
      stockPerNode: locations !== null,
      compareAndSet: false,
      webhooks: true,
      maxStockBatch: levelsPerPush,
      partialCancel: false,
      partialShipment: true,
      leastPollMs: 30_000,
    },
    probe: () => probeEbay(client, { clientId, marketplace, locations, hasSigningKey: options.signingKey !== undefined, limiter, clock }),
    cursorAt: (at) => storeCursor(firstCursor(at)),
    ...orderReading(client, windows, translating, overlapMs),
    standings: standingReading(client, windows, overlapMs),
    shownStock: shownStockReading(client, locations),
    pushStock: stockPushing(client, {
      locations,
      budget: options.revisionBudget ?? memoryRevisionBudget(),
      withOffers: options.offersFollow ?? false,
      clock,
    }),
    ...shipmentConfirming(client, clock, options.carriers ?? {}),
    verifyWebhook: webhookVerifying(client, clock, connection),
    listings: listingReading(client),
    acknowledgement: null,
    cancellation: cancelling(client),
    refund: refunding(client),
    capture: null,
    returns: returnReading(client, clock, translating, options.returnDays ?? 60),
    subscriptions: webhookSubscriptions(client, {
      verificationToken: options.verificationToken ?? null,
      alertEmail: options.alertEmail ?? null,
    }),
  };
}
