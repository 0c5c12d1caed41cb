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
import { guardedDriver } from './guarded-driver.ts';
import { translated } from './sqlite-fault.ts';
import { sqliteTurns, type SqliteTurns } from './sqlite-turns.ts';

/**
 * Kysely over one connection of `node:sqlite`, on which transactions take turns (`sqlite-turns.ts`). A writing transaction takes the write lock at its beginning, a reading one is
 * kept from writing.
 */
export function nodeSqliteDialect(database: DatabaseSync, turns: SqliteTurns = sqliteTurns(database, { commitTogether: false })): Dialect {
  return {
    createAdapter: () => new TurnsAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createDriver: () => guardedDriver(driver(database, turns)),
  };
}

/** Transactions that are begun at once wait for their turn here and not in kysely, which would not let one join the commit of another. */
class TurnsAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

function driver(database: DatabaseSync, turns: SqliteTurns): Driver {
  const inner = new SqliteDriver({ database: shim(database) });
  const begun = new WeakSet<DatabaseConnection>();
  return {
    init: () => inner.init(),
    async acquireConnection() {
      const connection = await inner.acquireConnection();
      return {
        executeQuery: (query) => connection.executeQuery(query),
        streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
      };
    },
    async beginTransaction(connection, { accessMode }) {
      await turns.begin(accessMode === 'read only' ? 'read' : 'write');
      begun.add(connection);
    },
    async commitTransaction(connection) {
      begun.delete(connection);
      await turns.commit();
    },
    async rollbackTransaction(connection) {
      // After a failed commit there is nothing left to roll back: the turn is over, and others have theirs.
      if (begun.delete(connection)) turns.rollback();
    },
    releaseConnection: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
  };
}

/** More than there are different statements, unless lists of many lengths make new ones. */
const statementsKept = 1_000;

/** `node:sqlite` in the form that kysely expects, with statements prepared once. */
function shim(database: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, PreparedStatement>();
  return {
    close: () => undefined,
    prepare(sql) {
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      const statement = translated(() => database.prepare(sql));
      const made = {
        reader: statement.columns().length > 0,
        all: (parameters: readonly unknown[]) => translated(() => statement.all(...parameters.map(inputOf))),
        run: (parameters: readonly unknown[]) => translated(() => statement.run(...parameters.map(inputOf))),
        iterate: (parameters: readonly unknown[]) => statement.iterate(...parameters.map(inputOf)),
      };
      if (prepared.size >= statementsKept) prepared.clear();
      prepared.set(sql, made);
      return made;
    },
  };
}

type PreparedStatement = ReturnType<SqliteDatabase['prepare']>;

function inputOf(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || value instanceof Uint8Array)
    return value;
  throw new InvariantError(`not a value that the journal can store: ${typeof value}`);
}
