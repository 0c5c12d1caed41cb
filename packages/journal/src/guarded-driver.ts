import { InvariantError } from '@quartermaster/domain';
import type { DatabaseConnection, Driver } from 'kysely';

/**
 * A driver whose connections work only inside a transaction: a statement that comes when its transaction is over, because somebody forgot an `await`, is refused instead of slipping
 * into the next one. Each time a connection is handed out it is a new one in this sense.
 */
export function guardedDriver(inner: Driver): Driver {
  const open = new WeakSet<DatabaseConnection>();
  const guarded = new WeakMap<DatabaseConnection, DatabaseConnection>();
  const behind = (connection: DatabaseConnection): DatabaseConnection => {
    const found = guarded.get(connection);
    if (found === undefined) throw new InvariantError('a connection of another driver');
    return found;
  };
  return {
    init: (options) => inner.init(options),
    async acquireConnection(options) {
      const connection = await inner.acquireConnection(options);
      const guard: DatabaseConnection = {
        executeQuery(query, abort) {
          if (!open.has(guard)) throw new InvariantError(`a statement came outside its transaction, for want of an await: ${query.sql}`);
          return connection.executeQuery(query, abort);
        },
        streamQuery(query, chunkSize, abort) {
          if (!open.has(guard)) throw new InvariantError(`a statement came outside its transaction, for want of an await: ${query.sql}`);
          return connection.streamQuery(query, chunkSize, abort);
        },
      };
      guarded.set(guard, connection);
      return guard;
    },
    async beginTransaction(guard, settings) {
      await inner.beginTransaction(behind(guard), settings);
      open.add(guard);
    },
    commitTransaction(guard) {
      open.delete(guard);
      return inner.commitTransaction(behind(guard));
    },
    rollbackTransaction(guard) {
      open.delete(guard);
      return inner.rollbackTransaction(behind(guard));
    },
    releaseConnection(guard, options) {
      open.delete(guard);
      return inner.releaseConnection(behind(guard), options);
    },
    destroy: (options) => inner.destroy(options),
  };
}
