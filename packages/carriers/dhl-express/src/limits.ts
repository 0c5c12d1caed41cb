import type { Bucket } from '@quartermaster/connector-kit';

/** MyDHL API in production. */
export const dhlExpressBaseUrl = 'https://express.api.dhl.com/mydhlapi';
/** DHL's test environment: labels are samples. Its tracking knows fifteen numbers of its own and nothing that was bought there, so a purchase in doubt is a person's matter there. */
export const dhlExpressTestUrl = 'https://express.api.dhl.com/mydhlapi/test';

/** MyDHL's specification names no figures. These are our own moderation; what they are for is the pause of the whole connection after a 429. */
export function dhlExpressBuckets(connection: string): Readonly<Record<string, Bucket>> {
  return { [bucketOf(connection)]: { capacity: 20, perSecond: 10 } };
}

/** Name of the bucket that every call of a connection draws from. */
export function bucketOf(connection: string): string {
  return `dhl-express/${connection}`;
}

/** How long an answer may take. */
export const timeoutsMs = { purchase: 60_000, other: 30_000 } as const;

/**
 * How long a purchase may come true after it was found unanswered, and be missing from tracking by reference. DHL names no figure; of a shipment that was just made it says elsewhere (upload of
 * images) that ten minutes have to pass before it can be worked upon.
 */
export const purchaseSettlesMs = 600_000;

/** A purchase is sent within this time from when its sending was written down, or not at all; with the time that DHL takes to answer it is well within `purchaseSettlesMs`. */
export const sendsWithinMs = 60_000;

/** For so long after it was sent a purchase that is not found by its reference is believed not to be there. DHL states no end of its memory; a week is our guess. */
export const lookUpReachesMs = 7 * 86_400_000;

/** The hand-over that DHL is told is so much later than now at the least: what lies in the past when the request arrives is refused. */
export const leadMs = 600_000;

/** Lengths that the specification gives to fields. */
export const lengths = {
  reference: 35,
  addressLine: 45,
  addressLines: 3,
  city: 45,
  postalCode: 12,
  province: 35,
  phone: 70,
  email: 70,
  company: 100,
  name: 255,
  description: 70,
  itemDescription: 512,
  registration: 35,
  signature: 35,
  pickupNote: 80,
} as const;

/** `x-version`, which the specification asks for with every call and says not to change. */
export const interfaceVersion = '3.1.0';
