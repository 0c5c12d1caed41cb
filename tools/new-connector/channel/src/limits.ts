import type { Bucket } from '@quartermaster/connector-kit';

// TODO: the vendor's published limits, each with its source.

/** Calls of one account. */
export const exampleVendorBucket: Bucket = { capacity: 20, perSecond: 10 };

/** Levels in one call. */
export const maxStockBatch = 100;

export const ordersPerPage = 50;

/** How far before its watermark a pull looks again: at least the vendor's resolution of time and the delay of its index. */
export const overlapMs = 60_000;

/** Name of a connection's bucket, for a rate limiter that outlives the process. */
export function exampleVendorBucketName(connection: string): string {
  return `example-vendor/${connection}`;
}
