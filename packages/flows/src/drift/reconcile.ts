import { parseKey, type ConnectionId, type Instant } from '@quartermaster/domain';
import { z } from 'zod';
import { actsOn, scopeOf, type FlowContext } from '../context.ts';
import type { FlowSettings } from '../settings.ts';
import { takeTurn, type InTurn, type Urgency } from '../turns.ts';
import { driftCauseNames, type DriftCause } from './causes.ts';
import { chooseHeals, whyTold, type Seen, type Verdict } from './choose-heals.ts';
import type { Difference } from './difference.ts';
import { mend } from './heal.ts';
import { entryKey, goneOf, noteGone, noteSeen, openEntries, seenAgain, tellOf, type DriftEntry, type Healed } from './ledger.ts';
import { look, type Look, type LookAt, type LookContext } from './look.ts';

/** What is to be done: by the daemon with the causes that its config names, or by a person with all that can be mended. */
export type Reconciling = {
  readonly at: LookAt;
  readonly causes: ReadonlySet<DriftCause>;
  readonly by: string;
  readonly reason: string;
};

/** One difference of a report: what it is, since when, and what was done or would be. */
export type Reported = {
  readonly difference: Difference;
  readonly entry: DriftEntry;
  readonly verdict: Verdict;
  /** Null: not mended now. */
  readonly outcome: Healed['outcome'] | null;
};

export type ReconcileReport = Pick<Look, 'orders' | 'levels' | 'positions' | 'unread'> & {
  readonly at: Instant;
  readonly differences: readonly Reported[];
  /** Entries of the ledger that were closed, because the sides agree again. */
  readonly closed: number;
};

/** Longer than reading a page of a channel takes; it is renewed with everything that is written, and by the pulse. */
const leaseMs = 5 * 60_000;
const turnName = 'reconcile';
const levelsStream = 'drift-levels';
const levelsSchema = z.object({ readTo: z.string() });
const perTransaction = 100;

/** Every cause that can be mended at all. */
export const everyCause: ReadonlySet<DriftCause> = new Set(driftCauseNames);

/** What the daemon does by itself. */
export function reconcilingOf({ reconcile: { heal } }: Pick<FlowSettings, 'reconcile'>): Reconciling {
  return { at: {}, causes: new Set(heal), by: 'quartermaster', reason: 'at its turn' };
}

/**
 * Compares channels, ERP and journal, keeps in the ledger what was found, mends what has lasted for the window, within the bounds of the policy, and tells a person of the rest. One replica does
 * it at a time; null when it was left to another.
 */
export async function reconcile(context: FlowContext, given: Reconciling, urgency: Urgency): Promise<ReconcileReport | null> {
  return takeTurn(context, { name: turnName, connection: context.erp.connection, leaseMs }, urgency, (held) =>
    inTurn(context, given, held),
  );
}

/** Whether a later look may find more to do: something was seen once only, or waits for its turn. */
export function isUnsettled({ differences }: ReconcileReport): boolean {
  return differences.some(({ verdict }) => verdict.kind === 'heal' || verdict.why === 'seen-once' || verdict.why === 'too-many');
}

/** The same without doing any of it: what a look finds now, and what a supervisor's `--apply` would do. Reads vendors and journal, and writes to none. */
export async function previewDrift(context: LookContext, at: LookAt): Promise<ReconcileReport> {
  const open = await openEntries(context.journal);
  const now = context.clock.now();
  const found = await look(context, { at, open, levelsFrom: await levelsFrom(context) });
  const seen = found.differences.map((difference) => ({
    difference,
    entry: seenAgain(open.get(entryKey(difference)) ?? null, difference, now),
  }));
  const verdicts = choose(context, seen, found, everyCause);
  const gone = goneOf(open, found.compared, new Set(seen.map(({ entry }) => entry.key)));
  return reportOf(
    found,
    now,
    seen.map((each, index) => ({ ...each, verdict: verdicts[index] ?? seenOnce, outcome: null })),
    gone.length,
  );
}

