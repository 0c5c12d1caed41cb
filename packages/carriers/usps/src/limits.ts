import type { Bucket } from '@quartermaster/connector-kit';

/** USPS's production; tokens are asked for at the same host. */
export const uspsBaseUrl = 'https://apis.usps.com';
/** USPS's Testing Environment for Mailers: labels are samples, and nothing is charged. */
export const uspsTestUrl = 'https://apis-tem.usps.com';

/**
 * Calls that a new app has per hour, over all APIs and with its tokens; USPS raises it on request. USPS publishes no figure: this one is from its users (USPS/api-examples#107, read 2026-11), who
 * also saw at most 5 a minute.
 */
export const callsPerHourOfNewApp = 60;

/** The quota as a bucket: a twelfth of it at once and the rest over the hour, so that no hour ever sees more than the quota. Throws a `RangeError` for less than two calls an hour. */
export function uspsBuckets(
  connection: string,
  { callsPerHour = callsPerHourOfNewApp }: { readonly callsPerHour?: number } = {},
): Readonly<Record<string, Bucket>> {
  if (!(callsPerHour >= 2)) throw new RangeError(`no work can be done with ${callsPerHour} calls an hour`);
  const capacity = Math.max(1, Math.floor(callsPerHour / 12));
  return { [uspsBucketOf(connection)]: { capacity, perSecond: (callsPerHour - capacity) / 3_600 } };
}

/** Name of the bucket that every call of a connection draws from. */
export function uspsBucketOf(connection: string): string {
  return `usps/${connection}`;
}

/** How long an answer may take. */
export const timeoutsMs = { purchase: 60_000, other: 30_000 } as const;

/**
 * How long a purchase may come true after it was found unanswered. USPS says what it does with a key that it knows, and not what with one whose first request is still under way: so none is sent
 * meanwhile.
 */
export const purchaseSettlesMs = 120_000;

/** A reprint finds labels whose mailing day is no further back (160378 of USPS's error inventory). */
export const reprintReachesMs = 45 * 86_400_000;

/** A payment authorization holds for eight hours (Payments 3.0). */
export const paymentTokenLifeMs = 8 * 3_600_000;

/** A reference on a label has at most so many characters, as has each line of an address. */
export const referenceLength = 30;
export const addressLineLength = 50;
export const cityLength = 28;

/** A SCAN form takes so many labels. */
export const manifestLabels = 40_000;
