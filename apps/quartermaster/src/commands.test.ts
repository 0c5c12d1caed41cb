import { systemClock } from '@quartermaster/connector-kit';
import { loadOrCreateMasterKey, openJournal } from '@quartermaster/journal';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from './exit.ts';
import { qm } from './testing/command-line.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quartermaster-commands-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a first config', () => {
  test('init writes one in which everything only observes, and the key beside it', async () => {
    const { code, out } = await qm('init', '--config', at('quartermaster.json'));

    expect(code).toBe(exitCodes.ok);
    expect(out).toContain("mode 'observe'");
    expect(readFileSync(at('quartermaster.json'), 'utf8')).not.toContain('"auto"');
    expect(existsSync(at('quartermaster.key'))).toBe(true);
  });

  test('init writes over nothing', async () => {
    writeFileSync(at('mine.json'), '{}');

    expect(await qm('init', '--config', at('mine.json'))).toMatchObject({ code: exitCodes.usage });
    expect(readFileSync(at('mine.json'), 'utf8')).toBe('{}');
  });

  test('a wrong field is named with its path and what was expected', async () => {
    const config = JSON.parse(readFileSync(at('quartermaster.json'), 'utf8'));
    const { policy: _policy, ...inline } = config;
    writeFileSync(at('wrong.json'), JSON.stringify({ ...inline, waves: ['25:00'], odoo: { ...config.odoo, mode: 'automatic' }, extra: 1 }));

    const { code, err } = await qm('run', '--config', at('wrong.json'));

    expect(code).toBe(exitCodes.usage);
    expect(err).toContain('waves[0]: a local time such as 16:30');
    expect(err).toContain('odoo.mode:');
    expect(err).toContain('"extra"');
    expect(err).not.toContain('    at ');
  });

  test('a secret that is not set is named by its variable, never by its value', async () => {
    const { code, err } = await qm('doctor', '--config', at('quartermaster.json'));

    expect(code).toBe(exitCodes.usage);
    expect(err).toMatch(/the environment variable QM_\w+ is not set/);
  });

  test('a config that is not there is said to be missing, with what to do', async () => {
    expect(await qm('run', '--config', at('nowhere.json'))).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringContaining("'qm init'"),
    });
  });
});

describe('a demo that cannot begin', () => {
  test('a policy with wrong fields is refused before anything is opened', async () => {
    writeFileSync(at('policy.json'), JSON.stringify({ version: 1, name: 'wrong', sourcing: { splitCost: 'dear' }, wavez: [] }));

    const { code, err } = await qm('demo', '--exit', '--store', at('never-made'), '--config', at('policy.json'));

    expect(code).toBe(exitCodes.usage);
    expect(err).toContain('sourcing.splitCost: a decimal number such as 12.50');
    expect(err).toContain('wavez: there is no such field');
    expect(existsSync(at('never-made'))).toBe(false);
  });

  test('an Odoo that nobody answers for is named with its address', async () => {
    const { code, err } = await withKey('any', () => qm('demo', '--exit', ...odooAt('http://127.0.0.1:1')));

    expect(code).toBe(exitCodes.outside);
    expect(err).toContain('http://127.0.0.1:1');
    expect(err).toMatch(/Check the address/);
  });

  test('a server that is no Odoo is said to be none', async () => {
    const server = createServer((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>hello</html>'),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;

    const { code, err } = await withKey('any', () => qm('demo', '--exit', ...odooAt(`http://127.0.0.1:${port}`)));
    server.close();

    expect(code).toBe(exitCodes.outside);
    expect(err).toMatch(/qm: odoo/);
    expect(err).not.toContain('    at ');
  });

  test('a key is asked for by the name of its variable', async () => {
    expect(await qm('demo', '--exit', ...odooAt('http://127.0.0.1:1'))).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringContaining('QM_ODOO_KEY'),
    });
  });

  test('a store that cannot be written is a sentence, and exit code 4', async () => {
    writeFileSync(at('a-file'), '');

    const { code, err } = await qm('demo', '--exit', '--store', at('a-file', 'below'));

    expect(code).toBe(exitCodes.journal);
    expect(err).toMatch(/cannot be (made|read)/);
  });

  test('a journal that another process writes is refused in words, not as a bug', async () => {
    const masterKey = loadOrCreateMasterKey(at('busy', 'master.key'));
    await using _writer = await openJournal({ path: at('busy', 'journal.sqlite'), masterKey, clock: systemClock });

    const { code, err } = await qm('demo', '--exit', '--store', at('busy'));

    expect(code).toBe(exitCodes.journal);
    expect(err).not.toContain('a bug of Quartermaster');
  });

  test('orders that are neither a number nor a folder are refused', async () => {
    expect(await qm('demo', '--exit', '--orders', at('no-folder'))).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringContaining('--orders'),
    });
  });
});

