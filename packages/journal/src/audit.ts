import { createHash } from 'node:crypto';
import { InvariantError, type Instant } from '@quartermaster/domain';
import type { Selectable } from 'kysely';
import { parseJson, type Json } from './json.ts';
import { statement } from './statement.ts';
import type { Store } from './store.ts';
import type { Database, Tables } from './tables.ts';

export type AuditEvent = {
  readonly at: Instant;
  /** Who did it: a person, or a part of the program. */
  readonly actor: string;
  /** A name such as `order.sourced`. */
  readonly event: string;
  /** What it happened to, such as an order's key. */
  readonly key: string;
  /** Without personal data. */
  readonly detail?: Json;
};

export type AuditRow = Omit<AuditEvent, 'detail'> & { readonly seq: number; readonly detail: unknown; readonly hash: string };

export type AuditQuery = {
  readonly key?: string;
  /** Only rows behind this sequence number. */
  readonly after?: number;
  readonly limit: number;
};

/** `head` is the last row's hash (of several strands, a hash of theirs): written down elsewhere, it also proves that nothing was cut off the end. */
export type ChainVerdict =
  | { readonly kind: 'whole'; readonly rows: number; readonly head: string }
  | { readonly kind: 'broken'; readonly seq: number; readonly reason: string };

type Row = Selectable<Tables['audit']>;

export type AuditReads = {
  /** Oldest first. */
  list(query: AuditQuery): Promise<AuditRow[]>;
  /** The newest row: its number, and when it was written as it says itself; null for an empty trail. */
  last(): Promise<{ readonly seq: number; readonly at: Instant } | null>;
  /** Computes every hash anew. Reads the whole trail: meant for a reader's own process. */
  verifyChain(): Promise<ChainVerdict>;
};

/**
 * What happened, append-only: each row's hash covers the row before it, so a change of the past shows. In SQLite the rows are one chain; in PostgreSQL the events of a key belong to one of
 * several strands, each of them a chain, because a single one would let transactions commit only one after the other.
 */
export type Audit = AuditReads & {
  /** Goes to the end of the trail when the transaction ends. */
  append(event: AuditEvent): Promise<void>;
};

const beforeTheFirst = '0'.repeat(64);
/** Also what one statement inserts: SQLite takes 32,766 parameters, PostgreSQL 65,535. */
const rowsAtOnce = 1_000;

export function auditReads(db: Database): AuditReads {
  return {
    async list({ key, after, limit }) {
      const rows = await db
        .selectFrom('audit')
        .selectAll()
        .where((is) =>
          is.and([...(key === undefined ? [] : [is('key', '=', key)]), ...(after === undefined ? [] : [is('seq', '>', after)])]),
        )
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map(({ seq, at, actor, event, key, detail, hash }) => ({ seq, at, actor, event, key, detail: parseJson(detail), hash }));
    },
    async last() {
      return (await db.selectFrom('audit').select(['seq', 'at']).orderBy('seq', 'desc').limit(1).executeTakeFirst()) ?? null;
    },
    async verifyChain() {
      const heads = new Map<number, { seq: number; hash: string }>();
      let rows = 0;
      for (let after = 0; ;) {
        const page = await db.selectFrom('audit').selectAll().where('seq', '>', after).orderBy('seq').limit(rowsAtOnce).execute();
        for (const row of page) {
          const wrong = faultOf(row, heads.get(row.strand) ?? { seq: 0, hash: beforeTheFirst });
          if (wrong !== null) return { kind: 'broken', seq: row.seq, reason: wrong };
          heads.set(row.strand, row);
          after = row.seq;
        }
        rows += page.length;
        if (page.length < rowsAtOnce) return { kind: 'whole', rows, head: headOf(heads) };
      }
    },
  };
}

/** The audit trail in a writing transaction. What is appended waits for `beforeCommit`: others wait for who writes the end of the trail, so it is written last. */
export function audit(db: Database, store: Store): { readonly audit: Audit; readonly beforeCommit: () => Promise<void> } {
  const reads = auditReads(db);
  let waiting: AuditEvent[] = [];
  let ended = false;
  const write = async () => {
    const events = waiting;
    waiting = [];
    if (events.length > 0) await appendTo(db, store, events);
  };
  return {
    audit: {
      async list(query) {
        await write();
        return reads.list(query);
      },
      async last() {
        await write();
        return reads.last();
      },
      async verifyChain() {
        await write();
        return reads.verifyChain();
      },
      append(event) {
        if (ended) throw new InvariantError(`${event.event} came after its transaction, for want of an await`);
        waiting.push(event);
        return Promise.resolve();
      },
    },
    async beforeCommit() {
      ended = true;
      await write();
    },
  };
}

async function appendTo(db: Database, store: Store, events: readonly AuditEvent[]): Promise<void> {
  const strands = [...new Set(events.map(({ key }) => store.auditStrand(key)))].sort((a, b) => a - b);
  await store.takeTurns(
    db,
    strands.map((strand) => `audit/${strand}`),
  );
  const numbers = await store.auditNumbers(db, events.length);
  const heads = new Map<number, string>();
  for (const strand of strands) {
    const [last] = await lastOf(db, store, strand);
    heads.set(strand, last?.hash ?? beforeTheFirst);
  }
  const rows = events.map(({ at, actor, event, key, detail }, index): Row => {
    const seq = numbers[index];
    if (seq === undefined) throw new InvariantError('the store gave too few numbers for the audit trail');
    const strand = store.auditStrand(key);
    const linked = {
      seq,
      strand,
      at,
      actor,
      event,
      key,
      detail: JSON.stringify(detail ?? null),
      previous_hash: heads.get(strand) ?? beforeTheFirst,
    };
    const row = { ...linked, hash: hashOf(linked) };
    heads.set(strand, row.hash);
    return row;
  });
  const [only, ...others] = rows;
  if (only !== undefined && others.length === 0) await insertOne(db, store, only);
  else
    for (let from = 0; from < rows.length; from += rowsAtOnce)
      await db
        .insertInto('audit')
        .values(rows.slice(from, from + rowsAtOnce))
        .execute();
}

const lastOf = statement({
  build: (db, _store, strand: number) => db.selectFrom('audit').select('hash').where('strand', '=', strand).orderBy('seq', 'desc').limit(1),
  values: (strand) => [strand, 1],
});

const insertOne = statement({ build: (db, _store, row: Row) => db.insertInto('audit').values(row), values: Object.values });

/** SHA-256 in hex of the previous hash and the row as a JSON array, field by field as stored. */
function hashOf(row: Omit<Row, 'hash' | 'strand'>): string {
  return createHash('sha256')
    .update(JSON.stringify([row.previous_hash, row.seq, row.at, row.actor, row.event, row.key, row.detail]))
    .digest('hex');
}

function faultOf(row: Row, previous: { readonly seq: number; readonly hash: string }): string | null {
  if (row.previous_hash !== previous.hash) {
    return row.strand === onlyStrand && row.seq !== previous.seq + 1
      ? `row ${previous.seq + 1} is missing`
      : 'it does not follow from the row before it';
  }
  if (row.hash !== hashOf(row)) return 'it was changed after it was written';
  return null;
}

/** The strand that SQLite writes, as a rule the only one in it. */
const onlyStrand = 0;

function headOf(heads: ReadonlyMap<number, { readonly hash: string }>): string {
  const [only, ...others] = [...heads].sort(([a], [b]) => a - b).map(([, { hash }]) => hash);
  if (others.length === 0) return only ?? beforeTheFirst;
  return createHash('sha256')
    .update(JSON.stringify([only, ...others]))
    .digest('hex');
}
