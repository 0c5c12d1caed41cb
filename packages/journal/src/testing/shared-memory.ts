import type { Clock } from '@quartermaster/domain';
import { tablesOver } from '../home.ts';
import { journalOver, type Journal, type JournalOptions } from '../journal.ts';
import { nodeSqliteDialect } from '../node-sqlite-dialect.ts';
import { inMemory, openToWrite } from '../sqlite-file.ts';
import { sqliteStore } from '../sqlite-store.ts';
import { sqliteTurns } from '../sqlite-turns.ts';
import type { Store } from '../store.ts';

/** One store in memory that several journals of a simulation are open on, as several processes are on one server. */
export type SharedMemory = {
  /** A journal of one process. Closing it leaves the store to the others. */
  open(given: Pick<JournalOptions, 'masterKey' | 'clock' | 'randomBytes' | 'recordShapes'>): Promise<Journal>;
  close(): void;
};

/**
 * Opens an empty store. Transactions of all its journals go one after the other. With `shared` leases, buckets and heartbeats go by `time`, as by a server's clock, and no process takes
 * back what another one may still hold; without, each journal behaves as the only one on its file.
 */
export function sharedMemory({ time, shared }: { readonly time: Clock; readonly shared: boolean }): SharedMemory {
  const database = openToWrite(inMemory);
  const turns = sqliteTurns(database, { commitTogether: false });
  const db = tablesOver(nodeSqliteDialect(database, turns));
  const serverStore: Store = {
    ...sqliteStore,
    aloneInIt: false,
    now: () => sqliteStore.now(time.now()),
    later: (_given, ms) => sqliteStore.later(time.now(), ms),
    nowMicros: () => sqliteStore.nowMicros(time.now()),
  };
  const home = {
    db,
    store: shared ? serverStore : sqliteStore,
    ahead: <Result>(work: () => Promise<Result>) => work(),
    worthRepeating: () => false,
    translated: (error: unknown) => error,
    afterErasure: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  return {
    open: (given) => journalOver(home, given),
    close: () => database.close(),
  };
}
