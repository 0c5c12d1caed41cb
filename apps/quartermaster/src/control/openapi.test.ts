import { expect, test } from 'vitest';
import { z } from 'zod';
import { qm } from '../testing/command-line.ts';
import { openSmallBusiness, operationsOf } from '../testing/small-business.ts';
import { authentication, hostNames } from './access.ts';
import { controlApp, controlRoutes, type ControlGiven } from './control-app.ts';
import { describedRoutes, openApiDocument } from './openapi.ts';

const problemSchema = z.object({ code: z.string(), detail: z.string() });
const token = 'token-of-the-admin-which-is-long';

async function given(): Promise<ControlGiven> {
  const business = await openSmallBusiness();
  return {
    context: business.context,
    operations: operationsOf(business),
    authenticate: authentication([{ name: 'ann', role: 'admin', token }]),
    hosts: hostNames('127.0.0.1', []),
    pullEveryMs: 60_000,
  };
}

test('every route of the control API is described, and nothing that is none', async () => {
  const routes = controlRoutes(await given()).map(({ method, path }) => `${method} ${path}`);
  expect(Object.keys(describedRoutes).sort()).toEqual(routes.filter((route) => route !== 'GET /openapi.json').sort());
});

test('docs/openapi.json is the API that the daemon serves', async () => {
  const control = await given();
  const routes = controlRoutes(control).filter(({ path }) => path !== '/openapi.json');
  await expect(`${JSON.stringify(openApiDocument(routes), null, 2)}\n`).toMatchFileSnapshot('../../../../docs/openapi.json');

  const answer = await controlApp(control).request('http://127.0.0.1:4781/openapi.json', {
    headers: { host: '127.0.0.1:4781', authorization: `Bearer ${token}` },
  });
  expect(await answer.json()).toEqual(openApiDocument(routes));
});

test('what a body lacks by its description is what the route refuses it for', async () => {
  const app = controlApp(await given());
  const different: string[] = [];
  for (const [route, { body }] of Object.entries(describedRoutes)) {
    if (body === undefined) continue;
    const path = (route.split(' ')[1] ?? '').replaceAll(/:id/g, '1').replaceAll(/:\w+/g, 'x');
    const answer = await app.request(`http://127.0.0.1:4781${path}`, {
      method: 'POST',
      headers: { host: '127.0.0.1:4781', authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ 'no-such-field': 1 }),
    });
    const { code, detail } = problemSchema.parse(await answer.json());
    if (code === 'not-found' && path.includes('/x')) continue;
    const lacking = body.safeParse({}).error?.issues.map(({ path: [field] }) => String(field)) ?? [];
    if (code !== 'bad-request' || !lacking.every((field) => detail.includes(field))) different.push(`${route}: ${detail}`);
  }
  expect(different).toEqual([]);
});

/** How each command of the CLI is asked of the daemon; or why it is a matter of this machine alone. */
const commands: Readonly<Record<string, readonly string[] | string>> = {
  init: 'writes a file',
  demo: 'runs a daemon of its own',
  run: 'is the daemon',
  backfill: 'runs while the daemon is stopped',
  doctor: 'looks at a config before the daemon runs',
  tariffs: 'reads the config alone',
  typegen: 'writes files',
  solve: 'reads and writes files, asks no journal',
  verify: 'reads files, asks no journal',
  policy: ['GET /policy', 'GET /policy/versions', 'POST /policy/check', 'POST /policy/apply'],
  audit: 'reads the whole trail in a process of its own',
  erase: 'needs the key of the vault: a person at the machine',
  backup: 'copies a file',
  restore: 'needs the daemon stopped',
  journal: 'needs the daemon stopped, or a person at the machine',
  version: 'tells of itself',
  help: 'tells of itself',
  promise: ['GET /promise'],
  atp: ['GET /atp/:sku', 'GET /stock-accuracy'],
  explain: ['GET /orders/:order/explain'],
  'why-not': ['GET /orders/:order/why-not'],
  prices: ['GET /prices'],
  'rule-prices': ['GET /rule-prices'],
  'fill-rate': ['GET /fill-rate'],
  decisions: ['GET /decisions'],
  replay: ['GET /decisions/:decision/replay'],
  export: ['GET /decisions/:decision/model'],
  simulate: ['POST /simulate'],
  packing: ['GET /orders/:order/packing'],
  'pack-check': ['GET /orders/:order/pack-check', 'POST /orders/:order/pack-check'],
  exceptions: ['GET /exceptions', 'GET /exceptions/:id'],
  intents: ['GET /intents'],
  approvals: ['GET /approvals'],
  maturity: ['GET /maturity'],
  regret: ['GET /regret'],
  retry: ['POST /intents/:id/retry', 'POST /exceptions/:id/retry', 'POST /exceptions/retry'],
  assign: ['POST /exceptions/assign'],
  snooze: ['POST /exceptions/snooze'],
  drop: ['POST /intents/:id/drop'],
  label: ['POST /intents/:id/label'],
  hold: ['POST /orders/:order/hold'],
  release: ['POST /orders/:order/release', 'GET /release', 'POST /release'],
  waves: ['GET /waves'],
  aging: ['GET /aging'],
  override: ['POST /orders/:order/override'],
  lift: ['POST /orders/:order/lift'],
  cancel: ['POST /orders/:order/cancel'],
  refund: ['POST /orders/:order/refund'],
  repack: ['POST /orders/:order/repack'],
  approve: ['POST /approvals/:approval/approve'],
  reject: ['POST /approvals/:approval/reject'],
  freeze: ['GET /freeze', 'POST /freeze'],
  unfreeze: ['POST /unfreeze'],
  short: ['POST /orders/:order/short'],
  'reject-shipment': ['POST /orders/:order/reject'],
  troubles: ['GET /nodes/troubles'],
  counted: ['POST /nodes/:node/counted'],
  outage: ['POST /nodes/:node/outage'],
  reopen: ['POST /nodes/:node/reopen'],
  pause: ['POST /connections/:connection/pause'],
  resume: ['POST /connections/:connection/resume'],
  reconcile: ['GET /drift', 'POST /reconcile'],
  freight: ['POST /freight/invoices', 'POST /freight/invoices/:invoice/bill'],
};

test('everything that the CLI has a daemon do has a route, and every command is accounted for', async () => {
  const { out: help } = await qm('--help');
  const listed = [...(help.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name);
  const routes = new Set(controlRoutes(await given()).map(({ method, path }) => `${method} ${path}`));

  expect(listed.length).toBeGreaterThan(30);
  expect(listed.filter((name) => commands[name] === undefined)).toEqual([]);
  expect(
    Object.values(commands)
      .flatMap((ways) => (typeof ways === 'string' ? [] : ways))
      .filter((route) => !routes.has(route)),
  ).toEqual([]);
});
