import type { Clock, Scope } from '@quartermaster/domain';
import type { z } from 'zod';
import type { HeldLease, Leases } from './leases.ts';
import { parseJson, type Json } from './json.ts';
import type { Database } from './tables.ts';

export type CursorReads = {
  /** Where reading of a stream goes on; null before the first page. */
  get<Position>(scope: Scope, stream: string, schema: z.ZodType<Position>): Promise<Position | null>;
};

export type Cursors = CursorReads & {
  /**
   * Belongs into the same transaction as what was read. With a lease, only its holder can commit it (as {@link Leases.guard}), and never after a later holder of the same lease: throws a
   * `ConflictError` then.
   */
  set(scope: Scope, stream: string, position: Json, lease?: HeldLease): Promise<void>;
};

export function cursorReads(db: Database): CursorReads {
  return {
    async get(scope, stream, schema) {
      const row = await db
        .selectFrom('cursor_position')
        .select('position')
        .where('tenant', '=', scope.tenant)
        .where('company', '=', scope.company)
        .where('connection', '=', scope.connection)
        .where('stream', '=', stream)
        .executeTakeFirst();
      return row === undefined ? null : schema.parse(parseJson(row.position));
    },
  };
}

export function cursors(db: Database, clock: Clock, leases: Pick<Leases, 'guard'>): Cursors {
  return {
    ...cursorReads(db),
    async set({ tenant, company, connection }, stream, position, lease) {
      if (lease !== undefined) await leases.guard(lease);
      const written = { position: JSON.stringify(position), changed_at: clock.now(), fence: lease?.fence ?? null };
      await db
        .insertInto('cursor_position')
        .values({ tenant, company, connection, stream, ...written })
        .onConflict((conflict) => conflict.columns(['tenant', 'company', 'connection', 'stream']).doUpdateSet(written))
        .execute();
    },
  };
}
