import { createAdaptorServer } from '@hono/node-server';
import { createOdooSandbox } from '@quartermaster/odoo/sandbox';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from './exit.ts';
import { qm } from './testing/command-line.ts';

const key = '0123456789abcdef0123456789abcdef01234567';
const sandbox = createOdooSandbox({ version: 19, database: 'shop', login: 'qm', secret: key, currency: 'EUR' });
const server = createAdaptorServer({ fetch: sandbox.app });
let url = '';
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quartermaster-typegen-'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  process.env['QM_ODOO_KEY'] = key;
});
afterAll(() => {
  delete process.env['QM_ODOO_KEY'];
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('qm typegen', () => {
  test('writes the types of an Odoo, and a lock beside them', async () => {
    const { code, out } = await qm('typegen', ...odoo(), '--out', at('all.ts'));

    expect(code).toBe(exitCodes.ok);
    expect(out).toMatch(/^Odoo 19: \d+ models with \d+ fields\nWrote .*all\.ts and .*all\.lock\.json\.\n$/);
    expect(readFileSync(at('all.ts'), 'utf8')).toContain("export type SaleOrder = FullRow<typeof models, 'sale.order'>;");
  });

  test('takes the models and fields that are named, on the command line or in a file', async () => {
    writeFileSync(at('models.json'), JSON.stringify({ 'res.partner': ['name'], 'sale.order': 'all' }));

    await qm('typegen', ...odoo(), '--models', at('models.json'), '--model', 'sale.order:name,state', '--out', at('some.ts'));

    const lock = JSON.parse(readFileSync(at('some.lock.json'), 'utf8'));
    expect(Object.entries(lock.models).map(([model, fields]) => [model, Object.keys(Object(fields))])).toEqual([
      ['res.partner', ['name']],
      ['sale.order', ['name', 'state']],
    ]);
  });

  test('writes the same types again from the lock alone', async () => {
    await qm('typegen', ...odoo(), '--model', 'sale.order', '--out', at('first.ts'));

    const { code } = await qm('typegen', '--from-lock', '--lock', at('first.lock.json'), '--out', at('second.ts'));

    expect(code).toBe(exitCodes.ok);
    expect(readFileSync(at('second.ts'), 'utf8')).toBe(readFileSync(at('first.ts'), 'utf8'));
  });

  test('names what became of a field that was renamed, and says no', async () => {
    await qm('typegen', ...odoo(), '--model', 'sale.order:name,client_order_ref', '--out', at('drift.ts'));
    const before = readFileSync(at('drift.lock.json'), 'utf8');
    writeFileSync(at('drift.lock.json'), before.replace('"client_order_ref"', '"x_order_ref"'));

    const { code, out } = await qm('typegen', '--check', ...odoo(), '--out', at('drift.ts'));

    expect(code).toBe(exitCodes.no);
    expect(out).toContain('BREAKS  sale.order.x_order_ref is gone, or this user may not see it, perhaps renamed to client_order_ref');
    expect(readFileSync(at('drift.lock.json'), 'utf8')).toContain('x_order_ref');
  });

  test('says yes to a database that is as it was', async () => {
    await qm('typegen', ...odoo(), '--model', 'sale.order', '--out', at('same.ts'));

    expect(await qm('typegen', '--check', ...odoo(), '--out', at('same.ts'))).toMatchObject({
      code: exitCodes.ok,
      out: 'The database is as the lock says.\n',
    });
    const { out } = await qm('typegen', '--check', '--json', ...odoo(), '--out', at('same.ts'));
    expect(JSON.parse(out)).toEqual({ version: 19, same: true, drift: [] });
  });

  test.each([
    ['a model that is not there', ['--model', 'no.such.model'], /no\.such\.model/],
    ['a list of fields that has a hole', ['--model', 'sale.order:name,,state'], /--model/],
    ['a constant that is no name', ['--constant', 'my models'], /--constant/],
    ['a lock that is none', ['--check', '--lock', 'package.json'], /package\.json/],
    ['half an address', ['--db', 'shop'], /belong together/],
  ])('refuses %s', async (_what, options, complaint) => {
    const named = options.includes('--db') ? [] : odoo();

    expect(await qm('typegen', ...named, ...options, '--out', at('refused.ts'))).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringMatching(complaint),
    });
    expect(existsSync(at('refused.ts'))).toBe(false);
  });
});

describe('a database that is not as the lock says', () => {
  test('stops the daemon before anything is written, with the name of the field', async () => {
    mkdirSync(at('daemon'));
    await qm('init', '--config', at('daemon', 'starting.json'));
    writeConfig({
      'sale.order': { client_order_ref: { type: 'char', label: 'Reference' }, x_reference: { type: 'char', label: 'Other' } },
    });
    const good = await qm('doctor', '--config', at('daemon', 'quartermaster.json'));
    expect(good.out).toContain('note  The schema drifted: sale.order.x_reference is gone');

    writeConfig({ 'sale.order': { client_order_ref: { type: 'many2one', label: 'Reference', relation: 'res.partner' } } });
    const { code, out, err } = await qm('run', '--config', at('daemon', 'quartermaster.json'));

    expect(code).toBe(exitCodes.outside);
    expect(err).toContain('sale.order.client_order_ref was of type many2one and is char now');
    expect(out).toContain('"event":"erp.problem"');
    expect(out).not.toContain('daemon.started');
  });
});

/** The config that `qm init` writes, for the sandbox, with this lock. */
function writeConfig(models: unknown): void {
  const config = {
    ...JSON.parse(readFileSync(at('daemon', 'starting.json'), 'utf8')),
    odoo: { connection: 'odoo', mode: 'auto', url, database: 'shop', user: 'qm', key: { env: 'QM_ODOO_KEY' }, lock: 'odoo.lock.json' },
    channels: [],
  };
  writeFileSync(at('daemon', 'quartermaster.json'), JSON.stringify(config));
  writeFileSync(at('daemon', 'odoo.lock.json'), JSON.stringify({ format: 'quartermaster/odoo-lock@1', version: 19, models }));
}

function odoo(): string[] {
  return ['--url', url, '--db', 'shop', '--user', 'qm'];
}

function at(...parts: string[]): string {
  return join(folder, ...parts);
}
