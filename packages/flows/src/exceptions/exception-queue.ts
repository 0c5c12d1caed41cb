import type { Instant } from '@quartermaster/domain';
import type { ExceptionCase, ReadTransaction, Transaction } from '@quartermaster/journal';
import { exceptionCareSchema, noCare, standingOf, type ExceptionCare, type ExceptionStanding } from './exception-clock.ts';
import { exceptionMeanings } from './exception-meanings.ts';
import { nextActionOf } from './exception-next.ts';
import type { ExceptionPolicy } from './exception-policy.ts';
import { policiesInTime } from '../policy/policy-in-force.ts';
import type { PolicyStamp } from '../policy/policy-hash.ts';

/** An exception as people see it in their queue. */
export type QueuedException = ExceptionCase &
  ExceptionStanding & {
    readonly meaning: string | null;
    readonly next: string | null;
    /** The policy in force when it was last raised; null where the journal kept none then. */
    readonly policy: PolicyStamp | null;
  };

export const careKind = 'exception-care';

export type QueueQuery = {
  readonly open?: boolean | undefined;
  readonly code?: string | undefined;
  readonly owner?: string | undefined;
  /** Only those whose time is over. */
  readonly overdue?: boolean | undefined;
  /** Only ids above this one. */
  readonly after?: number | undefined;
  readonly limit: number;
};

type Given = { readonly policy: ExceptionPolicy; readonly now: Instant };

/** The queue, oldest first. */
export async function exceptionQueue(tx: ReadTransaction, query: QueueQuery, given: Given): Promise<QueuedException[]> {
  const { open, code, owner, overdue, limit, after: from } = query;
  const asked = { ...(open === undefined ? {} : { open }), ...(code === undefined ? {} : { code }) };
  const found: QueuedException[] = [];
  const policyAt = await policiesInTime(tx);
  for (let after = from; found.length < limit;) {
    const page = await tx.exceptions.list({ ...asked, ...(after === undefined ? {} : { after }), limit: pageSize });
    for (const exception of page) {
      const queued = await seenAs(tx, exception, given, policyAt);
      if ((owner === undefined || queued.owner === owner) && (overdue !== true || queued.overdue)) found.push(queued);
    }
    after = page.at(-1)?.id;
    if (page.length < pageSize) break;
  }
  return found.slice(0, limit);
}

/** One exception with its clock; what people did about it is looked up. */
export async function queuedOf(tx: ReadTransaction | Transaction, exception: ExceptionCase, given: Given): Promise<QueuedException> {
  return seenAs(tx, exception, given, await policiesInTime(tx));
}

async function seenAs(
  tx: ReadTransaction | Transaction,
  exception: ExceptionCase,
  given: Given,
  policyAt: (at: Instant) => PolicyStamp | null,
): Promise<QueuedException> {
  const { body } = await careOf(tx, exception.id);
  return {
    ...exception,
    policy: policyAt(exception.lastRaisedAt),
    ...standingOf(exception, body, given),
    meaning: exceptionMeanings[exception.code] ?? null,
    next: exception.resolved === null ? nextActionOf(exception) : null,
  };
}

/** What was done about an exception, and the version that a change of it is decided on. */
export async function careOf(tx: ReadTransaction | Transaction, id: number): Promise<{ body: ExceptionCare; version: number }> {
  return (await tx.records.get(careKind, String(id), exceptionCareSchema)) ?? { body: noCare, version: 0 };
}

/** Keeps what was done about an exception. */
export async function keepCare(tx: Transaction, id: number, care: ExceptionCare, given: { now: Instant; version: number }): Promise<void> {
  await tx.records.put(careKind, String(id), { state: 'open', body: care, at: given.now, version: given.version });
}

const pageSize = 500;
