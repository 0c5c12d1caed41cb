import type { Instant } from '@quartermaster/domain';
import { sql, type SelectQueryBuilder } from 'kysely';
import { intentOf, type LeasedIntent } from './intent.ts';
import type { Store } from './store.ts';
import { storedInstant } from './stored-instant.ts';
import type { Database, Tables } from './tables.ts';

export type ClaimQuery = {
  /** Name of the worker, for people; the token is made from it. */
  readonly worker: string;
  readonly now: Instant;
  readonly limit: number;
  readonly leaseMs: number;
  readonly kinds?: readonly string[];
  /** Only intents of these connections. */
  readonly connections?: readonly string[];
  /** Connections that must not be troubled now: at their quota, or paused. */
  readonly busyConnections?: readonly string[];
};

export type Recovered = { readonly id: number; readonly key: string; readonly from: 'leased' | 'sent'; readonly to: 'ready' | 'unknown' };

/** For the workers: find what may go now. */
export type IntentQueue = {
  /**
   * Leases what is ready and due, oldest first. An intent waits for every earlier one with its ordering key that is not `done`, `failed` or `cancelled`, and never goes
   * while another one with its ordering key is in flight.
   */
  claim(query: ClaimQuery): Promise<LeasedIntent[]>;
  /**
   * Leases `unknown` intents that are due, to look them up; they stay `unknown` until the lookup says more. One waits for every earlier one with its ordering key that is in flight, so that what is
   * found out about an order is found out in its order.
   */
  claimUnknown(query: ClaimQuery): Promise<LeasedIntent[]>;
  /**
   * Takes back leases that ran out; `leases: 'all'` also those that still run, when the single writer of a file starts, before its first claim. Where others may be alive
   * (PostgreSQL) it takes back no more than `expired` does. What never left is ready again; what was sent is ready again where its safety allows to repeat it, and `unknown` where only reading back helps.
   */
  recover(query: { readonly now: Instant; readonly leases: 'expired' | 'all' }): Promise<Recovered[]>;
};

/**
 * The rule of order. States stand in the text, not in parameters: only then may the store use its partial indexes. The second half (a later one in flight) matters when a
 * person redrives an earlier one that had failed.
 */
const nothingHoldsItBack = sql<boolean>`not exists (
  select 1 from intent as other
  where other.order_key = intent.order_key and other.state in ('planned', 'ready', 'leased', 'sent', 'unknown', 'dead')
    and (other.id < intent.id or (other.id > intent.id and other.state in ('leased', 'sent', 'unknown'))))`;
/** An earlier one that is only ready does not hold a look-up back: it waits for this one itself. */
const noEarlierIsInFlight = sql<boolean>`not exists (
  select 1 from intent as other
  where other.order_key = intent.order_key and other.state in ('planned', 'ready', 'leased', 'sent', 'unknown', 'dead')
    and other.id < intent.id and other.state in ('leased', 'sent', 'unknown'))`;
const isReady = sql<boolean>`intent.state = 'ready'`;
const isUnknown = sql<boolean>`intent.state = 'unknown'`;