describe('the journal of a store', () => {
  /** A store with a person in it, one finished intent of long ago, and a note of it. */
  const givenStore = async (name: string) => {
    const masterKey = loadOrCreateMasterKey(at(name, 'master.key'));
    await using journal = await openJournal({ path: at(name, 'journal.sqlite'), masterKey, clock: { ...systemClock, now: () => longAgo } });
    const scope = { tenant: 'demo', company: 'demo', connection: 'shop' };
    await journal.transaction(async (tx) => {
      await tx.vault.put('person-17', 'person', 'Ann Onymous');
      const draft = { scope, kind: 'confirm', orderKey: 'o1', subject: null, payload: {}, safety: 'key' as const, runAt: longAgo };
      await tx.intents.add({ ...draft, key: 'o1/confirm', state: 'ready' });
      await tx.audit.append({ at: longAgo, actor: 'ann', event: 'order.received', key: 'o1' });
      for (const { id, token } of await tx.intents.claim({ worker: 'w', now: longAgo, limit: 1, leaseMs: 1 }))
        await tx.intents.finish(id, token, {});
    });
    return ['--store', at(name)];
  };
  const longAgo = '2026-01-01T00:00:00.000Z';

  test('is found whole by audit verify, with the head to note', async () => {
    const store = await givenStore('whole');

    expect(await qm('audit', 'verify', ...store)).toMatchObject({
      code: exitCodes.ok,
      out: expect.stringMatching(/whole: 1 rows.\nhead [0-9a-f]{64}/),
    });
  });

  test('tells its audit trail as JSON, a row per line, with the policy of then where it knows one', async () => {
    const { code, out } = await qm('audit', 'export', ...(await givenStore('told')));

    expect(code).toBe(exitCodes.ok);
    const rows = out.split('\n').flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]));
    expect(rows).toMatchObject([{ seq: 1, actor: 'ann', event: 'order.received', key: 'o1', policy: null }]);
  });

  test('loses a person by erase and keeps its audit trail whole, with the erasure in it', async () => {
    const store = await givenStore('erased');

    const erased = await qm('erase', 'person-17', '--by', 'ann', ...store);

    expect(erased).toMatchObject({ code: exitCodes.ok, out: expect.stringContaining('Erased person-17') });
    expect(JSON.parse((await qm('audit', 'verify', '--json', ...store)).out)).toMatchObject({ kind: 'whole', rows: 2 });
    expect(await qm('erase', 'person-17', ...store)).toMatchObject({ code: exitCodes.no });
  });

  test('loses what is over and old by prune', async () => {
    const store = await givenStore('pruned');

    expect(JSON.parse((await qm('journal', 'prune', '--older-than', '30', '--json', ...store)).out)).toMatchObject({ intents: 1 });
    expect(JSON.parse((await qm('journal', 'prune', '--older-than', '30', '--json', ...store)).out)).toMatchObject({ intents: 0 });
  });

  test('is copied to another file, where the audit trail is the same', async () => {
    const store = await givenStore('copied');
    mkdirSync(at('copy'));
    copyFileSync(at('copied', 'master.key'), at('copy', 'master.key'));

    const { code } = await qm('journal', 'copy', '--to', at('copy', 'journal.sqlite'), ...store);

    expect(code).toBe(exitCodes.ok);
    expect((await qm('audit', 'verify', '--store', at('copy'))).out).toBe((await qm('audit', 'verify', ...store)).out);
  });
});

describe('the place of the journal', () => {
  const withJournal = async (journal: object) => {
    await qm('init', '--config', at('place.json'));
    const config = JSON.parse(readFileSync(at('place.json'), 'utf8'));
    writeFileSync(at('place.json'), JSON.stringify({ ...config, journal: { ...journal, masterKey: config.journal.masterKey } }));
    return qm('exceptions', '--config', at('place.json'));
  };

  test('is a file or a server, and not both', async () => {
    const { code, err } = await withJournal({ path: 'a.db', postgres: { url: { env: 'QM_TEST_JOURNAL' } } });

    expect(code).toBe(exitCodes.usage);
    expect(err).toContain('journal: either path or postgres, and not both');
  });

  test('on a server that does not answer is said in words, without its password', async () => {
    process.env['QM_TEST_JOURNAL'] = 'postgres://qm:wr0ng-secret@127.0.0.1:1/journal';

    const { code, err } = await withJournal({ postgres: { url: { env: 'QM_TEST_JOURNAL' } } });
    delete process.env['QM_TEST_JOURNAL'];

    expect(code).toBe(exitCodes.journal);
    expect(err).toContain('127.0.0.1:1/journal does not answer');
    expect(err).not.toContain('wr0ng');
  });
});

