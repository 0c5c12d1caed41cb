import type { TrackingReason, TrackingState } from '@quartermaster/domain';

/** What a code of FedEx's means. */
export type StatusMeaning = { readonly state: TrackingState; readonly reason: TrackingReason | null };

/**
 * FedEx's tracking status codes, all that its table "Tracking Status Codes" publishes; the remark is FedEx's text. EA and SP stand in it twice (movement and regulatory); of the codes of possession
 * SH, CU, BR and TP say who holds a parcel and are no states of it. Why a delivery failed (DE) or a parcel does not move (SE) stands in the exception's own words.
 */
export const statusTable: Readonly<Record<string, readonly [TrackingState, TrackingReason?]>> = {
  // At Airport
  AA: ['in-transit'],
  // At Canada Post facility
  AC: ['in-transit'],
  // At Delivery
  AD: ['out-for-delivery'],
  // At local FedEx Facility
  AF: ['in-transit'],
  // Shipment arriving On-time
  AO: ['info'],
  // At Pickup
  AP: ['label-created'],
  // Arrived at FedEx location
  AR: ['in-transit'],
  // At USPS facility
  AX: ['in-transit'],
  // Shipment Cancelled
  CA: ['cancelled'],
  // Location Changed
  CH: ['info'],
  // Delivery Delay
  DD: ['exception', 'delay'],
  // Delivery Exception
  DE: ['delivery-attempted'],
  // Delivered
  DL: ['delivered'],
  // Departed
  DP: ['in-transit'],
  // Vehicle furnished but not used
  DR: ['info'],
  // Vehicle Dispatched
  DS: ['info'],
  // Delay
  DY: ['exception', 'delay'],
  // Enroute to Airport
  EA: ['in-transit'],
  // Enroute to Delivery
  ED: ['out-for-delivery'],
  // Enroute to Origin Airport
  EO: ['in-transit'],
  // Enroute to Pickup
  EP: ['label-created'],
  // At FedEx Destination
  FD: ['in-transit'],
  // Hold at Location
  HL: ['available-for-pickup'],
  // Ready for Recipient Pickup
  HP: ['available-for-pickup'],
  // In Transit
  IT: ['in-transit'],
  // In transit (see Details)
  IX: ['in-transit'],
  // Left Origin
  LO: ['in-transit'],
  // Order Created
  OC: ['label-created'],
  // Out for Delivery
  OD: ['out-for-delivery'],
  // At FedEx origin facility
  OF: ['in-transit'],
  // On the way
  Ow: ['in-transit'],
  // Shipment information sent to USPS
  OX: ['label-created'],
  // Pickup Delay
  PD: ['exception', 'delay'],
  // Plane in Flight
  PF: ['in-transit'],
  // Plane Landed
  PL: ['in-transit'],
  // In Progress
  PM: ['in-transit'],
  // Picked Up
  PU: ['picked-up'],
  // Picked up (see Details)
  PX: ['picked-up'],
  // CDO requested
  RR: ['info'],
  // CDO Modified
  RM: ['info'],
  // CDO Cancelled
  RC: ['info'],
  // Return to Shipper
  RS: ['return-in-transit'],
  // Return label link emailed to return sender
  RP: ['label-created'],
  // Return label link cancelled by shipment originator
  LP: ['cancelled'],
  // Return label link expiring soon
  RG: ['info'],
  // Return label link expired
  RD: ['info'],
  // Shipment Exception
  SE: ['exception'],
  // At Sort Facility
  SF: ['in-transit'],
  // Split Status
  SP: ['in-transit'],
  // Transfer
  TR: ['in-transit'],
  // Cleared Customs
  CC: ['in-transit'],
  // Clearance Delay
  CD: ['exception', 'customs-hold'],
  // Clearance in Progress
  CP: ['in-transit'],
};

/**
 * The code of the scan itself where the table has it, which is the finer one (out for delivery is derived to in transit), else the one that FedEx derives from it: a label that was made is scanned as
 * OC and derived to IN, which no table has.
 */
export function meaningOf(codes: readonly (string | null | undefined)[]): StatusMeaning {
  const [state, reason] = codes.map((code) => statusTable[code ?? '']).find((meaning) => meaning !== undefined) ?? ['unknown'];
  return { state, reason: reason ?? null };
}
