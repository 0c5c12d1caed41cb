import { tablesOver, type Home } from './home.ts';
import { nodeSqliteDialect } from './node-sqlite-dialect.ts';
import { emptyLog, inMemory, openToRead, openToWrite, prepareFolder } from './sqlite-file.ts';
import { sqliteStore } from './sqlite-store.ts';
import { sqliteTurns, type SharingCommits } from './sqlite-turns.ts';
import { takeWriterLock } from './writer-lock.ts';

/** Opens the file at `path`; one process may have it open to write. Throws a `JournalError`. */
export function openSqliteHome(
  { path, commitWaitMs = 0 }: { readonly path: string; readonly commitWaitMs?: number },
  { readOnly }: { readonly readOnly: boolean },
): Home {
  const oneByOne = { commitTogether: false };
  if (readOnly) return homeOver(openToRead(path), () => undefined, oneByOne);
  if (path === inMemory) return homeOver(openToWrite(inMemory), () => undefined, oneByOne);
  const file = prepareFolder(path);
  const lock = takeWriterLock(file);
  try {
    return homeOver(openToWrite(file), () => lock.release(), { commitTogether: true, waitMs: commitWaitMs });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** `release` gives the right to write back. Where there is no disk there is nothing to gain from committing together, and the order of things stays the same in every run. */
function homeOver(database: ReturnType<typeof openToWrite>, release: () => void, how: SharingCommits): Home {
  const turns = sqliteTurns(database, how);
  return {
    db: tablesOver(nodeSqliteDialect(database, turns)),
    store: sqliteStore,
    ahead: (work) => turns.ahead(work),
    worthRepeating: () => false,
    translated: (error) => error,
    afterErasure: () => turns.alone(() => emptyLog(database)),
    close: () =>
      turns.alone(() => {
        database.close();
        release();
      }),
  };
}
