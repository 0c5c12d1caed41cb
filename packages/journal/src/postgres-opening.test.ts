import { Client } from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openJournal } from './journal.ts';
import { JournalError } from './journal-error.ts';
import { isInTheWay, postgresFault } from './postgres-fault.ts';
import { wholeNumberOf, type PostgresPlace } from './postgres-home.ts';
import { given, intent, masterKey, noon, stoppedClock } from './testing/givens.ts';
import { newSchema } from './testing/postgres-schemas.ts';
import { stopTimeoutMs, testServer } from './testing/postgres-server.ts';

const anything = z.object({});
const server = await testServer();
const missing = 'missing' in server ? server.missing : null;
const url = 'missing' in server ? '' : server.url;
/** Roles, databases and settings are changed on a server of our own only. */
const ours = !('missing' in server) && server.ours;
afterAll(() => ('missing' in server ? undefined : server.stop()), stopTimeoutMs);

const open = (place: Partial<PostgresPlace> = {}, key = masterKey) =>
  openJournal({ postgres: { url, schema: newSchema(), connections: 2, ...place }, masterKey: key, clock: stoppedClock });
const openReader = (schema: string) => openJournal({ postgres: { url, schema }, masterKey, clock: stoppedClock, readOnly: true });

/** What a person does with the server by other means. */
async function sql(statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Waits until the server has read its settings anew. */
async function reloaded(fsync: string): Promise<void> {
  await sql('select pg_reload_conf()');
  for (;;) {
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ fsync: string }>('show fsync');
    await client.end();
    if (rows[0]?.fsync === fsync) return;
  }
}

const withPassword = (user: string, password: string) => url.replace('postgres@', `${user}:${password}@`);
const database = (name: string) => url.replace('/postgres?', `/${name}?`);

