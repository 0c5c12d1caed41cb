import { scopeSchema, type Instant } from '@quartermaster/domain';
import type { DurableRecord, ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { happeningSchema } from './happening.ts';

/** Notices that stand at orders of the ERP until what they tell of is over; by the key of the intent that told them. */
export const shownKind = 'shown-notice';

export const shownSchema = z.object({
  connection: z.string(),
  about: z.object({ scope: scopeSchema, orderId: z.string() }),
  happening: happeningSchema,
});
export type ShownNotice = z.infer<typeof shownSchema>;

export function shownNotice(tx: ReadTransaction | Transaction, key: string): Promise<DurableRecord<ShownNotice> | null> {
  return tx.records.get(shownKind, key, shownSchema);
}

export async function keepShown(tx: Transaction, key: string, body: ShownNotice, at: Instant): Promise<void> {
  if ((await shownNotice(tx, key)) === null) await tx.records.put(shownKind, key, { state: 'shown', body, at, version: 0 });
}
