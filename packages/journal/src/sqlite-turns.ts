import { AsyncLocalStorage } from 'node:async_hooks';
import type { DatabaseSync } from 'node:sqlite';
import { InvariantError } from '@quartermaster/domain';
import { JournalError } from './journal-error.ts';
import { translated } from './sqlite-fault.ts';

/** Who may use the one connection of a SQLite journal, one after the other, in the order in which they asked. */
export type SqliteTurns = {
  /** Whoever asks for a turn within `work` goes before all who wait, but for those that asked like this before. */
  ahead<Result>(work: () => Promise<Result>): Promise<Result>;
  begin(mode: 'read' | 'write'): Promise<void>;
  /** Resolves when what the transaction wrote is on the disk. When it rejects, nothing of it was kept and the turn is over. */
  commit(): Promise<void>;
  rollback(): void;
  /** Runs something on the connection while no transaction is open. */
  alone(work: () => void): Promise<void>;
};

export type SharingCommits = {
  readonly commitTogether: boolean;
  /** Milliseconds, default 0. */
  readonly waitMs?: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
};

/** A commit is an fsync. Transactions that follow one another at once share one, at most so many. */
const mostTogether = 64;
/** Two commits within so long are one close on the other. */
const busyMs = 10;

type Mode = 'read' | 'write' | 'alone';
type Member = { readonly kept: () => void; readonly lost: (error: unknown) => void };

/**
 * Lets transactions take turns. With `commitTogether` those that write join the open one as a savepoint each, and all are acknowledged by one commit: when nobody waits any more in this
 * turn of the event loop, when a reader comes, when somebody who went before others is done, or when there are {@link mostTogether}. One that fails rolls back alone; a commit that fails fails all who wait for it.
 *
 * With `waitMs` a commit that follows close on another one waits that long for company: who is so busy writes soon again, and an fsync keeps the thread for itself for a millisecond or more.
 */
export function sqliteTurns(
  database: DatabaseSync,
  { commitTogether, waitMs = 0, now = () => performance.now() }: SharingCommits,
): SqliteTurns {
  const waiting: { readonly mode: Mode; readonly isAhead: boolean; readonly go: () => void }[] = [];
  const aheadOfOthers = new AsyncLocalStorage<true>();
  let taken: Mode | null = null;
  /** Whether somebody who went before others waits for the commit: then it waits for nobody but the likes of him. */
  let isHurried = false;
  /** Those whose work is done and not yet on the disk; null while no writing transaction is open. */
  let members: Member[] | null = null;
  let flush: { cancel(): void } | null = null;
  let committedAt = -Infinity;
  const command = (sql: string) => translated(() => database.exec(sql));

  const enter = async (mode: Mode): Promise<void> => {
    if (taken !== null || waiting.length > 0) {
      const isAhead = aheadOfOthers.getStore() === true;
      await new Promise<void>((resolve) => {
        const others = isAhead ? waiting.findIndex((each) => !each.isAhead) : -1;
        waiting.splice(others === -1 ? waiting.length : others, 0, { mode, isAhead, go: () => resolve() });
      });
    }
    taken = mode;
    if (mode !== 'write') commitMembers();
    else if (aheadOfOthers.getStore() === true) isHurried = true;
  };

  const leave = (): void => {
    const next = waiting.shift();
    const isOver = members !== null && (!commitTogether || members.length >= mostTogether);
    if (isOver || (isHurried && next?.isAhead !== true) || (next !== undefined && next.mode !== 'write')) commitMembers();
    if (next === undefined) {
      taken = null;
      if (members !== null) flush ??= flushSoon();
    } else {
      // Taken for the next before it runs, so that nobody who comes now overtakes it.
      taken = next.mode;
      // All that a transaction awaits is done at once, so that a long line of them would keep the thread from everybody else. Where order must be the same in every run, it is.
      if (commitTogether) setImmediate(next.go);
      else next.go();
    }
  };

  const flushSoon = (): { cancel(): void } => {
    if (waitMs > 0 && now() - committedAt < busyMs) {
      const timer = setTimeout(flushWhenIdle, waitMs);
      return { cancel: () => clearTimeout(timer) };
    }
    const turn = setImmediate(flushWhenIdle);
    return { cancel: () => clearImmediate(turn) };
  };

  const flushWhenIdle = (): void => {
    flush = null;
    // Whoever has the turn now commits for all when it leaves.
    if (taken === null) commitMembers();
  };

  const commitMembers = (): void => {
    isHurried = false;
    if (members === null) return;
    const together = members;
    members = null;
    flush?.cancel();
    flush = null;
    try {
      command(together.length === 0 ? 'rollback' : 'commit');
      committedAt = now();
      for (const { kept } of together) kept();
    } catch (error) {
      abandon();
      for (const { lost } of together) lost(error);
    }
  };

  const abandon = (): void => {
    // After some failures, such as a full disk, SQLite has rolled back already.
    if (database.isTransaction) database.exec('rollback');
  };

  /** Ends the open transaction with everything in it: SQLite gave it up, or a savepoint could not be released. */
  const loseAll = (error: unknown): void => {
    const together = members ?? [];
    members = null;
    abandon();
    for (const { lost } of together) lost(error);
  };

  return {
    ahead: (work) => aheadOfOthers.run(true, work),
    async begin(mode) {
      await enter(mode);
      try {
        if (mode === 'read') command('pragma query_only = on; begin');
        else {
          if (members === null) command('pragma query_only = off; begin immediate');
          members ??= [];
          command('savepoint work');
        }
      } catch (error) {
        if (mode === 'write') loseAll(error);
        else abandon();
        leave();
        throw error;
      }
    },
    async commit() {
      if (taken === 'read') {
        try {
          command('commit');
        } finally {
          abandon();
          leave();
        }
        return;
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      try {
        command('release work');
        if (members === null) throw new InvariantError('a commit without a transaction');
        members.push({ kept: resolve, lost: reject });
      } catch (error) {
        loseAll(error);
        reject(error);
      }
      leave();
      await promise;
    },
    rollback() {
      try {
        if (taken === 'read') abandon();
        else if (database.isTransaction) command('rollback to work; release work');
        else loseAll(givenUp());
      } catch (error) {
        loseAll(error);
      }
      leave();
    },
    async alone(work) {
      await enter('alone');
      try {
        work();
      } finally {
        leave();
      }
    },
  };
}

/** For those who shared a transaction with the one that met a full disk or the like: nothing of theirs was kept either. */
function givenUp(): JournalError {
  return new JournalError(
    'interrupted',
    'SQLite gave the transaction up, and nothing of it was kept; make sure that the disk has room, and start again.',
  );
}
