import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { makePrivateFolder } from './private-folder.ts';

const base = mkdtempSync(join(tmpdir(), 'quartermaster-folder-'));
afterEach(() => rmSync(base, { recursive: true, force: true }));

test('all missing folders are made, and only their owner may enter them', () => {
  makePrivateFolder(join(base, 'a', 'b', 'c'));

  expect(statSync(join(base, 'a', 'b', 'c')).mode & 0o777).toBe(0o700);
});

test('a folder that is there stays as it is', () => {
  makePrivateFolder(join(base, 'a'));

  expect(() => makePrivateFolder(join(base, 'a'))).not.toThrow();
});

test.runIf(process.platform === 'linux')('a place where no folder can be made is refused instead of tried for ever', () => {
  expect(() => makePrivateFolder('/proc/nowhere/deep')).toThrow(/ENOENT|EACCES|EPERM|EROFS/);
});
