import { personSchema, type ChannelOrder, type Instant, type Person, type SubjectId } from '@quartermaster/domain';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';

/** Keeps who an order is for, and the channel's own text of it, in the vault. */
export async function keepPerson(tx: Transaction, order: ChannelOrder, person: Person, raw: string): Promise<void> {
  await tx.vault.put(order.subject, personName(order.id), JSON.stringify(person));
  await tx.vault.put(order.subject, `raw/${order.id}`, raw);
}

/** Who an order is for; null when the person was erased: such an order cannot be shipped any more. */
export async function personOf(tx: ReadTransaction | Transaction, order: ChannelOrder): Promise<Person | null> {
  const text = await tx.vault.get(order.subject, personName(order.id));
  return text === null ? null : personSchema.parse(JSON.parse(text));
}

/** Forgets a person for good, and writes down who had it done and why; false when nothing of the person was kept. The subject's id stays in the audit trail. */
export async function erasePerson(
  tx: Transaction,
  given: { readonly subject: SubjectId; readonly by: string; readonly reason: string; readonly at: Instant },
): Promise<boolean> {
  const { subject, by, reason, at } = given;
  if (!(await tx.vault.erase(subject))) return false;
  await tx.audit.append({ at, actor: by, event: 'person.erased', key: subject, detail: { reason } });
  return true;
}

/** What an effect says that needs the person of an order who was erased. */
export const erasedPerson = { kind: 'refuse', reason: 'the person of the order was erased' } as const;

function personName(orderId: string): string {
  return `person/${orderId}`;
}
