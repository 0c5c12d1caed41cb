import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Instant } from '@quartermaster/domain';
import type { FlowContext } from './context.ts';

/** This process among those that share a journal. */
export type ReplicaSelf = {
  /** New with every start. */
  readonly id: string;
  /** For people: host and process. */
  readonly name: string;
  readonly startedAt: Instant;
  /** Names of the leases that it holds now. */
  readonly holds: Set<string>;
};

export function thisReplica(startedAt: Instant, called?: Pick<ReplicaSelf, 'id' | 'name'>): ReplicaSelf {
  const { id, name } = called ?? { id: randomUUID(), name: `${hostname()}/${process.pid}` };
  return { id, name, startedAt, holds: new Set() };
}

/** How often a replica says that it lives, and after what silence it is forgotten. Nothing hangs on it but what people see: leases end by themselves. */
export const heartbeat = { everyMs: 10_000, forgottenMs: 24 * 3_600_000 };

/** Says that this replica lives, and with what it is busy; forgets those that have been silent for a day. */
export async function beat({ journal, replica }: Pick<FlowContext, 'journal' | 'replica'>): Promise<void> {
  const { id, name, startedAt, holds } = replica;
  await journal.transaction(async (tx) => {
    await tx.replicas.beat({ id, name, startedAt, holds: [...holds].sort() });
    await tx.replicas.forget(heartbeat.forgottenMs);
  });
}

export async function leave({ journal, replica }: Pick<FlowContext, 'journal' | 'replica'>): Promise<void> {
  await journal.transaction((tx) => tx.replicas.leave(replica.id));
}

/**
 * Takes back what the dead held. The only writer of a journal was alone when it starts, so everything that is held was its predecessor's (`all`); where several write, only what has run
 * out is taken back, at the start and again and again. Returns how many intents those were.
 */
export async function takeBack({ journal, clock, log }: Pick<FlowContext, 'journal' | 'clock' | 'log'>, leases: 'all' | 'expired') {
  const everything = leases === 'all' && !journal.shared;
  const recovered = await journal.transaction(async (tx) => {
    if (everything) {
      for (const { name, fence } of await tx.leases.list()) await tx.leases.release({ name, fence });
      await tx.replicas.forget(0);
    }
    return tx.intents.recover({ now: clock.now(), leases: everything ? 'all' : 'expired' });
  });
  if (recovered.length > 0) log({ at: clock.now(), event: 'intents.recovered', count: recovered.length });
  return recovered.length;
}
