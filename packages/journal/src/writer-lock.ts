import { DatabaseSync } from 'node:sqlite';
import { JournalError } from './journal-error.ts';
import { sqliteCodeOf, sqliteCodes } from './sqlite-fault.ts';

/** The right to write a journal; exactly one process has it. */
export type WriterLock = { release(): void };

/**
 * Takes the right to write the journal at `path`: an exclusive transaction, never committed, on an empty SQLite file of its own beside it (`<path>-lock`). The operating system
 * holds that lock for the process and gives it back the moment the process ends, however it ends; readers of the journal do not touch the file. Nobody may open the lock file by
 * other means in the same process: closing it would give the lock away (POSIX advisory locks).
 */
export function takeWriterLock(path: string): WriterLock {
  const file = `${path}-lock`;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('begin exclusive');
  } catch (error) {
    database?.close();
    if (sqliteCodeOf(error) === sqliteCodes.busy) {
      throw new JournalError(
        'locked',
        `Another process writes the journal ${path}${holderOf(path)}; stop it first, or give this one another journal.`,
        {
          cause: error,
        },
      );
    }
    throw new JournalError(
      'cannot-open',
      `The journal's lock file ${file} cannot be written; make its folder and the file writable for this user.`,
      {
        cause: error,
      },
    );
  }
  const held = database;
  return { release: () => held.close() };
}

/** What the writer's process said about itself when it started, in brackets; empty when nobody can tell. */
function holderOf(path: string): string {
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      const row = database.prepare(`select value from meta where name = 'writer'`).get();
      return typeof row?.['value'] === 'string' ? ` (${row['value']})` : '';
    } finally {
      database.close();
    }
  } catch {
    return '';
  }
}
