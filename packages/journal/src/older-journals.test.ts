import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openJournal } from './journal.ts';
import { migrations } from './migrations.ts';
import type { RecordShapes } from './record-shapes.ts';
import { sqliteStatements } from './schema-words.ts';
import { masterKey, noon, stoppedClock as clock } from './testing/givens.ts';

let path: string;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-older-'));
  path = join(folder, 'journal.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Orders had a `total` at first, and a `price` with a currency from version 2 on. */
const order = z.object({ price: z.object({ minor: z.int(), currency: z.string() }) });
const earlier = z.object({ total: z.int() });
const shapes: RecordShapes = {
  order: { version: 2, upgrade: (body) => ({ price: { minor: earlier.parse(body).total, currency: 'EUR' } }) },
};
const open = (recordShapes: RecordShapes = {}) => openJournal({ path, masterKey, clock, recordShapes });

describe('records of an older program', () => {
  beforeEach(async () => {
    await using before = await open();
    await before.transaction((tx) => tx.records.put('order', 'o1', { state: 'open', body: { total: 500 }, at: noon, version: 0 }));
  });

  test("are read in today's shape", async () => {
    await using journal = await open(shapes);
    expect(await journal.read((tx) => tx.records.get('order', 'o1', order))).toMatchObject({ body: { price: { minor: 500 } } });
  });

  test('are not upgraded again once they were written anew', async () => {
    await using journal = await open(shapes);
    const body = { price: { minor: 700, currency: 'EUR' } };
    await journal.transaction((tx) => tx.records.put('order', 'o1', { state: 'open', body, at: noon, version: 1 }));
    expect(await journal.read((tx) => tx.records.list('order', order, { limit: 9 }))).toMatchObject([{ body }]);
  });

  test('are refused by an older program once a newer one has written them', async () => {
    const newer = await open(shapes);
    const body = { price: { minor: 700, currency: 'EUR' } };
    await newer.transaction((tx) => tx.records.put('order', 'o1', { state: 'open', body, at: noon, version: 1 }));
    await newer.close();
    await using older = await open();
    await expect(older.read((tx) => tx.records.get('order', 'o1', earlier))).rejects.toMatchObject({ code: 'newer-schema' });
  });
});

test('an order that an older program kept is found by what people call it', async () => {
  const database = new DatabaseSync(path);
  for (const statement of migrations.slice(0, 2).flat().flatMap(sqliteStatements)) database.exec(statement);
  database.exec('pragma application_id = 0x514d4a4c; pragma user_version = 2');
  for (const [kind, body] of Object.entries({ order: '{"order":{"name":"#1001"}}', wave: '{"orders":5}' }))
    database.exec(
      `insert into record (kind, key, state, version, body, created_at, changed_at) values ('${kind}', 'o1', 'open', 1, '${body}', '${noon}', '${noon}')`,
    );
  database.close();

  await using journal = await open();

  const found = await journal.read((tx) => tx.records.list('order', z.unknown(), { name: '#1001', limit: 9 }));
  expect(found.map(({ key }) => key)).toEqual(['o1']);
});

test('a journal file of the first version is brought up to date and goes on, with its audit chain whole', async () => {
  const database = new DatabaseSync(path);
  for (const statement of (migrations[0] ?? []).flatMap(sqliteStatements)) database.exec(statement);
  database.exec('pragma application_id = 0x514d4a4c; pragma user_version = 1');
  database.exec(
    `insert into record (kind, key, state, version, body, created_at, changed_at) values ('order', 'o1', 'open', 1, '{"total":5}', '${noon}', '${noon}')`,
  );
  database.close();

  await using journal = await open();
  await journal.transaction((tx) => tx.audit.append({ at: noon, actor: 'ann', event: 'order.held', key: 'o1' }));

  expect(await journal.read((tx) => tx.records.get('order', 'o1', earlier))).toMatchObject({ version: 1, body: { total: 5 } });
  expect(await journal.read((tx) => tx.audit.verifyChain())).toMatchObject({ kind: 'whole', rows: 1 });
});
