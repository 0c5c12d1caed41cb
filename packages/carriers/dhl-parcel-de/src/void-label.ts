import { isFault, localDate, type Clock, type LabelRef, type VoidOutcome } from '@quartermaster/domain';
import { readReply, type DhlClient } from './client.ts';
import { isDone, isUndecided, itemWords, undecided, type Redact } from './faults.ts';
import { lookUpLabel } from './label-document.ts';
import { refOf, type DhlRef } from './label-ref.ts';
import { dhlZone, paths, standardProfile } from './limits.ts';
import { manifestOn, numbersOn } from './manifest.ts';
import { wireOrdersSchema } from './wire.ts';

export type VoidGiven = { readonly client: DhlClient; readonly clock: Clock; readonly profile?: string; readonly redact: Redact };

const operation = 'shipment.void';

/**
 * Deletes a shipment, which DHL does until it is closed for its day. Doing it twice is the same as once, so it is repeated. DHL refuses a shipment that was deleted before as it refuses one that is
 * closed ("400 will be returned when shipment does not exist or was already deleted"), so a refusal is cleared up: a shipment whose label is not to be had, and that is not on the manifest of its
 * day, is gone.
 */
export async function voidLabel(given: VoidGiven, label: LabelRef): Promise<VoidOutcome> {
  const ref = refOf(label.ref);
  if (ref === null) return { kind: 'refused', reason: `${label.ref} is no label of DHL Parcel DE.` };
  if (ref.kind === 'return') return { kind: 'refused', reason: 'DHL takes no return label back; one that is not used costs nothing.' };
  const refusal = await deletion(given, ref.number);
  if (refusal === null || (await isGone(given, ref))) return { kind: 'voided' };
  return { kind: 'refused', reason: refusal };
}

/** Null where it is deleted now, else why not. */
async function deletion({ client, profile, redact }: VoidGiven, number: string): Promise<string | null> {
  const query = new URLSearchParams({ profile: profile ?? standardProfile, shipment: number });
  try {
    const reply = await client.call({
      operation,
      method: 'DELETE',
      path: `${paths.shipping}/orders?${query.toString()}`,
      kind: 'repeatable-effect',
      redact,
    });
    const { items } = readReply(wireOrdersSchema, reply, operation, 'unknown');
    const item = items.find(({ shipmentNo }) => shipmentNo === number) ?? items[0];
    if (item === undefined || isUndecided(item)) throw undecided(operation);
    return isDone(item) ? null : redact(itemWords(item));
  } catch (error) {
    if (!isFault(error) || (error.facts.status !== 400 && error.facts.status !== 404)) throw error;
    return error.facts.message;
  }
}

async function isGone(given: VoidGiven, ref: DhlRef & { readonly kind: 'shipment' }): Promise<boolean> {
  const seen = await lookUpLabel(given.client, ref.number, { format: 'pdf', redact: given.redact });
  if (seen.kind === 'found') return false;
  const today = localDate(given.clock.now(), dhlZone);
  const days = [...new Set([ref.closesOn, today])].filter((day) => day <= today);
  for (const day of days) {
    const manifest = await manifestOn(given, day, 'URL');
    if (manifest === null || numbersOn(manifest).has(ref.number)) return false;
  }
  return true;
}
