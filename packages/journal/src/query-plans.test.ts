import { DatabaseSync } from 'node:sqlite';
import { Kysely, type CompiledQuery } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { auditReads } from './audit.ts';
import { countReads } from './counts.ts';
import { exceptionReads } from './exceptions.ts';
import { inboxReads } from './inbox.ts';
import { intentQueue, nextRunAt } from './intent-queue.ts';
import { intentReads, intents } from './intents.ts';
import { migrations } from './migrations.ts';
import { nodeSqliteDialect } from './node-sqlite-dialect.ts';
import { parsedBodies } from './parsed-bodies.ts';
import { recordReads, type RecordQuery } from './records.ts';
import { retention } from './retention.ts';
import { sqliteStatements } from './schema-words.ts';
import { sqliteStore } from './sqlite-store.ts';
import type { Database, Tables } from './tables.ts';
import { noon, shop, stoppedClock } from './testing/givens.ts';

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
  const elsewhere = { worker: 'w', now: noon, limit: 10, leaseMs: 60_000, busyConnections: ['odoo', 'shop', 'post', 'depot', 'files'] };
  const randomBytes = (size: number) => new Uint8Array(size);
  const queue = (db: Database) => intentQueue(db, { store: sqliteStore, randomBytes });

  const keys = {
    find: () => Promise.resolve(null),
    findOrCreate: () => Promise.reject(new Error('nothing is sealed')),
    erase: () => Promise.resolve(false),
  };
  const orders = (db: Database, query: Omit<RecordQuery, 'limit'>) =>
    recordReads(db, { shapes: {}, parsed: parsedBodies() }).list('order', z.unknown(), { ...query, limit: 9 });
  const counts = (db: Database) => countReads(db, { store: sqliteStore, clock: stoppedClock });

  test.each([
    ['claim', (db: Database) => queue(db).claim(query)],
    ['claim for no connection that is named', (db: Database) => queue(db).claim(elsewhere)],
    ['look-up for no connection that is named', (db: Database) => queue(db).claimUnknown(elsewhere)],
    ['claim of one connection', (db: Database) => queue(db).claim({ ...elsewhere, busyConnections: [], connections: ['shop'] })],
    ['claim of unknown ones', (db: Database) => queue(db).claimUnknown(query)],
    ['recovery of expired leases', (db: Database) => queue(db).recover({ now: noon, leases: 'expired' })],
    ['recovery of all leases', (db: Database) => queue(db).recover({ now: noon, leases: 'all' })],
    ['next run', (db: Database) => nextRunAt(db, noon)],
    [
      'what waits on a connection',
      (db: Database) => intentReads(db, keys).list({ states: ['ready', 'unknown'], connections: ['shop'], limit: 1 }),
    ],
    ['what waits of a kind', (db: Database) => intentReads(db, keys).list({ states: ['ready'], kinds: ['push-stock'], limit: 1 })],
    ['doubt after a restore', (db: Database) => intents(db, { store: sqliteStore, clock: stoppedClock, keys, randomBytes }).doubt(noon)],
    ['count of what is unfinished', (db: Database) => counts(db).unfinishedIntents()],
  ])('%s', async (_what, work) => {
    const plans = await plansOf(work);
    expect(plans).not.toEqual([]);
    expect(plans.filter((plan) => !byOpenIntents.test(plan))).toEqual([]);
  });

  test.each([
    ['open exceptions', (db: Database) => exceptionReads(db).list({ open: true, limit: 50 }), /INDEX exception_open/],
    ['arrivals that wait', (db: Database) => inboxReads(db).pending(1, { kind: 'webhook', scope: shop }), /INDEX inbox_pending/],
    ['active orders', (db: Database) => orders(db, { states: ['open', 'held'] }), /INDEX record_state \(kind=\? AND state=\?/],
    ['an order by its name', (db: Database) => orders(db, { name: '#1001' }), /INDEX record_name \(kind=\? AND name=\?\)/],
    [
      'parcels whose time has come',
      (db: Database) =>
        recordReads(db, { shapes: {}, parsed: parsedBodies() }).due('parcel', z.unknown(), { queue: 'post', now: noon, limit: 9 }),
      /INDEX record_due \(kind=\? AND due_queue=\? AND due_at>\? AND due_at<\?\)/,
    ],
    ['events of an order', (db: Database) => auditReads(db).list({ key: 'o1', limit: 1 }), /INDEX audit_key \(key=\?\)/],
    [
      'what may be forgotten',
      (db: Database) => retention(db).prune({ before: noon, limit: 9, ended: { order: ['shipped'] }, forgotten: { drift: ['closed'] } }),
      /PRIMARY KEY|rowid|INDEX (intent|inbox|exception|decision)_(finished|open|handled|resolved|at)\b|INDEX (intent_order|raw_answer_intent|record_state|sqlite_autoindex_\w+) \(/,
    ],
  ])('finding %s reads a stretch of an index', async (_what, work, byIndex) => {
    const plans = await plansOf(work);
    expect(plans.filter((plan) => !byIndex.test(plan))).toEqual([]);
    expect(plans).not.toEqual([]);
  });

  test.each([
    [
      'records',
      (db: Database) => counts(db).records('order', { states: ['open'], prefix: 'shop/', upTo: 10 }),
      /INDEX record_state \(kind=\? AND state=\? AND key>\? AND key<\?\)/,
    ],
    ['parcels that wait', (db: Database) => counts(db).waitingRecords('parcel'), /INDEX record_due \(kind=\?\)/],
    [
      'intents',
      (db: Database) => counts(db).intentsOnTheirWay({ prefix: 'shop/', upTo: 10 }),
      /INDEX intent_open \(order_key>\? AND order_key<\?\)/,
    ],
    ['exceptions', (db: Database) => counts(db).openExceptions(), /INDEX exception_open/],
    ['arrivals', (db: Database) => counts(db).pendingArrivals(), /INDEX inbox_pending/],
  ])('counting %s reads a stretch of an index', async (_what, work, byIndex) => {
    const plans = await plansOf(work);
    expect(plans.filter((plan) => !byIndex.test(plan) && plan !== 'SCAN some')).toEqual([]);
    expect(plans).not.toEqual([]);
  });
});
