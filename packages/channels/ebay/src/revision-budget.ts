import { localDate, type Instant } from '@quartermaster/domain';
import { revisionsPerDay } from './limits.ts';

/** Which way a revision goes. A decrease keeps us from selling what is not there, so the last revisions of a day are kept for it. */
export type RevisionKind = 'increase' | 'decrease';

/**
 * Counts how often a listing was revised on a calendar day: eBay blocks it after 250 revisions until the next. A budget that outlives the process counts in the journal.
 */
export type RevisionBudget = {
  /** Takes one revision of a listing; false when the day has none left for this kind. */
  take(listing: string, at: Instant, kind: RevisionKind): Promise<boolean>;
  /** eBay itself says that the listing is blocked today. */
  exhaust(listing: string, at: Instant): Promise<void>;
};

export type RevisionPolicy = {
  /** Default 250, eBay's own limit. Less, where other tools revise the same listings. */
  readonly perDay: number;
  /** Of these so many are kept for decreases, default 50. */
  readonly keptForDecreases: number;
  /** Zone of the calendar day that eBay counts by. eBay does not say which; its own day is Pacific. */
  readonly zone: string;
};

export const defaultRevisionPolicy: RevisionPolicy = { perDay: revisionsPerDay, keptForDecreases: 50, zone: 'America/Los_Angeles' };

/** Whether a listing that was revised so often today may be revised once more. */
export function mayRevise(revisions: number, kind: RevisionKind, policy: Pick<RevisionPolicy, 'perDay' | 'keptForDecreases'>): boolean {
  return revisions < (kind === 'decrease' ? policy.perDay : policy.perDay - policy.keptForDecreases);
}

/** A budget in memory, for one process. Throws a `RangeError` for a policy that keeps more than there is. */
export function memoryRevisionBudget(given: Partial<RevisionPolicy> = {}): RevisionBudget {
  const policy = { ...defaultRevisionPolicy, ...given };
  if (!(policy.keptForDecreases >= 0 && policy.keptForDecreases <= policy.perDay))
    throw new RangeError(`cannot keep ${policy.keptForDecreases} of ${policy.perDay} revisions`);
  let day = '';
  let revisions = new Map<string, number>();
  const turnTo = (at: Instant) => {
    const now = localDate(at, policy.zone);
    if (now === day) return;
    day = now;
    revisions = new Map();
  };
  return {
    take(listing, at, kind) {
      turnTo(at);
      const before = revisions.get(listing) ?? 0;
      const allowed = mayRevise(before, kind, policy);
      if (allowed) revisions.set(listing, before + 1);
      return Promise.resolve(allowed);
    },
    exhaust(listing, at) {
      turnTo(at);
      revisions.set(listing, policy.perDay);
      return Promise.resolve();
    },
  };
}
