import type { Bucket } from '@quartermaster/connector-kit';

/**
 * Published usage plans by operation: `perSecond` is the rate, `capacity` the burst (tables in the models of August 2026; Sellers, Destinations: Amazon's reference). Amazon gives some
 * sellers more and says so in `x-amzn-RateLimit-Limit`, which each answer corrects them by.
 */
export const usagePlans = {
  searchOrders: { perSecond: 0.0056, capacity: 20 },
  getOrder: { perSecond: 0.5, capacity: 30 },
  confirmShipment: { perSecond: 2, capacity: 10 },
  patchListingsItem: { perSecond: 5, capacity: 5 },
  getListingsItem: { perSecond: 5, capacity: 10 },
  searchListingsItems: { perSecond: 5, capacity: 5 },
  createFeedDocument: { perSecond: 0.5, capacity: 15 },
  createFeed: { perSecond: 0.0083, capacity: 15 },
  getFeed: { perSecond: 2, capacity: 15 },
  getFeeds: { perSecond: 0.0222, capacity: 10 },
  getFeedDocument: { perSecond: 0.0222, capacity: 10 },
  createReport: { perSecond: 0.0167, capacity: 15 },
  getReport: { perSecond: 2, capacity: 15 },
  getReports: { perSecond: 0.0222, capacity: 10 },
  getReportDocument: { perSecond: 0.0167, capacity: 15 },
  getMarketplaceParticipations: { perSecond: 0.016, capacity: 15 },
  getDestinations: { perSecond: 1, capacity: 5 },
  createDestination: { perSecond: 1, capacity: 5 },
  getSubscription: { perSecond: 1, capacity: 5 },
  createSubscription: { perSecond: 1, capacity: 5 },
  deleteSubscriptionById: { perSecond: 1, capacity: 5 },
} as const satisfies Readonly<Record<string, Bucket>>;

export type AmazonOperation = keyof typeof usagePlans;

/** Name of the bucket of one operation of a connection, for a rate limiter that outlives the process. */
export function amazonBucketName(connection: string, operation: string): string {
  return `amazon/${connection}/${operation}`;
}

/** All buckets of a connection, as a new rate limiter wants them. */
export function amazonBuckets(connection: string): Record<string, Bucket> {
  return Object.fromEntries(Object.entries(usagePlans).map(([operation, plan]) => [amazonBucketName(connection, operation), plan]));
}

/** Orders in one page of `searchOrders`. */
export const ordersPerPage = 100;

/** Listings in one page of `searchListingsItems`, and SKUs that it is asked for at once. */
export const listingsPerPage = 20;

/** What one search of listings can show in all its pages: beyond that it is asked anew from the last creation date on. */
export const listingsPerSearch = 1_000;

/** Messages of one JSON_LISTINGS_FEED by its schema. */
export const maxFeedMessages = 25_000;

/** So many patches, at five a second, are through before a feed is looked at for the first time: what is more goes as a feed. */
export const patchAtMost = 150;

/** A search shows nothing younger than this: `*Before` must lie so far back, and does by default. */
export const searchDelayMs = 120_000;
