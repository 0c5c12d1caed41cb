import type { CommandKind } from './command-kind.ts';

/** Every code under which a decision asks for a person. */
export type ExceptionCode =
  | 'cancel-after-shipment'
  | 'address-changed-after-shipment'
  | 'revised-after-commit'
  | 'held-after-commit'
  | 'refunded-outside'
  | 'short-reservation'
  | 'pack-mismatch'
  | 'delivery-missing'
  | 'second-label'
  | 'label-not-voided'
  | 'label-lost'
  | 'left-after-take-back'
  | 'shipped-without-label'
  | 'cancelled-in-erp'
  | 'captured-and-cancelled'
  | 'unexpected-event'
  | `${CommandKind}-failed`;

/** What an exception means and whether the order (or one of its shipments) stands still until somebody settles it. */
export type ExceptionKind = { readonly blocking: boolean; readonly meaning: string };

export const exceptionKinds: Readonly<Record<ExceptionCode, ExceptionKind>> = {
  'cancel-after-shipment': {
    blocking: false,
    meaning: 'The order was cancelled, and goods of it have left: call them back or expect a return.',
  },
  'address-changed-after-shipment': {
    blocking: false,
    meaning: 'The address changed when goods had left already: redirect the parcel at the carrier.',
  },
  'revised-after-commit': {
    blocking: true,
    meaning:
      'The channel changed lines or amounts after the ERP had the order: release the hold `revised` to ship as committed, or cancel.',
  },
  'held-after-commit': {
    blocking: true,
    meaning: 'Payment, risk, address or date turned bad after the ERP had the order: labels and shipping wait.',
  },
  'refunded-outside': { blocking: false, meaning: 'Money went back to the customer outside of this system.' },
  'short-reservation': { blocking: true, meaning: 'The ERP reserved less than the shipment needs: no label is bought until it has all.' },
  'pack-mismatch': {
    blocking: true,
    meaning:
      'What was packed is not what is to be shipped: no label is bought, and nothing leaves, until it was packed right and checked again.',
  },
  'delivery-missing': { blocking: true, meaning: 'The ERP has the order and shows no delivery for a shipment of it.' },
  'second-label': { blocking: false, meaning: 'A parcel got a second label; the later one is being voided.' },
  'label-not-voided': { blocking: false, meaning: 'The carrier refused to take a label back: claim the money.' },
  'label-lost': { blocking: true, meaning: 'A label that is in use was voided: the parcel must not travel on it.' },
  'left-after-take-back': {
    blocking: false,
    meaning: 'A shipment left its node although its lines had been taken back: see whether anything left twice, and expect it back.',
  },
  'shipped-without-label': { blocking: false, meaning: 'The ERP shipped what has no label of ours: the channel is told without tracking.' },
  'cancelled-in-erp': { blocking: false, meaning: 'Somebody cancelled the order in the ERP; the channel still wants it.' },
  'captured-and-cancelled': {
    blocking: false,
    meaning: 'We have taken the money of an order that is being cancelled: give it back for what does not leave.',
  },
  'unexpected-event': { blocking: false, meaning: 'Something was reported that cannot be in this state; nothing was changed.' },
  'write-order-failed': { blocking: true, meaning: 'The ERP refused the order.' },
  'allocate-failed': { blocking: true, meaning: 'The ERP refused to give the lines to the node.' },
  'deallocate-failed': {
    blocking: true,
    meaning: 'The ERP refused to take lines back from a node: no other node gets them before it has.',
  },
  'buy-label-failed': { blocking: true, meaning: 'The carrier refused the label.' },
  'void-label-failed': { blocking: false, meaning: 'The label could not be given back.' },
  'ship-failed': { blocking: true, meaning: 'The ERP refused to ship the delivery.' },
  'confirm-failed': { blocking: true, meaning: 'The channel refused the confirmation of a shipment.' },
  'cancel-order-failed': { blocking: true, meaning: 'The ERP refused to cancel the order.' },
  'change-address-failed': { blocking: true, meaning: 'The ERP refused the new address.' },
  'acknowledge-failed': { blocking: false, meaning: 'The channel did not take our word that we take the order on.' },
  'capture-failed': { blocking: true, meaning: 'The channel refused to take the money that was authorized: nothing of the order leaves.' },
  'cancel-in-channel-failed': {
    blocking: false,
    meaning: 'The order, or units of it, were cancelled here, and the channel refused to cancel them.',
  },
  'refund-failed': { blocking: false, meaning: 'The channel refused a refund: the customer has not got the money.' },
};
