import type { Bucket } from '@quartermaster/connector-kit';

/** EasyPost's address, without the version. */
export const easypostBaseUrl = 'https://api.easypost.com';

/** At most this many carrier accounts in one rating request (EasyPost rate limiting guide). */
export const maxCarrierAccounts = 60;

/**
 * Listing is limited to five requests a second; rating and buying are under a dynamic limiter that publishes no figures and answers 429 (EasyPost rate limiting guide), so they
 * have no bucket here.
 */
export function easypostBuckets(connection: string): Readonly<Record<string, Bucket>> {
  return { [listBucket(connection)]: { capacity: 5, perSecond: 5 } };
}

/** Name of the bucket that an operation draws from. */
export function easypostBucketOf(connection: string, operation: string): string | undefined {
  return operation.endsWith('.list') ? listBucket(connection) : undefined;
}

/** EasyPost puts shipments into a batch behind the scenes; so often, and in such intervals, it is asked whether that is done. */
export const batchPatience = { looks: 10, waitMs: 2_000 } as const;

/** How long an answer may take. A purchase waits for the carrier behind EasyPost; the official client waits 60 seconds. */
export const timeoutsMs = { purchase: 60_000, other: 30_000 } as const;

/**
 * How long after it was sent a purchase may still come true unseen: a shipment shows nothing of a purchase in progress. Until then a shipment without a label is `pending`.
 */
export const purchaseSettlesMs = 120_000;

function listBucket(connection: string): string {
  return `easypost/${connection}/list`;
}
