import { localDate, type ConnectionId, type Instant } from '@quartermaster/domain';
import { defaultRevisionPolicy, mayRevise, type RevisionBudget, type RevisionPolicy } from '@quartermaster/ebay';
import type { Journal } from '@quartermaster/journal';
import { z } from 'zod';

const kind = 'listing-revisions';
const countSchema = z.object({ day: z.string(), revisions: z.int().nonnegative() });

/**
 * A budget of revisions that is counted in the journal: it survives a restart, and all daemons on one journal share it. Each listing has one record, which begins anew with the day. Throws a
 * `JournalError` where the journal cannot be written.
 */
export function sharedRevisions(
  journal: Pick<Journal, 'transaction'>,
  connection: ConnectionId,
  policy: RevisionPolicy = defaultRevisionPolicy,
): RevisionBudget {
  /** Puts a listing's count of today to what `next` makes of it; false where that is null. */
  function count(listing: string, at: Instant, next: (revisions: number) => number | null): Promise<boolean> {
    const key = `${encodeURIComponent(connection)}/${encodeURIComponent(listing)}`;
    const day = localDate(at, policy.zone);
    return journal.transaction(async (tx) => {
      const before = await tx.records.get(kind, key, countSchema);
      const revisions = next(before?.body.day === day ? before.body.revisions : 0);
      if (revisions === null) return false;
      await tx.records.put(kind, key, { state: 'current', body: { day, revisions }, at, version: before?.version ?? 0 });
      return true;
    });
  }
  return {
    take: (listing, at, revision) => count(listing, at, (revisions) => (mayRevise(revisions, revision, policy) ? revisions + 1 : null)),
    exhaust: async (listing, at) => void (await count(listing, at, () => policy.perDay)),
  };
}
