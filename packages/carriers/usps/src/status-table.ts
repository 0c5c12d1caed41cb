import type { TrackingReason, TrackingState } from '@quartermaster/domain';

/** What a code of USPS's means. */
export type StatusMeaning = { readonly state: TrackingState; readonly reason: TrackingReason | null };

/**
 * USPS's codes of scans (`eventCode`): those of Publication 199, appendixes G-4 (domestic) and G-5 (international), as versions 20 (2019) and 34 (2026-04) list them, and those of Publication 97 that
 * are still seen. The remark is USPS's own short text, read in public lists of these papers (open-logistics-tracking/OLTS, and Perl's USPS::WebTools), for the papers themselves were not at hand. Where
 * two versions contradict each other (31, 59) the event changes nothing.
 */
export const statusTable: Readonly<Record<string, readonly [TrackingState, TrackingReason?]>> = {
  // Delivered
  '01': ['delivered'],
  // Notice left
  '02': ['delivery-attempted'],
  // Accepted or picked up
  '03': ['picked-up'],
  // Refused
  '04': ['exception', 'refused'],
  // Undeliverable as addressed
  '05': ['exception', 'address'],
  // Forwarded
  '06': ['in-transit', 'moved'],
  // Arrival at unit
  '07': ['in-transit'],
  // Missent
  '08': ['in-transit', 'misrouted'],
  // Return to sender
  '09': ['return-in-transit', 'undeliverable'],
  // Processed through facility
  10: ['in-transit'],
  // Seized by law enforcement (Dead letter, before)
  11: ['exception', 'security'],
  // Visible damage
  12: ['exception', 'damaged'],
  // Delivered with signature
  13: ['delivered'],
  // Arrival at pickup point
  14: ['available-for-pickup'],
  // Mis-shipped
  15: ['in-transit', 'misrouted'],
  // Available for pickup
  16: ['available-for-pickup'],
  // Picked up by agent
  17: ['delivered'],
  // Arrival of electronic verification
  19: ['info'],
  // No such number
  21: ['return-in-transit', 'address'],
  // Insufficient address
  22: ['return-in-transit', 'address'],
  // Moved, left no address
  23: ['return-in-transit', 'moved'],
  // Forward expired
  24: ['return-in-transit', 'moved'],
  // Addressee unknown
  25: ['return-in-transit', 'address'],
  // Vacant
  26: ['return-in-transit', 'address'],
  // Unclaimed
  27: ['return-in-transit', 'undeliverable'],
  // Return to sender: deceased
  28: ['return-in-transit', 'undeliverable'],
  // Return to sender: other
  29: ['return-in-transit', 'undeliverable'],
  // Attempted: no access
  30: ['delivery-attempted', 'access'],
  // Picked up at facility; not picked up, before
  31: ['info'],
  // Arrival at post office
  32: ['in-transit'],
  // Processed at facility
  33: ['in-transit'],
  // Picked up by agent
  34: ['delivered'],
  // Vault turnover
  35: ['info'],
  // Transfer to employee
  36: ['info'],
  // Registered mail dispatch, signature
  38: ['info'],
  // Registered mail dispatch, witness
  39: ['info'],
  // Transfer from vault
  40: ['info'],
  // Received at opening unit
  41: ['in-transit'],
  // Handed over to shipping partner
  42: ['in-transit', 'partner'],
  // Picked up
  43: ['picked-up'],
  // Customer recall
  44: ['exception', 'stopped'],
  // Tendered to military agent
  45: ['in-transit', 'partner'],
  // Duplicate label
  46: ['info'],
  // Business closed
  51: ['delivery-attempted', 'closed'],
  // Notice left
  52: ['delivery-attempted'],
  // Receptacle blocked
  53: ['delivery-attempted', 'access'],
  // Receptacle full, or item oversized
  54: ['delivery-attempted', 'access'],
  // No secure location available
  55: ['delivery-attempted', 'access'],
  // No authorized recipient available
  56: ['delivery-attempted', 'not-home'],
  // Local weather delay
  57: ['exception', 'weather'],
  // Held at post office at customer request
  58: ['exception', 'held'],
  // Retrieved from parcel locker; out for delivery, before
  59: ['info'],
  // Tendered to agent for final delivery
  60: ['in-transit', 'partner'],
  // Received by agent
  61: ['in-transit', 'partner'],
  // Recipient notified by agent
  62: ['available-for-pickup'],
  // Delivered to recipient by agent
  63: ['delivered'],
  // Not delivered to recipient by agent
  64: ['delivery-attempted'],
  // Delivery day verified
  70: ['info'],
  // Rescheduled to next delivery day
  71: ['exception', 'delay'],
  // Animal interference
  72: ['delivery-attempted', 'access'],
  // Available for redelivery or pickup
  73: ['available-for-pickup'],
  // Redelivery scheduled
  74: ['info'],
  // Picked up by shipping partner
  80: ['picked-up', 'partner'],
  // Arrived at shipping partner's facility
  81: ['in-transit', 'partner'],
  // Departed shipping partner's facility
  82: ['in-transit', 'partner'],
  // Arrival at sort facility
  83: ['in-transit'],
  // Acceptance at destination
  84: ['in-transit'],
  // At parcel return facility
  85: ['return-in-transit'],
  // At parcel return merchant
  86: ['returned'],
  // Picked up by agent
  87: ['return-in-transit'],
  // Pre-shipment information sent
  89: ['label-created'],
  // Foreign acceptance
  A0: ['picked-up'],
  // Handed over to intermediate airline
  AF: ['in-transit'],
  // Received from intermediate airline
  AG: ['in-transit'],
  // Delivered to postal agent
  AH: ['delivered'],
  // Intermediate transfer airport
  AJ: ['in-transit'],
  // Accepted by origin airline
  AP: ['in-transit'],
  // Arrived at international service center
  AR: ['in-transit'],
  // Arrived in destination country
  AS: ['in-transit'],
  // Origin airline departed
  AT: ['in-transit'],
  // Foreign arrival at outward office
  B0: ['in-transit'],
  // Customs clearance
  B1: ['in-transit'],
  // Into customs
  B2: ['in-transit'],
  // Out of customs
  B3: ['in-transit'],
  // Out of United States customs
  B5: ['in-transit'],
  // Bad address
  BA: ['exception', 'address'],
  // Arrived at international service center
  BB: ['in-transit'],
  // Delivered by broker
  BR: ['delivered'],
  // Bumped
  BX: ['exception', 'delay'],
  // Foreign international dispatch
  C0: ['in-transit'],
  // Closed on arrival
  CA: ['delivery-attempted', 'closed'],
  // Awaiting collection by consignee
  CC: ['available-for-pickup'],
  // Clearance delay
  CD: ['exception', 'customs-hold'],
  // Inbound into customs
  CI: ['in-transit'],
  // Customer moved
  CM: ['exception', 'moved'],
  // Inbound out of customs
  CO: ['in-transit'],
  // Release from customs
  CR: ['in-transit'],
  // Processed through office of exchange
  D0: ['in-transit'],
  // Arrived at facility
  D1: ['in-transit'],
  // Departed facility
  D2: ['in-transit'],
  // International dispatch ready
  DD: ['in-transit'],
  // Held at delivery office
  DF: ['exception', 'held'],
  // Out for delivery
  DG: ['out-for-delivery'],
  // Collect for pickup
  DH: ['available-for-pickup'],
  // Delivered, with signature
  DL: ['delivered'],
  // Delivered, damaged
  DN: ['delivered', 'damaged'],
  // Disposal
  DP: ['lost', 'destroyed'],
  // Transit mail dispatch
  DT: ['in-transit'],
  // Delivery status not updated
  DX: ['info'],
  // Customs clearance
  E0: ['in-transit'],
  // Arrival on the way
  EA: ['in-transit'],
  // Departure on the way
  ED: ['in-transit'],
  // Departed sort facility
  EF: ['in-transit'],
  // Customs clearance processing complete
  F0: ['in-transit'],
  // Arrival at post office
  G0: ['in-transit'],
  // Shipping label created
  GX: ['label-created'],
  // Attempted delivery abroad
  H0: ['delivery-attempted'],
  // Foreign return to sender
  H8: ['return-in-transit', 'undeliverable'],
  // Held for payment
  HP: ['exception', 'payment'],
  // Holiday delay
  HX: ['exception', 'delay'],
  // Delivered abroad
  I0: ['delivered'],
  // Receipt into customs
  IC: ['in-transit'],
  // Arrival at transit office of exchange
  J0: ['in-transit'],
  // Departure from transit office of exchange
  K0: ['in-transit'],
  // Forwarding to United States customs
  K1: ['in-transit'],
  // Contact United States customs
  K2: ['exception', 'customs-hold'],
  // Forwarded
  K3: ['in-transit'],
  // Return to sender: improper documentation
  K4: ['return-in-transit', 'customs-documents'],
  // Return to sender: abandonment
  K5: ['return-in-transit', 'undeliverable'],
  // Manifest acknowledgement: shipping label created
  MA: ['label-created'],
  // Not delivered
  ND: ['delivery-attempted'],
  // Not home
  NH: ['delivery-attempted', 'not-home'],
  // Origin post is preparing shipment
  NP: ['label-created'],
  // Out for delivery
  OF: ['out-for-delivery'],
  // On hold
  OH: ['exception', 'held'],
  // Delivered abroad, with signature
  OK: ['delivered'],
  // Originating scan
  OS: ['picked-up'],
  // Passive acceptance
  PA: ['picked-up'],
  // Sorting complete
  PC: ['in-transit'],
  // Partial delivery
  PD: ['delivered', 'partial'],
  // Origin post is preparing shipment
  PE: ['label-created'],
  // Processed at origin
  PO: ['picked-up'],
  // Shipment picked up
  PU: ['picked-up'],
  // Refused delivery
  RD: ['exception', 'refused'],
  // Refused entry by customs
  RE: ['exception', 'customs-hold'],
  // Returned to consignor
  RT: ['returned'],
  // Service change
  SC: ['info'],
  // Departed post office
  SF: ['in-transit'],
  // Shipment stopped
  SS: ['exception', 'stopped'],
  // Transit mail arrival
  TA: ['in-transit'],
  // Truck manifest: shipment acceptance
  TM: ['picked-up'],
  // Passed on to third party
  TP: ['in-transit', 'partner'],
  // Transferred through service center
  TR: ['in-transit'],
  // With courier
  WC: ['out-for-delivery'],
  // Weather delay
  WX: ['exception', 'weather'],
};

