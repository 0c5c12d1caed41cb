import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openJournal } from './journal.ts';
import { JournalError } from './journal-error.ts';
import { given, intent, masterKey, stoppedClock } from './testing/givens.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-open-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (path: string, change: { masterKey?: Uint8Array } = {}) => openJournal({ path, masterKey, clock: stoppedClock, ...change });
const openReader = (path: string) => openJournal({ path, masterKey, clock: stoppedClock, readOnly: true });

describe('opening a journal', () => {
  test('makes the folders on the way, and finds everything again', async () => {
    const path = join(folder, 'a', 'b', 'journal.db');
    const first = await open(path);
    await given(first, intent('a'));
    await first.close();
    await using second = await open(path);
    expect(await second.read((tx) => tx.intents.find('a'))).toMatchObject({ key: 'a', state: 'ready' });
  });

  test('says so when its folder cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(open(join(folder, 'file', 'journal.db'))).rejects.toMatchObject({ name: 'JournalError', code: 'cannot-open' });
  });

  test('says so when the path is a folder', async () => {
    mkdirSync(join(folder, 'journal.db'));
    await expect(open(join(folder, 'journal.db'))).rejects.toMatchObject({ code: 'cannot-open' });
  });

  test('refuses a file that is no database', async () => {
    writeFileSync(join(folder, 'notes.txt'), 'buy milk, and more of it than last week, for the journal is thirsty');
    await expect(open(join(folder, 'notes.txt'))).rejects.toMatchObject({ code: 'not-a-journal' });
  });

  test("refuses another program's database, and leaves it as it is", async () => {
    const path = join(folder, 'other.db');
    change(path, 'create table customer (id integer)');
    const before = readFileSync(path);
    await expect(open(path)).rejects.toMatchObject({ code: 'not-a-journal' });
    expect(readFileSync(path)).toEqual(before);
  });

  test('refuses a file that a newer program has written', async () => {
    const path = join(folder, 'journal.db');
    await (await open(path)).close();
    change(path, 'pragma user_version = 99');
    await expect(open(path)).rejects.toMatchObject({ code: 'newer-schema' });
  });

  test('says so when the file is damaged', async () => {
    const path = join(folder, 'journal.db');
    await (await open(path)).close();
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xff, 200));
    await expect(open(path)).rejects.toMatchObject({ code: 'damaged' });
  });

  test('refuses another master key', async () => {
    const path = join(folder, 'journal.db');
    await (await open(path)).close();
    await expect(open(path, { masterKey: new Uint8Array(32).fill(8) })).rejects.toMatchObject({ code: 'wrong-master-key' });
  });

  test('refuses a master key of the wrong length', async () => {
    await expect(open(':memory:', { masterKey: new Uint8Array(16) })).rejects.toMatchObject({ code: 'bad-master-key' });
  });

  test('gives the right to write back when it fails', async () => {
    const path = join(folder, 'journal.db');
    await (await open(path)).close();
    await expect(open(path, { masterKey: new Uint8Array(32) })).rejects.toBeInstanceOf(JournalError);
    await using journal = await open(path);
    expect(await journal.transaction((tx) => tx.intents.add(intent('a')))).toBe('new');
  });

  test('keeps a second writer out also in the same process and under another name of the file', async () => {
    await using journal = await open(join(folder, 'journal.db'));
    await given(journal, intent('a'));
    symlinkSync(join(folder, 'journal.db'), join(folder, 'alias.db'));
    await expect(open(join(folder, 'alias.db'))).rejects.toMatchObject({ code: 'locked' });
  });

  test('lets the next writer in once it is closed', async () => {
    const path = join(folder, 'journal.db');
    await (await open(path)).close();
    await using second = await open(path);
    expect(await second.transaction((tx) => tx.intents.add(intent('a')))).toBe('new');
  });
});

describe('opening a journal to read', () => {
  test('sees what its writer has committed meanwhile', async () => {
    const path = join(folder, 'journal.db');
    await using journal = await open(path);
    await using reader = await openReader(path);
    await given(journal, intent('a'));
    expect(await reader.read((tx) => tx.intents.find('a'))).toMatchObject({ key: 'a' });
  });

  test('works without a writer', async () => {
    const path = join(folder, 'journal.db');
    const journal = await open(path);
    await given(journal, intent('a'));
    await journal.close();
    await using reader = await openReader(path);
    expect(await reader.read((tx) => tx.intents.counts())).toEqual([{ kind: 'label', state: 'ready', count: 1 }]);
  });

  test('does not make a journal where there is none', async () => {
    await expect(openReader(join(folder, 'journal.db'))).rejects.toMatchObject({ code: 'cannot-open' });
  });

  test('asks for the writer first when the file is older than the program', async () => {
    const path = join(folder, 'journal.db');
    await (await open(path)).close();
    change(path, 'pragma user_version = 0');
    await expect(openReader(path)).rejects.toMatchObject({ code: 'older-schema' });
  });
});

/** What another program would do to the file. */
function change(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}
