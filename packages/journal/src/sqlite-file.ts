import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { JournalError } from './journal-error.ts';
import { migrations } from './migrations.ts';
import { sqliteStatements } from './schema-words.ts';
import { makePrivateFolder } from './private-folder.ts';
import { sqliteCodeOf, sqliteCodes } from './sqlite-fault.ts';

export const inMemory = ':memory:';

/** Marks a SQLite file as a journal (`QMJL`). */
const applicationId = 0x514d4a4c;
const busyTimeoutMs = 5_000;

/**
 * The one name of the file that a path means, whatever links lead there, with its folder made (mode 0700) when it is missing. Throws `cannot-open` when that cannot be done.
 */
export function prepareFolder(path: string): string {
  const folder = dirname(resolve(path));
  try {
    makePrivateFolder(folder);
    const file = statSync(path, { throwIfNoEntry: false });
    return file === undefined ? join(realpathSync(folder), basename(path)) : realpathSync(path);
  } catch (error) {
    throw new JournalError(
      'cannot-open',
      `The journal's folder ${folder} cannot be made or entered; choose a writable folder on a local disk.`,
      { cause: error },
    );
  }
}

/** Opens the file to write, makes or migrates its tables, and makes sure that a commit is on the disk when it returns. */
export function openToWrite(path: string): DatabaseSync {
  const database = open(path, false);
  try {
    const version = versionOf(database, path);
    assertDurable(database, path);
    // Deleted personal data and keys are overwritten in the file, not only unlinked.
    database.exec('pragma secure_delete = on');
    if (version < migrations.length) migrate(database, path);
    return database;
  } catch (error) {
    database.close();
    throw openingFault(error, path);
  }
}

/** Opens a file that exists, to read, also while another process writes it. */
export function openToRead(path: string): DatabaseSync {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    throw new JournalError('cannot-open', `There is no journal at ${path}; check the path, or start the program that writes it once.`);
  }
  const database = open(path, true);
  try {
    if (versionOf(database, path) < migrations.length) {
      throw new JournalError(
        'older-schema',
        `The journal ${path} is older than this program; start the program that writes it once, it will bring it up to date.`,
      );
    }
    return database;
  } catch (error) {
    database.close();
    throw openingFault(error, path);
  }
}

/** Moves everything out of the write-ahead log, so that what was overwritten does not live on there. Does nothing while a reader is in the way; the next one does it then. */
export function emptyLog(database: DatabaseSync): void {
  database.exec(`pragma busy_timeout = 0; pragma wal_checkpoint(truncate); pragma busy_timeout = ${busyTimeoutMs}`);
}

function open(path: string, readOnly: boolean): DatabaseSync {
  try {
    return new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs });
  } catch (error) {
    throw openingFault(error, path);
  }
}

/** How many migrations the file has; 0 when it is new. Looks only, so that a file of somebody else's stays as it is. */
function versionOf(database: DatabaseSync, path: string): number {
  const version = pragma(database, 'user_version');
  const application = pragma(database, 'application_id');
  const tables = database.prepare('select count(*) as tables from sqlite_master').get()?.['tables'];
  const isNew = application === 0 && version === 0 && tables === 0;
  if (!isNew && application !== applicationId) {
    throw new JournalError('not-a-journal', `${path} is a database of another program; give the journal a path of its own.`);
  }
  if (typeof version !== 'number' || version > migrations.length) {
    throw new JournalError(
      'newer-schema',
      `The journal ${path} was written by a newer program (schema ${version}, this one knows ${migrations.length}); use that program.`,
    );
  }
  return version;
}

/**
 * Write-ahead log with `synchronous = FULL` (2): a commit survives a power cut, not only the death of the process; with NORMAL acknowledged commits were lost. On a file
 * system that cannot do it (network shares) the journal does not start.
 */
function assertDurable(database: DatabaseSync, path: string): void {
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma fullfsync = on');
  const mode = pragma(database, 'journal_mode');
  if (pragma(database, 'synchronous') !== 2 || mode !== (path === inMemory ? 'memory' : 'wal')) {
    throw new JournalError(
      'not-durable',
      `The file system of ${path} does not let the journal keep its promises (journal mode ${mode}); put it on a local disk.`,
    );
  }
}

/** Of several processes that start at once one makes the tables; the others find them made once they get the write lock. */
function migrate(database: DatabaseSync, path: string): void {
  database.exec('begin immediate');
  try {
    const version = versionOf(database, path);
    for (const step of migrations.slice(version).flat()) for (const statement of sqliteStatements(step)) database.exec(statement);
    database.exec(`pragma application_id = ${applicationId}; pragma user_version = ${migrations.length}`);
    database.exec('commit');
  } catch (error) {
    if (database.isTransaction) database.exec('rollback');
    throw error;
  }
}

function pragma(database: DatabaseSync, name: string): string | number | null {
  const value = database.prepare(`pragma ${name}`).get()?.[name];
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

function openingFault(error: unknown, path: string): unknown {
  switch (sqliteCodeOf(error)) {
    case sqliteCodes.notADatabase:
      return new JournalError('not-a-journal', `${path} is not a database; give the journal a path of its own.`, { cause: error });
    case sqliteCodes.corrupt:
      return new JournalError('damaged', `The journal ${path} is damaged; keep the file, and restore the last backup.`, { cause: error });
    case sqliteCodes.busy:
      return new JournalError('busy', `Another program keeps ${path} locked; close it (a database browser, a backup tool) and try again.`, {
        cause: error,
      });
    case sqliteCodes.full:
      return new JournalError('disk-full', `The disk of ${path} is full; make room and start again.`, { cause: error });
    case sqliteCodes.cannotOpen:
    case sqliteCodes.readOnly:
    case sqliteCodes.inputOutput:
      return new JournalError('cannot-open', `The journal ${path} cannot be opened; make the file and its folder writable for this user.`, {
        cause: error,
      });
    default:
      return error;
  }
}
