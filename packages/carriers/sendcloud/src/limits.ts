import type { Bucket } from '@quartermaster/connector-kit';

/** Sendcloud's address, without the version. There are no others, and no keys for tests: every label is a real one. */
export const sendcloudBaseUrl = 'https://panel.sendcloud.sc';

/**
 * 420 reading and 100 changing requests a minute about shipping, of the latter 15 a second (Sendcloud's rate limits and its FAQ, 2026). What may come at once and what is refilled make up no more than
 * that in any minute.
 */
export function sendcloudBuckets(connection: string): Readonly<Record<string, Bucket>> {
  return {
    [sendcloudBucketOf(connection, 'read')]: { capacity: 84, perSecond: (420 - 84) / 60 },
    [sendcloudBucketOf(connection, 'write')]: { capacity: 15, perSecond: (100 - 15) / 60 },
  };
}

/** Name of the bucket that calls of this kind draw from: `GET` is a read, anything else a write, also where it changes nothing. */
export function sendcloudBucketOf(connection: string, kind: 'read' | 'write'): string {
  return `sendcloud/${connection}/${kind}`;
}

/** How long an answer may take. A purchase waits for the carrier behind Sendcloud. */
export const timeoutsMs = { purchase: 60_000, other: 30_000 } as const;

/** How long after it was found unanswered a purchase may still come true unseen. Sendcloud states no figure. */
export const purchaseSettlesMs = 120_000;

/** A label that is being announced to its carrier is looked for again after so long. */
export const announcingRestMs = 10_000;

/** What is not announced by then needs a person. */
export const announcingMostMs = 60 * 60_000;

/** So many days after it was announced a shipment can be cancelled (API v3, `POST /shipments/{id}/cancel`). */
export const cancelDays = 42;

/** Where nobody knows when a return was bought, it is looked for so far back in Sendcloud's list. */
export const returnsLookBackMs = 7 * 86_400_000;

/** Shipments per page of a list; returns come in pages of at most {@link returnsPageSize}. */
export const shipmentsPageSize = 100;
export const returnsPageSize = 40;

/** Longest reference that is sent as it is. Sendcloud states no length; what is longer goes as a hash. */
export const externalReferenceLength = 64;
