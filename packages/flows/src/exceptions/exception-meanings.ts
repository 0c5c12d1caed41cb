import { exceptionKinds, parcelConcernMeanings } from '@quartermaster/fulfilment';
import { driftCauseNames, driftCauses, exceptionOfDrift } from '../drift/causes.ts';

/** Every exception code with what it means: those of orders, and those of the flows themselves. */
export const exceptionMeanings: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(exceptionKinds).map(([code, kind]) => [code, kind.meaning])),
  ...Object.fromEntries(
    driftCauseNames.map((cause) => [exceptionOfDrift(cause), `${driftCauses[cause].meaning} ${driftCauses[cause].next}`]),
  ),
  ...parcelConcernMeanings,
  backordered: 'Units of an order have had no node for long: no wave finds stock or a way for them. The rest of the order goes on.',
  'parcels-not-told':
    'A carrier does not take it that it should tell of parcels by itself: they are asked after instead, some hours later at worst.',
  'label-unknown':
    'A carrier has a paid label under a key of ours that the journal cannot place: it may be paid for nothing, or a parcel may travel on the wrong one.',
  'order-unreadable':
    'An order of the channel cannot be put into our words, so nothing is done about it here. Ship it by hand, or change it in the channel so that it can be read; other orders go on.',
  'parcel-too-heavy':
    'One unit is heavier than a parcel of the chosen service may be: correct the weight in the ERP, or add a service that takes it.',
  'label-budget-spent':
    "Shipments wait because the day's budget for labels (`budgets.labelsPerDay`) does not hold them; a supervisor releases them.",
  'stock-not-listed': 'The channel has no item for these SKUs, or several: stock of them is not published there. Tried again once a day.',
  'stock-refused': 'The channel refused a stock level.',
  'count-unreadable':
    'The count of a warehouse that tells its stock by files cannot be read, is missing, or is old: the last one that could be read stands.',
  'channel-behind':
    'The orders of a channel were not read within its declared window: it shows less, or nothing, until they are (`inventory.syncWindows`).',
  'stock-behind':
    'The stock of the ERP, or of a warehouse that is counted by files, was not read within its declared window: channels show less of it, or nothing, and after a time nothing is released from there (`inventory.syncWindows`).',
  'oversell-risk':
    'Channels can sell more of an article than may be promised: they were not lowered in time, or the error budget of `inventory.oversell` is spent.',
  'pool-short': 'A pool of the policy got fewer units of an article than it was to have.',
  'push-stock-failed': 'A batch of stock levels could not be set; the next publication decides anew.',
  'step-failed': 'A step of the daemon failed by a defect of this program: it is tried again, and nothing else waits for it.',
  'override-impossible': 'What a person decided for the order cannot be done as things stand: it waits. Lift or change the override.',
  'journal-restored':
    'The journal came back from a backup and is older than the world: the world is read again first, and nothing is sent. It ends by itself, or by `qm journal trust`.',
  'write-batch-failed': 'The ERP did not take the batch of a pick wave: its shipments were released without it.',
  'write-bill-failed':
    "The ERP did not take the draft bill of a carrier's invoice: mostly a vendor, an account or a right that it does not have.",
  'freight-lines-after-bill': "Lines of a carrier's invoice were imported after its bill was asked for: they are in no bill.",
  'connection-down': 'A connection does not answer or refuses us; it is tried again by itself.',
};
