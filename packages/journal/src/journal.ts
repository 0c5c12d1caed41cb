import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes as systemRandomBytes } from 'node:crypto';
import { jitteredDelayMs, type Clock } from '@quartermaster/domain';
import type { Home } from './home.ts';
import { JournalError } from './journal-error.ts';
import { openHome, type JournalPlace } from './journal-place.ts';
import { parsedBodies } from './parsed-bodies.ts';
import type { RecordShapes } from './record-shapes.ts';
import { wrappingKeyOf, type WrappingKey } from './sealing.ts';
import { checkSignature } from './signature.ts';
import type { Database } from './tables.ts';
import { readTransaction, transaction, type ReadTransaction, type Transaction } from './transaction.ts';

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
  /** Other processes may write it at the same time: what one of them holds ends by its lease only, not with this one's start. */
  readonly shared: boolean;
  /**
   * One local transaction per fact: all of it is on the disk when the promise resolves, or nothing when it rejects. `work` must be short and must not wait for anything but
   * `tx`: never for the network, never for another read or transaction (`nested-transaction`). Its effects outside are intents, carried out afterwards.
   *
   * `work` must be repeatable: where several processes write, two that stand in each other's way (deadlock) are sorted out by running `work` of one of them again, from the beginning
   * and on what is stored by then. So it must not count, push or log into what outlives it. What it reads of a record or lease is kept from others until its end.
   */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** The same for somebody outside who waits for the answer, such as a channel for the acknowledgement of its webhook: it goes before the transactions that wait for their turn. For short ones only. */
  promptly<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
};

export type JournalOptions = JournalPlace & {
  /** 32 random bytes that the keys of personal data are wrapped with; the same ones every time. */
  readonly masterKey: Uint8Array;
  readonly clock: Clock;
  /** Source of keys, nonces, tokens and ids; that of `node:crypto` unless a test needs the same ones again. */
  readonly randomBytes?: (size: number) => Uint8Array;
  /** Which shape the bodies of records have today, by kind, and how older ones become it; a kind that is not named has its first. */
  readonly recordShapes?: RecordShapes;
};

type Keeping = Omit<JournalOptions, keyof JournalPlace> & { readonly readOnly?: boolean };

/**
 * Opens a journal, making it on first use and migrating an older one. Of a file one process is the writer at a time, of a PostgreSQL database there may be several; with
 * `readOnly: true` any number read. Throws a {@link JournalError} that says what stands in the way and what to do.
 */
export async function openJournal(options: JournalOptions & { readonly readOnly: true }): Promise<JournalReader>;
export async function openJournal(options: JournalOptions & { readonly readOnly?: false }): Promise<Journal>;
export async function openJournal(options: JournalOptions & { readonly readOnly?: boolean }): Promise<JournalReader> {
  const { readOnly = false, ...keeping } = options;
  // Before a file or schema is made that it would not open.
  wrappingKeyOf(keeping.masterKey);
  const home = await openHome(options, { readOnly });
  return journalOver(home, { ...keeping, readOnly });
}

/** A journal over an open home; the home is closed when it cannot be used. */
export async function journalOver(
  home: Home,
  { masterKey, clock, randomBytes = systemRandomBytes, recordShapes = {}, readOnly = false }: Keeping,
): Promise<Journal> {
  const context = { clock, randomBytes, store: home.store, recordShapes, parsed: parsedBodies() };
  const wrapping = await wrappingFor(home, { masterKey, clock, readOnly });
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

  const once = async <Result>(mode: Mode, work: (db: Database) => Promise<Result>): Promise<Result> => {
    const scope = { over: false };
    try {
      const begun = home.db
        .transaction()
        .setAccessMode(mode)
        .setIsolationLevel(mode === 'read only' ? 'repeatable read' : 'read committed');
      return await current.run(scope, () => begun.execute(work));
    } finally {
      scope.over = true;
    }
  };

  const patiently = async <Result>(mode: Mode, work: (db: Database) => Promise<Result>): Promise<Result> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(mode, work);
      } catch (error) {
        if (attempt >= attempts || !home.worthRepeating(error)) throw home.translated(error);
        await clock.sleep(jitteredDelayMs({ baseMs: 10, capMs: 500, attempt, random: () => (randomBytes(1)[0] ?? 0) / 256 }));
      }
    }
  };

  const turn = async <Result>(mode: Mode, work: (db: Database) => Promise<Result>): Promise<Result> => {
    assertOutside(mode === 'read only' ? 'read' : 'transaction');
    if (closing !== undefined) throw new JournalError('closed', 'The journal is closed; open it again.');
    const run = patiently(mode, work);
    running.add(run);
    try {
      return await run;
    } finally {
      running.delete(run);
    }
  };

  const closeAfter = async (work: Iterable<Promise<unknown>>): Promise<void> => {
    await Promise.allSettled(work);
    await home.close();
  };

  const close = async (): Promise<void> => {
    assertOutside('close');
    closing ??= closeAfter(running);
    return closing;
  };

  const write = async <Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> => {
    let erased = false;
    const onErase = () => {
      erased = true;
    };
    const result = await turn('read write', async (db) => {
      const { tx, beforeCommit } = transaction(db, { ...context, wrapping, onErase });
      const result = await work(tx);
      await beforeCommit();
      return result;
    });
    if (erased) await home.afterErasure();
    return result;
  };

  return {
    shared: !home.store.aloneInIt,
    read: (work) => turn('read only', (db) => work(readTransaction(db, { ...context, wrapping, onErase: () => undefined }))),
    transaction: write,
    promptly: (work) => home.ahead(() => write(work)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

type Mode = 'read only' | 'read write';

/** How often a transaction that was in the way of others is tried in all. */
const attempts = 5;

async function wrappingFor(
  home: Home,
  given: { readonly masterKey: Uint8Array; readonly clock: Clock; readonly readOnly: boolean },
): Promise<WrappingKey> {
  try {
    const wrapping = wrappingKeyOf(given.masterKey);
    await checkSignature(home, wrapping, given);
    return wrapping;
  } catch (error) {
    await home.close();
    throw home.translated(error);
  }
}