/**
 * What an event means. One code has many texts: a return says so in its text alone (`Delivered, To Original Sender`), and so does a code of tomorrow's that is plainly one of today's.
 */
export function meaningOf(code: string | null | undefined, text: string | null | undefined): StatusMeaning {
  const known = statusTable[(code ?? '').toUpperCase()];
  const words = text ?? '';
  if (known?.[0] === 'delivered' && /original sender/i.test(words)) return { state: 'returned', reason: null };
  if (known !== undefined) return { state: known[0], reason: known[1] ?? null };
  return { state: plainTexts.find(([pattern]) => pattern.test(words))?.[1] ?? 'unknown', reason: null };
}

/** Texts that USPS's page and its status categories have, for codes that are not in the table. */
const plainTexts: readonly (readonly [RegExp, TrackingState])[] = [
  [/^delivered\b.*original sender/i, 'returned'],
  [/^delivered\b/i, 'delivered'],
  [/^out for delivery\b/i, 'out-for-delivery'],
  [/^available for pickup\b/i, 'available-for-pickup'],
  [/^(arrived|departed|arriving|in transit|processed|moving through)\b/i, 'in-transit'],
  [/^(accepted|usps in possession|usps picked up)\b/i, 'picked-up'],
  [/^(shipping label created|pre-shipment)\b/i, 'label-created'],
];
