import { isFault, type VoidOutcome } from '@quartermaster/domain';
import type { ShippoClient } from './client.ts';
import type { Redact } from './faults.ts';
import { voidOutcomeOf } from './translate.ts';

/**
 * Gives a label back by asking for its money. Shippo does not say what asking twice does, so how the label stands is read first, and once more where the asking is refused: the label itself tells
 * whether its money was asked for before.
 */
export async function givenBack(client: ShippoClient, transactionId: string, redact: Redact): Promise<VoidOutcome> {
  const before = await standing(client, transactionId, redact);
  if (before !== null) return before;
  try {
    return voidOutcomeOf((await client.refund(transactionId, redact)).status);
  } catch (error) {
    if (!isFault(error) || error.facts.status !== 400) throw error;
    return (await standing(client, transactionId, redact)) ?? { kind: 'refused', reason: error.facts.message };
  }
}

/** How the money of a label stands; null where it was not asked for, or was and will not come. */
async function standing(client: ShippoClient, transactionId: string, redact: Redact): Promise<VoidOutcome | null> {
  const { status } = await client.transaction(transactionId, redact);
  if (status === 'REFUNDED') return { kind: 'voided' };
  return status === 'REFUNDPENDING' ? { kind: 'accepted' } : null;
}
