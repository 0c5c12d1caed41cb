import type { TrackingReason, TrackingState } from '@quartermaster/domain';

type Meaning = { readonly state: TrackingState; readonly reason: TrackingReason | null };

/** Shippo's tracking statuses in our words. `RETURNED` is of parcels on their way back as well as of those that are back; that they are is never told. */
export const statesByStatus: Readonly<Record<string, TrackingState>> = {
  UNKNOWN: 'unknown',
  PRE_TRANSIT: 'label-created',
  TRANSIT: 'in-transit',
  DELIVERED: 'delivered',
  RETURNED: 'return-in-transit',
  FAILURE: 'exception',
};

/** Shippo's substatuses (its event definitions, 27 of them): what they say more than the status that they belong to. */
export const meaningsBySubstatus: Readonly<Record<string, Meaning & { readonly of: string }>> = {
  information_received: { of: 'PRE_TRANSIT', state: 'label-created', reason: null },
  address_issue: { of: 'TRANSIT', state: 'exception', reason: 'address' },
  contact_carrier: { of: 'TRANSIT', state: 'exception', reason: 'action-required' },
  delayed: { of: 'TRANSIT', state: 'in-transit', reason: 'delay' },
  delivery_attempted: { of: 'TRANSIT', state: 'delivery-attempted', reason: null },
  delivery_rescheduled: { of: 'TRANSIT', state: 'in-transit', reason: 'delay' },
  delivery_scheduled: { of: 'TRANSIT', state: 'in-transit', reason: null },
  location_inaccessible: { of: 'TRANSIT', state: 'delivery-attempted', reason: 'access' },
  notice_left: { of: 'TRANSIT', state: 'delivery-attempted', reason: 'not-home' },
  out_for_delivery: { of: 'TRANSIT', state: 'out-for-delivery', reason: null },
  package_accepted: { of: 'TRANSIT', state: 'picked-up', reason: null },
  package_arrived: { of: 'TRANSIT', state: 'in-transit', reason: null },
  package_damaged: { of: 'TRANSIT', state: 'exception', reason: 'damaged' },
  package_departed: { of: 'TRANSIT', state: 'in-transit', reason: null },
  package_forwarded: { of: 'TRANSIT', state: 'in-transit', reason: null },
  package_held: { of: 'TRANSIT', state: 'in-transit', reason: 'held' },
  package_processed: { of: 'TRANSIT', state: 'in-transit', reason: null },
  package_processing: { of: 'TRANSIT', state: 'in-transit', reason: null },
  pickup_available: { of: 'TRANSIT', state: 'available-for-pickup', reason: null },
  reschedule_delivery: { of: 'TRANSIT', state: 'delivery-attempted', reason: 'action-required' },
  delivered: { of: 'DELIVERED', state: 'delivered', reason: null },
  return_to_sender: { of: 'RETURNED', state: 'return-in-transit', reason: null },
  package_unclaimed: { of: 'RETURNED', state: 'return-in-transit', reason: 'undeliverable' },
  package_undeliverable: { of: 'FAILURE', state: 'exception', reason: 'undeliverable' },
  package_disposed: { of: 'FAILURE', state: 'lost', reason: 'destroyed' },
  package_lost: { of: 'FAILURE', state: 'lost', reason: 'lost' },
  other: { of: 'UNKNOWN', state: 'unknown', reason: null },
};

/**
 * What a scan means. A status that nobody has told us of is `unknown`, and its substatus does not count. A substatus under a status that is not its own gives its reason, and leaves the state to the
 * status: `FAILURE` with `delivery_attempted` is an exception.
 */
export function meaningOf(status: string, substatus: string | null): Meaning {
  const state = Object.hasOwn(statesByStatus, status) ? statesByStatus[status] : undefined;
  if (state === undefined) return { state: 'unknown', reason: null };
  const more = substatus !== null && Object.hasOwn(meaningsBySubstatus, substatus) ? meaningsBySubstatus[substatus] : undefined;
  return { state: more?.of === status ? more.state : state, reason: more?.reason ?? (state === 'exception' ? 'other' : null) };
}
