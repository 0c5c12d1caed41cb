import type { Instant } from '@quartermaster/domain';
import { sql, type Selectable } from 'kysely';
import { parseJson, type Json } from './json.ts';
import { statement } from './statement.ts';
import type { Store } from './store.ts';
import type { Database, Tables } from './tables.ts';

/** Something that cannot go on by itself and waits for a person. There is at most one open one per code and subject key. */
export type ExceptionDraft = {
  readonly code: string;
  /** What it is about: an ordering key, a connection. */
  readonly subjectKey: string;
  readonly intentId?: number;
  /** Who has to look: a role or a person's name. */
  readonly owner: string;
  /** One sentence for people, without personal data. */
  readonly reason: string;
  readonly detail?: Json;
  readonly at: Instant;
};

export type ExceptionCase = {
  readonly id: number;
  readonly code: string;
  readonly subjectKey: string;
  readonly intentId: number | null;
  readonly owner: string;
  readonly reason: string;
  readonly detail: unknown;
  /** How often it was raised while open. */
  readonly times: number;
  readonly raisedAt: Instant;
  readonly lastRaisedAt: Instant;
  readonly resolved: { readonly at: Instant; readonly by: string; readonly reason: string } | null;
};

export type ExceptionQuery = {
  readonly open?: boolean;
  readonly code?: string;
  readonly subjectKey?: string;
  /** Only ids above this one. */
  readonly after?: number;
  readonly limit: number;
};

export type ExceptionReads = {
  get(id: number): Promise<ExceptionCase | null>;
  /** Oldest first. */
  list(query: ExceptionQuery): Promise<ExceptionCase[]>;
};

export type Exceptions = ExceptionReads & {
  /** Opens one, or writes over and counts up the open one with the same code and subject key; `raisedAt` stays. Returns its id. */
  raise(draft: ExceptionDraft): Promise<number>;
  /** False when it is not open. */
  resolve(
    which: { readonly id: number } | { readonly code: string; readonly subjectKey: string },
    how: { readonly by: string; readonly reason: string; readonly at: Instant },
  ): Promise<boolean>;
};

export function exceptionReads(db: Database): ExceptionReads {
  return {
    async get(id) {
      const row = await db.selectFrom('exception_case').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : caseOf(row);
    },
    async list({ open, code, subjectKey, after, limit }) {
      const rows = await db
        .selectFrom('exception_case')
        .selectAll()
        .where((is) =>
          is.and([
            ...(open === undefined ? [] : [is('resolved_at', open ? 'is' : 'is not', null)]),
            ...(code === undefined ? [] : [is('code', '=', code)]),
            ...(subjectKey === undefined ? [] : [is('subject_key', '=', subjectKey)]),
            ...(after === undefined ? [] : [is('id', '>', after)]),
          ]),
        )
        // The open ones are few, and found as such; in the order of the ids a store would walk over all that were ever resolved.
        .orderBy(open === true ? sql`exception_case.id + 0` : 'id')
        .limit(limit)
        .execute();
      return rows.map(caseOf);
    },
  };
}

export function exceptions(db: Database, store: Store): Exceptions {
  return {
    ...exceptionReads(db),
    async raise({ code, subjectKey, intentId, owner, reason, detail, at }) {
      const written = { intent_id: intentId ?? null, owner, reason, detail: JSON.stringify(detail ?? null), last_raised_at: at };
      const { id } = await db
        .insertInto('exception_case')
        .values({
          code,
          subject_key: subjectKey,
          times: 1,
          raised_at: at,
          resolved_at: null,
          resolved_by: null,
          resolution: null,
          ...written,
        })
        .onConflict((conflict) =>
          conflict
            .columns(['code', 'subject_key'])
            .where('resolved_at', 'is', null)
            .doUpdateSet((row) => ({ ...written, times: row('exception_case.times', '+', 1) })),
        )
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    async resolve(which, { by, reason, at }) {
      const resolution = { by, reason, at };
      const [row] = await ('id' in which
        ? resolveById(db, store, { ...resolution, id: which.id })
        : resolveAbout(db, store, { ...resolution, code: which.code, subjectKey: which.subjectKey }));
      return row !== undefined;
    },
  };
}

type Resolution = { readonly by: string; readonly reason: string; readonly at: Instant };

const resolveById = statement({
  build: (db, _store, { id, ...how }: Resolution & { readonly id: number }) => resolving(db, how).where('id', '=', id),
  values: ({ id, by, reason, at }) => [at, by, reason, id],
});

/** Asked all the time of what was never raised. */
const resolveAbout = statement({
  build: (db, _store, { code, subjectKey, ...how }: Resolution & { readonly code: string; readonly subjectKey: string }) =>
    resolving(db, how).where('code', '=', code).where('subject_key', '=', subjectKey),
  values: ({ code, subjectKey, by, reason, at }) => [at, by, reason, code, subjectKey],
});

function resolving(db: Database, { by, reason, at }: Resolution) {
  return db
    .updateTable('exception_case')
    .set({ resolved_at: at, resolved_by: by, resolution: reason })
    .where('resolved_at', 'is', null)
    .returning('id');
}

function caseOf(row: Selectable<Tables['exception_case']>): ExceptionCase {
  return {
    id: row.id,
    code: row.code,
    subjectKey: row.subject_key,
    intentId: row.intent_id,
    owner: row.owner,
    reason: row.reason,
    detail: parseJson(row.detail),
    times: row.times,
    raisedAt: row.raised_at,
    lastRaisedAt: row.last_raised_at,
    resolved:
      row.resolved_at === null || row.resolved_by === null || row.resolution === null
        ? null
        : { at: row.resolved_at, by: row.resolved_by, reason: row.resolution },
  };
}
