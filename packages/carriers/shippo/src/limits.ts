import type { Bucket } from '@quartermaster/connector-kit';

export const shippoBaseUrl = 'https://api.goshippo.com';

/** The version of the API that is spoken, sent with every request. */
export const shippoApiVersion = '2018-02-08';

/** Whether a key is for tests: its labels are samples and cost nothing. */
export function isTestKey(apiKey: string): boolean {
  return apiKey.startsWith('shippo_test_');
}

/**
 * Requests per minute, with a key for shipping and with one for tests (docs.goshippo.com, API concepts, rate limits; read 2026-11-22). They are counted apart for each kind of object: of
 * trackings there is another figure, and no list.
 */
export const perMinute = {
  make: { live: 500, test: 50 },
  one: { live: 4_000, test: 400 },
  list: { live: 50, test: 10 },
  track: { live: 500, test: 50 },
} as const;

/** Kinds of objects that are counted apart. */
const things = ['shipment', 'rate', 'transaction', 'refund', 'manifest', 'address', 'account'] as const;

/**
 * The limits as buckets, in the name of a connection. Shippo counts by the minute: a fifth may come at once and the rest is spread, so that no minute ever has more.
 */
export function shippoBuckets(connection: string, { isTest }: { readonly isTest: boolean }): Readonly<Record<string, Bucket>> {
  const bucketOf = (kind: keyof typeof perMinute): Bucket => {
    const most = perMinute[kind][isTest ? 'test' : 'live'];
    return { capacity: most / 5, perSecond: (most * 0.8) / 60 };
  };
  const entries = things.flatMap((thing) =>
    (['make', 'one', 'list'] as const).map((kind) => [`${thing}.${kind}`, bucketOf(kind)] as const),
  );
  return Object.fromEntries(
    [...entries, ['track.one', bucketOf('track')] as const].map(([name, bucket]) => [nameOf(connection, name), bucket]),
  );
}

/** Name of the bucket that an operation draws from: `transaction.make`. */
export function shippoBucketOf(connection: string, operation: string): string {
  return nameOf(connection, operation);
}

function nameOf(connection: string, name: string): string {
  return `shippo/${connection}/${name}`;
}

/** How long an answer may take. A purchase waits for the carrier behind Shippo, and rates wait for all of them. */
export const timeoutsMs = { purchase: 60_000, other: 30_000 } as const;

/**
 * How long after it was found unanswered a purchase may still come true unseen: twice what its answer may take. Only then a rate without a label says that nothing was bought.
 */
export const purchaseSettlesMs = 120_000;

/** A label that Shippo is making (`QUEUED`, `WAITING`) is looked for again after so long, and given up to a person after a day. */
export const labelBeingMade = { restMs: 10_000, patienceMs: 86_400_000 } as const;

/** A carrier that did not answer Shippo is asked for the label again after so long. */
export const carrierRestMs = 180_000;

/** Shippo may still be asking carriers when it answers with rates; so often, and in such intervals, they are looked for. */
export const ratePatience = { looks: 8, waitMs: 1_500 } as const;

/** Rates can be bought for seven days (Shippo's transactions). */
export const rateLivesMs = 7 * 86_400_000;

/** What may be written on a transaction. */
export const metadataLength = 100;

/** Text for the printed label (`reference_1`). */
export const referenceLength = 50;

/** Of a list so many are asked for at once, which is the most that transactions give. */
export const pageSize = 100;

/** The newest labels of the account that are looked through for a tracking number, and how long what was seen is good for. */
export const labelSearch = { pages: 20, restMs: 600_000 } as const;

/** A signature of a webhook is believed for a day: Shippo does not say whether it signs a second try anew. */
export const webhookAgeMs = { before: 86_400_000, ahead: 300_000 } as const;
