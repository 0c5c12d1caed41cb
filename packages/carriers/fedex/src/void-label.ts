import { isFault, type LabelRef, type VoidOutcome } from '@quartermaster/domain';
import { readReply, type FedexClient } from './client.ts';
import { isRefusal, type Redact } from './faults.ts';
import { answerOf, trackMany } from './tracking.ts';
import { wireCancelledSchema } from './wire.ts';

/** Gives a label back, as long as FedEx does not have the parcel. Doing it twice is the same as once, so it is repeated; where the second answer is a refusal, the parcel's own record decides. */
export async function voidLabel(
  client: FedexClient,
  { trackingNumber }: LabelRef,
  { accountNumber, redact }: { readonly accountNumber: string; readonly redact: Redact },
): Promise<VoidOutcome> {
  const operation = 'label.void';
  try {
    const reply = await client.call({
      operation,
      method: 'PUT',
      path: '/ship/v1/shipments/cancel',
      body: { accountNumber: { value: accountNumber }, trackingNumber, deletionControl: 'DELETE_ALL_PACKAGES' },
      kind: 'repeatable-effect',
      redact,
    });
    const { cancelledShipment, message, alerts } = readReply(wireCancelledSchema, reply, operation, 'unknown').output;
    if (cancelledShipment) return { kind: 'voided' };
    return refusedUnlessCancelled(redact(alerts?.[0]?.message ?? message ?? 'FedEx did not cancel the shipment.'));
  } catch (error) {
    if (!isFault(error) || !isRefusal(error)) throw error;
    return refusedUnlessCancelled(error.facts.message);
  }

  async function refusedUnlessCancelled(reason: string): Promise<VoidOutcome> {
    const { events } = answerOf(trackingNumber, await trackMany(client, [trackingNumber], redact));
    return events.some(({ state }) => state === 'cancelled') ? { kind: 'voided' } : { kind: 'refused', reason };
  }
}
