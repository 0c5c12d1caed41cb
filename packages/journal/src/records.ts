import type { Instant } from '@quartermaster/domain';
import { sql, type Selectable } from 'kysely';
import type { z } from 'zod';
import { ConflictError } from './journal-error.ts';
import { parseJson } from './json.ts';
import type { ParsedBodies } from './parsed-bodies.ts';
import { inTodaysShape, shapeOf, type RecordShapes } from './record-shapes.ts';
import { statement } from './statement.ts';
import { storedInstant } from './stored-instant.ts';
import type { Store } from './store.ts';
import type { Database, Tables } from './tables.ts';

/** The durable state of one thing, such as an order: where it stands, and what is known about it. `version` is 1 when it is new and rises by one with each change. */
export type DurableRecord<Body> = {
  readonly kind: string;
  readonly key: string;
  readonly state: string;
  readonly version: number;
  readonly body: Body;
  readonly createdAt: Instant;
  readonly changedAt: Instant;
};

/** A queue of records of one kind that wait for their time, such as the parcels of one carrier. */
export type Due = { readonly queue: string; readonly at: Instant };

export type RecordChange = {
  readonly state: string;
  /** Plain data, kept as JSON. Without personal data. */
  readonly body: object;
  readonly at: Instant;
  /** What people call it, such as the order number of a shop; several things may have the same. Left out: it has none. */
  readonly name?: string;
  /** When somebody has to look at it again, and in which queue it waits for that. Left out: nobody has to. */
  readonly due?: Due;
  /** The version that the change was decided on; 0 when there is no record yet. */
  readonly version: number;
};

export type RecordQuery = {
  readonly states?: readonly string[];
  /** Only those that people call so. */
  readonly name?: string;
  /** Only keys behind this one. */
  readonly after?: string;
  readonly limit: number;
};

export type DueQuery = { readonly queue: string; readonly now: Instant; readonly limit: number };

export type RecordReads = {
  /** In a writing transaction nobody else can read the record to change it, or make it, until the transaction ends. */
  get<Body>(kind: string, key: string, schema: z.ZodType<Body>): Promise<DurableRecord<Body> | null>;
  /** Ordered by key. */
  list<Body>(kind: string, schema: z.ZodType<Body>, query: RecordQuery): Promise<DurableRecord<Body>[]>;
  /** Those of a queue whose time has come, the longest due first. What waits for nothing costs nothing here, however much of it there is. */
  due<Body>(kind: string, schema: z.ZodType<Body>, query: DueQuery): Promise<DurableRecord<Body>[]>;
  /** How many are in each state; a state that nothing is in is missing. */
  count(kind: string): Promise<ReadonlyMap<string, number>>;
};

export type Records = RecordReads & {
  /** Writes a record and returns its new version. Throws a {@link ConflictError} when `version` is not the stored one. */
  put(kind: string, key: string, change: RecordChange): Promise<number>;
};

/** How bodies are read. */
type Reading = { readonly shapes: RecordShapes; readonly parsed: ParsedBodies };

export function recordReads(db: Database, reading: Reading): RecordReads {
  return {
    async get(kind, key, schema) {
      const row = await one(db, kind, key).executeTakeFirst();
      return row === undefined ? null : recordOf(row, schema, reading);
    },
    async list(kind, schema, { states, name, after, limit }) {
      // One state after the other: asked for several at once, SQLite reads all records of the kind, also those that are over.
      const rows: Row[] = [];
      for (const state of states === undefined ? [null] : new Set(states)) {
        const found = await db
          .selectFrom('record')
          .selectAll()
          .where((is) =>
            is.and([
              is('kind', '=', kind),
              ...(state === null ? [] : [is('state', '=', state)]),
              ...(name === undefined ? [] : [is('name', '=', name)]),
              ...(after === undefined ? [] : [is('key', '>', after)]),
            ]),
          )
          // Those of one name are few; in the order of the keys a store would walk over all of the kind to find them.
          .orderBy(name === undefined ? 'key' : sql`key || ''`)
          .limit(limit)
          .execute();
        rows.push(...found);
      }
      const byKey = rows.sort((one, other) => (one.key < other.key ? -1 : 1)).slice(0, limit);
      return byKey.map((row) => ({ ...headOf(row), body: parsedBody(row, schema, reading.shapes) }));
    },
    async due(kind, schema, { queue, now, limit }) {
      const rows = await db
        .selectFrom('record')
        .selectAll()
        .where('kind', '=', kind)
        .where('due_queue', '=', queue)
        .where('due_at', 'is not', null)
        .where('due_at', '<=', storedInstant(now))
        .orderBy('due_at')
        .orderBy('key')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...headOf(row), body: parsedBody(row, schema, reading.shapes) }));
    },
    async count(kind) {
      const rows = await db
        .selectFrom('record')
        .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
        .where('kind', '=', kind)
        .groupBy('state')
        .orderBy('state')
        .execute();
      return new Map(rows.map(({ state, count }) => [state, count]));
    },
  };
}

