import type { TrackingReason, TrackingState } from '@quartermaster/domain';

/** EasyPost's tracking statuses (its tracker object, ten of them) in our words. */
export const statesByStatus: Readonly<Record<string, TrackingState>> = {
  unknown: 'unknown',
  pre_transit: 'label-created',
  in_transit: 'in-transit',
  out_for_delivery: 'out-for-delivery',
  delivered: 'delivered',
  available_for_pickup: 'available-for-pickup',
  return_to_sender: 'return-in-transit',
  failure: 'exception',
  cancelled: 'cancelled',
  error: 'unknown',
};

type Detail = {
  /** A more precise word than that of the status, where the status says no more than that it is under way or that something is wrong. */
  readonly state: TrackingState | null;
  readonly reason: TrackingReason | null;
};

/** EasyPost's status details (28 of them): what they say more than the status. */
export const details: Readonly<Record<string, Detail>> = {
  address_correction: { state: null, reason: 'address' },
  arrived_at_destination: { state: null, reason: null },
  arrived_at_facility: { state: null, reason: null },
  arrived_at_pickup_location: { state: 'available-for-pickup', reason: null },
  awaiting_information: { state: null, reason: 'action-required' },
  cancelled: { state: 'cancelled', reason: null },
  damaged: { state: 'exception', reason: 'damaged' },
  delayed: { state: null, reason: 'delay' },
  delivery_exception: { state: 'exception', reason: 'other' },
  departed_facility: { state: null, reason: null },
  departed_origin_facility: { state: null, reason: null },
  expired: { state: 'info', reason: null },
  failure: { state: 'exception', reason: 'other' },
  held: { state: null, reason: 'held' },
  in_transit: { state: null, reason: null },
  label_created: { state: 'label-created', reason: null },
  lost: { state: 'lost', reason: 'lost' },
  missorted: { state: null, reason: 'misrouted' },
  out_for_delivery: { state: 'out-for-delivery', reason: null },
  received_at_destination_facility: { state: null, reason: null },
  received_at_origin_facility: { state: 'picked-up', reason: null },
  refused: { state: 'exception', reason: 'refused' },
  return: { state: 'return-in-transit', reason: null },
  status_update: { state: null, reason: null },
  transferred_to_destination_carrier: { state: null, reason: null },
  transit_exception: { state: 'exception', reason: 'other' },
  unknown: { state: null, reason: null },
  weather_delay: { state: null, reason: 'weather' },
};

/** Statuses so general that a detail may say it better. `delivered` for one is delivered, whatever the detail. */
const general: readonly string[] = ['in_transit', 'failure', 'unknown', 'error'];

/** What a scan means. A status that nobody has told us of is `unknown`, and its detail does not count. */
export function stateOf(status: string, detail: string | null): { readonly state: TrackingState; readonly reason: TrackingReason | null } {
  const known = Object.hasOwn(statesByStatus, status) ? statesByStatus[status] : undefined;
  if (known === undefined) return { state: 'unknown', reason: null };
  const more = detail !== null && Object.hasOwn(details, detail) ? details[detail] : undefined;
  return { state: (general.includes(status) ? more?.state : null) ?? known, reason: more?.reason ?? null };
}
