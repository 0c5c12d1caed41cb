import { z } from 'zod';
import { JournalError } from './journal-error.ts';

/** What `node:sqlite` throws; the low byte of `errcode` is SQLite's primary result code (sqlite.org/rescode.html). */
const sqliteErrorSchema = z.object({ code: z.literal('ERR_SQLITE_ERROR'), errcode: z.int() });

export const sqliteCodes = { busy: 5, readOnly: 8, inputOutput: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 } as const;

/** SQLite's primary result code of an error; null for an error that is not SQLite's. */
export function sqliteCodeOf(error: unknown): number | null {
  const parsed = sqliteErrorSchema.safeParse(error);
  return parsed.success ? parsed.data.errcode & 0xff : null;
}

/** Runs a call into SQLite; what an operator can do something about becomes a {@link JournalError}, the rest is thrown as it is. */
export function translated<Result>(call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    switch (sqliteCodeOf(error)) {
      case sqliteCodes.full:
        throw new JournalError('disk-full', 'The disk of the journal is full; make room, then go on: nothing was half written.', {
          cause: error,
        });
      case sqliteCodes.busy:
        throw new JournalError(
          'busy',
          'Another program keeps the journal locked; close it (a database browser, a backup tool) and try again.',
          { cause: error },
        );
      case sqliteCodes.inputOutput:
      case sqliteCodes.readOnly:
      case sqliteCodes.cannotOpen:
        throw new JournalError(
          'interrupted',
          "The journal's disk fails: it cannot be read or written any more. See to the disk, then start again: the journal tells what was kept.",
          { cause: error },
        );
      case sqliteCodes.corrupt:
      case sqliteCodes.notADatabase:
        throw new JournalError('damaged', 'The journal file is damaged; stop, keep the file, and restore the last backup.', {
          cause: error,
        });
      default:
        throw error;
    }
  }
}
