import { statusTable, type CodeMeaning } from './status-table.ts';

/**
 * DHL's standard events for parcels of Germany (TTPRO), with their published meanings: what is told of an event where its pair of event and reason is not. A reason is not in them.
 */
export const standardEvents: Readonly<Record<string, CodeMeaning>> = {
  /** Departed from. */
  AA: ['in-transit', null],
  /** Pickup successful. */
  AE: ['picked-up', null],
  /** Pickup not successful. */
  AN: ['exception', 'pickup-failed'],
  /** Exception. */
  BV: ['exception', null],
  /** Data service. */
  DD: ['info', null],
  /** Arrived at. */
  EE: ['in-transit', null],
  /** Handed over to DHL. */
  ES: ['picked-up', null],
  /** Money transfer. */
  GT: ['info', null],
  /** In storage: it waits to be fetched. */
  LA: ['available-for-pickup', null],
  /** Normal processing. */
  NB: ['in-transit', null],
  /** In delivery process. */
  PO: ['out-for-delivery', null],
  /** Electronic pre advise. */
  VA: ['label-created', null],
  /** Delivery to postal outlet. */
  ZF: ['available-for-pickup', null],
  /** Delivery attempt not successful. */
  ZN: ['delivery-attempted', null],
  /** Customs clearance. */
  ZO: ['in-transit', null],
  /** Delivery successful. */
  ZU: ['delivered', null],
};

/** `statusCode` of Unified Tracking, where the event says no more. */
const unifiedCodes: Readonly<Record<string, CodeMeaning>> = {
  'pre-transit': ['label-created', null],
  transit: ['in-transit', null],
  'out-for-delivery': ['out-for-delivery', null],
  delivered: ['delivered', null],
  failure: ['exception', 'other'],
  unknown: ['unknown', null],
};

const notKnown: CodeMeaning = ['unknown', null];

/** By event and reason, else by the standard event. */
export function meaningOfPair(ice: string, ric: string, standard: string): CodeMeaning {
  return ownOf(statusTable, `${ice}/${ric}`) ?? ownOf(standardEvents, standard) ?? notKnown;
}

/** Unified Tracking has the standard event, or a sentence, beside its own code of five. */
export function meaningOfUnified(status: string, statusCode: string): CodeMeaning {
  return ownOf(standardEvents, status) ?? ownOf(unifiedCodes, statusCode) ?? notKnown;
}

function ownOf(table: Readonly<Record<string, CodeMeaning>>, code: string): CodeMeaning | null {
  return Object.hasOwn(table, code) ? (table[code] ?? null) : null;
}
