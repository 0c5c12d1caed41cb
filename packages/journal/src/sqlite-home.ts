import { tablesOver, type Home } from './home.ts';
import { nodeSqliteDialect } from './node-sqlite-dialect.ts';
import { emptyLog, inMemory, openToRead, openToWrite, prepareFolder } from './sqlite-file.ts';
import { sqliteStore } from './sqlite-store.ts';
import { sqliteTurns } from './sqlite-turns.ts';
import { takeWriterLock } from './writer-lock.ts';

/** Opens the file at `path`; one process may have it open to write. Throws a `JournalError`. */
export function openSqliteHome(path: string, { readOnly }: { readonly readOnly: boolean }): Home {
  if (readOnly) return homeOver(openToRead(path), () => undefined, false);
  if (path === inMemory) return homeOver(openToWrite(inMemory), () => undefined, false);
  const file = prepareFolder(path);
  const lock = takeWriterLock(file);
  try {
    return homeOver(openToWrite(file), () => lock.release(), true);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** `release` gives the right to write back. Where there is no disk there is nothing to gain from committing together, and the order of things stays the same in every run. */
function homeOver(database: ReturnType<typeof openToWrite>, release: () => void, commitTogether: boolean): Home {
  const turns = sqliteTurns(database, { commitTogether });
  return {
    db: tablesOver(nodeSqliteDialect(database, turns)),
    store: sqliteStore,
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
