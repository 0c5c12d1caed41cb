import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { roles, mayAct, type Role } from '@quartermaster/flows';
import { request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import { JournalError } from '@quartermaster/journal';
import type { ProcessWatch } from '../process-watch.ts';
import { openSmallBusiness, operationsOf, type SmallBusiness } from '../testing/small-business.ts';
import { authentication, hostNames } from './access.ts';
import { controlApp, controlRoutes, type ControlGiven } from './control-app.ts';
import { listen } from './listener.ts';

const tokenOf = (role: Role) => `token-of-the-${role}-which-is-long`;

function given(business: SmallBusiness): ControlGiven {
  return {
    context: business.context,
    operations: operationsOf(business),
    authenticate: authentication(roles.map((role) => ({ name: `a-${role}`, role, token: tokenOf(role) }))),
    hosts: hostNames('127.0.0.1', ['qm.example.com']),
    pullEveryMs: 60_000,
  };
}

async function openControl(more: Partial<ControlGiven> = {}) {
  const business = await openSmallBusiness();
  const app = controlApp({ ...given(business), ...more });
  const ask = async (path: string, init: RequestInit & { readonly role?: Role | null } = {}) => {
    const { role = 'admin', headers, ...rest } = init;
    const answer = await app.request(`http://127.0.0.1:4781${path}`, {
      ...rest,
      headers: {
        host: '127.0.0.1:4781',
        ...(role === null ? {} : { authorization: `Bearer ${tokenOf(role)}` }),
        ...Object.fromEntries(new Headers(headers)),
      },
    });
    const text = await answer.text();
    return { status: answer.status, type: answer.headers.get('content-type') ?? '', text, body: text === '' ? null : JSON.parse(text) };
  };
  const tell = (
    path: string,
    body: unknown,
    more: { readonly role?: Role | null; readonly headers?: Readonly<Record<string, string>> } = {},
  ) =>
    ask(path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...more,
      headers: { 'content-type': 'application/json', ...Object.fromEntries(new Headers(more.headers)) },
    });
  return { business, ask, tell };
}

/** A watch over a process that is well, but for what is given. */
function watch(more: Partial<ProcessWatch>): ProcessWatch {
  return {
    alive: () => true,
    quietMs: () => 0,
    eventLoopLagMs: () => 0,
    stopping: () => false,
    journalWritable: () => Promise.resolve(),
    ...more,
  };
}

const why = { requestId: 'request-1', reason: 'I looked at it' };
const ofOrder = (key: string, verb: string) => `/orders/${encodeURIComponent(key)}/${verb}`;

