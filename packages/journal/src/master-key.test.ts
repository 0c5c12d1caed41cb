import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadOrCreateMasterKey, parseMasterKey } from './master-key.ts';

describe('the master key file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'master-key-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is made once and read ever after', () => {
    const path = join(folder, 'keys', 'master.key');
    const made = loadOrCreateMasterKey(path);
    expect(made).toHaveLength(32);
    expect(loadOrCreateMasterKey(path)).toEqual(made);
  });

  test.skipIf(process.platform === 'win32')('is for nobody but its owner (skipped on Windows, which has no modes)', () => {
    const path = join(folder, 'master.key');
    loadOrCreateMasterKey(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['master.key']);
  });

  test('is refused, not replaced, when it holds something else', () => {
    const path = join(folder, 'master.key');
    writeFileSync(path, 'correct horse battery staple');
    expect(() => loadOrCreateMasterKey(path)).toThrow('does not hold a master key');
  });

  test('says so when it cannot be made', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => loadOrCreateMasterKey(join(folder, 'file', 'master.key'))).toThrow('cannot be');
  });

  test('may come as text from elsewhere', () => {
    expect(parseMasterKey(` ${Buffer.alloc(32, 7).toString('base64')}\n`, 'QM_MASTER_KEY')).toEqual(new Uint8Array(32).fill(7));
  });

  test.each(['', 'AAAA', `${Buffer.alloc(32).toString('base64')}!`])('is refused as text %j', (text) => {
    expect(() => parseMasterKey(text, 'QM_MASTER_KEY')).toThrow('QM_MASTER_KEY does not hold a master key');
  });
});
