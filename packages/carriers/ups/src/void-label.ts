import { isFault, type LabelRef, type VoidOutcome } from '@quartermaster/domain';
import { readReply, type UpsClient } from './client.ts';
import type { Redact } from './faults.ts';
import { versions } from './limits.ts';
import { trackOne } from './tracking.ts';
import { wireVoidedSchema } from './wire.ts';

const alreadyVoided = '190117';
/** "No shipment found within the allowed void period": also what is said of one that was voided just before. */
const notFoundInPeriod = '190102';

/**
 * Gives a label back. Doing it twice is the same as once, so it is repeated; where the second answer does not tell "voided before" from "too late", the parcel's own record does (007, Shipment
 * Information Voided).
 */
export async function voidLabel(client: UpsClient, label: LabelRef, redact: Redact): Promise<VoidOutcome> {
  try {
    const reply = await client.call({
      operation: 'shipment.void',
      method: 'DELETE',
      path: `/shipments/${versions.shipping}/void/cancel/${encodeURIComponent(label.ref)}`,
      kind: 'repeatable-effect',
      redact,
    });
    const { Status } = readReply(wireVoidedSchema, reply, 'shipment.void', 'unknown').VoidShipmentResponse.SummaryResult;
    if (Status.Code.endsWith('1')) return { kind: 'voided' };
    return { kind: 'refused', reason: `UPS answered ${Status.Description ?? Status.Code}.` };
  } catch (error) {
    if (!isFault(error) || error.facts.status !== 400 || error.facts.vendorCode === undefined) throw error;
    if (error.facts.vendorCode === alreadyVoided) return { kind: 'voided' };
    if (error.facts.vendorCode === notFoundInPeriod && (await isVoidedByItsRecord(client, label, redact))) return { kind: 'voided' };
    return { kind: 'refused', reason: error.facts.message };
  }
}

async function isVoidedByItsRecord(client: UpsClient, label: LabelRef, redact: Redact): Promise<boolean> {
  const { events } = await trackOne(client, label.trackingNumber, redact);
  return events.some(({ state }) => state === 'cancelled');
}
