import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { countFolders } from './count-folders.ts';

test('the newest CSV of the folder of a node is the count', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'quartermaster-counts-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const read = countFolders({ counts: [{ node: 'TPL', freshHours: 26, directory }] });
  expect([await read('TPL'), await read('BER')]).toEqual([null, null]);

  for (const [name, day] of [
    ['z-old.csv', 1],
    ['a-new.csv', 2],
    ['readme.txt', 3],
  ] as const) {
    writeFileSync(join(directory, name), `sku,sellable\nMUG,${day}\n`);
    utimesSync(join(directory, name), new Date(`2026-11-0${day}T00:00:00Z`), new Date(`2026-11-0${day}T00:00:00Z`));
  }
  expect(await read('TPL')).toEqual({ name: 'a-new.csv', text: 'sku,sellable\nMUG,2\n', modifiedAt: '2026-11-02T00:00:00.000Z' });
});

test('a folder that is not there is a fault, not an empty one', async () => {
  await expect(countFolders({ counts: [{ node: 'TPL', freshHours: 26, directory: '/nowhere' }] })('TPL')).rejects.toThrow('ENOENT');
});
