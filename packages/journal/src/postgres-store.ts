import { createHash } from 'node:crypto';
import { epochMs, instantOf } from '@quartermaster/domain';
import { sql } from 'kysely';
import { storedInstant } from './stored-instant.ts';
import type { Store } from './store.ts';

/** Whose time decides when a lease ends: the database's, which all replicas share, or that of the journal's clock, for tests and simulations. */
export type LeaseTime = 'database' | 'clock';

/**
 * Chains of the audit trail. With a single one every transaction that appends waits for the commit before it: 175 to 240 a second were left of 830 to 1,060 (8 connections); with 16
 * chains 760 to 790.
 */
const auditStrands = 16;

/** Kept apart from advisory locks that other programs may take in the same database. */
const lockSpace = 0x514d;

/** Columns that PostgreSQL numbers by itself. */
const identities = [
  ['inbox', 'id'],
  ['intent', 'id'],
  ['raw_answer', 'id'],
  ['exception_case', 'id'],
  ['audit', 'seq'],
  ['decision', 'seq'],
] as const;

/** PostgreSQL: several processes, several transactions at once. */
export function postgresStore(leaseTime: LeaseTime): Store {
  const byDatabase = leaseTime === 'database';
  return {
    aloneInIt: false,
    locked: (query) => query.forUpdate(),
    unclaimed: (query) => query.forUpdate().skipLocked(),
    relied: (query) => query.forShare(),
    async takeTurns(db, subjects) {
      for (const subject of subjects) {
        await sql`select pg_advisory_xact_lock(${sql.lit(lockSpace)}, hashtext(${subject}))`.execute(db);
      }
    },
    now: (given) => (byDatabase ? instantText(sql`clock_timestamp()`) : sql`${storedInstant(given)}::text`),
    later: (given, ms) =>
      byDatabase
        ? instantText(sql`clock_timestamp() + ${ms}::float8 * interval '1 millisecond'`)
        : sql`${instantOf(epochMs(given) + ms)}::text`,
    nowMicros: (given) =>
      byDatabase ? sql`floor(extract(epoch from clock_timestamp()) * 1000000)::bigint` : sql`${epochMs(given) * 1_000}::bigint`,
    auditStrand: (key) => 1 + (createHash('sha256').update(key).digest().readUInt32BE() % auditStrands),
    async continueIds(db) {
      for (const [table, id] of identities) {
        await sql`select setval(pg_get_serial_sequence(${table}, ${id}), coalesce(max(${sql.ref(id)}), 0) + 1, false) from ${sql.table(table)}`.execute(
          db,
        );
      }
    },
    async auditNumbers(db, count) {
      const { rows } = await sql<{ seq: number }>`
        select nextval(pg_get_serial_sequence('audit', 'seq')) as seq from generate_series(1, ${count}::int)`.execute(db);
      return rows.map(({ seq }) => seq);
    },
  };
}

/** A moment of PostgreSQL in the one form that the journal stores: UTC, to the millisecond. */
function instantText(moment: ReturnType<typeof sql>) {
  return sql<string>`to_char((${moment}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') collate "C"`;
}
