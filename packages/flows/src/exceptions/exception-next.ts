import type { ExceptionCode, ParcelConcernCode } from '@quartermaster/fulfilment';
import type { ExceptionCase } from '@quartermaster/journal';
import { driftCauseNames, driftCauses, exceptionOfDrift } from '../drift/causes.ts';

const retry = '`qm retry --exception ID`';
const seen = `then ${retry} marks it as seen.`;

/** Codes of orders and parcels: the type says that none is missing. */
const ofOrders: Readonly<Record<ExceptionCode | ParcelConcernCode, string>> = {
  'cancel-after-shipment': `Call the parcel back, or await the return; ${seen}`,
  'address-changed-after-shipment': `Redirect the parcel at the carrier; ${seen}`,
  'revised-after-commit': 'Ship as committed: `qm release ORDER --code revised`; else `qm cancel ORDER`.',
  'held-after-commit': 'See to what holds it; to ship in spite of it: `qm release ORDER`.',
  'refunded-outside': `See whether goods must be kept here: \`qm hold ORDER\`; ${seen}`,
  'short-reservation': 'Make the stock available in the ERP, or have it shipped from elsewhere: `qm short ORDER SHIPMENT LINE=UNITS`.',
  'pack-mismatch': 'Pack it right and check it again: `qm pack-check ORDER`; in other boxes than planned, `qm repack ORDER` first.',
  'delivery-missing': 'See in the ERP who removed the delivery; it is read again before each wave.',
  'second-label': `Nothing, the later label is given back; ${seen}`,
  'label-not-voided': `Claim the money at the carrier; ${seen}`,
  'label-lost': 'Take the parcel out of what leaves, or put a new label on it; then `qm release ORDER`.',
  'left-after-take-back': `See in the ERP what has left from where, and call back what left twice; ${seen}`,
  'shipped-without-label': `Tell the customer the tracking number by hand; ${seen}`,
  'cancelled-in-erp': 'Cancel it in the channel as well: `qm cancel ORDER`; or confirm it in the ERP again.',
  'captured-and-cancelled': `Give the money back: \`qm refund ORDER\`; ${seen}`,
  'unexpected-event': `\`qm explain ORDER\` shows what came when; ${seen}`,
  'write-order-failed': `Mend what the ERP names (\`qm doctor\`), then ${retry}.`,
  'allocate-failed': `Mend the route or the warehouse in the ERP, then ${retry}.`,
  'deallocate-failed': `See in the ERP whether the goods have left; else cancel the delivery there, then ${retry}.`,
  'buy-label-failed': `Correct address, weight or service, then ${retry}; or \`qm override ORDER --forbid-service SERVICE\`.`,
  'void-label-failed': "Void it in the carrier's account, then `qm drop INTENT`.",
  'ship-failed': `Mend what the ERP names, then ${retry}.`,
  'confirm-failed': `Mend what the channel names, then ${retry}; or confirm it there by hand and \`qm drop INTENT\`.`,
  'cancel-order-failed': `Cancel it in the ERP by hand, then ${retry}.`,
  'change-address-failed': 'Change the address in the ERP by hand, then `qm drop INTENT`.',
  'acknowledge-failed': `Mend what the channel names, then ${retry}; or accept it there and \`qm drop INTENT\`.`,
  'capture-failed': `Take the money in the channel by hand, or ${retry}; else \`qm cancel ORDER\`.`,
  'cancel-in-channel-failed': `Cancel it in the channel by hand and \`qm drop INTENT\`, or ${retry}.`,
  'refund-failed': `Give it back by hand and \`qm drop INTENT\`, or ${retry}.`,
  'parcel-not-handed-over': 'Look where the parcel lies: not packed, or not picked up.',
  'parcel-silent': 'Open an inquiry at the carrier with the tracking number.',
  'parcel-late': `Tell the customer; ${seen}`,
  'parcel-stopped': 'Give the carrier what it lacks, or call the parcel back.',
  'parcel-lost': `Claim it, and send anew or \`qm refund ORDER\`; ${seen}`,
  'parcel-coming-back': `Await the goods; send them anew or \`qm refund ORDER\`; ${seen}`,
  'parcel-cancelled': 'A parcel that still lies here gets a new label; else ask the carrier.',
};

/**
 * What the person who looks after an exception does next, by its code: one sentence, with `ID`, `ORDER` and `INTENT` where the exception's own go. A test holds that every code is here; the whole
 * story stands in `docs/runbooks/exceptions.md`.
 */
export const exceptionNext: Readonly<Record<string, string>> = {
  ...ofOrders,
  ...Object.fromEntries(driftCauseNames.map((cause) => [exceptionOfDrift(cause), driftCauses[cause].next])),
  backordered: 'Restock, or tell the customer; `qm explain ORDER` says what lacks; else `qm cancel ORDER`.',
  'parcels-not-told': 'Nothing at first: such parcels are asked after. See whether the account may tell of parcels.',
  'label-unknown': `See in the carrier's account whether a parcel travels on it; if not, void it there; ${seen}`,
  'order-unreadable': 'Ship it by hand, or change it in the channel so that it can be read.',
  'parcel-too-heavy': 'Correct the weight in the ERP, or add a service that takes it; the next wave decides anew.',
  'label-budget-spent': 'A supervisor lets them go with `qm release --reason WHY`; else they go when the next day begins.',
  'stock-not-listed': 'Give the item the same SKU in the channel, once; nothing for what is not sold there.',
  'stock-refused': 'Mend in the channel what it names; the level is set again by itself.',
  'count-unreadable': 'Have the warehouse send the file again, with the lines that the reason names put right.',
  'channel-behind': 'See why the channel is not read (`qm doctor`); its levels rise by themselves once it is.',
  'stock-behind':
    'See why it is not read (`qm doctor`); it ends by itself once it is. What must leave meanwhile: `qm release --even-if-late --reason WHY`.',
  'oversell-risk': '`qm atp SKU` shows what is shown and what there is; lower the level in the channel by hand where it is not taken.',
  'pool-short': 'Wait for the supply that the reason names, or lower a pool or its floor in the policy.',
  'push-stock-failed': 'Nothing at first: the next publication decides anew.',
  'step-failed': 'Restart the daemon once, then report it.',
  'override-impossible': 'Lift or change the override: `qm lift ORDER OVERRIDE`.',
  'journal-restored': 'Nothing at first; compare with `qm reconcile` before orders go on.',
  'write-batch-failed': `See that the ERP has the app for batches and the right to them, then ${retry}; or set \`release.batches: off\`.`,
  'write-bill-failed': `Mend vendor, account or right in the ERP, then ${retry}.`,
  'freight-lines-after-bill': `Add what is missing to the draft in the ERP by hand; ${seen}`,
  'connection-down': 'See to the key and the vendor; it settles itself when the connection answers.',
};

/** The next action for one exception, with its own id, order and intent; null for a code that nobody knows any more. */
export function nextActionOf({
  id,
  code,
  subjectKey,
  intentId,
}: Pick<ExceptionCase, 'id' | 'code' | 'subjectKey' | 'intentId'>): string | null {
  const [order = subjectKey] = subjectKey.split('/shipment/');
  return (
    exceptionNext[code]
      ?.replaceAll('--exception ID', `--exception ${id}`)
      .replaceAll('ORDER', order)
      .replaceAll('INTENT', intentId === null ? 'INTENT' : String(intentId)) ?? null
  );
}
