import type { Bucket } from '@quartermaster/connector-kit';

/** FedEx's production; tokens are asked for at the same host. */
export const fedexBaseUrl = 'https://apis.fedex.com';
/** FedEx's test environment: it answers what it was taught for a few requests, labels are samples, and tracking knows only FedEx's own test numbers. */
export const fedexTestUrl = 'https://apis-sandbox.fedex.com';

/** 1,400 requests in 10 seconds per project of the developer portal; daily quotas are set per organisation (FedEx, "API Rate Limits"). */
export function fedexBuckets(connection: string): Readonly<Record<string, Bucket>> {
  return { [fedexBucketOf(connection)]: { capacity: 1_400, perSecond: 140 } };
}

/** Name of the bucket that every call of a connection draws from. */
export function fedexBucketOf(connection: string): string {
  return `fedex/${connection}`;
}

/** How long an answer may take. */
export const timeoutsMs = { purchase: 60_000, other: 30_000 } as const;

/** How long a purchase may come true after it was found unanswered. FedEx names no figure; this is twice the time that we wait for its answer. */
export const purchaseSettlesMs = 120_000;

/**
 * For so long after it was sent a purchase that is neither open any more nor known to the tracking is waited for: FedEx's tracking learns of a label some time after it was made, by no published
 * figure.
 */
export const tracksWithinMs = 3_600_000;

/** A reference of the customer's has at most so many characters with Ground (40 with Express), and so has every other reference of ours. */
export const referenceLength = 30;
/** An address has at most so many lines of so many characters. */
export const addressLines = { lines: 3, length: 35 } as const;
/** The tracking takes so many numbers in one call. */
export const mostTracked = 30;
