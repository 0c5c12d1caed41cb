import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes as systemRandomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '@quartermaster/domain';
import { HandleEmptyInListsPlugin, Kysely, replaceWithNoncontingentExpression } from 'kysely';
import { JournalError } from './journal-error.ts';
import { nodeSqliteDialect } from './node-sqlite-dialect.ts';
import { wrappingKeyOf, type WrappingKey } from './sealing.ts';
import { emptyLog, inMemory, openToRead, openToWrite, prepareFolder } from './sqlite-file.ts';
import type { Tables } from './tables.ts';
import { readTransaction, transaction, type ReadTransaction, type Transaction } from './transaction.ts';
import { takeWriterLock } from './writer-lock.ts';

/** The journal as `qm explain` and the like see it: any number of processes may read while one writes. */
export type JournalReader = AsyncDisposable & {
  /**
   * Reads everything as of one moment. Reads and transactions of one journal take turns, so `work` must be short and must not wait for anything but `tx`: never for the
   * network, never for another read or transaction (`nested-transaction`).
   */
  read<Result>(work: (tx: ReadTransaction) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
};

/** The durable memory: what this process must still know after a crash. */
export type Journal = JournalReader & {
  /**
   * One local transaction per fact: all of it is on the disk when the promise resolves, or nothing when it rejects. `work` must be short and must not wait for anything but
   * `tx`: never for the network, never for another read or transaction (`nested-transaction`). Its effects outside are intents, carried out afterwards.
   */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
};

export type JournalOptions = {
  /** A file on a local disk, or `:memory:`. Its folder is made when it is missing. */
  readonly path: string;
  /** 32 random bytes that the keys of personal data are wrapped with; the same ones every time. */
  readonly masterKey: Uint8Array;
  readonly clock: Clock;
  /** Source of keys, nonces, tokens and ids; that of `node:crypto` unless a test needs the same ones again. */
  readonly randomBytes?: (size: number) => Uint8Array;
};

/**
 * Opens a journal, making the file on first use and migrating an older one. One process writes a journal at a time; with `readOnly: true` any number read it. Throws a
 * {@link JournalError} that says what stands in the way and what to do.
 */
export async function openJournal(options: JournalOptions & { readonly readOnly: true }): Promise<JournalReader>;
export async function openJournal(options: JournalOptions & { readonly readOnly?: false }): Promise<Journal>;
export async function openJournal(options: JournalOptions & { readonly readOnly?: boolean }): Promise<JournalReader> {
  const wrapping = wrappingKeyOf(options.masterKey);
  if (options.readOnly === true) {
    const database = openToRead(options.path);
    return journalOver(database, { options, wrapping, readOnly: true, release: () => undefined });
  }
  if (options.path === inMemory) {
    return journalOver(openToWrite(inMemory), { options, wrapping, readOnly: false, release: () => undefined });
  }
  const path = prepareFolder(options.path);
  const lock = takeWriterLock(path);
  try {
    return journalOver(openToWrite(path), { options, wrapping, readOnly: false, release: () => lock.release() });
  } catch (error) {
    lock.release();
    throw error;
  }
}

type Opened = {
  readonly options: JournalOptions;
  readonly wrapping: WrappingKey;
  readonly readOnly: boolean;
  /** Gives the right to write back. */
  readonly release: () => void;
};

function journalOver(database: DatabaseSync, { options, wrapping, readOnly, release }: Opened): Journal {
  try {
    checkMasterKey(database, wrapping);
    if (!readOnly) signFile(database, wrapping, options.clock);
  } catch (error) {
    database.close();
    throw error;
  }
  const { clock, randomBytes = systemRandomBytes } = options;
  const db = new Kysely<Tables>({
    dialect: nodeSqliteDialect(database),
    plugins: [new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })],
  });
  const current = new AsyncLocalStorage<{ over: boolean }>();
  const running = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  const assertOutside = (what: string) => {
    // A task that was only started inside a transaction, and outlived it, may begin its own.
    if (current.getStore()?.over !== false) return;
    throw new JournalError(
      'nested-transaction',
      `A ${what} was begun inside a transaction and would wait for itself for ever; use the tx that is there.`,
    );
  };

  const turn = async <Result>(accessMode: 'read only' | 'read write', work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result> => {
    assertOutside(accessMode === 'read only' ? 'read' : 'transaction');
    if (closing !== undefined) throw new JournalError('closed', 'The journal is closed; open it again.');
    const scope = { over: false };
    const run = current.run(scope, () => db.transaction().setAccessMode(accessMode).execute(work));
    running.add(run);
    try {
      return await run;
    } finally {
      scope.over = true;
      running.delete(run);
    }
  };

  const closeAfter = async (work: Iterable<Promise<unknown>>): Promise<void> => {
    await Promise.allSettled(work);
    database.close();
    release();
  };

  const close = async (): Promise<void> => {
    assertOutside('close');
    closing ??= closeAfter(running);
    return closing;
  };

  return {
    read: (work) => turn('read only', (db) => work(readTransaction(db, { clock, randomBytes, wrapping, onErase: () => undefined }))),
    async transaction(work) {
      let erased = false;
      const onErase = () => {
        erased = true;
      };
      const result = await turn('read write', (db) => work(transaction(db, { clock, randomBytes, wrapping, onErase })));
      if (erased) await db.connection().execute(async () => emptyLog(database));
      return result;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function checkMasterKey(database: DatabaseSync, wrapping: WrappingKey): void {
  const known = database.prepare(`select value from meta where name = 'master-key'`).get()?.['value'];
  if (known === undefined || known === wrapping.id) return;
  throw new JournalError(
    'wrong-master-key',
    'The journal was written with another master key; give it that one, for without it the personal data in the journal cannot be read.',
  );
}

/** Writes down whose master key it is, and for people who writes the file. */
function signFile(database: DatabaseSync, wrapping: WrappingKey, clock: Clock): void {
  const write = database.prepare('insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value');
  write.run('master-key', wrapping.id);
  write.run('writer', `process ${process.pid} on ${hostname()} since ${clock.now()}`);
}
