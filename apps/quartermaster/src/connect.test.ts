import { systemClock } from '@quartermaster/connector-kit';
import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { initCommand } from './commands/init.ts';
import { loadConfig, type Config } from './config.ts';
import { connect, odooOptions } from './connect.ts';
import { openMailServer } from './testing/mail-server.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qm-connect-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['one with a route per line, unless it is said otherwise', {}, 'route-per-line'],
  ['one for each warehouse where the config wants that', { warehouseSplit: 'order-per-warehouse' }, 'order-per-warehouse'],
])('an order for several warehouses is written as %s', (_title, odoo, expected) => {
  const config = configWith((written) => withOdoo(written, odoo));
  expect(odooOptions(config, () => 'key', { clock: systemClock, random: () => 0 }).warehouseSplit).toBe(expected);
});

test('people are told by the mail server that the config names, which is reached by its secret', async () => {
  const server = await openMailServer();
  const mail = {
    connection: 'ops-mail',
    kind: 'mail',
    url: { env: 'QM_MAIL_URL' },
    from: 'qm@acme.example',
    to: ['ops@acme.example'],
    tls: 'offered',
  };
  const config = configWith((written) => ({ ...written, notifiers: [mail] }));
  const secretOf = (_source: unknown, field: string) => (field === 'notifiers[0].url' ? `smtp://127.0.0.1:${server.port}` : 'key');

  const { notifiers } = connect(config, secretOf, { clock: systemClock, random: () => 0 });
  await notifiers?.get('ops-mail')?.make({ title: 'Freeze', text: 'Policy and modes are frozen.', about: null }, intentMemo());
  await server.close();

  expect(server.taken).toMatchObject([{ to: ['ops@acme.example'], body: 'Policy and modes are frozen.' }]);
});

function configWith(change: (written: object) => unknown): Config {
  const path = join(folder, 'quartermaster.json');
  initCommand({ config: path, json: true }, { out: () => undefined, err: () => undefined, live: false });
  const written: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (typeof written !== 'object' || written === null) throw new TypeError('qm init wrote no config');
  writeFileSync(path, JSON.stringify(change(written)));
  return loadConfig(path).config;
}

function withOdoo(config: object, odoo: object): unknown {
  if (!('odoo' in config) || typeof config.odoo !== 'object') return config;
  return { ...config, odoo: { ...config.odoo, ...odoo } };
}