/** Every way of the API, with a body that it takes; a test compares with the routes that there are. */
const ways: readonly (readonly [method: 'GET' | 'POST', path: string, needs: Role, body: unknown])[] = [
  ['GET', '/exceptions', 'viewer', null],
  ['GET', '/exceptions/:id', 'viewer', null],
  ['POST', '/exceptions/retry', 'operator', { ...why, which: { ids: [1] } }],
  ['POST', '/exceptions/assign', 'operator', { ...why, which: { code: 'ship-failed' }, owner: 'ben' }],
  ['POST', '/exceptions/snooze', 'operator', { ...why, which: { ids: [1] }, until: '2027-01-01T00:00:00Z' }],
  ['POST', '/exceptions/:id/retry', 'operator', why],
  ['GET', '/orders', 'viewer', null],
  ['GET', '/orders/:order', 'viewer', null],
  ['GET', '/orders/:order/explain', 'viewer', null],
  ['GET', '/orders/:order/why-not', 'viewer', null],
  ['GET', '/prices', 'viewer', null],
  ['GET', '/rule-prices', 'viewer', null],
  ['GET', '/fill-rate', 'viewer', null],
  ['GET', '/decisions', 'viewer', null],
  ['GET', '/decisions/:decision/replay', 'viewer', null],
  ['GET', '/decisions/:decision/model', 'viewer', null],
  ['POST', '/simulate', 'viewer', { policy: { version: 1, name: 'other' } }],
  ['GET', '/orders/:order/packing', 'viewer', null],
  ['GET', '/orders/:order/pack-check', 'viewer', null],
  ['POST', '/orders/:order/pack-check', 'operator', { ...why, parcels: [{ number: 1, items: [{ sku: 'MUG', units: 1 }] }] }],
  ['POST', '/orders/:order/repack', 'operator', { ...why, parcels: [{ box: 'M' }] }],
  ['POST', '/orders/:order/hold', 'operator', why],
  ['POST', '/orders/:order/release', 'operator', { ...why, code: 'all' }],
  ['POST', '/orders/:order/override', 'operator', { ...why, choice: { kind: 'check', code: 'fraud' } }],
  ['POST', '/orders/:order/lift', 'supervisor', { ...why, override: 'none' }],
  ['POST', '/orders/:order/cancel', 'operator', { ...why, lines: [{ line: 'MUG', units: 1 }], cause: 'customer' }],
  ['POST', '/orders/:order/refund', 'supervisor', { ...why, amount: '1.00' }],
  ['GET', '/release', 'viewer', null],
  ['POST', '/release', 'operator', why],
  ['GET', '/waves', 'viewer', null],
  ['GET', '/aging', 'viewer', null],
  ['GET', '/intents', 'viewer', null],
  ['POST', '/intents/:id/retry', 'operator', why],
  ['POST', '/intents/:id/drop', 'operator', why],
  ['POST', '/intents/:id/label', 'operator', { ...why, trackingNumber: '1234' }],
  ['GET', '/approvals', 'viewer', null],
  ['POST', '/approvals/:approval/approve', 'operator', why],
  ['POST', '/approvals/:approval/reject', 'operator', why],
  ['GET', '/maturity', 'viewer', null],
  ['GET', '/regret', 'viewer', null],
  ['GET', '/freeze', 'viewer', null],
  ['POST', '/freeze', 'admin', { ...why, until: '2027-01-01T00:00:00Z' }],
  ['POST', '/unfreeze', 'admin', why],
  ['GET', '/drift', 'viewer', null],
  ['POST', '/reconcile', 'supervisor', why],
  ['POST', '/freight/invoices', 'operator', { ...why, layout: 'ups', text: 'none' }],
  ['POST', '/freight/invoices/:invoice/bill', 'supervisor', why],
  ['GET', '/promise', 'viewer', null],
  ['GET', '/atp/:sku', 'viewer', null],
  ['GET', '/stock-accuracy', 'viewer', null],
  ['GET', '/policy', 'viewer', null],
  ['GET', '/policy/versions', 'viewer', null],
  ['POST', '/policy/check', 'viewer', { policy: { version: 1, name: 'other' } }],
  ['POST', '/policy/apply', 'admin', { ...why, policy: { version: 1, name: 'other' } }],
  ['GET', '/connections', 'viewer', null],
  ['POST', '/orders/:order/short', 'operator', { ...why, shipment: '1', lines: [{ line: 'MUG', units: 1 }] }],
  ['POST', '/orders/:order/reject', 'operator', { ...why, shipment: '1' }],
  ['GET', '/nodes/troubles', 'viewer', null],
  ['POST', '/nodes/:node/counted', 'operator', { ...why, sku: 'MUG', units: 0 }],
  ['POST', '/nodes/:node/outage', 'supervisor', why],
  ['POST', '/nodes/:node/reopen', 'supervisor', why],
  ['POST', '/connections/:connection/pause', 'admin', { ...why, minutes: 5 }],
  ['POST', '/connections/:connection/resume', 'admin', why],
  ['GET', '/openapi.json', 'viewer', null],
];

describe('who may do what', () => {
  test('the table knows every route, and what it needs', async () => {
    const routes = controlRoutes(given(await openSmallBusiness()));
    const served = routes.map(({ method, path, needs }) => `${needs}: ${method} ${path}`);
    expect(new Set(served)).toEqual(new Set(ways.map(([method, path, needs]) => `${needs}: ${method} ${path}`)));
    expect(served).toHaveLength(ways.length);
  });

  test.each(ways)('%s %s needs a %s', async (method, path, needs, body) => {
    const { ask, tell } = await openControl();
    const named = path.replace(':id', '1').replace(':order', 'nobody').replace(':connection', 'shop');
    const as = (role: Role | null) => (method === 'GET' ? ask(named, { role }) : tell(named, body, { role }));

    const answers = [];
    for (const role of roles) answers.push((await as(role)).status);

    expect((await as(null)).status).toBe(401);
    expect(answers.map((status) => status !== 403 && status !== 401)).toEqual(roles.map((role) => mayAct(role, needs)));
  });
});

