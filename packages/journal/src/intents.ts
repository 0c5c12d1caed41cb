import { provedAbsentRef, type Clock, type EffectRefs, type Instant } from '@quartermaster/domain';
import { sql, type Selectable } from 'kysely';
import { intentOf, parseRefs, type Intent, type IntentDraft } from './intent.ts';
import { isUnfinished } from './counts.ts';
import { intentLease, type IntentLease } from './intent-lease.ts';
import { intentQueue, nextRunAt, type IntentQueue } from './intent-queue.ts';
import type { IntentState } from './intent-state.ts';
import { rawAnswers, readRawAnswers, type RawAnswer } from './raw-answers.ts';
import { statement } from './statement.ts';
import type { Store } from './store.ts';
import type { SubjectKeys } from './subject-keys.ts';
import { storedInstant } from './stored-instant.ts';
import type { Database, Tables } from './tables.ts';

export type IntentQuery = {
  readonly states?: readonly IntentState[];
  readonly kinds?: readonly string[];
  readonly connections?: readonly string[];
  readonly orderKey?: string;
  /** Only ids above this one. */
  readonly after?: number;
  readonly limit: number;
};

export type IntentCount = { readonly kind: string; readonly state: IntentState; readonly count: number };

export type IntentReads = {
  get(id: number): Promise<Intent | null>;
  find(key: string): Promise<Intent | null>;
  /** Oldest first. */
  list(query: IntentQuery): Promise<Intent[]>;
  /** How many there are of each kind in each state; what there is none of is missing. */
  counts(): Promise<IntentCount[]>;
  /** When the next intent that nothing else holds back falls due, later than `now`: how far a virtual clock may jump. Null when none waits for its time. */
  nextRunAt(now: Instant): Promise<Instant | null>;
  /** The answers kept as they came, oldest first, less those whose subject was erased. */
  rawAnswers(id: number): Promise<RawAnswer[]>;
};

export type CancelQuery = {
  readonly orderKey: string;
  readonly kinds?: readonly string[];
  /** Only intents whose key begins with this text. */
  readonly keyPrefix?: string;
};

/** What cancelling met: `inDoubt` intents may have happened already and go on; what they did is undone afterwards. */
export type Cancelled = { readonly cancelled: readonly Intent[]; readonly inDoubt: readonly Intent[] };

export type Intents = IntentReads &
  IntentQueue &
  IntentLease & {
    /** `known` when the key was added before, in whatever state it is now; then nothing changes. */
    add(draft: IntentDraft): Promise<'new' | 'known'>;
    /** Lets a `planned` intent go. False when it is not planned any more. */
    makeReady(id: number): Promise<boolean>;
    /** Gives up what has not left yet. */
    cancel(query: CancelQuery): Promise<Cancelled>;
    /**
     * A person lets a `dead` or `failed` intent go once more. False when it is neither. With `provedAbsent` the person has looked, and nothing of it has happened: it is not in doubt
     * any more, and its refs say since when (`provedAbsentRef`).
     */
    redrive(id: number, runAt: Instant, how?: { readonly provedAbsent: boolean }): Promise<boolean>;
    /** A person has a `dead` intent that may have happened looked up once more. False when it is not such a one, or when it is not safe by reading back. */
    lookUpAgain(id: number, runAt: Instant): Promise<boolean>;
    /**
     * Of a journal that came back from a backup: what is not done here may have been done. All that is safe by reading back only, and was never sent as far as is known, becomes
     * `unknown`: it is looked up before it goes. Returns how many intents that are.
     */
    doubt(runAt: Instant): Promise<number>;
    /** Of a journal that came back from a backup: what an effect had saved on its way is known from elsewhere. One that is done stays as it is; false when there is none. */
    knownRefs(key: string, refs: EffectRefs): Promise<boolean>;
    /** A person gives up a `dead` or `failed` intent: `cancelled`, and no longer in the way. False when it is neither. */
    drop(id: number): Promise<boolean>;
  };

