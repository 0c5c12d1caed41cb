import type { Bucket } from '@quartermaster/connector-kit';

/**
 * WooCommerce itself limits nothing; what a shop bears depends on its host. Measured on 11.0.1 with four PHP workers: 20 parallel reads took 2.1 s, a stock batch of 100 items 2.3 s. So ten
 * requests per second keep such a shop usable for its customers; a firewall in front of it that answers 429 is waited for.
 */
export const wooCommerceBucket: Bucket = { capacity: 20, perSecond: 10 };

/** `per_page` of every list; 101 is refused with 400. */
export const maxPerPage = 100;

/** Items in one `batch`; 101 are refused with 413. */
export const itemsPerBatch = 100;

/** Levels that are pushed together: variations go in a batch for each product, so the more of them are together the fuller batches are. */
export const maxStockBatch = 1_000;

/** SKUs in one look-up: their names stand in the address, which servers cut at some 8,000 characters. */
export const maxSkusPerLookup = 50;

/** Ids in one `include` or `exclude`, for the same reason. */
export const maxIdsPerQuery = 400;

/** Requests under way at once where several can be. */
export const maxParallel = 3;

/** Name of a connection's bucket, for a rate limiter that outlives the process. */
export function wooCommerceBucketName(connection: string): string {
  return `woocommerce/${connection}`;
}
