import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backupJournal, checkBackup, restoreJournal } from './backup.ts';
import { openJournal, type Journal } from './journal.ts';
import { intent, masterKey, noon, stoppedClock } from './testing/givens.ts';

const keys = { masterKey, clock: stoppedClock };
let folder: string;
let path: string;
let copy: string;
let journal: Journal;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'journal-backup-'));
  path = join(folder, 'journal.db');
  copy = join(folder, 'backup.db');
  journal = await openJournal({ path, ...keys });
  await fact('before');
});
afterEach(async () => {
  await journal.close();
  rmSync(folder, { recursive: true });
});

async function fact(key: string): Promise<void> {
  await journal.transaction(async (tx) => {
    await tx.intents.add(intent(key));
    await tx.audit.append({ at: noon, actor: 'test', event: 'fact', key });
  });
}

/** The journal is lost, the backup takes its place. */
async function restored(): Promise<Awaited<ReturnType<typeof restoreJournal>>> {
  await journal.close();
  const done = await restoreJournal({ ...keys, backup: copy, to: path, by: 'ann' });
  journal = await openJournal({ path, ...keys });
  return done;
}

test('a backup is taken beside the writer, and holds what was there at that moment', async () => {
  const made = await backupJournal({ ...keys, from: path, to: copy });
  await fact('after');

  expect(made).toMatchObject({ rows: 1, knowsUntil: noon, path: copy });
  await using reader = await openJournal({ path: copy, ...keys, readOnly: true });
  expect(await reader.read(async (tx) => [await tx.intents.find('before'), await tx.intents.find('after')])).toEqual([
    expect.anything(),
    null,
  ]);
});

test('a backup writes over nothing, and leaves nothing half made', async () => {
  writeFileSync(copy, 'something of mine');
  await expect(backupJournal({ ...keys, from: path, to: copy })).rejects.toMatchObject({ code: 'not-empty' });
  expect(readFileSync(copy, 'utf8')).toBe('something of mine');
  expect(existsSync(`${copy}.part`)).toBe(false);
});

test('a damaged backup is refused before the journal is touched', async () => {
  await backupJournal({ ...keys, from: path, to: copy });
  const bytes = readFileSync(copy);
  bytes.fill(0x5a, Math.floor(bytes.length / 2));
  writeFileSync(copy, bytes);

  await expect(checkBackup({ ...keys, path: copy })).rejects.toThrow();
  await expect(restoreJournal({ ...keys, backup: copy, to: path, by: 'ann' })).rejects.toThrow();
  expect(await journal.read((tx) => tx.restoration.get())).toBeNull();
});

test('a backup of another master key is refused', async () => {
  await backupJournal({ ...keys, from: path, to: copy });
  await expect(checkBackup({ ...keys, masterKey: new Uint8Array(32).fill(9), path: copy })).rejects.toMatchObject({
    code: 'wrong-master-key',
  });
});

test('a restore is refused while a daemon writes the journal', async () => {
  await backupJournal({ ...keys, from: path, to: copy });
  await expect(restoreJournal({ ...keys, backup: copy, to: path, by: 'ann' })).rejects.toMatchObject({ code: 'locked' });
});

test('a restored journal is what it was at the backup, knows that it is old, and says who brought it back', async () => {
  await backupJournal({ ...keys, from: path, to: copy });
  await fact('after');
  const { keptAt } = await restored();

  const seen = await journal.read(async (tx) => ({
    after: await tx.intents.find('after'),
    restoration: await tx.restoration.get(),
    events: (await tx.audit.list({ key: 'journal', limit: 10 })).map(({ actor, event }) => [actor, event]),
    chain: (await tx.audit.verifyChain()).kind,
  }));
  expect(seen).toEqual({
    after: null,
    restoration: { knowsUntil: noon, settledAt: null },
    events: [['ann', 'journal.restored']],
    chain: 'whole',
  });
  await using kept = await openJournal({ path: keptAt ?? '', ...keys, readOnly: true });
  expect(await kept.read((tx) => tx.intents.find('after'))).not.toBeNull();
});

test('a journal that is damaged beyond opening can be replaced by its backup', async () => {
  await backupJournal({ ...keys, from: path, to: copy });
  await journal.close();
  writeFileSync(path, 'no database at all');
  appendFileSync(`${path}-wal`, 'nor this');

  await restored();

  expect(await journal.read((tx) => tx.intents.find('before'))).not.toBeNull();
});

test('what was restored twice before it was settled knows no more than the first time', async () => {
  await backupJournal({ ...keys, from: path, to: copy });
  await restored();
  rmSync(copy);
  await backupJournal({ ...keys, from: path, to: copy });
  await restored();

  expect(await journal.read((tx) => tx.restoration.get())).toEqual({ knowsUntil: noon, settledAt: null });
  expect(await journal.transaction((tx) => tx.restoration.settle(noon))).toBe(true);
  expect(await journal.transaction((tx) => tx.restoration.settle(noon))).toBe(false);
});
