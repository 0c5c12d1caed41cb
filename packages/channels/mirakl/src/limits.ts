import { fingerprint, type Bucket } from '@quartermaster/connector-kit';

/**
 * How often an operation may be called. Mirakl publishes a maximum usage per operation and shop ("Call Frequency" in its OpenAPI of the seller API, as of August 2026) and no refusal for
 * exceeding it: operators look at it. Those said in words ("on each new shipment") are no number; they go through `page`, a bound of our own.
 */
export const periodsMs = {
  /** OR11 as a poll: once per minute. Its further pages, and orders by id, are "at each order page display". */
  'orders-poll': 60_000,
  /** OR04: once per minute, 100 orders per call. */
  'order-references': 60_000,
  /** STO01: once per minute. */
  'stock-import': 60_000,
  /** STO02: once every 15 seconds. */
  'stock-status': 15_000,
  /** STO03: once per minute. */
  'stock-errors': 60_000,
  /** RT11: every 5 minutes. */
  'returns-poll': 300_000,
} as const;
export type MiraklLimit = keyof typeof periodsMs | 'page';

/** A01: once per day. It is remembered for as long instead of being waited for. */
export const accountPeriodMs = 86_400_000;

/** Name of a shop's bucket, for a rate limiter that outlives the process. Mirakl counts per shop and operation. */
export function miraklBucketName(origin: string, apiKey: string, shopId: number | null, limit: MiraklLimit): string {
  return `mirakl/${new URL(origin).host}/${fingerprint(apiKey, String(shopId)).slice(0, 12)}/${limit}`;
}

/** Buckets of a shop by name. */
export function miraklBuckets(origin: string, apiKey: string, shopId: number | null): Readonly<Record<string, Bucket>> {
  const named = (limit: MiraklLimit, bucket: Bucket): readonly [string, Bucket] => [
    miraklBucketName(origin, apiKey, shopId, limit),
    bucket,
  ];
  return Object.fromEntries([
    named('orders-poll', oncePer(periodsMs['orders-poll'])),
    named('order-references', oncePer(periodsMs['order-references'])),
    named('stock-import', oncePer(periodsMs['stock-import'])),
    named('stock-status', oncePer(periodsMs['stock-status'])),
    named('stock-errors', oncePer(periodsMs['stock-errors'])),
    named('returns-poll', oncePer(periodsMs['returns-poll'])),
    named('page', { capacity: 40, perSecond: 10 }),
  ]);
}

function oncePer(periodMs: number): Bucket {
  return { capacity: 1, perSecond: 1_000 / periodMs };
}

/** Entries of one page, of orders, offers, shipments and returns alike: `max` and `limit` (MMP, offset and seek pagination). */
export const entriesPerPage = 100;

/** Ids in `order_ids` of OR11, and orders in one OR04. */
export const ordersPerRequest = 100;

/** Levels in one stock file. Mirakl names no bound; a file of this size is some 300 kB. */
export const levelsPerFile = 10_000;
