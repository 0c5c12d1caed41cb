import { sandboxFetch, serveApp, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { z } from 'zod';
import { connectOdoo, type OdooClient, type OdooOptions, type TransportName } from '../../client/client.ts';
import { createOdooSandbox, type OdooSandboxOptions } from '../../sandbox/index.ts';
import { readVocabulary } from '../../session/vocabulary.ts';

/** An Odoo to test against: an emulated one or a real one. */
export type Target = {
  readonly name: string;
  /** How to connect as an administrator, and as somebody who may sell, ship and write contacts and no more. */
  open(): Promise<{ readonly administrator: OdooOptions; readonly salesperson: OdooOptions; close?: () => Promise<void> }>;
};

const administrator = { login: 'qm', secret: '0123456789abcdef0123456789abcdef01234567' };
const salesperson = { login: 'sales', secret: 'fedcba9876543210fedcba9876543210fedcba98' };

/** By XML-RPC the sandbox is served on a port of its own, because odoo-await opens sockets itself. */
export function sandboxTarget(version: OdooSandboxOptions['version'], transport: TransportName): Target {
  return {
    name: `the sandbox of Odoo ${version} by ${transport}`,
    async open() {
      const clock = virtualClock('2026-11-21T10:00:00Z');
      const sandbox = createOdooSandbox({ version, database: 'shop', ...administrator, salesperson, currency: 'EUR', clock });
      const served = transport === 'xml-rpc' ? await serveApp(sandbox.app) : undefined;
      const url = served?.url ?? 'http://odoo.test';
      const way = served === undefined ? { fetch: sandboxFetch({ [url]: sandbox.app }) } : {};
      const common = { url, database: 'shop', transport, clock, random: () => 0, ...way };
      return {
        administrator: { ...common, login: administrator.login, secret: { apiKey: administrator.secret } },
        salesperson: { ...common, login: salesperson.login, secret: { apiKey: salesperson.secret } },
        ...(served === undefined ? {} : { close: served.close }),
      };
    },
  };
}

/** The real Odoo that the environment names, or why there is none. Its database is for tests only: what they make stays in it. */
export function realTarget(environment: Readonly<Record<string, string | undefined>>): Target | string {
  const { ODOO_TEST_URL: url, ODOO_TEST_DB: database, ODOO_TEST_USER: login, ODOO_TEST_PASSWORD: password } = environment;
  const transport = transportNamed(environment['ODOO_TEST_TRANSPORT']);
  if (!url || !database || !login || !password) {
    return 'no real Odoo is named: set ODOO_TEST_URL, ODOO_TEST_DB, ODOO_TEST_USER and ODOO_TEST_PASSWORD (a password or an API key)';
  }
  // Odoo's keys are 40 hex digits; only a key opens JSON-2.
  const secret = /^[0-9a-f]{40}$/.test(password) ? { apiKey: password } : { password };
  return {
    name: `the Odoo at ${new URL(url).host}${transport === 'auto' ? '' : ` by ${transport}`}`,
    async open() {
      // The salesperson has a password, which JSON-2 does not take.
      const withPassword = transport === 'json-2' ? 'auto' : transport;
      const options = { url, database, login, secret, transport };
      const second = await addSalesperson(await connectOdoo(options));
      return {
        administrator: options,
        salesperson: { ...options, login: second, secret: { password: salesperson.secret }, transport: withPassword },
      };
    },
  };
}

/** `ODOO_TEST_TRANSPORT`: by which protocol the real Odoo is tested; default `auto`. */
function transportNamed(given: string | undefined): TransportName | 'auto' {
  return z.enum(['auto', 'json-2', 'json-rpc', 'xml-rpc']).parse(given || 'auto');
}

/** Makes a user with the rights "Sales: all documents", "Inventory: user" and "Contact creation"; gives its login. */
async function addSalesperson(client: OdooClient): Promise<string> {
  const login = `qm-sales-${Date.now().toString(36)}`;
  const groups = await Promise.all(
    [
      ['base', 'group_user'],
      ['base', 'group_partner_manager'],
      ['sales_team', 'group_sale_salesman_all_leads'],
      ['stock', 'group_stock_user'],
    ].map(async ([module = '', name = '']) => {
      const args = { module, xml_id: name };
      const call = { model: 'ir.model.data', method: 'check_object_reference', args, repeat: 'always', timeout: 'read' } as const;
      const [, id] = await client.call(call, z.tuple([z.string(), z.int()]));
      return id;
    }),
  );
  const { userGroups } = await readVocabulary(client);
  const values = {
    login,
    name: 'Quartermaster sales',
    email: `${login}@example.com`,
    password: salesperson.secret,
    [userGroups]: [[6, 0, groups]],
  };
  await client.create('res.users', [values], { no_reset_password: true });
  return login;
}
