import { DatabaseSync } from 'node:sqlite';
import { Kysely, type CompiledQuery } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { intentQueue, nextRunAt } from './intent-queue.ts';
import { migrations } from './migrations.ts';
import { nodeSqliteDialect } from './node-sqlite-dialect.ts';
import { sqliteStatements } from './schema-words.ts';
import { sqliteStore } from './sqlite-store.ts';
import type { Database, Tables } from './tables.ts';
import { noon } from './testing/givens.ts';

describe('what the workers ask all the time reads no finished intents', () => {
  let database: DatabaseSync;
  let statements: CompiledQuery[];
  beforeEach(() => {
    database = new DatabaseSync(':memory:');
    for (const statement of migrations.flat().flatMap(sqliteStatements)) database.exec(statement);
    statements = [];
  });

  /** How SQLite finds the rows, for every statement of some work. */
  const plansOf = async (work: (db: Database) => Promise<unknown>): Promise<string[]> => {
    const db = new Kysely<Tables>({
      dialect: nodeSqliteDialect(database),
      log: ({ query }) => {
        statements.push(query);
      },
    });
    await db.transaction().execute(work);
    return statements.flatMap(({ sql }) =>
      database
        .prepare(`explain query plan ${sql}`)
        .all()
        .map((row) => String(row['detail']))
        .filter((detail) => /^(SCAN|SEARCH)/.test(detail)),
    );
  };
  const byOpenIntents = /PRIMARY KEY \(rowid=\?\)|INDEX intent_(ready|open|unknown|leased)\b|INDEX intent_count \(kind=\? AND state=\?\)/;
  const query = { worker: 'w', now: noon, limit: 10, leaseMs: 60_000, kinds: ['label'], busyConnections: ['shop'] };
  const queue = (db: Database) => intentQueue(db, { store: sqliteStore, randomBytes: (size) => new Uint8Array(size) });

  test.each([
    ['claim', (db: Database) => queue(db).claim(query)],
    ['claim of unknown ones', (db: Database) => queue(db).claimUnknown(query)],
    ['recovery of expired leases', (db: Database) => queue(db).recover({ now: noon, leases: 'expired' })],
    ['recovery of all leases', (db: Database) => queue(db).recover({ now: noon, leases: 'all' })],
    ['next run', (db: Database) => nextRunAt(db, noon)],
  ])('%s', async (_what, work) => {
    const plans = await plansOf(work);
    expect(plans).not.toEqual([]);
    expect(plans.filter((plan) => !byOpenIntents.test(plan))).toEqual([]);
  });
});
