/** How a difference is mended. None of them writes to a vendor itself: each lets an ordinary event happen, and what must follow outside are intents like all others. */
export type HealKind = 'read-channel-again' | 'read-erp-again' | 'ask-again' | 'publish-again' | 'hold';

/** Who made the difference, as far as the three sides tell: a person edited, a message was lost, we are late, or nobody can say. */
export type Blame = 'person' | 'lost-message' | 'late' | 'unknown';

export type CauseFacts = {
  /** What it means, for people. */
  readonly meaning: string;
  readonly blame: Blame;
  /** How it is mended, where it can be; null: a person decides. */
  readonly heal: HealKind | null;
  /** Whether the daemon mends it by itself, unless `reconcile.heal` of the config says otherwise. */
  readonly automatic: boolean;
  /** What a person should do about one that stays. */
  readonly next: string;
};

/** Every cause of a difference between channel, ERP and journal. `docs/reconcile.md` lists the same; a test compares. */
export const driftCauses = {
  'order-missing-here': {
    meaning: 'The channel has an open order that came to it since we began, and the journal never heard of it.',
    blame: 'lost-message',
    heal: 'read-channel-again',
    automatic: true,
    next: 'See why it could not be read; ship it by hand if it cannot wait.',
  },
  'order-forgotten-here': {
    meaning: 'Channel and ERP have the order, and the journal does not: it was lost, or an old copy of it came back.',
    blame: 'unknown',
    heal: 'read-channel-again',
    automatic: true,
    next: 'It is held as known-to-erp: look how far it is in the ERP before you release it.',
  },
  'cancellation-missed': {
    meaning: 'The channel cancelled the order, and the journal does not know it.',
    blame: 'lost-message',
    heal: 'read-channel-again',
    automatic: true,
    next: 'Cancel it in the ERP, or call the parcel back.',
  },
  'refund-missed': {
    meaning: 'Less payment is secured in the channel than the journal knows: money went back.',
    blame: 'lost-message',
    heal: 'read-channel-again',
    automatic: true,
    next: 'Look at the refund in the channel, and make the credit note in the ERP.',
  },
  'change-missed': {
    meaning: 'The order changed in the channel, and the journal has an older state of it.',
    blame: 'lost-message',
    heal: 'read-channel-again',
    automatic: true,
    next: 'Compare the order in the channel with the one here.',
  },
  'order-gone-from-channel': {
    meaning: 'The journal works on an order that the channel does not have any more.',
    blame: 'person',
    heal: null,
    automatic: false,
    next: 'Ask who deleted it; cancel it in the ERP, or ship it and do not expect it to be confirmed.',
  },
  'confirmation-missing': {
    meaning: 'A shipment has left, nobody is telling the channel, and the channel still waits for it.',
    blame: 'unknown',
    heal: 'ask-again',
    automatic: true,
    next: 'Confirm the shipment in the channel by hand, with its tracking number.',
  },
  'confirmation-withdrawn': {
    meaning: 'The channel was told of a shipment and waits for its units all the same: somebody took the fulfilment back.',
    blame: 'person',
    heal: null,
    automatic: false,
    next: 'Ask who took it back. If the parcel is on its way, mark it as shipped in the channel again.',
  },
  'shipped-by-hand-in-channel': {
    meaning: 'Somebody marked units as shipped in the channel that have not left by us.',
    blame: 'person',
    heal: 'hold',
    automatic: true,
    next: 'Find out whether they have left. If so ship the delivery in the ERP; if not take the fulfilment back and release the hold.',
  },
  'order-missing-in-erp': {
    meaning: 'The order was written to the ERP and is not there any more: deleted, or the ERP came back from a backup.',
    blame: 'person',
    heal: 'hold',
    automatic: true,
    next: 'Bring the order back in the ERP, or cancel it and enter it anew. Compare other orders of the same time.',
  },
  'order-unheard-in-erp': {
    meaning: 'The ERP has the order, and the journal does not know that it was written.',
    blame: 'lost-message',
    heal: 'read-erp-again',
    automatic: true,
    next: 'Look how far it is in the ERP before you release it.',
  },
  'cancelled-in-erp': {
    meaning: 'Somebody cancelled the order in the ERP, and the channel still wants it.',
    blame: 'person',
    heal: 'read-erp-again',
    automatic: true,
    next: 'Cancel it in the channel too, or enter it anew.',
  },
  'reopened-in-erp': {
    meaning: 'Somebody set the order back to a quotation in the ERP.',
    blame: 'person',
    heal: 'hold',
    automatic: true,
    next: 'Confirm it again in the ERP, then release the hold; or cancel it.',
  },
  'not-cancelled-in-erp': {
    meaning: 'The order is cancelled here, and the ERP keeps it alive: its goods stay reserved, and it may be shipped.',
    blame: 'person',
    heal: 'ask-again',
    automatic: false,
    next: 'Cancel it in the ERP, or let it be cancelled with `qm reconcile --apply`.',
  },
  'shipped-by-hand-in-erp': {
    meaning: 'Somebody validated the delivery in the ERP, and the journal does not know that it has left.',
    blame: 'person',
    heal: 'read-erp-again',
    automatic: true,
    next: 'Tell the channel by hand, with the tracking number that the goods left on.',
  },
  'not-shipped-in-erp': {
    meaning: 'The shipment has left as far as the journal knows, and its delivery is not done in the ERP.',
    blame: 'unknown',
    heal: null,
    automatic: false,
    next: 'See whether the goods are gone: validate the delivery in the ERP, or ask for the parcel back.',
  },
  'delivery-cancelled-in-erp': {
    meaning: 'Somebody cancelled or removed the delivery of a shipment in the ERP; the order goes on.',
    blame: 'person',
    heal: 'hold',
    automatic: true,
    next: 'Make the delivery again in the ERP, or cancel the order; then release the hold.',
  },
  'delivery-moved-in-erp': {
    meaning: 'Somebody lets the delivery leave from another warehouse than its label and its plan say.',
    blame: 'person',
    heal: 'hold',
    automatic: true,
    next: 'Move it back, or buy a label for the other warehouse by hand; then release the hold.',
  },
  'reservation-differs': {
    meaning: 'The ERP has set aside more or less for a shipment than the journal knows.',
    blame: 'person',
    heal: 'read-erp-again',
    automatic: true,
    next: 'Reserve the delivery in the ERP; see who took the goods.',
  },
  'quantity-differs-in-erp': {
    meaning: 'Lines of the order were changed, added or removed in the ERP.',
    blame: 'person',
    heal: 'hold',
    automatic: true,
    next: 'Put the lines right in the ERP, or change the order in the channel; then release the hold.',
  },
  'total-off-by-rounding': {
    meaning: 'The ERP comes to another total than the channel, by no more than a minor unit for each line.',
    blame: 'unknown',
    heal: null,
    automatic: false,
    next: 'Look for a rounding rule or a price list in the ERP; accept it by settling the exception.',
  },
  'total-off-by-tax': {
    meaning: 'The totals differ by exactly the tax of the order: the ERP counts tax that is in the price already, or leaves it out.',
    blame: 'person',
    heal: null,
    automatic: false,
    next: 'Take the taxes off the lines of the order in the ERP; see the fiscal position and the taxes of the products.',
  },
  'total-differs': {
    meaning: 'Prices or discounts of the order were changed in the ERP.',
    blame: 'person',
    heal: null,
    automatic: false,
    next: 'Put the prices right in the ERP, or refund the difference in the channel.',
  },
  'label-unused': {
    meaning: 'A label was to be given back, and nobody asks the carrier any more.',
    blame: 'unknown',
    heal: 'ask-again',
    automatic: true,
    next: "Void it at the carrier's page before its time is over.",
  },
  'label-idle': {
    meaning: 'A label was bought days ago, and its parcel has not left.',
    blame: 'unknown',
    heal: null,
    automatic: false,
    next: 'Ship the parcel, or cancel the order so that the label is given back.',
  },
  'shipped-on-another-label': {
    meaning: 'The delivery left in the ERP with tracking numbers of others, and a label of ours was bought for it.',
    blame: 'person',
    heal: null,
    automatic: false,
    next: 'Void our label at the carrier, and correct the tracking in the channel.',
  },
  'shown-above-promise': {
    meaning: 'A channel offers more of an article than may be promised now: it may be oversold.',
    blame: 'unknown',
    heal: 'publish-again',
    automatic: true,
    next: 'Correct the figure in the channel; see who edits it there, and whether another program writes it.',
  },
  'shown-below-promise': {
    meaning: 'A channel offers less of an article than it may.',
    blame: 'unknown',
    heal: 'publish-again',
    automatic: true,
    next: 'Correct the figure in the channel; see who edits it there, and whether another program writes it.',
  },
  'unlisted-in-channel': {
    meaning: 'The channel took our figures of an article and does not list it any more.',
    blame: 'person',
    heal: null,
    automatic: false,
    next: 'List it again in the channel, or leave it: it is asked for once a day.',
  },
  'over-reserved-in-erp': {
    meaning: 'The ERP has set aside more of an article than lies there: some delivery will not be filled.',
    blame: 'unknown',
    heal: null,
    automatic: false,
    next: 'Count the article. Then take the reservation off the deliveries that may wait.',
  },
} as const satisfies Readonly<Record<string, CauseFacts>>;

export type DriftCause = keyof typeof driftCauses;

export function isDriftCause(text: string): text is DriftCause {
  return Object.hasOwn(driftCauses, text);
}

export const driftCauseNames: readonly DriftCause[] = Object.keys(driftCauses).filter(isDriftCause);

/** Code of the exception that a difference raises which is not mended by itself. */
export function exceptionOfDrift(cause: DriftCause): string {
  return `drift-${cause}`;
}