export type IntentContext = {
  readonly store: Store;
  readonly clock: Clock;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly keys: SubjectKeys;
};

export function intentReads(db: Database, keys: SubjectKeys): IntentReads {
  return {
    async get(id) {
      const row = await db.selectFrom('intent').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : intentOf(row);
    },
    async find(key) {
      const row = await db.selectFrom('intent').selectAll().where('key', '=', key).executeTakeFirst();
      return row === undefined ? null : intentOf(row);
    },
    async list({ states, kinds, connections, orderKey, after, limit }) {
      // What is not finished is found as such, and then sorted: in the order of the ids a store would walk over all that was ever finished.
      const few = states?.every((state) => unfinished.has(state)) === true;
      const rows = await db
        .selectFrom('intent')
        .selectAll()
        .where((is) =>
          is.and([
            ...(states === undefined ? [] : [is('state', 'in', states)]),
            ...(few && kinds === undefined ? [isUnfinished] : []),
            ...(kinds === undefined ? [] : [is('kind', 'in', kinds)]),
            ...(connections === undefined ? [] : [is('connection', 'in', connections)]),
            ...(orderKey === undefined ? [] : [is('order_key', '=', orderKey)]),
            ...(after === undefined ? [] : [is('id', '>', after)]),
          ]),
        )
        .orderBy(few ? sql`intent.id + 0` : 'id')
        .limit(limit)
        .execute();
      return rows.map(intentOf);
    },
    async counts() {
      const rows = await db
        .selectFrom('intent')
        .select(({ fn }) => ['kind', 'state', fn.countAll<number>().as('count')])
        .groupBy(['kind', 'state'])
        .orderBy('kind')
        .orderBy('state')
        .execute();
      return rows.map(({ kind, state, count }) => ({ kind, state, count }));
    },
    nextRunAt: (now) => nextRunAt(db, now),
    rawAnswers: (id) => readRawAnswers(db, keys, id),
  };
}