describe('a backup', () => {
  test('is taken, restored and settled by a word, each of which the audit trail keeps', async () => {
    mkdirSync(at('backed-up'));
    const keys = { masterKey: loadOrCreateMasterKey(at('backed-up', 'master.key')), clock: systemClock };
    const journal = await openJournal({ path: at('backed-up', 'journal.sqlite'), ...keys });
    await journal.transaction((tx) => tx.audit.append({ at: '2026-11-21T12:00:00.000Z', actor: 'test', event: 'noted', key: 'a' }));
    const store = ['--store', at('backed-up')];

    expect(await qm('backup', at('copy.sqlite'), ...store)).toMatchObject({
      code: exitCodes.ok,
      out: expect.stringContaining('whole: 1 rows'),
    });
    expect(await qm('backup', at('copy.sqlite'), ...store)).toMatchObject({ code: exitCodes.journal });
    expect(await qm('restore', at('copy.sqlite'), ...store)).toMatchObject({
      code: exitCodes.journal,
      err: expect.stringContaining('stop it'),
    });
    await journal.close();
    expect(await qm('restore', ...store)).toMatchObject({ code: exitCodes.usage });
    expect(await qm('journal', 'trust', '--reason', 'quiet day', ...store)).toMatchObject({ code: exitCodes.no });
    expect(await qm('restore', at('copy.sqlite'), '--by', 'ann', ...store)).toMatchObject({
      code: exitCodes.ok,
      out: expect.stringMatching(/before-[\s\S]*reads again what happened since/),
    });
    expect(await qm('journal', 'trust', '--reason', 'quiet day', '--by', 'ann', ...store)).toMatchObject({ code: exitCodes.ok });
    expect(await qm('restore', '--done', '--by', 'ben', ...store)).toMatchObject({ code: exitCodes.ok });

    await using reader = await openJournal({ path: at('backed-up', 'journal.sqlite'), ...keys, readOnly: true });
    const rows = await reader.read((tx) => tx.audit.list({ key: 'journal', limit: 10 }));
    expect(rows.map(({ actor, event }) => [actor, event])).toEqual([
      ['ann', 'journal.restored'],
      ['ann', 'journal.trusted'],
      ['ben', 'journal.restored'],
    ]);
  });
});

describe('the command line', () => {
  test('an unknown command or option is a usage error', async () => {
    expect((await qm('dance')).code).toBe(exitCodes.usage);
    expect((await qm('solve', 'x', '--engine', 'magic')).code).toBe(exitCodes.usage);
    expect((await qm('demo', '--faults', '2')).code).toBe(exitCodes.usage);
  });

  test('help and version are no errors', async () => {
    expect((await qm('--help')).code).toBe(exitCodes.ok);
    expect(await qm('version')).toMatchObject({ code: exitCodes.ok, out: expect.stringMatching(/^quartermaster \d+\.\d+\.\d+, Node \d+/) });
  });

  test('docs/cli.md lists every command and every exit code', async () => {
    const text = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
    const help = (await qm('--help')).out;
    const commands = [...help.matchAll(/^ {2}([a-z]+) /gm)].map((match) => match[1]).filter((name) => name !== 'help');

    expect(commands.length).toBeGreaterThan(9);
    for (const command of commands) expect(text).toContain(`\`qm ${command}`);
    for (const [name, code] of Object.entries(exitCodes)) expect(text).toContain(`| ${code} | \`${name}\` |`);
  });
});

function at(...parts: string[]): string {
  return join(folder, ...parts);
}

async function withKey<Result>(key: string, run: () => Promise<Result>): Promise<Result> {
  process.env['QM_ODOO_KEY'] = key;
  try {
    return await run();
  } finally {
    delete process.env['QM_ODOO_KEY'];
  }
}

function odooAt(url: string): string[] {
  return ['--odoo-url', url, '--odoo-db', 'db', '--odoo-user', 'admin'];
}
