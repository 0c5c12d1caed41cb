import { compareText, type Instant } from '@quartermaster/domain';
import type { QueuedException } from './exception-queue.ts';

/** What waits for one owner, against its clock. */
export type OwnerQueue = {
  readonly owner: string;
  readonly open: number;
  readonly overdue: number;
  readonly snoozed: number;
  readonly oldestAt: Instant;
  /** When the next of those that are not overdue is due; null when all are. */
  readonly nextDueAt: Instant | null;
};

/** Open exceptions by who has them now, the most overdue first. Pure. */
export function ownerQueues(queue: readonly QueuedException[]): OwnerQueue[] {
  return [...Map.groupBy(queue, ({ owner }) => owner)]
    .flatMap(([owner, theirs]) => {
      const [oldestAt] = theirs.map(({ raisedAt }) => raisedAt).sort(compareText);
      if (oldestAt === undefined) return [];
      const overdue = theirs.filter((each) => each.overdue).length;
      const [nextDueAt = null] = theirs.flatMap((each) => (each.overdue || each.dueAt === null ? [] : [each.dueAt])).sort(compareText);
      const snoozed = theirs.filter(({ snoozedUntil }) => snoozedUntil !== null).length;
      return [{ owner, open: theirs.length, overdue, snoozed, oldestAt, nextDueAt }];
    })
    .sort((a, b) => b.overdue - a.overdue || b.open - a.open || compareText(a.owner, b.owner));
}
