import { epochMs, instantOf } from '@quartermaster/domain';
import { sql } from 'kysely';
import { statement } from './statement.ts';
import { storedInstant } from './stored-instant.ts';
import type { Store } from './store.ts';

/** SQLite: one process writes, one transaction at a time, so nothing has to be kept from others and the process's clock is everybody's. */
export const sqliteStore: Store = {
  aloneInIt: true,
  locked: (query) => query,
  unclaimed: (query) => query,
  relied: (query) => query,
  takeTurns: () => Promise.resolve(),
  now: (given) => sql`${storedInstant(given)}`,
  later: (given, ms) => sql`${instantOf(epochMs(given) + ms)}`,
  nowMicros: (given) => sql`${epochMs(given) * 1_000}`,
  auditStrand: () => 0,
  // `autoincrement` looks at what is there.
  continueIds: () => Promise.resolve(),
  async auditNumbers(db, count) {
    const [last] = await lastNumber(db, sqliteStore, null);
    return Array.from({ length: count }, (_, index) => (last?.seq ?? 0) + 1 + index);
  },
};

const lastNumber = statement({
  build: (db, _store, _nothing: null) => db.selectFrom('audit').select('seq').orderBy('seq', 'desc').limit(1),
  values: () => [1],
});
