import type { Bucket } from '@quartermaster/connector-kit';
import { fingerprint } from '@quartermaster/connector-kit';

/** eBay counts calls per application and API. */
export const ebayApis = ['fulfillment', 'inventory', 'notification', 'analytics', 'post-order', 'token', 'key-management'] as const;
export type EbayApi = (typeof ebayApis)[number];

/**
 * Calls a day to begin with. Token: 50,000 refreshes (eBay's table of OAuth rate limits). eBay publishes the others per application only: these are the common first grants, and a
 * probe reads the true ones from the analytics API.
 */
export const firstDailyQuotas: Readonly<Record<EbayApi, number>> = {
  fulfillment: 100_000,
  inventory: 2_000_000,
  notification: 10_000,
  analytics: 5_000,
  'post-order': 10_000,
  token: 50_000,
  'key-management': 1_000,
};

/** Share of a daily quota that may be spent at once; the rest comes back evenly. So no 24 hours, wherever they begin, hold more calls than the quota, and nine tenths of it can be used every day. */
const burstShare = 0.1;

/** The token bucket that keeps within a quota of so many calls in a window of so many seconds, wherever eBay's window begins. */
export function bucketOfQuota(limit: number, windowSeconds = 86_400): Bucket {
  const capacity = Math.max(1, Math.floor(limit * burstShare));
  return { capacity, perSecond: Math.max((limit - capacity) / windowSeconds, 1 / windowSeconds) };
}

/** Name of an application's bucket, for a rate limiter that outlives the process. All connections of one application share it, because eBay counts per application. */
export function ebayBucketName(clientId: string, api: EbayApi): string {
  return `ebay/${fingerprint(clientId).slice(0, 12)}/${api}`;
}

/** Buckets to begin with, by name. */
export function ebayBuckets(clientId: string): Readonly<Record<string, Bucket>> {
  return Object.fromEntries(ebayApis.map((api) => [ebayBucketName(clientId, api), bucketOfQuota(firstDailyQuotas[api])]));
}

/** Orders in one page of getOrders, and order ids in one request (Fulfillment API 1.20). */
export const ordersPerPage = 200;
export const orderIdsPerRequest = 50;

/** How far back orders can be read: two years (Fulfillment API 1.20, error 30830). */
export const oldestOrdersMs = 729 * 86_400_000;

/** Inventory items in one bulkGetInventoryItem or bulkUpdatePriceQuantity, and in one page of getInventoryItems (Inventory API 1.18). */
export const skusPerRequest = 25;
export const itemsPerPage = 200;

/** Levels that are pushed together, in requests of 25 items: an item has a level for each location, and all of them go in one revision. */
export const levelsPerPush = 500;

/** Characters of a SKU (Inventory API 1.18). */
export const longestSku = 50;

/** Revisions of one listing in one calendar day, after which eBay blocks it until the next (Inventory API 1.18, bulkUpdatePriceQuantity). */
export const revisionsPerDay = 250;

/** Longest comment of a refund (IssueRefundRequest, Fulfillment API 1.20). */
export const longestComment = 100;

/** Scopes without which something here does not work; the seller grants them to the refresh token. */
export const requiredScopes = [
  'https://api.ebay.com/oauth/api_scope/sell.fulfillment',
  'https://api.ebay.com/oauth/api_scope/sell.inventory',
  'https://api.ebay.com/oauth/api_scope/sell.finances',
  'https://api.ebay.com/oauth/api_scope/commerce.notification.subscription',
] as const;

/** What an application's own token is asked for: public keys, destinations, quotas. */
export const applicationScope = 'https://api.ebay.com/oauth/api_scope';
