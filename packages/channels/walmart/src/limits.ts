import { fingerprint, type Bucket } from '@quartermaster/connector-kit';

/** Walmart counts calls per seller and operation; operations that share a row here share a bucket. */
export const walmartBuckets = [
  'token',
  'orders-read',
  'acknowledge',
  'ship',
  'cancel',
  'refund',
  'inventory-read',
  'inventory-write',
  'inventories-list',
  'feeds-write',
  'feeds-read',
  'returns-read',
  'webhooks',
] as const;
export type WalmartBucket = (typeof walmartBuckets)[number];

const minute = 60_000;

/**
 * Calls in a time to begin with. Walmart's table of throttles is behind its sign-in and differs by seller: these are careful first figures, and every answer tells what is left
 * (`x-current-token-count`) and when there is more (`x-next-replenishment-time`).
 */
export const firstQuotas: Readonly<Record<WalmartBucket, { readonly calls: number; readonly perMs: number }>> = {
  token: { calls: 100, perMs: minute },
  'orders-read': { calls: 1_000, perMs: minute },
  acknowledge: { calls: 60, perMs: minute },
  ship: { calls: 60, perMs: minute },
  cancel: { calls: 60, perMs: minute },
  refund: { calls: 60, perMs: minute },
  'inventory-read': { calls: 200, perMs: minute },
  'inventory-write': { calls: 200, perMs: minute },
  'inventories-list': { calls: 60, perMs: minute },
  'feeds-write': { calls: 10, perMs: 60 * minute },
  'feeds-read': { calls: 500, perMs: minute },
  'returns-read': { calls: 100, perMs: minute },
  webhooks: { calls: 60, perMs: minute },
};

/** Name of a seller's bucket, for a rate limiter that outlives the process. */
export function walmartBucketName(clientId: string, bucket: WalmartBucket): string {
  return `walmart/${fingerprint(clientId).slice(0, 12)}/${bucket}`;
}

/** Buckets to begin with, by name. */
export function walmartRateBuckets(clientId: string): Readonly<Record<string, Bucket>> {
  return Object.fromEntries(
    walmartBuckets.map((bucket) => {
      const { calls, perMs } = firstQuotas[bucket];
      return [walmartBucketName(clientId, bucket), { capacity: calls, perSecond: (calls / perMs) * 1_000 }];
    }),
  );
}

/** Orders, and returns, in one page (Orders and Returns API, `limit`). */
export const mostPerPage = 200;

/** Only orders of the last 180 days can be read (Orders API); one day is kept for the difference of clocks. */
export const oldestMs = 179 * 86_400_000;

/** Items in one page of GET /v3/inventories, and item details in one page of a feed. */
export const inventoriesPerPage = 50;
export const feedDetailsPerPage = 50;

/** SKUs that are set by a call each, half of what a minute allows; more go in one feed, which is one of ten in an hour and takes Walmart's time. */
export const mostSingleSkus = 100;

/** Levels that go in one feed of ours: of the ten in an hour none is to be spent on a part of what there is to say. A file of this size is some 1 MB. */
export const levelsPerFeed = 10_000;

/** Characters of our own order number with a shipment (Orders API, `sellerOrderId`). */
export const longestSellerOrderId = 30;
