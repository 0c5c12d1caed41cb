import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openJournal } from './journal.ts';
import { masterKey, noon, stoppedClock } from './testing/givens.ts';

/** The hash of a row, by the recipe that `audit.ts` gives for those who check the trail without this program. */
function hashOf(previousHash: string, seq: number, actor: string, key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([previousHash, seq, noon, actor, 'order.released', key, 'null']))
    .digest('hex');
}
const forgedHash = hashOf(hashOf('0'.repeat(64), 1, 'ann', 'o1'), 2, 'bob', 'o2');

describe('an audit trail that somebody gets at with SQL', () => {
  let folder: string;
  let database: DatabaseSync;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'journal-audit-'));
    const journal = await openJournal({ path: join(folder, 'journal.db'), masterKey, clock: stoppedClock });
    await journal.transaction(async (tx) => {
      for (const key of ['o1', 'o2', 'o3']) await tx.audit.append({ at: noon, actor: 'ann', event: 'order.released', key });
    });
    await journal.close();
    database = new DatabaseSync(join(folder, 'journal.db'));
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });

  const verdict = async () => {
    await using reader = await openJournal({ path: join(folder, 'journal.db'), masterKey, clock: stoppedClock, readOnly: true });
    return reader.read((tx) => tx.audit.verifyChain());
  };

  test('cannot be changed', () => {
    expect(() => database.exec(`update audit set actor = 'bob' where seq = 2`)).toThrow('append-only');
  });

  test('cannot be shortened', () => {
    expect(() => database.exec('delete from audit where seq = 2')).toThrow('append-only');
  });

  test.each([
    ['was changed', `update audit set actor = 'bob' where seq = 2`, { seq: 2, reason: 'it was changed after it was written' }],
    ['lost a row', 'delete from audit where seq = 2', { seq: 3, reason: 'row 2 is missing' }],
    ['lost its beginning', 'delete from audit where seq = 1', { seq: 2, reason: 'row 1 is missing' }],
    [
      'had a row forged with its hash',
      `update audit set actor = 'bob', hash = '${forgedHash}' where seq = 2`,
      { seq: 3, reason: 'it does not follow from the row before it' },
    ],
  ])('shows that it %s once the triggers are gone', async (_what, sql, broken) => {
    database.exec(`drop trigger audit_no_update; drop trigger audit_no_delete; ${sql}`);
    expect(await verdict()).toEqual({ kind: 'broken', ...broken });
  });

  test('has another head when its end was cut off', async () => {
    const before = await verdict();
    database.exec('drop trigger audit_no_delete; delete from audit where seq = 3');
    expect(await verdict()).not.toEqual(before);
  });
});
