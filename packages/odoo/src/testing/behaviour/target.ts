import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { sandboxFetch } from '@quartermaster/connector-kit/sandbox';
import { z } from 'zod';
import { connectOdoo, type OdooClient, type OdooOptions, type TransportName } from '../../client/client.ts';
import { createOdooSandbox, type OdooSandboxOptions } from '../../sandbox/index.ts';
import { readVocabulary } from '../../session/vocabulary.ts';

/** An Odoo to test against: an emulated one or a real one. */
export type Target = {
  readonly name: string;
  /** How to connect as an administrator, and as somebody who may sell, ship and write contacts and no more. */
  open(): Promise<{ readonly administrator: OdooOptions; readonly salesperson: OdooOptions }>;
};

const administrator = { login: 'qm', secret: '0123456789abcdef0123456789abcdef01234567' };
const salesperson = { login: 'sales', secret: 'fedcba9876543210fedcba9876543210fedcba98' };

export function sandboxTarget(version: OdooSandboxOptions['version'], transport: Exclude<TransportName, 'xml-rpc'>): Target {
  return {
    name: `the sandbox of Odoo ${version} by ${transport}`,
    open() {
      const clock = virtualClock('2026-11-21T10:00:00Z');
      const sandbox = createOdooSandbox({ version, database: 'shop', ...administrator, salesperson, currency: 'EUR', clock });
      const url = 'http://odoo.test';
      const common = { url, database: 'shop', transport, clock, random: () => 0, fetch: sandboxFetch({ [url]: sandbox.app }) };
      return Promise.resolve({
        administrator: { ...common, login: administrator.login, secret: { apiKey: administrator.secret } },
        salesperson: { ...common, login: salesperson.login, secret: { apiKey: salesperson.secret } },
      });
    },
  };
}

/** The real Odoo that the environment names, or why there is none. Its database is for tests only: what they make stays in it. */
export function realTarget(environment: Readonly<Record<string, string | undefined>>): Target | string {
  const { ODOO_TEST_URL: url, ODOO_TEST_DB: database, ODOO_TEST_USER: login, ODOO_TEST_PASSWORD: password } = environment;
  if (!url || !database || !login || !password) {
    return 'no real Odoo is named: set ODOO_TEST_URL, ODOO_TEST_DB, ODOO_TEST_USER and ODOO_TEST_PASSWORD (a password or an API key)';
  }
  // Odoo's keys are 40 hex digits; only a key opens JSON-2.
  const secret = /^[0-9a-f]{40}$/.test(password) ? { apiKey: password } : { password };
  return {
    name: `the Odoo at ${new URL(url).host}`,
    async open() {
      const options = { url, database, login, secret };
      const second = await addSalesperson(await connectOdoo(options));
      return { administrator: options, salesperson: { url, database, login: second, secret: { password: salesperson.secret } } };
    },
  };
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
