import type { Clock, Instant } from '@quartermaster/domain';
import { sql, type SelectQueryBuilder } from 'kysely';
import type { BucketRate } from './buckets.ts';
import type { IntentState } from './intent-state.ts';
import type { Store } from './store.ts';
import type { Database, Tables } from './tables.ts';

/** Intents of one kind on one connection that are in one state; `oldestAt` is when the oldest of them was added. */
export type UnfinishedIntents = {
  readonly connection: string;
  readonly kind: string;
  readonly state: IntentState;
  readonly count: number;
  readonly oldestAt: Instant;
};

export type OpenExceptions = { readonly code: string; readonly owner: string; readonly count: number; readonly oldestAt: Instant };
export type PendingArrivals = { readonly connection: string; readonly kind: string; readonly count: number; readonly oldestAt: Instant };

/** How much there is of something, counted where it lies: for figures and bounds, which must not read everything. What there is none of is missing. */
export type CountReads = {
  /** Everything that is not done, failed or cancelled. */
  unfinishedIntents(): Promise<UnfinishedIntents[]>;
  openExceptions(): Promise<OpenExceptions[]>;
  /** What came in and is not handled yet. */
  pendingArrivals(): Promise<PendingArrivals[]>;
  /** How many records of a kind are in one of these states, their key beginning with `prefix`, which ends in a slash; counts no further than `upTo`. */
  records(kind: string, query: { readonly states: readonly string[]; readonly prefix: string; readonly upTo: number }): Promise<number>;
  /** How many records of a kind wait for their time, by state. */
  waitingRecords(kind: string): Promise<ReadonlyMap<string, number>>;
  /** How many intents are on their way, neither finished nor dead, whose ordering key begins with `prefix`, which ends in a slash; counts no further than `upTo`. */
  intentsOnTheirWay(query: { readonly prefix: string; readonly upTo: number }): Promise<number>;
  /** How many arrivals of a kind wait on a connection; counts no further than `upTo`. */
  arrivals(query: { readonly kind: string; readonly connection: string; readonly upTo: number }): Promise<number>;
  /** Tokens that a bucket has now; all of them when it was never used. */
  tokens(name: string, rate: BucketRate): Promise<number>;
};

/** As in the index `intent_open`: states stand in the text, so that the store may use it. */
export const isUnfinished = sql<boolean>`intent.state in ('planned', 'ready', 'leased', 'sent', 'unknown', 'dead')`;

export function countReads(db: Database, { store, clock }: { readonly store: Store; readonly clock: Clock }): CountReads {
  return {
    async unfinishedIntents() {
      return db
        .selectFrom('intent')
        .select(({ fn }) => ['connection', 'kind', 'state', fn.countAll<number>().as('count'), fn.min('created_at').as('oldestAt')])
        .where(isUnfinished)
        .groupBy(['connection', 'kind', 'state'])
        .orderBy('connection')
        .orderBy('kind')
        .orderBy('state')
        .execute();
    },
    async openExceptions() {
      return db
        .selectFrom('exception_case')
        .select(({ fn }) => ['code', 'owner', fn.countAll<number>().as('count'), fn.min('raised_at').as('oldestAt')])
        .where('resolved_at', 'is', null)
        .groupBy(['code', 'owner'])
        .orderBy('code')
        .orderBy('owner')
        .execute();
    },
    async pendingArrivals() {
      return db
        .selectFrom('inbox')
        .select(({ fn }) => ['connection', 'kind', fn.countAll<number>().as('count'), fn.min('received_at').as('oldestAt')])
        .where('handled_at', 'is', null)
        .groupBy(['connection', 'kind'])
        .orderBy('connection')
        .orderBy('kind')
        .execute();
    },
    async records(kind, { states, prefix, upTo }) {
      let found = 0;
      // One state after the other: each is one stretch of the index `record_state`.
      for (const state of states) {
        if (found >= upTo) break;
        const some = db
          .selectFrom('record')
          .select('key')
          .where('kind', '=', kind)
          .where('state', '=', state)
          .where('key', '>=', prefix)
          .where('key', '<', behind(prefix))
          .limit(upTo - found);
        found += await counted(db, some);
      }
      return found;
    },
    async waitingRecords(kind) {
      const rows = await db
        .selectFrom('record')
        // Not by the states, which lead over everything that ever was in one.
        .select(({ fn }) => [sql<string>`state || ''`.as('state'), fn.countAll<number>().as('count')])
        .where('kind', '=', kind)
        .where('due_at', 'is not', null)
        .groupBy(sql`state || ''`)
        .orderBy(sql`state || ''`)
        .execute();
      return new Map(rows.map(({ state, count }) => [state, count]));
    },
    intentsOnTheirWay({ prefix, upTo }) {
      const some = db
        .selectFrom('intent')
        .select('order_key as key')
        .where(isUnfinished)
        .where('state', '!=', 'dead')
        .where('order_key', '>=', prefix)
        .where('order_key', '<', behind(prefix))
        .limit(upTo);
      return counted(db, some);
    },
    arrivals({ kind, connection, upTo }) {
      const some = db
        .selectFrom('inbox')
        .select('vendor_id as key')
        .where('handled_at', 'is', null)
        .where('kind', '=', kind)
        .where('connection', '=', connection)
        .limit(upTo);
      return counted(db, some);
    },
    async tokens(name, { capacity, refillPerSecond }) {
      const row = await db
        .selectFrom('bucket')
        .select((is) => is(is('full_at', '-', store.nowMicros(clock.now())), '+', 0).as('missing'))
        .where('name', '=', name)
        .executeTakeFirst();
      const missing = Math.max(0, row?.missing ?? 0) / 1e6;
      return Math.max(0, capacity - missing * refillPerSecond);
    },
  };
}

async function counted<From extends keyof Tables>(db: Database, keys: SelectQueryBuilder<Tables, From, { key: string }>): Promise<number> {
  const row = await db
    .selectFrom(keys.as('some'))
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirst();
  return row?.count ?? 0;
}

/** The first text that does not begin with `prefix` any more: `0` comes right behind the slash that it ends with. */
function behind(prefix: string): string {
  if (!prefix.endsWith('/')) throw new RangeError(`${prefix} does not end with a slash`);
  return `${prefix.slice(0, -1)}0`;
}
