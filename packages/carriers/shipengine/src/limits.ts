import type { Bucket } from '@quartermaster/connector-kit';

/** ShipEngine's address, without the version. Accounts in Europe have `https://api.eu.shipengine.com`. */
export const shipengineBaseUrl = 'https://api.shipengine.com';

/** Longest `external_shipment_id`; what is longer is cut off by ShipEngine (specification of `shipment_request`). */
export const externalIdLength = 50;

/**
 * 200 requests a minute, 20 with a key for tests (ShipEngine's rate limits, 2026-11). A fifth of them may come at once and the rest refills the bucket, so that no minute has more than all.
 */
export function shipengineBuckets(connection: string, given: { readonly isTest?: boolean } = {}): Readonly<Record<string, Bucket>> {
  const perMinute = given.isTest === true ? 20 : 200;
  return { [shipengineBucketOf(connection)]: { capacity: perMinute / 5, perSecond: (perMinute * 4) / 5 / 60 } };
}

/** Every operation draws from the same bucket. */
export function shipengineBucketOf(connection: string): string {
  return `shipengine/${connection}`;
}

/** How long an answer may take. A purchase waits for the carrier behind ShipEngine. */
export const timeoutsMs = { purchase: 60_000, other: 30_000 } as const;

/**
 * How long after it was found unanswered a purchase may still come true unseen: a label shows only when it is there. Until then a key without a label is `pending`.
 */
export const purchaseSettlesMs = 120_000;

/** A webhook whose timestamp is further off than this is not believed (ShipEngine's guide to webhooks). */
export const webhookToleranceMs = 5 * 60_000;

/** So long the list of the account's carriers is taken for true. */
export const carriersKeptMs = 60 * 60_000;

/** A key that signed a webhook and is not in the set that we know has the set read anew, at most this often: anybody can name keys that do not exist. */
export const keySetRestMs = 60_000;

/** Labels, manifests and pickups per page of a list. */
export const pageSize = 100;
