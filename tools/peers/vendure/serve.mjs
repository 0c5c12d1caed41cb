// Starts Vendure's real server on 127.0.0.1, with a shop in memory, and runs a command against it (README.md).
// Plain JavaScript, apart from the project: nothing of Vendure is linked with it.
import vendure from '@vendure/core';
import { populate } from '@vendure/core/cli/index.js';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';

const { bootstrap, DefaultLogger, dummyPaymentHandler, LogLevel } = vendure;
process.env.VENDURE_DISABLE_TELEMETRY = 'true';
const owner = { identifier: 'owner', password: 'owner-of-a-shop-for-tests' };
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;

const config = {
  apiOptions: { hostname: '127.0.0.1', port, adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
  authOptions: { tokenMethod: ['bearer', 'api-key'], superadminCredentials: owner },
  dbConnectionOptions: { type: 'sqljs', synchronize: true },
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
  logger: new DefaultLogger({ level: LogLevel.Error }),
};

/** As the README of packages/channels/vendure lists them. */
const permissions = ['ReadOrder', 'UpdateOrder', 'ReadProduct', 'UpdateProduct', 'ReadStockLocation'];

const payment = (name, settled) => ({
  name,
  handler: { code: dummyPaymentHandler.code, arguments: [{ name: 'automaticSettle', value: String(settled) }] },
});
const shop = {
  defaultLanguage: 'en',
  defaultZone: 'Europe',
  countries: [{ name: 'Germany', code: 'DE', zone: 'Europe' }],
  taxRates: [{ name: 'Standard Tax', percentage: 19 }],
  shippingMethods: [{ name: 'Parcel', price: 490 }],
  paymentMethods: [payment('at-once', true), payment('later', false)],
  collections: [],
};

let app;
try {
  app = await populate(() => bootstrap(config), shop);
  const { key, ownerKey } = await newApiKeys();
  const env = { QM_VENDURE_ORIGIN: origin, QM_VENDURE_API_KEY: key, QM_VENDURE_OWNER_KEY: ownerKey };
  const [command, ...given] = process.argv.slice(2);
  process.stdout.write(`Vendure ${createRequire(import.meta.url)('@vendure/core/package.json').version} at ${origin}\n`);
  process.exitCode = command === undefined ? await untilStopped(env) : await run(command, given, env);
} finally {
  await app?.close();
}
process.exit();

function run(command, given, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, given, { stdio: 'inherit', env: { ...process.env, ...env } });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function untilStopped(env) {
  for (const [name, value] of Object.entries(env)) process.stdout.write(`export ${name}=${value}\n`);
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => resolve(0));
  });
}

/** Two keys, as an administrator makes them: one with the rights that the connector needs and no more, one for the hands of the shop's people. */
async function newApiKeys() {
  const login = await ask(`mutation { login(username: "${owner.identifier}", password: "${owner.password}") { __typename } }`, {});
  const authorization = { authorization: `Bearer ${login.headers.get('vendure-auth-token')}` };
  const role = { code: 'quartermaster', description: 'What the connector needs', permissions };
  const made = await ask('mutation ($input: CreateRoleInput!) { createRole(input: $input) { id } }', authorization, { input: role });
  const { roles } = (await ask('{ roles { items { id code } } }', authorization)).data;
  const keyOf = async (roleId) => {
    const input = { roleIds: [roleId], translations: [{ languageCode: 'en', name: 'Quartermaster' }] };
    const answer = await ask('mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey } }', authorization, { input });
    return answer.data.createApiKey.apiKey;
  };
  const ownerRole = roles.items.find(({ code }) => code === '__super_admin_role__');
  return { key: await keyOf(made.data.createRole.id), ownerKey: await keyOf(ownerRole.id) };
}

async function ask(query, headers, variables = {}) {
  const answer = await fetch(`${origin}/admin-api`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return { data, headers: answer.headers };
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address();
      probe.close(() => resolve(free));
    });
  });
}