export function intentQueue(
  db: Database,
  given: { readonly store: Store; readonly randomBytes: (size: number) => Uint8Array },
): IntentQueue {
  const { store } = given;
  return {
    async claim(query) {
      const lease = leaseOf(query, given);
      const due = dueFor(query, db.selectFrom('intent').select('intent.id').where(isReady).where(nothingHoldsItBack));
      const chosen = await store.unclaimed(due).execute();
      if (chosen.length === 0) return [];
      // Asked again now that they are ours: another process may have let an earlier one of the order go meanwhile.
      const rows = await db
        .updateTable('intent')
        .set((row) => ({ state: 'leased', attempt: row('attempt', '+', 1), lookups: 0, ...lease }))
        .where('id', 'in', chosen.map(idOf))
        .where(isReady)
        .where(nothingHoldsItBack)
        .returningAll()
        .execute();
      return rows.map((row) => ({ ...intentOf(row), token: lease.lease_token })).sort(byId);
    },
    async claimUnknown(query) {
      const lease = leaseOf(query, given);
      const free = db
        .selectFrom('intent')
        .select('intent.id')
        .where(isUnknown)
        .where(noEarlierIsInFlight)
        .where((is) => is.or([is('lease_until', 'is', null), is('lease_until', '<=', store.now(query.now))]));
      const chosen = await store.unclaimed(dueFor(query, free)).execute();
      if (chosen.length === 0) return [];
      const rows = await db
        .updateTable('intent')
        .set((row) => ({ lookups: row('lookups', '+', 1), ...lease }))
        .where('id', 'in', chosen.map(idOf))
        .returningAll()
        .execute();
      return rows.map((row) => ({ ...intentOf(row), token: lease.lease_token })).sort(byId);
    },
    async recover({ now: at, leases }) {
      const now = storedInstant(at);
      const over =
        leases === 'all' && store.aloneInIt
          ? sql<boolean>`lease_token is not null`
          : sql<boolean>`lease_token is not null and lease_until <= ${store.now(at)}`;
      const released = { lease_token: null, lease_until: null, changed_at: now };
      const neverLeft = await db
        .updateTable('intent')
        .set({ ...released, state: 'ready' })
        .where('state', '=', 'leased')
        .where(over)
        .returning(['id', 'key'])
        .execute();
      const lookedUp = await db
        .updateTable('intent')
        .set({ ...released, state: 'unknown', run_at: now, in_doubt: 1 })
        .where('state', '=', 'sent')
        .where('safety', '=', 'read-back')
        .where(over)
        .returning(['id', 'key'])
        .execute();
      const repeated = await db
        .updateTable('intent')
        .set({ ...released, state: 'ready', in_doubt: 1 })
        .where('state', '=', 'sent')
        .where('safety', '!=', 'read-back')
        .where(over)
        .returning(['id', 'key'])
        .execute();
      await db.updateTable('intent').set(released).where('state', '=', 'unknown').where(over).execute();
      const recovered: Recovered[] = [
        ...neverLeft.map((row) => ({ ...row, from: 'leased' as const, to: 'ready' as const })),
        ...lookedUp.map((row) => ({ ...row, from: 'sent' as const, to: 'unknown' as const })),
        ...repeated.map((row) => ({ ...row, from: 'sent' as const, to: 'ready' as const })),
      ];
      return recovered.sort(byId);
    },
  };
}

export async function nextRunAt(db: Database, at: Instant): Promise<Instant | null> {
  const now = storedInstant(at);
  const ready = await db
    .selectFrom('intent')
    .select(({ fn }) => fn.min('run_at').as('at'))
    .where(isReady)
    .where('run_at', '>', now)
    .where(nothingHoldsItBack)
    .executeTakeFirst();
  const unknown = await db
    .selectFrom('intent')
    .select(({ fn }) => fn.min('run_at').as('at'))
    .where(isUnknown)
    .where('run_at', '>', now)
    .executeTakeFirst();
  const times = [ready?.at ?? null, unknown?.at ?? null].filter((at) => at !== null);
  return times.sort()[0] ?? null;
}

type DueIntents = SelectQueryBuilder<Tables, 'intent', { id: number }>;

/**
 * The index of what is ready begins with the connection. Where no connection is named, an order by the bare id would lead the store to the whole table instead, finished intents and all; so the few
 * that are ready are sorted.
 */
function dueFor({ now, limit, kinds, connections, busyConnections }: ClaimQuery, from: DueIntents): DueIntents {
  return from
    .where((is) =>
      is.and([
        is('intent.run_at', '<=', storedInstant(now)),
        ...(kinds === undefined ? [] : [is('intent.kind', 'in', kinds)]),
        ...(connections === undefined ? [] : [is('intent.connection', 'in', connections)]),
        ...(busyConnections === undefined ? [] : [is('intent.connection', 'not in', busyConnections)]),
      ]),
    )
    .orderBy(connections === undefined ? sql`intent.id + 0` : 'intent.id')
    .limit(limit);
}

/** A token is new with every claim, not only with every worker: a call of this worker that outlived its lease must not pass for the next one. */
function leaseOf(
  { worker, now, leaseMs }: ClaimQuery,
  { store, randomBytes }: { readonly store: Store; readonly randomBytes: (size: number) => Uint8Array },
) {
  const nonce = Buffer.from(randomBytes(9)).toString('base64url');
  return { lease_token: `${worker}/${nonce}`, lease_until: store.later(now, leaseMs), changed_at: storedInstant(now) };
}

function idOf({ id }: { readonly id: number }): number {
  return id;
}

function byId(first: { readonly id: number }, second: { readonly id: number }): number {
  return first.id - second.id;
}