async function inTurn(context: FlowContext, given: Reconciling, held: InTurn): Promise<ReconcileReport> {
  const { journal, clock } = context;
  // A look is as old as its beginning: what changed since is not mended.
  const at = clock.now();
  const open = await openEntries(journal);
  const found = await look(context, { at: given.at, open, levelsFrom: await levelsFrom(context) });
  const seen: Seen[] = [];
  for (let from = 0; from < found.differences.length; from += perTransaction) {
    const part = found.differences.slice(from, from + perTransaction);
    const entries = await journal.transaction(async (tx) => {
      await held.guard(tx);
      const kept: DriftEntry[] = [];
      for (const difference of part) kept.push(await noteSeen(tx, difference, at));
      return kept;
    });
    entries.forEach((entry, index) => {
      const difference = part[index];
      if (difference !== undefined) seen.push({ difference, entry });
    });
  }
  const gone = goneOf(open, found.compared, new Set(seen.map(({ entry }) => entry.key)));
  const closed = await journal.transaction(async (tx) => {
    await held.guard(tx);
    let count = 0;
    for (const key of gone) if (await noteGone(tx, key, at)) count += 1;
    for (const [connection, readTo] of found.levelsReadTo)
      await tx.cursors.set(scopeOf(context.settings, connection), levelsStream, { readTo });
    return count;
  });
  const verdicts = choose(context, seen, found, given.causes);
  const differences: Reported[] = [];
  for (const [index, each] of seen.entries()) {
    const verdict = verdicts[index] ?? seenOnce;
    const outcome = verdict.kind === 'heal' ? await mend(context, each, { ...given, guard: held.guard }) : null;
    const why = whyTold(verdict);
    if (why !== null)
      await journal.transaction(async (tx) => {
        await held.guard(tx);
        await tellOf(tx, context, each.entry.key, why);
      });
    differences.push({ ...each, verdict, outcome });
  }
  const mended = differences.filter(({ outcome }) => outcome === 'done').length;
  const { orders, levels, positions } = found;
  context.log({ at, event: 'drift.compared', orders, levels, positions, differences: differences.length, mended, closed, by: given.by });
  return reportOf(found, at, differences, closed);
}

const seenOnce: Verdict = { kind: 'left', why: 'seen-once' };

function choose(
  context: Pick<LookContext, 'settings'>,
  seen: readonly Seen[],
  { unread }: Look,
  causes: ReadonlySet<DriftCause>,
): Verdict[] {
  const { settings } = context;
  const away = new Set(unread.map(({ connection }) => connection));
  return chooseHeals(seen, {
    policy: settings.reconcile,
    currency: settings.currency,
    causes,
    access(difference) {
      const channel = channelOf(difference);
      if (channel !== null && !actsOn(settings, channel)) return 'observed';
      const touched = [settings.erp.connection, ...(channel === null ? [] : [channel])];
      return touched.some((connection) => away.has(connection)) ? 'away' : 'free';
    },
  });
}

/** The channel whose order or figure it is. */
function channelOf({ subject }: Difference): ConnectionId | null {
  if (subject.kind === 'order') return parseKey(subject.order).scope.connection;
  return subject.kind === 'level' ? subject.connection : null;
}

async function levelsFrom({ journal, settings }: Pick<LookContext, 'journal' | 'settings'>): Promise<Map<ConnectionId, string>> {
  return journal.read(async (tx) => {
    const from = new Map<ConnectionId, string>();
    for (const { connection } of settings.channels) {
      const kept = await tx.cursors.get(scopeOf(settings, connection), levelsStream, levelsSchema);
      if (kept !== null) from.set(connection, kept.readTo);
    }
    return from;
  });
}

function reportOf(
  { orders, levels, positions, unread }: Look,
  at: Instant,
  differences: readonly Reported[],
  closed: number,
): ReconcileReport {
  return { at, orders, levels, positions, unread, differences, closed };
}
