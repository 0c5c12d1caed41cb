import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { InvariantError } from '@quartermaster/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openJournal, type Journal } from './journal.ts';
import { claimOne, given, intent, masterKey, stoppedClock } from './testing/givens.ts';

describe('personal data on the disk', () => {
  let folder: string;
  let path: string;
  let journal: Journal;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'journal-vault-'));
    path = join(folder, 'journal.db');
    journal = await openJournal({ path, masterKey, clock: stoppedClock });
  });
  afterEach(async () => {
    await journal.close();
    rmSync(folder, { recursive: true });
  });

  /** Everything that lies in the folder, write-ahead log included. */
  const onDisk = () =>
    Buffer.concat(
      readdirSync(folder)
        .filter((name) => !name.endsWith('-lock'))
        .map((name) => readFileSync(join(folder, name))),
    );

  test('is not readable there', async () => {
    await given(journal, intent('a', { subject: 'p1' }));
    const { id, token } = await claimOne(journal);
    await journal.transaction(async (tx) => {
      await tx.vault.put('p1', 'person', 'Ann Onymous');
      await tx.intents.saveRaw(id, token, '<to>Ann Onymous</to>');
    });
    expect(onDisk().includes('Onymous')).toBe(false);
  });

  test('leaves nothing behind when it is erased, not even its key', async () => {
    await journal.transaction((tx) => tx.vault.put('p1', 'person', 'Ann Onymous'));
    const wrapped = wrappedKey(path);
    expect(onDisk().includes(wrapped)).toBe(true);
    await journal.transaction((tx) => tx.vault.erase('p1'));
    expect(onDisk().includes(wrapped)).toBe(false);
  });

  test('does not open under another name or for another subject', async () => {
    await journal.transaction(async (tx) => {
      await tx.vault.put('p1', 'person', 'Ann Onymous');
      await tx.vault.put('p1', 'note', 'ring twice');
    });
    const database = new DatabaseSync(path);
    database.exec(`update vault_entry set sealed = (select sealed from vault_entry where name = 'person') where name = 'note'`);
    database.close();
    await expect(journal.read((tx) => tx.vault.get('p1', 'note'))).rejects.toBeInstanceOf(InvariantError);
  });
});

function wrappedKey(path: string): Buffer {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const wrapped = database.prepare('select wrapped from vault_key').get()?.['wrapped'];
    return Buffer.from(wrapped instanceof Uint8Array ? wrapped : []);
  } finally {
    database.close();
  }
}
