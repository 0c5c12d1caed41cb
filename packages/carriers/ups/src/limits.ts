import type { Bucket } from '@quartermaster/connector-kit';

/** UPS's production; tokens are asked for at the same host. */
export const upsBaseUrl = 'https://onlinetools.ups.com';
/** UPS's Customer Integration Environment: labels are samples, addresses are checked in New York and California only, and subscriptions are not kept. */
export const upsTestUrl = 'https://wwwcie.ups.com';

/**
 * UPS publishes no figures (UPS-API#8). These are our own moderation; what they are for is the pause of the whole connection after a 429. Most 429s were seen where a token was asked for per
 * call (UPS-API#123), so there is one token for all calls.
 */
export function upsBuckets(connection: string): Readonly<Record<string, Bucket>> {
  return { [upsBucketOf(connection)]: { capacity: 40, perSecond: 20 } };
}

/** Name of the bucket that every call of a connection draws from. */
export function upsBucketOf(connection: string): string {
  return `ups/${connection}`;
}

/** How long an answer may take. */
export const timeoutsMs = { purchase: 60_000, other: 30_000 } as const;

/**
 * How long a purchase may come true after it was found unanswered, and be missing from the look-up by reference: UPS's own words about what it does not find are "or wait until the shipment is
 * processed", without a figure.
 */
export const purchaseSettlesMs = 120_000;

/**
 * A purchase is sent within this time from when its sending was written down, or not at all: whoever takes it over from a process that stands still waits `purchaseSettlesMs`, in which this and
 * the time that UPS takes to answer have room.
 */
export const sendsWithinMs = purchaseSettlesMs - timeoutsMs.purchase;

/** For so long after it was sent a purchase that the look-up does not find is believed not to be there. UPS states no end of its memory; a week is our guess. */
export const lookUpReachesMs = 7 * 86_400_000;

/** Versions of the operations, as in UPS's specifications of 2026. */
export const versions = {
  rating: 'v2409',
  shipping: 'v2409',
  recovery: 'v1',
  address: 'v2',
  pickup: 'v2409',
  tracking: 'v1',
  trackAlert: 'v2',
} as const;

/** A reference on a label has at most so many characters. */
export const referenceLength = 35;
/** An address has at most so many lines of so many characters. */
export const addressLines = { lines: 3, length: 35 } as const;
/** A subscription to a parcel's tracking ends after so many days and has to be renewed. */
export const subscriptionDays = 14;