export function records(db: Database, { store, ...reading }: Reading & { readonly store: Store }): Records {
  return {
    ...recordReads(db, reading),
    async get(kind, key, schema) {
      const find = () => findToChange(db, store, { kind, key });
      let [row] = await find();
      if (row === undefined) {
        // What is not there cannot be kept from others; who makes it takes turns with those who would make it too.
        await store.takeTurns(db, [`record/${kind}/${key}`]);
        [row] = await find();
      }
      return row === undefined ? null : recordOf(row, schema, reading);
    },
    async put(kind, key, { state, body, at, name = null, due, version }) {
      const shape = shapeOf(reading.shapes, kind);
      const waits = { due_queue: due?.queue ?? null, due_at: due === undefined ? null : storedInstant(due.at) };
      const written = { state, body: JSON.stringify(body), version: version + 1, changed_at: at, shape, name, ...waits };
      const [row] =
        version === 0
          ? await insert(db, store, { kind, key, created_at: at, ...written })
          : await change(db, store, { ...written, kind, key, before: version });
      if (row === undefined) throw new ConflictError(`${kind} ${key} is not at version ${version} any more`);
      return row.version;
    },
  };
}

const findToChange = statement({
  build: (db, store, { kind, key }: { readonly kind: string; readonly key: string }) => store.locked(one(db, kind, key)),
  values: ({ kind, key }) => [kind, key],
});

type Written = Pick<Row, 'kind' | 'key' | 'state' | 'body' | 'version' | 'changed_at' | 'shape' | 'name' | 'due_queue' | 'due_at'>;

const insert = statement({
  build: (db, _store, row: Written & Pick<Row, 'created_at'>) =>
    db
      .insertInto('record')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .returning('version'),
  values: ({ kind, key, created_at, state, body, version, changed_at, shape, name, due_queue, due_at }) => [
    kind,
    key,
    created_at,
    state,
    body,
    version,
    changed_at,
    shape,
    name,
    due_queue,
    due_at,
  ],
});

const change = statement({
  build: (db, _store, { kind, key, before, ...written }: Written & { readonly before: number }) =>
    db
      .updateTable('record')
      .set(written)
      .where('kind', '=', kind)
      .where('key', '=', key)
      .where('version', '=', before)
      .returning('version'),
  values: ({ kind, key, before, state, body, version, changed_at, shape, name, due_queue, due_at }) => [
    state,
    body,
    version,
    changed_at,
    shape,
    name,
    due_queue,
    due_at,
    kind,
    key,
    before,
  ],
});

function one(db: Database, kind: string, key: string) {
  return db.selectFrom('record').selectAll().where('kind', '=', kind).where('key', '=', key);
}

function recordOf<Body>(row: Row, schema: z.ZodType<Body>, { shapes, parsed }: Reading): DurableRecord<Body> {
  const name = `${row.shape}/${row.kind}/${row.key}`;
  return { ...headOf(row), body: parsed.of(name, row.body, schema, () => parsedBody(row, schema, shapes)) };
}

type Row = Selectable<Tables['record']>;

function headOf({ kind, key, state, version, created_at: createdAt, changed_at: changedAt }: Row): Omit<DurableRecord<unknown>, 'body'> {
  return { kind, key, state, version, createdAt, changedAt };
}

function parsedBody<Body>(row: Row, schema: z.ZodType<Body>, shapes: RecordShapes): Body {
  return schema.parse(inTodaysShape(shapes, row, parseJson(row.body)));
}
