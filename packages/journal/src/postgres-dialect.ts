import { CompiledQuery, type DatabaseConnection, type Dialect, type Driver } from 'kysely';
import { guardedDriver } from './guarded-driver.ts';

/**
 * A process that stops in the middle of a transaction (suspended, cut off) must not hold rows that others wait for: the server ends its transaction after so long. Who waits longer than
 * that for a row is told so.
 */
const silenceSeconds = 20;

/**
 * A dialect of PostgreSQL's whose transactions find the journal's schema, wait for the disk when they commit, and end by themselves when their process is gone. It uses no state of a
 * session, so a pooler that hands out connections per transaction does no harm. `begin` says whether the driver takes several statements in one message, which saves the way.
 */
export function postgresJournalDialect(
  dialect: Dialect,
  { schema, begin }: { readonly schema: string; readonly begin: 'at once' | 'step by step' },
): Dialect {
  const settings = [
    `set local search_path to ${quoted(schema)}`,
    `set local idle_in_transaction_session_timeout to '${silenceSeconds}s'`,
    `set local lock_timeout to '${silenceSeconds * 2}s'`,
  ];
  const wrapped = (inner: Driver): Driver => ({
    init: (options) => inner.init(options),
    acquireConnection: (options) => inner.acquireConnection(options),
    async beginTransaction(connection, { accessMode, isolationLevel }) {
      const statements = [
        `set transaction isolation level ${isolationLevel ?? 'read committed'}${accessMode === 'read only' ? ' read only' : ''}`,
        ...settings,
        ...(accessMode === 'read only' ? [] : ['set local synchronous_commit to on']),
      ];
      if (begin === 'at once') return run(connection, ['begin', ...statements].join('; '));
      await inner.beginTransaction(connection, {});
      for (const statement of statements) await run(connection, statement);
    },
    commitTransaction: (connection) => inner.commitTransaction(connection),
    rollbackTransaction: (connection) => inner.rollbackTransaction(connection),
    releaseConnection: (connection, options) => inner.releaseConnection(connection, options),
    destroy: (options) => inner.destroy(options),
  });
  return {
    createAdapter: () => dialect.createAdapter(),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createDriver: () => guardedDriver(wrapped(dialect.createDriver())),
  };
}

async function run(connection: DatabaseConnection, sql: string): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw(sql));
}

/** A name as PostgreSQL takes it literally. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