describe.skipIf(missing !== null)(`opening a journal on a PostgreSQL server${missing === null ? '' : ` (${missing})`}`, () => {
  test('makes its tables once, whoever of several processes comes first, and finds everything again', async () => {
    const schema = newSchema();
    const journals = await Promise.all(Array.from({ length: 5 }, () => open({ schema })));
    for (const [index, journal] of journals.entries()) await given(journal, intent(String(index)));
    await Promise.all(journals.map((journal) => journal.close()));
    await using again = await open({ schema });
    expect(await again.read((tx) => tx.intents.counts())).toEqual([{ kind: 'label', state: 'ready', count: 5 }]);
  });

  test('says so when nobody answers', async () => {
    await expect(open({ url: 'postgres://postgres@127.0.0.1:1/journal' })).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('says so when the address is none', async () => {
    await expect(open({ url: 'journal.db' })).rejects.toMatchObject({ code: 'cannot-open' });
  });

  test('says so when there is no such database', async () => {
    await expect(open({ url: database('nowhere') })).rejects.toMatchObject({ code: 'cannot-open' });
  });

  test.runIf(ours)('says so when the password is wrong, and does not tell it', async () => {
    await sql(`create role with_password login password 'right'`);
    const refused: unknown = await open({ url: withPassword('with_password', 'wr0ng-secret') }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'access-denied' });
    expect(JSON.stringify([refused, refused instanceof JournalError ? [refused.message, refused.cause] : null])).not.toContain('wr0ng');
  });

  test.runIf(ours)('says so when the user may not make a schema', async () => {
    await sql(`create role powerless login; revoke create on database postgres from public`);
    await expect(open({ url: withPassword('powerless', 'any') })).rejects.toMatchObject({ code: 'access-denied' });
  });

  test.runIf(ours)("refuses Odoo's database", async () => {
    await sql('create database odoo');
    const client = new Client({ connectionString: database('odoo') });
    await client.connect();
    await client.query('create table ir_module_module (id int)');
    await client.end();
    await expect(open({ url: database('odoo') })).rejects.toMatchObject({ code: 'not-a-journal' });
  });

  test('refuses a schema with tables of another program', async () => {
    const schema = newSchema();
    await sql(`create schema ${schema}; create table ${schema}.customer (id int)`);
    await expect(open({ schema })).rejects.toMatchObject({ code: 'not-a-journal' });
  });

  test('refuses tables that a newer program has made', async () => {
    const schema = newSchema();
    await (await open({ schema })).close();
    await sql(`update ${schema}.meta set value = '99' where name = 'schema'`);
    await expect(open({ schema })).rejects.toMatchObject({ code: 'newer-schema' });
  });

  test.runIf(ours)('refuses a server that may lose what it acknowledged', async () => {
    await sql('alter system set fsync to off');
    await reloaded('off');
    await expect(open()).rejects.toMatchObject({ code: 'not-durable' });
    await sql('alter system reset fsync');
    await reloaded('on');
  });

  test.runIf(ours)('refuses to write where only reading is allowed', async () => {
    await sql('create database standby');
    await sql('alter database standby set default_transaction_read_only to on');
    await expect(open({ url: database('standby') })).rejects.toMatchObject({ code: 'read-only' });
  });

  test('refuses another master key', async () => {
    const schema = newSchema();
    await (await open({ schema })).close();
    await expect(open({ schema }, new Uint8Array(32).fill(8))).rejects.toMatchObject({ code: 'wrong-master-key' });
  });

  test('to read makes none where there is none', async () => {
    await expect(openReader(newSchema())).rejects.toMatchObject({ code: 'cannot-open' });
  });

  test('to read asks for the writer first when the tables are older than the program', async () => {
    const schema = newSchema();
    await (await open({ schema })).close();
    await sql(`update ${schema}.meta set value = '1' where name = 'schema'`);
    await expect(openReader(schema)).rejects.toMatchObject({ code: 'older-schema' });
  });

  test('to read sees what others commit meanwhile', async () => {
    const schema = newSchema();
    await using journal = await open({ schema });
    await using reader = await openReader(schema);
    await given(journal, intent('a'));
    expect(await reader.read((tx) => tx.intents.find('a'))).toMatchObject({ key: 'a' });
  });
});

describe.skipIf(missing !== null)('a journal on a PostgreSQL server', () => {
  test('says so when its connection is lost in the middle, and goes on with a new one', async () => {
    await using journal = await open({ connections: 1 });
    const lost = journal.transaction(async (tx) => {
      await tx.intents.add(intent('a'));
      await sql(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'quartermaster' and state like 'idle in%'`,
      );
      await tx.intents.add(intent('b'));
    });
    await expect(lost).rejects.toMatchObject({ code: 'interrupted' });
    expect(await journal.transaction((tx) => tx.intents.add(intent('a')))).toBe('new');
  });

  test.each([
    ['changed', `update audit set actor = 'bob'`],
    ['shortened', 'delete from audit'],
    ['emptied', 'truncate audit'],
  ])('has an audit trail that cannot be %s, by a superuser either', async (_what, statement) => {
    const schema = newSchema();
    await using journal = await open({ schema });
    await journal.transaction((tx) => tx.audit.append({ at: noon, actor: 'ann', event: 'order.held', key: 'o1' }));
    await expect(sql(`set search_path to ${schema}; ${statement}`)).rejects.toThrow('append-only');
  });

  test('has an audit trail that shows what was changed once the triggers are gone', async () => {
    const schema = newSchema();
    await using journal = await open({ schema });
    for (const key of ['o1', 'o2', 'o1', 'o1']) {
      await journal.transaction((tx) => tx.audit.append({ at: noon, actor: 'ann', event: 'order.held', key }));
    }
    await sql(`set search_path to ${schema}; drop trigger audit_no_delete on audit; delete from audit where seq = 3`);
    expect(await journal.read((tx) => tx.audit.verifyChain())).toEqual({
      kind: 'broken',
      seq: 4,
      reason: 'it does not follow from the row before it',
    });
  });

  test('sorts text by its bytes, as SQLite does, whatever the database prefers', async () => {
    await using journal = await open();
    for (const key of ['b', 'B', 'ä', 'a']) {
      await journal.transaction((tx) => tx.records.put('order', key, { state: 'open', body: {}, at: noon, version: 0 }));
    }
    const listed = await journal.read((tx) => tx.records.list('order', anything, { limit: 9 }));
    expect(listed.map(({ key }) => key)).toEqual(['B', 'a', 'b', 'ä']);
  });
});

describe('what PostgreSQL reports reaches the operator as words', () => {
  test.each([
    ['53100', 'disk-full'],
    ['53300', 'busy'],
    ['55P03', 'busy'],
    ['25006', 'read-only'],
    ['57P01', 'interrupted'],
    ['57P03', 'unreachable'],
    ['XX001', 'damaged'],
    ['ECONNRESET', 'interrupted'],
  ])('%s as %s', (code, expected) => {
    expect(postgresFault(Object.assign(new Error('in the words of the server'), { code }), 'db/journal')).toMatchObject({
      name: 'JournalError',
      code: expected,
      message: expect.stringContaining('db/journal'),
    });
  });

  test('but not when it is our own mistake', () => {
    const mistake = Object.assign(new Error('relation does not exist'), { code: '42P01' });
    expect(postgresFault(mistake, 'db/journal')).toBe(mistake);
  });

  test('and two transactions in the way of each other are no fault', () => {
    expect([isInTheWay({ code: '40P01' }), isInTheWay({ code: '40001' }), isInTheWay({ code: '23505' })]).toEqual([true, true, false]);
  });

  test('a number that would stand for several ids is refused', () => {
    expect(() => wholeNumberOf('9007199254740993')).toThrow('too large');
  });
});
