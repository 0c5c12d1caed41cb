import type { TrackingReason, TrackingState } from '@quartermaster/domain';

/** What a code of UPS's means. */
export type StatusMeaning = { readonly state: TrackingState; readonly reason: TrackingReason | null };

/**
 * UPS's codes of three digits (`activity.status.statusCode`, Track Alert's `descriptionCode`), all that its tracking appendix publishes; the remark is UPS's text. The codes of two letters are not
 * used: what they mean depends on the type beside them.
 */
export const statusTable: Readonly<Record<string, readonly [TrackingState, TrackingReason?]>> = {
  // Status Not Available
  '000': ['unknown'],
  // Shipment Ready for UPS
  '003': ['label-created'],
  // On the Way
  '005': ['in-transit'],
  // Out for Delivery
  '006': ['out-for-delivery'],
  // Shipment Information Voided
  '007': ['cancelled'],
  // On the Way
  '010': ['in-transit'],
  // Delivered
  '011': ['delivered'],
  // Clearance in Progress
  '012': ['in-transit'],
  // Exception
  '013': ['exception'],
  // Clearance Completed
  '014': ['in-transit'],
  // In Warehouse
  '016': ['in-transit'],
  // Held for Customer Pickup
  '017': ['available-for-pickup'],
  // Delivery Change Requested: Hold for Pickup
  '018': ['info'],
  // Held for Future Delivery
  '019': ['exception', 'held'],
  // Held for Future Delivery Requested
  '020': ['info'],
  // Out for Delivery
  '021': ['out-for-delivery'],
  // First Attempt Made
  '022': ['delivery-attempted'],
  // Second Delivery Attempted
  '023': ['delivery-attempted'],
  // Final Attempt Made
  '024': ['delivery-attempted'],
  // On the Way
  '025': ['in-transit'],
  // Delivered by Local Post Office
  '026': ['delivered'],
  // Delivery Address Change Requested
  '027': ['info'],
  // Delivery Address Changed
  '028': ['info'],
  // Exception: Action Required
  '029': ['exception', 'action-required'],
  // Local Post Office Exception
  '030': ['exception', 'other'],
  // Adverse Weather May Cause Delay
  '032': ['exception', 'weather'],
  // Return to Sender Requested
  '033': ['info'],
  // Returned to Sender
  '034': ['returned'],
  // Returning to Sender
  '035': ['return-in-transit'],
  // Returning to Sender: In Transit
  '036': ['return-in-transit'],
  // Out for Delivery
  '037': ['out-for-delivery'],
  // Picked Up by UPS
  '038': ['picked-up'],
  // On the Way
  '039': ['in-transit'],
  // Ready for Customer Pickup
  '040': ['available-for-pickup'],
  // Service Upgrade Requested
  '041': ['info'],
  // Service Upgraded
  '042': ['info'],
  // Voided Pickup
  '043': ['cancelled'],
  // On the Way to UPS
  '044': ['label-created'],
  // On the Way to UPS
  '045': ['label-created'],
  // Delay
  '046': ['exception', 'delay'],
  // On the Way
  '047': ['in-transit'],
  // Delay
  '048': ['exception', 'delay'],
  // Delay: Action Required
  '049': ['exception', 'action-required'],
  // Address Information Required
  '050': ['exception', 'address'],
  // Delay: Emergency Situation or Severe Weather
  '051': ['exception', 'weather'],
  // Delay: Severe Weather
  '052': ['exception', 'weather'],
  // Delay: Severe Weather
  '053': ['exception', 'weather'],
  // Delivery Change Requested
  '054': ['info'],
  // Rescheduled Delivery
  '055': ['info'],
  // Service Upgrade Requested
  '056': ['info'],
  // On the Way to a Local UPS Access Point™
  '057': ['in-transit'],
  // Clearance Information Required
  '058': ['exception', 'customs-documents'],
  // Damage Reported
  '059': ['exception', 'damaged'],
  // Delivery Attempted
  '060': ['delivery-attempted'],
  // Delivery Attempted: Adult Signature Required
  '061': ['delivery-attempted', 'identity'],
  // Delivery Attempted: Funds Required
  '062': ['delivery-attempted', 'payment'],
  // Delivery Change Completed
  '063': ['info'],
  // Delivery Refused
  '064': ['delivery-attempted', 'refused'],
  // Pickup Attempted
  '065': ['exception', 'pickup-failed'],
  // Post Office Delivery Attempted
  '066': ['delivery-attempted'],
  // Returned to Sender by Post Office
  '067': ['returned'],
  // Sent to Lost and Found
  '068': ['lost', 'lost'],
  // Unable to Deliver
  '069': ['exception', 'undeliverable'],
  // Package not at UPS Access Point™ yet
  '070': ['in-transit'],
  // Preparing for Delivery
  '071': ['in-transit'],
  // Loaded on Delivery Vehicle
  '072': ['out-for-delivery'],
  // In Transit to UPS Delivery Partner
  '073': ['in-transit'],
  // UPS Delivery Partner has Shipment
  '074': ['in-transit'],
  // Scheduled for Delivery
  '075': ['info'],
  // UPS Delivery Partner Exception
  '076': ['exception', 'partner'],
  // Scheduled for Pickup Today
  '077': ['label-created'],
  // Your Driver is Arriving Soon!
  '078': ['out-for-delivery'],
  // Order Processed: In Transit to UPS
  '079': ['label-created'],
  // Order Processed: Ready for UPS
  '080': ['label-created'],
  // Returned - Damage Reported
  '081': ['returned', 'damaged'],
  // Delivery Instructions Received
  '082': ['info'],
  // Held
  '083': ['exception', 'held'],
  // Cleared
  '084': ['in-transit'],
  // Held for COD Payment
  '085': ['exception', 'payment'],
  // Delay
  '086': ['exception', 'delay'],
  // On the Way
  '087': ['in-transit'],
  // Test
  '088': ['unknown'],
  // Out for Delivery
  '089': ['out-for-delivery'],
  // Delay
  '090': ['exception', 'delay'],
  // Out for Delivery
  '091': ['out-for-delivery'],
  // Customs Clearance in Progress
  '092': ['in-transit'],
  // Premier Recovery In Progress
  '093': ['info'],
  // Premier Recovery Completed
  '094': ['info'],
  // Additional Attempt Requested
  '095': ['info'],
  // Address Change Confirmed
  '096': ['info'],
  // Address Change Requested
  '097': ['info'],
  // Deliver to Original Address Requested
  '098': ['info'],
  // Deliver to Original Address Confirmed
  '099': ['info'],
  // Hold at UPS Access Point™ Confirmed
  '100': ['info'],
  // Hold at UPS Access Point™ Requested
  '101': ['info'],
  // Hold for Courier Requested
  '102': ['info'],
  // Hold for Courier Confirmed
  '103': ['info'],
  // Hold for Instructions Confirmed
  '104': ['info'],
  // Hold for Instructions Requested
  '105': ['info'],
  // Hold for Pickup Confirmed
  '106': ['info'],
  // Hold for Pickup Requested
  '107': ['info'],
  // Hold for Pickup Today Confirmed
  '108': ['info'],
  // Hold for Pickup Today Requested
  '109': ['info'],
  // Refrigeration Confirmed
  '110': ['info'],
  // Refrigeration Requested
  '111': ['info'],
  // Re-Ice Confirmed
  '112': ['info'],
  // Re-Ice Requested
  '113': ['info'],
  // Request Canceled
  '114': ['info'],
  // Reschedule Delivery Confirmed
  '115': ['info'],
  // Reschedule Delivery Requested
  '116': ['info'],
  // Return by Saturday Confirmed
  '117': ['info'],
  // Return to Sender Confirmed
  '118': ['info'],
  // Return to Sender Requested
  '119': ['info'],
  // Saturday Delivery Confirmed
  '120': ['info'],
  // Saturday Delivery Requested
  '121': ['info'],
  // Upgrade Confirmed
  '122': ['info'],
  // Pending Release From Non-UPS Broker
  '123': ['exception', 'customs-hold'],
  // Clearance Information Needed
  '124': ['exception', 'customs-documents'],
  // Clearance Information Needed
  '125': ['exception', 'customs-documents'],
  // Pending Government Agency Release
  '126': ['exception', 'customs-hold'],
  // Investigation Closed
  '127': ['info'],
  // Investigation Canceled
  '128': ['info'],
  // Investigation Opened
  '129': ['exception', 'investigation'],
  // Claim in Progress
  '130': ['exception', 'claim'],
  // Final Pickup Attempted
  '131': ['exception', 'pickup-failed'],
  // Airport Security Delay
  '132': ['exception', 'security'],
  // Return Label Left With Customer
  '133': ['info'],
  // Cleared Import Customs
  '134': ['in-transit'],
  // Second Pickup Attempted
  '135': ['exception', 'pickup-failed'],
  // Delivery Rescheduled for Saturday
  '136': ['info'],
  // Transferred to UPS Delivery Partner
  '137': ['in-transit'],
  // Awaiting Scheduled Departure
  '138': ['in-transit'],
  // Security Access Required
  '139': ['exception', 'access'],
  // Claim Paid - Claim Payment Has Been Processed.
  '140': ['lost'],
  // Incomplete Documentation Received
  '141': ['exception', 'customs-documents'],
  // Claim Voided
  '142': ['info'],
  // Delivered to Agent
  '143': ['in-transit'],
  // Delivered to Post Office for Pickup
  '144': ['available-for-pickup'],
  // Delivery Attempted
  '145': ['delivery-attempted'],
  // Out for Delivery
  '146': ['out-for-delivery'],
  // Seized by Law Enforcement, No Longer in UPS possession
  '147': ['lost'],
  // Package Information Unavailable
  '148': ['unknown'],
  // Prohibited Contents, Package Destroyed No Longer in UPS possession
  '149': ['lost'],
  // Updated Delivery Time
  '153': ['info'],
  // Updated Delivery Date
  '154': ['info'],
  // Delivery Photo
  '155': ['info'],
  // Commercial Inside Release
  '156': ['info'],
  // Shipment Ready for UPS
  '157': ['label-created'],
  // On the Way
  '158': ['in-transit'],
  // On the Way
  '159': ['in-transit'],
  // We Have Your Package
  '160': ['picked-up'],
  // Delivered to UPS Access Point
  '161': ['available-for-pickup'],
  // Out for Delivery
  '162': ['out-for-delivery'],
  // Package Information Unavailable
  '163': ['unknown'],
  // On the Way
  '164': ['in-transit'],
  // On the Way
  '165': ['in-transit'],
  // Shipment Ready for Roadie
  '166': ['label-created'],
  // Dropped off at UPS Store by Customer
  '167': ['picked-up'],
  // Dropped off at Retail Location by Customer
  '168': ['picked-up'],
  // Dropped off at a UPS Access Point by Customer
  '169': ['picked-up'],
};

/** By the type of an activity, for a code that is not in the table or not given: better a coarse state than none. */
export const stateOfType: Readonly<Record<string, TrackingState>> = {
  M: 'label-created',
  MV: 'cancelled',
  P: 'picked-up',
  I: 'in-transit',
  X: 'exception',
  D: 'delivered',
  RS: 'return-in-transit',
  U: 'info',
  NA: 'unknown',
};

/** A code is three digits, with zeros in front where it came as a number. */
export function meaningOf(given: { readonly code: string | null | undefined; readonly type: string | null | undefined }): StatusMeaning {
  const code = given.code ?? '';
  const known = code === '' ? undefined : statusTable[code.padStart(3, '0')];
  const [state, reason] = known ?? [stateOfType[given.type ?? ''] ?? 'unknown'];
  return { state, reason: reason ?? null };
}
