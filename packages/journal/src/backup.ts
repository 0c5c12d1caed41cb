import { chmodSync, closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Clock, Instant } from '@quartermaster/domain';
import type { ChainVerdict } from './audit.ts';
import { openJournal } from './journal.ts';
import { JournalError } from './journal-error.ts';
import { emptyLog, openToRead, openToWrite, prepareFolder } from './sqlite-file.ts';
import { translated } from './sqlite-fault.ts';
import { takeWriterLock } from './writer-lock.ts';

/** A backup that was looked through: SQLite finds the file sound and the audit trail is whole. Note `head` and `rows` outside the machine. */
export type CheckedBackup = {
  readonly path: string;
  readonly bytes: number;
  readonly rows: number;
  readonly head: string;
  /** Time of the last audit row: what it knows of the world ends there. */
  readonly knowsUntil: Instant | null;
};

type Keys = { readonly masterKey: Uint8Array; readonly clock: Clock };

/**
 * Copies the journal file at `from` to `to` as it is at one moment, also while a daemon writes it, and looks the copy through. `to` must not exist: it comes into being whole or not at all,
 * and is on the disk when this returns. It holds no master key. Throws a {@link JournalError}.
 */
export async function backupJournal(given: Keys & { readonly from: string; readonly to: string }): Promise<CheckedBackup> {
  const to = resolve(given.to);
  if (existsSync(to)) throw new JournalError('not-empty', `There is a file at ${to} already; give the backup a name of its own.`);
  const part = `${prepareFolder(to)}.part`;
  const source = openToRead(given.from);
  try {
    rmSync(part, { force: true });
    // One reading transaction, so that a busy writer cannot make it begin again and again.
    translated(() => source.prepare('vacuum into ?').run(part));
    chmodSync(part, 0o600);
    const checked = await checkBackup({ ...given, path: part });
    sync(part);
    renameSync(part, to);
    sync(dirname(to));
    return { ...checked, path: to };
  } finally {
    source.close();
    for (const file of [part, `${part}-wal`, `${part}-shm`]) rmSync(file, { force: true });
  }
}

/** Looks a backup through. Throws `damaged` when it is not sound, and what {@link openJournal} throws. */
export async function checkBackup(given: Keys & { readonly path: string }): Promise<CheckedBackup> {
  const { path } = given;
  const database = openToRead(path);
  try {
    const found = translated(() => database.prepare('pragma integrity_check(1)').get())?.['integrity_check'];
    if (found !== 'ok') throw new JournalError('damaged', `${path} is damaged (${String(found)}); take another backup.`);
  } finally {
    database.close();
  }
  await using journal = await openJournal({ ...given, readOnly: true });
  const { verdict, last } = await journal.read(async (tx) => {
    const chain = await tx.audit.verifyChain();
    return { verdict: chain, last: await tx.audit.last() };
  });
  return { path, bytes: statSync(path).size, ...whole(verdict, path), knowsUntil: last?.at ?? null };
}

/**
 * Puts a backup in the place of the journal at `to`, which no process may have open to write. What was there is kept beside it. The journal is marked: it is older than the world, and who
 * opens it next must read the world again before anything is sent. Throws a {@link JournalError}.
 */
export async function restoreJournal(
  given: Keys & { readonly backup: string; readonly to: string; readonly by: string },
): Promise<CheckedBackup & { readonly keptAt: string | null }> {
  const checked = await checkBackup({ ...given, path: resolve(given.backup) });
  const to = prepareFolder(given.to);
  const lock = takeWriterLock(to);
  let keptAt: string | null = null;
  try {
    const part = `${to}.part`;
    copyFileSync(checked.path, part);
    mark(part);
    sync(part);
    if (existsSync(to)) {
      keptAt = `${to}.before-${given.clock.now().replaceAll(/[:.]/g, '-')}`;
      setAside(to, keptAt);
    }
    renameSync(part, to);
    sync(dirname(to));
  } finally {
    lock.release();
  }
  await using journal = await openJournal({ path: to, masterKey: given.masterKey, clock: given.clock });
  await journal.transaction(async (tx) => {
    await tx.restoration.begin();
    const detail = { rows: checked.rows, head: checked.head };
    await tx.audit.append({
      at: checked.knowsUntil ?? given.clock.now(),
      actor: given.by,
      event: 'journal.restored',
      key: 'journal',
      detail,
    });
  });
  return { ...checked, keptAt };
}

/** Marks the file before it stands where a daemon would find it: a kill in between must not leave a backup that passes for the present. */
function mark(path: string): void {
  const database = openToWrite(path);
  try {
    const last = database.prepare('select at from audit order by seq desc limit 1').get()?.['at'] ?? null;
    const value = JSON.stringify({ knowsUntil: last, settledAt: null });
    // A backup of a journal that was not settled itself knows as little as that one did.
    database
      .prepare(
        `insert into meta (name, value) values ('restoration', ?)
         on conflict (name) do update set value = excluded.value where json_extract(meta.value, '$.settledAt') is not null`,
      )
      .run(value);
    emptyLog(database);
    database.exec('pragma journal_mode = delete');
  } finally {
    database.close();
  }
}

/** A file that is damaged cannot be emptied of its log: then the log is kept beside it. */
function setAside(path: string, keptAt: string): void {
  renameSync(path, keptAt);
  for (const end of ['-wal', '-shm']) if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, `${keptAt}${end}`);
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function whole(verdict: ChainVerdict, path: string): { readonly rows: number; readonly head: string } {
  if (verdict.kind === 'whole') return { rows: verdict.rows, head: verdict.head };
  throw new JournalError('damaged', `The audit trail in ${path} is broken at row ${verdict.seq} (${verdict.reason}); take another backup.`);
}
