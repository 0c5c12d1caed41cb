import type { Bucket } from '@quartermaster/connector-kit';

/**
 * Vendure's core limits no rate; what a shop bears depends on its host. Measured on 3.7.3 (one process, SQLite): a hundred levels in one call took 0.9 s. So ten requests per second keep such a shop
 * usable for its customers; a proxy in front of it that answers 429 is waited for.
 */
export const vendureBucket: Bucket = { capacity: 20, perSecond: 10 };

/** Variants in one `updateProductVariants`. Vendure bounds them by nothing but time: all of them are one transaction. */
export const maxStockBatch = 100;

/** `take` of every list. Vendure's default bound (`adminListQueryLimit`) is 1,000. */
export const maxPerPage = 100;

/** SKUs or ids in one look-up. */
export const maxNamesPerLookup = 100;

/** Name of a connection's bucket, for a rate limiter that outlives the process. */
export function vendureBucketName(connection: string): string {
  return `vendure/${connection}`;
}
