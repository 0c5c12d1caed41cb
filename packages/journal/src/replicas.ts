import type { Clock, Instant } from '@quartermaster/domain';
import { parseJson, type Json } from './json.ts';
import type { Store } from './store.ts';
import type { Database } from './tables.ts';

/** A process that works on this journal. */
export type Replica = {
  /** New with every start. */
  readonly id: string;
  /** For people: host and process. */
  readonly name: string;
  readonly startedAt: Instant;
  readonly lastSeen: Instant;
  /** What it is busy with, without personal data. */
  readonly holds: unknown;
};

export type ReplicaReads = {
  /** All that have not left, those seen last first. One that died stays until it is forgotten. */
  list(): Promise<Replica[]>;
};

export type Replicas = ReplicaReads & {
  /** Says that it lives, by the time that leases go by. */
  beat(replica: { readonly id: string; readonly name: string; readonly startedAt: Instant; readonly holds: Json }): Promise<void>;
  leave(id: string): Promise<void>;
  /** Forgets those not seen for so long, and returns how many those were. */
  forget(silentMs: number): Promise<number>;
};

export function replicaReads(db: Database): ReplicaReads {
  return {
    async list() {
      const rows = await db.selectFrom('replica').selectAll().orderBy('last_seen', 'desc').orderBy('id').execute();
      return rows.map(({ id, name, started_at, last_seen, holds }) => ({
        id,
        name,
        startedAt: started_at,
        lastSeen: last_seen,
        holds: parseJson(holds),
      }));
    },
  };
}

export function replicas(db: Database, { store, clock }: { readonly store: Store; readonly clock: Clock }): Replicas {
  return {
    ...replicaReads(db),
    async beat({ id, name, startedAt, holds }) {
      const written = { last_seen: store.now(clock.now()), holds: JSON.stringify(holds) };
      await db
        .insertInto('replica')
        .values({ id, name, started_at: startedAt, ...written })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(written))
        .execute();
    },
    async leave(id) {
      await db.deleteFrom('replica').where('id', '=', id).execute();
    },
    async forget(silentMs) {
      const gone = await db.deleteFrom('replica').where('last_seen', '<=', store.later(clock.now(), -silentMs)).returning('id').execute();
      return gone.length;
    },
  };
}