export function intents(db: Database, context: IntentContext): Intents {
  const { store, clock, keys, randomBytes } = context;
  const orders = new Set<string>();
  /** Intents of one order get their ids in the order in which their transactions are kept: whoever adds one keeps others from adding until the end. */
  const takeOrder = async (orderKey: string) => {
    if (orders.has(orderKey)) return;
    await store.takeTurns(db, [`intents/${orderKey}`]);
    orders.add(orderKey);
  };
  return {
    ...intentReads(db, keys),
    ...intentQueue(db, { store, randomBytes }),
    ...intentLease(db, { clock, store, rawAnswers: rawAnswers(db, { clock, keys, randomBytes }) }),
    async find(key) {
      const [row] = await findByKey(db, store, key);
      return row === undefined ? null : intentOf(row);
    },
    async add({ key, scope, kind, orderKey, subject, payload, safety, runAt, state, refs = {} }) {
      await takeOrder(orderKey);
      const now = clock.now();
      const [added] = await insert(db, store, {
        key,
        tenant: scope.tenant,
        company: scope.company,
        connection: scope.connection,
        kind,
        order_key: orderKey,
        subject,
        payload: JSON.stringify(payload),
        safety,
        state,
        run_at: storedInstant(runAt),
        attempt: 0,
        lookups: 0,
        in_doubt: state === 'unknown' ? 1 : 0,
        lease_token: null,
        lease_until: null,
        refs: JSON.stringify(refs),
        result: null,
        fault: null,
        created_at: now,
        changed_at: now,
      });
      return added === undefined ? 'known' : 'new';
    },
    async makeReady(id) {
      const row = await db
        .updateTable('intent')
        .set({ state: 'ready', changed_at: clock.now() })
        .where('id', '=', id)
        .where('state', '=', 'planned')
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },
    async cancel({ orderKey, kinds, keyPrefix }) {
      const waiting = db
        .selectFrom('intent')
        .selectAll()
        .where((is) =>
          is.and([
            is('order_key', '=', orderKey),
            is('state', 'in', ['planned', 'ready']),
            ...(kinds === undefined ? [] : [is('kind', 'in', kinds)]),
            ...(keyPrefix === undefined ? [] : [is(sql`substr(key, 1, length(cast(${keyPrefix} as text)))`, '=', keyPrefix)]),
          ]),
        )
        .orderBy('id');
      const met = (await store.locked(waiting).execute()).map(intentOf);
      const cancelled = await db
        .updateTable('intent')
        .set({ state: 'cancelled', changed_at: clock.now() })
        .where(
          'id',
          'in',
          met.filter((intent) => !intent.inDoubt).map((intent) => intent.id),
        )
        .where('state', 'in', ['planned', 'ready'])
        .returningAll()
        .execute();
      return { cancelled: cancelled.map(intentOf).sort((a, b) => a.id - b.id), inDoubt: met.filter((intent) => intent.inDoubt) };
    },
    async redrive(id, runAt, { provedAbsent } = { provedAbsent: false }) {
      // A later one of the order may be about to be claimed: wait for that, or keep it back, so that never two of an order go at once.
      const ofOrder = await store
        .locked(
          db
            .selectFrom('intent')
            .select(['id', 'refs'])
            .where('order_key', '=', (from) =>
              from.selectFrom('intent as redriven').select('redriven.order_key').where('redriven.id', '=', id),
            )
            .where('state', 'not in', ['done', 'cancelled'])
            .orderBy('id'),
        )
        .execute();
      const kept = parseRefs(ofOrder.find((intent) => intent.id === id)?.refs ?? '{}');
      const row = await db
        .updateTable('intent')
        .set({
          state: 'ready',
          run_at: storedInstant(runAt),
          changed_at: clock.now(),
          ...(provedAbsent ? { in_doubt: 0, refs: JSON.stringify({ ...kept, [provedAbsentRef]: runAt }) } : {}),
        })
        .where('id', '=', id)
        .where('state', 'in', ['dead', 'failed'])
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },
    async lookUpAgain(id, runAt) {
      const row = await db
        .updateTable('intent')
        .set({ state: 'unknown', run_at: storedInstant(runAt), lookups: 0, changed_at: clock.now() })
        .where('id', '=', id)
        .where('state', '=', 'dead')
        .where('in_doubt', '=', 1)
        .where('safety', '=', 'read-back')
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },
    async doubt(runAt) {
      const rows = await db
        .updateTable('intent')
        .set({ state: 'unknown', run_at: storedInstant(runAt), in_doubt: 1, lookups: 0, changed_at: clock.now() })
        .where('state', 'in', ['planned', 'ready'])
        .where(isUnfinished)
        .where('safety', '=', 'read-back')
        .returning('id')
        .execute();
      return rows.length;
    },
    async knownRefs(key, refs) {
      const row = await store.locked(db.selectFrom('intent').select(['id', 'state', 'refs']).where('key', '=', key)).executeTakeFirst();
      if (row === undefined) return false;
      if (row.state === 'done') return true;
      const known = JSON.stringify({ ...parseRefs(row.refs), ...refs });
      await db.updateTable('intent').set({ refs: known, changed_at: clock.now() }).where('id', '=', row.id).execute();
      return true;
    },
    async drop(id) {
      const row = await db
        .updateTable('intent')
        .set({ state: 'cancelled', changed_at: clock.now() })
        .where('id', '=', id)
        .where('state', 'in', ['dead', 'failed'])
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

const unfinished: ReadonlySet<IntentState> = new Set(['planned', 'ready', 'leased', 'sent', 'unknown', 'dead']);

const findByKey = statement({
  build: (db, _store, key: string) => db.selectFrom('intent').selectAll().where('key', '=', key),
  values: (key) => [key],
});

const insert = statement({
  build: (db, _store, row: Omit<Selectable<Tables['intent']>, 'id'>) =>
    db
      .insertInto('intent')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .returning('id'),
  values: Object.values,
});