test('who looks sees the ledger, by what is open and a page at a time', async () => {
  const { business, ask } = await openControl();
  await business.context.channels
    .get('shop')
    ?.pushStock([{ sku: 'MUG', node: 'BER', available: 25, expected: null }], intentMemo('by-hand'));
  await business.engine.reconcile();

  const { body } = await ask('/drift?state=open&limit=5', { role: 'viewer' });

  expect(body).toMatchObject({ drift: [{ cause: 'shown-above-promise', looks: 1, sides: { channel: 25 }, closedAt: null }] });
  expect((await ask('/drift?state=closed')).body).toEqual({ drift: [] });
});

describe('an operator', () => {
  test('holds an order by its name, and the audit trail says who', async () => {
    const { business, tell } = await openControl();
    const key = await business.order();

    const { status, body } = await tell(ofOrder('#1001', 'hold'), { ...why, owner: 'ben' }, { role: 'operator' });

    expect(status).toBe(200);
    expect(body).toMatchObject({ operation: 'hold', key, replayed: false, before: { state: 'open' }, after: { state: 'held' } });
    const trail = await business.journal.read((tx) => tx.audit.list({ key, limit: 100 }));
    expect(trail.find(({ event }) => event === 'operation.hold')).toMatchObject({
      actor: 'a-operator',
      detail: { role: 'operator', reason: 'I looked at it', requestId: 'request-1' },
    });
  });

  test('who asks twice with one request id is answered twice, and it is done once', async () => {
    const { business, tell } = await openControl();
    const key = await business.order();

    const answers = [await tell(ofOrder(key, 'hold'), why), await tell(ofOrder(key, 'hold'), why)];

    expect(answers.map(({ status, body }) => [status, body.replayed])).toEqual([
      [200, false],
      [200, true],
    ]);
    expect((await tell(ofOrder(key, 'release'), { ...why, code: 'all' })).body).toMatchObject({ code: 'request-id-reused' });
  });

  test('finds a failed intent, retries it, and is told why it cannot be dropped after that', async () => {
    const { business, ask, tell } = await openControl();
    const id = await business.failedIntent(await business.order());

    expect((await ask('/intents?state=failed')).body).toMatchObject({ intents: [{ id, fault: { message: 'the channel said no' } }] });
    expect((await tell(`/intents/${id}/retry`, why)).body).toMatchObject({ after: { state: 'ready' } });
    expect(await tell(`/intents/${id}/drop`, { ...why, requestId: 'request-2' })).toMatchObject({
      status: 409,
      type: 'application/problem+json',
      body: { code: 'wrong-state', detail: `intent ${id} is ready`, next: 'Only what is dead or failed waits for a person.' },
    });
  });

  test('a file of invoices may be larger than other bodies, up to its own bound', async () => {
    const { tell } = await openControl();
    const file = (size: number) => ({ ...why, layout: 'ups', text: 'x'.repeat(size) });
    expect((await tell('/freight/invoices', file(1_000_000), { role: 'operator' })).status).toBe(200);
    expect((await tell('/freight/invoices', file(17_000_000), { role: 'operator' })).status).toBe(413);
  });

  test('sees orders, explanations and exceptions without personal data', async () => {
    const { business, ask } = await openControl();
    const key = await business.order();
    const at = business.clock.now();
    await business.journal.transaction((tx) =>
      tx.exceptions.raise({ code: 'refunded-outside', subjectKey: key, owner: 'ben', reason: 'money', at }),
    );

    const answers = [
      await ask('/orders'),
      await ask(`/orders/${encodeURIComponent(key)}/explain`),
      await ask('/exceptions'),
      await ask('/intents'),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const text = answers.map((answer) => answer.text).join();
    expect(text).toContain('#1001');
    expect(text).toContain('Money went back to the customer');
    expect(text).not.toMatch(/Ada|Invalidenstr|shpat|hush|key-of-odoo/);
  });
});

describe('hostile requests', () => {
  test.each<[string, number, string, Readonly<Record<string, string>>]>([
    ['under a name that somebody pointed at us', 403, 'wrong-host', { host: 'evil.example.com' }],
    ['under no name', 403, 'wrong-host', { host: '' }],
    ['under a name that only begins like ours', 403, 'wrong-host', { host: '127.0.0.1.evil.example.com' }],
    ['from a page of another site', 403, 'wrong-origin', { origin: 'https://evil.example.com' }],
    ['from a page without origin', 403, 'wrong-origin', { origin: 'null' }],
    ['by a form of another site', 403, 'wrong-origin', { 'sec-fetch-site': 'cross-site' }],
    ['with a token that is almost right', 401, 'unauthorized', { authorization: `Bearer ${tokenOf('admin')}x` }],
    ['with a token of another kind', 401, 'unauthorized', { authorization: `Basic ${tokenOf('admin')}` }],
    ['with a form instead of JSON', 415, 'not-json', { 'content-type': 'application/x-www-form-urlencoded' }],
  ])('%s are refused', async (_what, status, code, headers) => {
    const { business, tell } = await openControl();
    const key = await business.order();

    const answer = await tell(ofOrder(key, 'hold'), why, { headers });

    expect(answer).toMatchObject({ status, body: { code } });
    expect(
      (await business.journal.read((tx) => tx.audit.list({ key, limit: 100 }))).filter(({ event }) => event.startsWith('operation')),
    ).toEqual([]);
  });

  test.each<[string, number, string, unknown]>([
    ['is huge', 413, 'too-large', { ...why, reason: 'x'.repeat(20_000) }],
    ['is no JSON', 400, 'bad-json', '{"requestId":'],
    ['is no object', 400, 'bad-request', []],
    ['has a field that nobody knows', 400, 'bad-request', { ...why, role: 'admin' }],
    ['has no reason', 400, 'bad-request', { requestId: 'request-1' }],
    ['has a blank reason', 400, 'bad-request', { requestId: 'request-1', reason: '     ' }],
    ['has no request id', 400, 'bad-request', { reason: 'I looked at it' }],
  ])('a body that %s is refused', async (_what, status, code, body) => {
    const { business, tell } = await openControl();
    expect(await tell(ofOrder(await business.order(), 'hold'), body)).toMatchObject({ status, body: { code } });
  });

  test.each([
    ['/orders?limit=100000', 400],
    ['/orders?sql=1', 400],
    ['/exceptions/..%2f..%2fetc', 404],
    ['/exceptions/99999999999999999999', 404],
    ['/nothing', 404],
  ])('%s is answered with a problem, not with a stack', async (path, status) => {
    const { ask } = await openControl();
    const answer = await ask(path);
    expect(answer).toMatchObject({ status, type: 'application/problem+json' });
    expect(answer.text).not.toMatch(/\.ts:\d/);
  });

  test('a token that could be guessed is refused at the start', () => {
    expect(() => authentication([{ name: 'ann', role: 'admin', token: 'short' }])).toThrow('shorter than 24');
  });

  test('one token is not given to two callers', () => {
    const token = tokenOf('admin');
    expect(() =>
      authentication([
        { name: 'ann', role: 'admin', token },
        { name: 'ben', role: 'viewer', token },
      ]),
    ).toThrow('the same token');
  });
});

describe('metrics', () => {
  const told = (open: boolean) => ({
    metrics: { text: () => Promise.resolve('qm_journal_up 1\n'), contentType: 'text/plain; version=0.0.4; charset=utf-8', open },
  });
  const asked = async (open: boolean, headers: Readonly<Record<string, string>>) => {
    const business = await openSmallBusiness();
    const app = controlApp({ ...given(business), ...told(open) });
    const answer = await app.request('http://127.0.0.1:4781/metrics', { headers: { host: '127.0.0.1:4781', ...headers } });
    return [answer.status, answer.headers.get('content-type')];
  };
  const viewer = { authorization: `Bearer ${tokenOf('viewer')}` };

  test.each<[string, boolean, Readonly<Record<string, string>>, number]>([
    ['nobody without a token', false, {}, 401],
    ['nobody with a wrong one', false, { authorization: 'Bearer not-one-of-the-tokens-at-all' }, 401],
    ['a viewer', false, viewer, 200],
    ['anybody on this machine, where the config says so', true, {}, 200],
    ['no page of another site, even then', true, { origin: 'https://evil.example.com' }, 403],
    ['nobody under another name, even then', true, { host: 'evil.example.com' }, 403],
  ])('are told to %s', async (_who, open, headers, status) => {
    expect((await asked(open, headers))[0]).toBe(status);
  });

  test('are told in the format of Prometheus', async () => {
    expect(await asked(false, viewer)).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  });
});

describe('health', () => {
  test('the process lives, whoever asks', async () => {
    const { ask } = await openControl();
    expect(await ask('/livez', { role: null, headers: { host: '10.0.0.7:4781' } })).toMatchObject({ status: 200, body: { alive: true } });
  });

  test('every connection says how it does: oldest intent, last reading, circuit', async () => {
    const { business, ask } = await openControl();
    await business.order();
    business.clock.advanceTo('2026-11-23T07:02:00.000Z');

    expect((await ask('/readyz', { role: null })).body.connections).toMatchObject([
      { connection: 'erp', ready: true },
      { connection: 'shop', ready: true, lastPull: '2026-11-23T07:00:00.000Z', oldestIntentMs: null },
      { connection: 'house', circuit: 'closed' },
    ]);
  });

  test('a channel that was not read for long is not ready', async () => {
    const { business, ask } = await openControl();
    business.clock.advanceTo('2026-11-23T08:00:00.000Z');

    expect(await ask('/readyz?connection=shop', { role: null })).toMatchObject({ status: 503 });
    expect(await ask('/readyz', { role: null })).toMatchObject({ status: 200 });
  });

  test('a daemon that hangs does not live', async () => {
    const { ask } = await openControl({ watch: watch({ alive: () => false, quietMs: () => 901_000 }) });
    expect(await ask('/livez', { role: null })).toMatchObject({ status: 503, body: { alive: false, quietMs: 901_000 } });
  });

  test('a journal that cannot be written is not ready, though it can be read', async () => {
    const full = () => Promise.reject(new JournalError('disk-full', 'no room'));
    const { ask } = await openControl({ watch: watch({ journalWritable: full }) });
    expect(await ask('/readyz', { role: null })).toMatchObject({
      status: 503,
      body: { code: 'journal', detail: 'the journal failed (disk-full)' },
    });
  });

  test('a daemon that was told to stop is not ready, and still lives', async () => {
    const { ask } = await openControl({ watch: watch({ stopping: () => true }) });
    expect(await ask('/readyz', { role: null })).toMatchObject({ status: 503, body: { stopping: true, journal: 'writable' } });
    expect(await ask('/livez', { role: null })).toMatchObject({ status: 200 });
  });

  test('without its journal nothing is ready, and nobody is told more', async () => {
    const { business, ask } = await openControl();
    await business.journal.close();

    expect(await ask('/readyz', { role: null })).toMatchObject({ status: 503, body: { code: 'journal' } });
  });
});

test('over a real socket: a token opens, a wrong Host does not, and a body that never ends is cut off', async () => {
  const business = await openSmallBusiness();
  await business.order();
  await using cleanup = new AsyncDisposableStack();
  const listener = await listen('control API', controlApp(given(business)).fetch, { host: '127.0.0.1', port: 0 });
  cleanup.defer(() => listener.close());
  const authorization = `Bearer ${tokenOf('operator')}`;
  const held = await fetch(new URL(ofOrder('#1001', 'hold'), listener.url), {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(why),
  });
  const endless = await fetch(new URL(ofOrder('#1001', 'release'), listener.url), {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: new Blob(['x'.repeat(1_000_000)]).stream(),
    duplex: 'half',
  });

  expect(held.status).toBe(200);
  expect(endless.status).toBe(413);
  expect(await statusUnderName(new URL('/orders', listener.url), { authorization, host: 'evil.example.com' })).toBe(403);
});

/** `fetch` chooses its own Host. */
function statusUnderName(url: URL, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    request.once('error', reject).end();
  });
}
