import { createHash } from 'node:crypto';
import type { Instant } from '@quartermaster/domain';
import type { Selectable } from 'kysely';
import { parseJson, type Json } from './json.ts';
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

/** `head` is the last row's hash: written down elsewhere, it also proves that nothing was cut off the end. */
export type ChainVerdict =
  | { readonly kind: 'whole'; readonly rows: number; readonly head: string }
  | { readonly kind: 'broken'; readonly seq: number; readonly reason: string };

export type AuditReads = {
  /** Oldest first. */
  list(query: AuditQuery): Promise<AuditRow[]>;
  /** Computes every hash anew. Reads the whole trail: meant for a reader's own process. */
  verifyChain(): Promise<ChainVerdict>;
};

/** What happened, append-only: each row's hash covers the row before it, so a change of the past shows. */
export type Audit = AuditReads & { append(event: AuditEvent): Promise<void> };

const beforeTheFirst = '0'.repeat(64);
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
    async verifyChain() {
      let head = { seq: 0, hash: beforeTheFirst };
      for (;;) {
        const rows = await db.selectFrom('audit').selectAll().where('seq', '>', head.seq).orderBy('seq').limit(rowsAtOnce).execute();
        for (const row of rows) {
          const wrong = faultOf(row, head);
          if (wrong !== null) return { kind: 'broken', seq: row.seq, reason: wrong };
          head = row;
        }
        if (rows.length < rowsAtOnce) return { kind: 'whole', rows: head.seq, head: head.hash };
      }
    },
  };
}

export function audit(db: Database): Audit {
  return {
    ...auditReads(db),
    async append({ at, actor, event, key, detail }) {
      const last = await db.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
      const row = {
        seq: (last?.seq ?? 0) + 1,
        at,
        actor,
        event,
        key,
        detail: JSON.stringify(detail ?? null),
        previous_hash: last?.hash ?? beforeTheFirst,
      };
      await db
        .insertInto('audit')
        .values({ ...row, hash: hashOf(row) })
        .execute();
    },
  };
}

/** SHA-256 in hex of the previous hash and the row as a JSON array, field by field as stored. */
function hashOf(row: Omit<Selectable<Tables['audit']>, 'hash'>): string {
  return createHash('sha256')
    .update(JSON.stringify([row.previous_hash, row.seq, row.at, row.actor, row.event, row.key, row.detail]))
    .digest('hex');
}

function faultOf(row: Selectable<Tables['audit']>, previous: { readonly seq: number; readonly hash: string }): string | null {
  if (row.seq !== previous.seq + 1) return `row ${previous.seq + 1} is missing`;
  if (row.previous_hash !== previous.hash) return 'it does not follow from the row before it';
  if (row.hash !== hashOf(row)) return 'it was changed after it was written';
  return null;
}
