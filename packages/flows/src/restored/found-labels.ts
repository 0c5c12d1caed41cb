import type { EffectRefs, FoundLabel } from '@quartermaster/domain';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { LabelThere } from './adoption.ts';

/** A label that a carrier has under a key of ours, and which parcel that key was for. */
export type LabelOfOrder = LabelThere & {
  readonly order: string;
  readonly shipmentId: string;
  readonly revision: number;
  readonly parcel: number;
};

const recordKind = 'label-found';
const recordSchema = z.object({ refs: z.record(z.string(), z.string()) });
/** `ORDER/buy-label/SHIPMENT/REVISION/PARCEL/ASK`: see `recordCommand`. */
const keyPattern = /^(?<order>.*)\/buy-label\/(?<shipment>[^/]+)\/(?<revision>\d+)\/(?<parcel>\d+)\/\d+$/;

/** Reads a label's key; null when it is none of ours. */
export function labelOfOrder(carrier: string, { key, label }: FoundLabel): LabelOfOrder | null {
  const parts = keyPattern.exec(key)?.groups;
  if (parts === undefined) return null;
  const { order = '', shipment = '', revision = '', parcel = '' } = parts;
  return { carrier, label, order, shipmentId: shipment, revision: Number(revision), parcel: Number(parcel) };
}

/**
 * Keeps what was found of a label, for the purchase that will be asked for again or stands in the journal already: it meets the label then instead of buying another. However often the
 * purchase had been asked for.
 */
export async function keepFoundLabel(tx: Transaction, { key, refs }: FoundLabel, at: string): Promise<void> {
  const base = key.replace(/\/\d+$/, '');
  const before = await tx.records.get(recordKind, base, recordSchema);
  await tx.records.put(recordKind, base, { state: 'found', body: { refs: { ...refs } }, at, version: before?.version ?? 0 });
  for (let ask = 1; await tx.intents.knownRefs(`${base}/${ask}`, refs); ask++);
}

/** What was found of the label that this command asks for; undefined when nothing was. */
export async function foundRefs(tx: ReadTransaction | Transaction, base: string): Promise<EffectRefs | undefined> {
  return (await tx.records.get(recordKind, base, recordSchema))?.body.refs;
}
