import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { InvariantError } from '@quartermaster/domain';
import {
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type SqliteDatabase,
} from 'kysely';
import { translated } from './sqlite-fault.ts';

/**
 * Kysely over one connection of `node:sqlite`. Kysely itself lets one transaction at a time have it (the adapter says that there is only one). A writing transaction takes the
 * write lock at its beginning, a reading one is kept from writing; and a statement that comes when its transaction is over, because somebody forgot an `await`, is refused
 * instead of slipping into the next one.
 */
export function nodeSqliteDialect(database: DatabaseSync): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createDriver: () => driver(database),
  };
}

function driver(database: DatabaseSync): Driver {
  const inner = new SqliteDriver({ database: shim(database) });
  const open = new WeakSet<DatabaseConnection>();
  const command = (sql: string) => translated(() => database.exec(sql));
  return {
    init: () => inner.init(),
    async acquireConnection() {
      const connection = await inner.acquireConnection();
      const guarded: DatabaseConnection = {
        executeQuery(query) {
          if (!open.has(guarded)) throw new InvariantError(`a statement came outside its transaction, for want of an await: ${query.sql}`);
          return connection.executeQuery(query);
        },
        streamQuery(query, chunkSize) {
          return connection.streamQuery(query, chunkSize);
        },
      };
      return guarded;
    },
    async beginTransaction(connection, { accessMode }) {
      command(accessMode === 'read only' ? 'pragma query_only = on; begin' : 'pragma query_only = off; begin immediate');
      open.add(connection);
    },
    async commitTransaction(connection) {
      command('commit');
      open.delete(connection);
    },
    async rollbackTransaction(connection) {
      open.delete(connection);
      // After some failures, such as a full disk, SQLite has rolled back already.
      if (database.isTransaction) command('rollback');
    },
    async releaseConnection(connection) {
      open.delete(connection);
    },
    destroy: () => inner.destroy(),
  };
}

/** `node:sqlite` in the form that kysely expects. */
function shim(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare(sql) {
      const statement = translated(() => database.prepare(sql));
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => translated(() => statement.all(...parameters.map(inputOf))),
        run: (parameters) => translated(() => statement.run(...parameters.map(inputOf))),
        iterate: (parameters) => statement.iterate(...parameters.map(inputOf)),
      };
    },
  };
}

function inputOf(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || value instanceof Uint8Array)
    return value;
  throw new InvariantError(`not a value that the journal can store: ${typeof value}`);
}
