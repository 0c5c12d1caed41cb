import { isFault, type LabelRef, type VoidOutcome } from '@quartermaster/domain';
import { readReply, type UspsClient } from './client.ts';
import { isRefusal, type Redact } from './faults.ts';
import { wireCancelledSchema } from './wire.ts';

/** "Order already canceled", of USPS's error inventory (read 2026-11). */
const alreadyCancelled = '160186';
/** There is no code published for it; the words are those of the example in the specification (Labels 3.9.13). */
const alreadyDisputed = /refund request for this order has already been submitted/i;

/**
 * Gives a label back: cancelled where USPS has not yet told its own systems of it (the night after the day of mailing), else a refund that is asked for, which may be refused later. Doing it twice is
 * the same as once. A label for the way back costs nothing until it is used, and is not taken back.
 */
export async function voidLabel(client: UspsClient, label: LabelRef, redact: Redact): Promise<VoidOutcome> {
  const operation = 'label.void';
  try {
    const reply = await client.call({
      operation,
      method: 'DELETE',
      path: `/labels/v3/label/${encodeURIComponent(label.trackingNumber)}`,
      kind: 'repeatable-effect',
      isPaid: true,
      redact,
    });
    const { status } = readReply(wireCancelledSchema, reply, operation, 'unknown');
    if (status === 'CANCELED') return { kind: 'voided' };
    return status === 'DISPUTED' ? { kind: 'accepted' } : { kind: 'refused', reason: `USPS answered ${status}.` };
  } catch (error) {
    if (!isFault(error) || !isRefusal(error)) throw error;
    if (error.facts.vendorCode === alreadyCancelled) return { kind: 'voided' };
    if (alreadyDisputed.test(error.facts.message)) return { kind: 'accepted' };
    return { kind: 'refused', reason: error.facts.message };
  }
}
