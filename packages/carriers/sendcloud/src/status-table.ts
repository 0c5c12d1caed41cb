import type { TrackingReason, TrackingState } from '@quartermaster/domain';

export type Meaning = { readonly state: TrackingState; readonly reason: TrackingReason | null };

/**
 * Sendcloud's statuses of a parcel by their names: all that its specification lists (`parent_parcel_status` of `GET /returns`, API v3) and what its guide to tracking says of them. What is done to a
 * label before it is on its way is `label-created`, or an `exception` where it came to nothing.
 */
export const statusMeanings: Readonly<Record<string, Meaning>> = {
  'no-label': { state: 'info', reason: null },
  'ready-to-send': { state: 'label-created', reason: null },
  announcing: { state: 'label-created', reason: null },
  announced: { state: 'label-created', reason: null },
  'announced-uncollected': { state: 'label-created', reason: null },
  'announcement-failed': { state: 'exception', reason: 'other' },
  'collect-error': { state: 'exception', reason: 'pickup-failed' },
  'picked-up-by-driver': { state: 'picked-up', reason: null },
  'to-sorting': { state: 'in-transit', reason: null },
  'at-sorting-centre': { state: 'in-transit', reason: null },
  sorting: { state: 'in-transit', reason: null },
  sorted: { state: 'in-transit', reason: null },
  unsorted: { state: 'in-transit', reason: 'delay' },
  unsorted2: { state: 'in-transit', reason: 'delay' },
  'at-customs': { state: 'in-transit', reason: null },
  'shipment-on-route': { state: 'in-transit', reason: null },
  'driver-on-route': { state: 'out-for-delivery', reason: null },
  delayed: { state: 'in-transit', reason: 'delay' },
  'delivery-failed': { state: 'delivery-attempted', reason: 'not-home' },
  'awaiting-customer-pickup': { state: 'available-for-pickup', reason: null },
  delivered: { state: 'delivered', reason: null },
  'delivery-forced': { state: 'delivered', reason: null },
  'collected-by-customer': { state: 'delivered', reason: null },
  undeliverable: { state: 'exception', reason: 'undeliverable' },
  'refused-by-recipient': { state: 'exception', reason: 'refused' },
  'address-invalid': { state: 'exception', reason: 'address' },
  exception: { state: 'exception', reason: 'other' },
  'returned-to-sender': { state: 'returned', reason: null },
  'delivery-method-changed': { state: 'info', reason: null },
  'delivery-date-changed': { state: 'info', reason: null },
  'delivery-address-changed': { state: 'info', reason: null },
  cancelling: { state: 'info', reason: null },
  'cancelling-upstream': { state: 'info', reason: null },
  'cancelled-upstream': { state: 'cancelled', reason: null },
  cancelled: { state: 'cancelled', reason: null },
  'cancellation-failed': { state: 'info', reason: null },
  unknown: { state: 'unknown', reason: null },
  /** The one status code of `GET /parcels/tracking/{number}` that the specification shows. */
  accepted: { state: 'picked-up', reason: null },
};

/** Numbers of the statuses in webhooks (`GET /api/v2/parcels/statuses`, as public clients have recorded it in 2019 and in April 2026), by the names above. */
export const statusNumbers: Readonly<Record<string, string>> = {
  1: 'announced',
  3: 'to-sorting',
  4: 'delayed',
  5: 'sorted',
  6: 'unsorted',
  7: 'sorting',
  8: 'delivery-failed',
  11: 'delivered',
  12: 'awaiting-customer-pickup',
  13: 'announced-uncollected',
  15: 'collect-error',
  22: 'picked-up-by-driver',
  80: 'undeliverable',
  91: 'shipment-on-route',
  92: 'driver-on-route',
  93: 'collected-by-customer',
  94: 'cancellation-failed',
  999: 'no-label',
  1000: 'ready-to-send',
  1001: 'announcing',
  1002: 'announcement-failed',
  1337: 'unknown',
  1998: 'cancelled-upstream',
  1999: 'cancelling-upstream',
  2000: 'cancelled',
  2001: 'cancelling',
  62989: 'at-customs',
  62990: 'at-sorting-centre',
  62991: 'refused-by-recipient',
  62992: 'returned-to-sender',
  62993: 'delivery-method-changed',
  62994: 'delivery-date-changed',
  62995: 'delivery-address-changed',
  62996: 'exception',
  62997: 'address-invalid',
};

/** The same statuses where they are named by their English words (`Delivery attempt failed`, `PARCEL_EN_ROUTE`), which come in some answers in place of their names. */
export const statusWords: Readonly<Record<string, string>> = {
  'announced-not-collected': 'announced-uncollected',
  'being-announced': 'announcing',
  'being-sorted': 'sorting',
  'not-sorted': 'unsorted',
  'cancellation-requested': 'cancelling-upstream',
  'submitting-cancellation-request': 'cancelling',
  'parcel-cancellation-failed': 'cancellation-failed',
  'delivery-attempt-failed': 'delivery-failed',
  'delivery-delayed': 'delayed',
  'driver-en-route': 'driver-on-route',
  'parcel-en-route': 'shipment-on-route',
  'en-route-to-sorting-center': 'to-sorting',
  'error-collecting': 'collect-error',
  'ready-to-ship': 'ready-to-send',
  'shipment-collected-by-customer': 'collected-by-customer',
  'shipment-picked-up-by-driver': 'picked-up-by-driver',
  'unable-to-deliver': 'undeliverable',
  'unknown-status': 'unknown',
};

const unknown: Meaning = { state: 'unknown', reason: null };

/** The name of a status, whichever way it was told: by name, by number, in capitals or in words. What is not known keeps its own. */
export function statusNameOf(told: string): string {
  const plain = told
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  if (Object.hasOwn(statusMeanings, plain)) return plain;
  const named = Object.hasOwn(statusNumbers, plain)
    ? statusNumbers[plain]
    : Object.hasOwn(statusWords, plain)
      ? statusWords[plain]
      : undefined;
  return named ?? told;
}

/** What a status means; one that is not in the table is unknown. */
export function meaningOf(told: string): Meaning {
  const name = statusNameOf(told);
  return (Object.hasOwn(statusMeanings, name) ? statusMeanings[name] : undefined) ?? unknown;
}

/** How a label stands by the status of its parcel: there, on its way there, come to nothing, or given back. */
export function labelStandingOf(told: string | null | undefined): 'there' | 'announcing' | 'failed' | 'given-back' {
  switch (statusNameOf(told ?? '')) {
    case 'announcing':
    case 'no-label':
      return 'announcing';
    case 'announcement-failed':
      return 'failed';
    case 'cancelled':
    case 'cancelled-upstream':
    case 'cancelling':
    case 'cancelling-upstream':
      return 'given-back';
    default:
      return 'there';
  }
}
