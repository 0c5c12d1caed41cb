import type { ConnectionId, Instant, Scope } from '@quartermaster/domain';
import { ConflictError, type HeldLease, type ReadTransaction, type Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { scopeOf, type FlowContext } from './context.ts';

/** Something that recurs and that only one replica may do at a time, such as reading a channel. */
export type Turn = {
  /** What is done, such as `orders`; with the connection it names the lease. */
  readonly name: string;
  readonly connection: ConnectionId;
  /** How long the lease lasts when its holder is lost. While its holder lives it is renewed. */
  readonly leaseMs: number;
};

/** Whether a turn is taken: not when it was begun since `since` (null: in any case); and while another replica is at it, this one either waits or leaves it. */
export type Urgency = { readonly since: Instant | null; readonly whenBusy: 'wait' | 'leave' };

/** What a holder needs in order to write in the name of its lease. */
export type InTurn = {
  readonly lease: HeldLease;
  /** Makes a transaction one that only the holder can commit, and begins the lease anew: throws a `ConflictError` when it went to somebody else. */
  readonly guard: (tx: Transaction) => Promise<void>;
  /** The turn has not come to its end: it does not count as taken, and whoever comes next goes on. */
  readonly leaveOpen: () => void;
};

const doneSchema = z.object({ at: z.string() });
const doneStream = (name: string) => `${name}-done`;
const lookAgainMs = 250;

/**
 * Does a turn under its lease, and notes when it began, so that the other replicas need not. Null when it was done already or is left to another. Whoever loses the lease on the way (a
 * process that was held up for longer than it lasts) writes nothing more: the `ConflictError` of the journal is thrown.
 */
export async function takeTurn<Result>(
  context: FlowContext,
  turn: Turn,
  urgency: Urgency,
  work: (held: InTurn) => Promise<Result>,
): Promise<Result | null> {
  const { journal, clock } = context;
  const scope = scopeOf(context.settings, turn.connection);
  const stream = doneStream(turn.name);
  for (;;) {
    const startedAt = clock.now();
    const taken = await journal.transaction(async (tx) => {
      const done = urgency.since === null ? null : await tx.cursors.get(scope, stream, doneSchema);
      return done !== null && done.at >= (urgency.since ?? '') ? 'done' : takeLease(tx, context, turn);
    });
    if (taken === 'done') return null;
    if (taken !== null) {
      return await underLease(context, taken, turn.leaseMs, async (held) => {
        let whole = true;
        const result = await work({ ...held, leaveOpen: () => (whole = false) });
        if (whole) await journal.transaction((tx) => tx.cursors.set(scope, stream, { at: startedAt }, held.lease));
        return result;
      });
    }
    if (urgency.whenBusy === 'leave') return null;
    await clock.sleep(lookAgainMs);
  }
}

/** Does something under a lease that is free; null when somebody else has it. */
export async function whileAlone<Result>(
  context: FlowContext,
  turn: Turn,
  work: (held: InTurn) => Promise<Result>,
): Promise<{ readonly result: Result } | null> {
  const lease = await context.journal.transaction((tx) => takeLease(tx, context, turn));
  return lease === null ? null : { result: await underLease(context, lease, turn.leaseMs, work) };
}

/** When a turn was last taken and came to its end: when that began. Null: never. */
export async function lastTurn(
  { journal }: { readonly journal: Pick<FlowContext['journal'], 'read'> },
  scope: Scope,
  name: string,
): Promise<Instant | null> {
  return journal.read((tx) => turnTaken(tx, scope, name));
}

/** The same within a transaction. */
export async function turnTaken(tx: ReadTransaction | Transaction, scope: Scope, name: string): Promise<Instant | null> {
  return (await tx.cursors.get(scope, doneStream(name), doneSchema))?.at ?? null;
}

export function leaseName({ settings }: Pick<FlowContext, 'settings'>, { name, connection }: Omit<Turn, 'leaseMs'>): string {
  return [settings.tenant, settings.company, connection, name].map(encodeURIComponent).join('/');
}

async function takeLease(tx: Transaction, context: FlowContext, turn: Turn): Promise<HeldLease | null> {
  const name = leaseName(context, turn);
  const before = (await tx.leases.list()).find((each) => each.name === name)?.holder ?? null;
  const fence = await tx.leases.take(name, context.replica.id, turn.leaseMs);
  if (fence !== null && before !== null) context.log({ at: context.clock.now(), event: 'lease.taken-over', lease: name });
  return fence === null ? null : { name, fence };
}

async function underLease<Result>(
  context: FlowContext,
  lease: HeldLease,
  leaseMs: number,
  work: (held: InTurn) => Promise<Result>,
): Promise<Result> {
  const { journal } = context;
  const stop = context.pulse(leaseMs / 3, () => journal.transaction((tx) => tx.leases.renew(lease, leaseMs)));
  context.replica.holds.add(lease.name);
  try {
    return await work({
      lease,
      leaveOpen: () => undefined,
      async guard(tx) {
        if (!(await tx.leases.renew(lease, leaseMs))) throw new ConflictError(`the lease ${lease.name} is held by somebody else now`);
      },
    });
  } finally {
    stop();
    context.replica.holds.delete(lease.name);
    // When the journal failed, what it says has been thrown already, and the lease ends by itself.
    await journal.transaction((tx) => tx.leases.release(lease)).catch(() => false);
  }
}
