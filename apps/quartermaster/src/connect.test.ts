import { systemClock } from '@quartermaster/connector-kit';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { initCommand } from './commands/init.ts';
import { loadConfig } from './config.ts';
import { odooOptions } from './connect.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qm-connect-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['one with a route per line, unless it is said otherwise', {}, 'route-per-line'],
  ['one for each warehouse where the config wants that', { warehouseSplit: 'order-per-warehouse' }, 'order-per-warehouse'],
])('an order for several warehouses is written as %s', (_title, odoo, expected) => {
  const path = join(folder, 'quartermaster.json');
  initCommand({ config: path, json: true }, { out: () => undefined, err: () => undefined, live: false });
  const written: unknown = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify(withOdoo(written, odoo)));
  const { config } = loadConfig(path);
  expect(odooOptions(config, () => 'key', { clock: systemClock, random: () => 0 }).warehouseSplit).toBe(expected);
});

function withOdoo(config: unknown, odoo: object): unknown {
  if (typeof config !== 'object' || config === null || !('odoo' in config) || typeof config.odoo !== 'object') return config;
  return { ...config, odoo: { ...config.odoo, ...odoo } };
}
