import type { TrackingReason, TrackingState } from '@quartermaster/domain';

/** What a code of DHL Express's means. */
export type StatusMeaning = { readonly state: TrackingState; readonly reason: TrackingReason | null };

/**
 * DHL Express's codes of events (`events[].typeCode`): the express rows of the list that DHL publishes, the remark is DHL's text. The four numbers are states of a whole shipment, which MyDHL does not
 * give and DHL's unified tracking does.
 */
export const statusTable: Readonly<Record<string, readonly [TrackingState, TrackingReason?]>> = {
  // delivered
  101: ['delivered'],
  // transit
  102: ['in-transit'],
  // failure
  103: ['exception'],
  // pre-transit
  104: ['label-created'],
  // Agreed delivery
  AD: ['info'],
  // Arrived facility
  AF: ['in-transit'],
  // Arrival in delivery facility
  AR: ['in-transit'],
  // Bad address
  BA: ['exception', 'address'],
  // Customer broker notified
  BN: ['in-transit'],
  // Broker release
  BR: ['in-transit'],
  // Closed on arrival
  CA: ['delivery-attempted', 'closed'],
  // Awaiting cnee collection
  CC: ['available-for-pickup'],
  // Controllable clearance delay
  CD: ['exception', 'customs-hold'],
  // Customer moved
  CM: ['delivery-attempted', 'moved'],
  // Clearance release
  CR: ['in-transit'],
  // Closed shipment
  CS: ['info'],
  // Delivered damaged
  DD: ['delivered', 'damaged'],
  // Depart facility
  DF: ['in-transit'],
  // Destroyed / disposal
  DS: ['lost', 'destroyed'],
  // Forward destination (DD's expected)
  FD: ['in-transit'],
  // Held for payment
  HP: ['exception', 'payment'],
  // In clearance processing
  IC: ['in-transit'],
  // Miscode
  MC: ['exception', 'misrouted'],
  // Missed delivery cycle
  MD: ['exception', 'delay'],
  // Mis-sort
  MS: ['exception', 'misrouted'],
  // Not delivered
  ND: ['delivery-attempted'],
  // Not home
  NH: ['delivery-attempted', 'not-home'],
  // On hold
  OH: ['exception', 'held'],
  // Delivery
  OK: ['delivered'],
  // Partial delivery
  PD: ['delivered', 'partial'],
  // Processed at location
  PL: ['in-transit'],
  // Shipment pick up
  PU: ['picked-up'],
  // Refused delivery
  RD: ['delivery-attempted', 'refused'],
  // Response received
  RR: ['info'],
  // Returned to consignor
  RT: ['returned'],
  // Shipment acceptance
  SA: ['label-created'],
  // Service changed
  SC: ['info'],
  // Shipment stopped
  SS: ['exception', 'stopped'],
  // Forwarded to 3rd party - no DD's
  TP: ['in-transit'],
  // Record of transfer
  TR: ['in-transit'],
  // Uncontrollable clearance delay
  UD: ['exception', 'customs-hold'],
  // With delivering courier
  WC: ['out-for-delivery'],
  // Payment
  PY: ['info'],
  // Scheduled for movement
  SM: ['info'],
};

/** A code that is not in the table says nothing of the parcel. */
export function meaningOf(code: string | null | undefined): StatusMeaning {
  const [state, reason] = statusTable[code?.trim().toUpperCase() ?? ''] ?? ['unknown' as const];
  return { state, reason: reason ?? null };
}
