import type { Clock, Instant, Scope, SubjectId } from '@quartermaster/domain';
import { sql, type Selectable } from 'kysely';
import { parseJson, type Json } from './json.ts';
import { statement } from './statement.ts';
import type { Store } from './store.ts';
import type { Database, Tables } from './tables.ts';

/** Something that came from outside and is to be handled once: an order's revision, a webhook. The four parts of its key are `scope`, `kind`, `vendorId` and `revision`. */
export type Arrival = {
  readonly scope: Scope;
  readonly kind: string;
  readonly vendorId: string;
  readonly revision: string;
  /** Whose personal data belongs to it; the data itself is in the vault. */
  readonly subject: SubjectId | null;
  /** Without personal data. */
  readonly body: Json;
  readonly receivedAt: Instant;
  /** When the transaction that keeps it also handles it; without it the arrival waits for {@link Inbox.markHandled}. */
  readonly handledAt?: Instant;
};

export type InboxEntry = Omit<Arrival, 'body' | 'handledAt'> & {
  readonly id: number;
  readonly body: unknown;
  readonly handledAt: Instant | null;
};

export type InboxReads = {
  /** What is not handled yet, oldest first; of one kind and connection where they are given. */
  pending(limit: number, of?: { readonly kind: string; readonly scope: Scope }): Promise<InboxEntry[]>;
};

export type Inbox = InboxReads & {
  /** Keeps an arrival; `known` when the same revision came before, and then nothing changes. */
  add(arrival: Arrival): Promise<'new' | 'known'>;
  /** False when it was handled before, or never came. */
  markHandled(id: number): Promise<boolean>;
};

export function inboxReads(db: Database): InboxReads {
  return {
    async pending(limit, of) {
      const rows = await db
        .selectFrom('inbox')
        .selectAll()
        .where('handled_at', 'is', null)
        .where((is) =>
          is.and(
            of === undefined
              ? []
              : [
                  is('kind', '=', of.kind),
                  // Not by the unique key, which leads over everything that was ever handled.
                  is(sql<string>`tenant || ''`, '=', of.scope.tenant),
                  is('company', '=', of.scope.company),
                  is('connection', '=', of.scope.connection),
                ],
          ),
        )
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        scope: { tenant: row.tenant, company: row.company, connection: row.connection },
        kind: row.kind,
        vendorId: row.vendor_id,
        revision: row.revision,
        subject: row.subject,
        body: parseJson(row.body),
        receivedAt: row.received_at,
        handledAt: row.handled_at,
      }));
    },
  };
}

export function inbox(db: Database, { store, clock }: { readonly store: Store; readonly clock: Clock }): Inbox {
  return {
    ...inboxReads(db),
    async add({ scope, kind, vendorId, revision, subject, body, receivedAt, handledAt }) {
      const [added] = await insert(db, store, {
        tenant: scope.tenant,
        company: scope.company,
        connection: scope.connection,
        kind,
        vendor_id: vendorId,
        revision,
        subject,
        body: JSON.stringify(body),
        received_at: receivedAt,
        handled_at: handledAt ?? null,
      });
      return added === undefined ? 'known' : 'new';
    },
    async markHandled(id) {
      const handled = await db
        .updateTable('inbox')
        .set({ handled_at: clock.now() })
        .where('id', '=', id)
        .where('handled_at', 'is', null)
        .returning('id')
        .executeTakeFirst();
      return handled !== undefined;
    },
  };
}

const insert = statement({
  build: (db, _store, row: Omit<Selectable<Tables['inbox']>, 'id'>) =>
    db
      .insertInto('inbox')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .returning('id'),
  values: Object.values,
});
