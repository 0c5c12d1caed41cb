import type { Bucket } from '@quartermaster/connector-kit';

/** DHL's production; tokens are asked for at the same host. */
export const dhlParcelBaseUrl = 'https://api-eu.dhl.com';
/** DHL's sandbox: its labels are samples that move nothing. It has no Unified Tracking. */
export const dhlParcelTestUrl = 'https://api-sandbox.dhl.com';

/** Where the APIs are behind the host: Parcel DE Shipping v2, Parcel DE Returns v1, Shipment Tracking - Unified, and the token of the password grant. */
export const paths = {
  token: '/parcel/de/account/auth/ropc/v1/token',
  shipping: '/parcel/de/shipping/v2',
  returns: '/parcel/de/shipping/returns/v1',
  pickup: '/parcel/de/transportation/pickup/v3',
  unifiedTracking: '/track/shipments',
  parcelTracking: '/parcel/de/tracking/v0/shipments',
} as const;

/**
 * DHL publishes no figures for shipping and returns: those are our own moderation. For Unified Tracking a new app has one call in five seconds and 250 a day (DHL's developer portal, Shipment
 * Tracking - Unified, "Rate limits"); for Parcel DE Tracking three calls a second. What an upgraded app has more is learnt from nobody: give a limiter of your own.
 */
export function dhlParcelBuckets(connection: string): Readonly<Record<string, Bucket>> {
  return {
    [bucketNames.shipping(connection)]: { capacity: 20, perSecond: 5 },
    [bucketNames.unifiedTracking(connection)]: { capacity: 1, perSecond: 0.2 },
    [bucketNames.parcelTracking(connection)]: { capacity: 3, perSecond: 3 },
  };
}

export const bucketNames = {
  shipping: (connection: string) => `dhl-parcel-de/${connection}`,
  unifiedTracking: (connection: string) => `dhl-parcel-de/${connection}/unified-tracking`,
  parcelTracking: (connection: string) => `dhl-parcel-de/${connection}/parcel-tracking`,
} as const;

/** How long an answer may take. */
export const timeoutsMs = { purchase: 60_000, other: 30_000 } as const;

/** How long a purchase may come true after it was found unanswered: our guess, DHL says nothing of it. Until then no person is sent to look it up. */
export const purchaseSettlesMs = 180_000;

/** A purchase is sent within this time from when its sending was written down, or not at all: a person may have looked for it in vain by then. */
export const sendsWithinMs = purchaseSettlesMs - timeoutsMs.purchase;

/** So many shipments go into one call of the manifest (`ShipmentManifestingRequest.shipmentNumbers`). */
export const manifestBatch = 30;
/** `d-get-piece-detail` takes so many numbers in one call. */
export const parcelTrackingBatch = 20;

/** DHL's heaviest parcel (`Weight.value`, 31,500 grams). */
export const heaviestGrams = 31_500;

/** Lengths of texts, in characters (Parcel DE Shipping v2.1.13 and Returns v1.0.9). */
export const lengths = {
  refNo: 35,
  costCenter: 50,
  name: 50,
  street: 50,
  house: 10,
  additional: 60,
  city: 40,
  state: 20,
  email: 80,
  invoice: 35,
  exportDescription: 80,
  item: 256,
  returnItem: 50,
  returnReference: 50,
} as const;

/** The group of users that an account has when nobody made another. */
export const standardProfile = 'STANDARD_GRUPPENPROFIL';

/** Digits 11 and 12 of a billing number say which product it pays for (Parcel DE Shipping v2, `billingNumber`). */
export const procedures: Readonly<Record<string, string>> = {
  V01PAK: '01',
  V53WPAK: '53',
  V54EPAK: '54',
  V62WP: '62',
  V62KP: '62',
  V66WPI: '66',
  pickups: '08',
};

/** The carrier's own calendar. */
export const dhlZone = 'Europe/Berlin';
