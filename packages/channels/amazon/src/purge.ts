import { epochMs, type Instant, type SubjectId } from '@quartermaster/domain';

/** How long personal data of Amazon's buyers is kept after the last shipment, by Amazon's data protection policy: 30 days. */
export const amazonRetentionDays = 30;

/** What is known of an order whose person is kept. */
export type KeptPerson = {
  readonly subject: SubjectId;
  /** When the last of the order left; null while something of it has not. */
  readonly shippedAt: Instant | null;
  /** When the order was cancelled before anything left; null where it was not. */
  readonly cancelledAt: Instant | null;
};

/**
 * Whose personal data is to be erased at an instant: all whose every order was shipped (or cancelled) so many days ago. Who still waits for a parcel is kept. Subjects are named once, in
 * the order given. What law obliges to keep longer (invoices) is the caller's to keep apart.
 */
export function subjectsToErase(orders: readonly KeptPerson[], now: Instant, keepDays = amazonRetentionDays): SubjectId[] {
  const due = epochMs(now) - keepDays * 86_400_000;
  const isDue = ({ shippedAt, cancelledAt }: KeptPerson) => {
    const ended = shippedAt ?? cancelledAt;
    return ended !== null && epochMs(ended) <= due;
  };
  const kept = new Set(orders.filter((order) => !isDue(order)).map(({ subject }) => subject));
  return [...new Set(orders.map(({ subject }) => subject))].filter((subject) => !kept.has(subject));
}
