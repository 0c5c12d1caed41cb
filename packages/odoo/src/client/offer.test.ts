import { isFault, type ConnectorFault } from '@quartermaster/domain';
import { serveApp, type ServedApp } from '@quartermaster/connector-kit/sandbox';
import { afterEach, describe, expect, test } from 'vitest';
import type { OdooOptions } from './client.ts';
import { majorVersion, openOffered, type Opened } from './offer.ts';
import { testConnection } from '../testing/recording.ts';

const served: ServedApp[] = [];
afterEach(async () => {
  await Promise.all(served.splice(0).map((each) => each.close()));
});

type Answer = { readonly status: number; readonly body?: object | string; readonly headers?: Record<string, string> };

const html = { 'content-type': 'text/html; charset=utf-8' };
const page = (status: number): Answer => ({ status, body: '<!doctype html>', headers: html });
const toLogin: Answer = { status: 303, body: '', headers: { location: '/web/login' } };
const json = (body: object | string): Answer => ({ status: 200, body, headers: { 'content-type': 'application/json' } });
const xml = (value: string): Answer => ({
  status: 200,
  body: `<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value>${value}</value>\n</param>\n</params>\n</methodResponse>\n`,
  headers: { 'content-type': 'text/xml' },
});
const exception = (name: string, message: string) => ({
  name,
  message,
  debug: 'Traceback (most recent call last):\n  File "/opt/odoo/x.py"',
});

const webVersion = (first: number | string = 19) => json({ version_info: [first, 0, 0, 'final', 0, ''], version: `${first}.0` });
const json2 = json({ lang: 'en_US', tz: false, uid: 2 });
const versionOf = (first: number | string) => ({ server_version: `${first}.0`, server_version_info: [first, 0, 0, 'final', 0, ''] });

type Answers = {
  readonly pages?: Answer;
  readonly json2?: Answer;
  /** The version, or what is answered instead. */
  readonly rpc?: number | string | Answer;
  readonly xml?: string | Answer;
  readonly login?: Answer;
  readonly base?: string;
};

/** A server that answers these, and everything else with a page "not found"; gives its address. */
async function given(answers: Answers): Promise<string> {
  const app = await serveApp(async (request) => {
    const { pathname } = new URL(request.url);
    const { status, body = '', headers = {} } = answerTo(answers, pathname.slice((answers.base ?? '').length), await request.text());
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
  });
  served.push(app);
  return `${app.url}${answers.base ?? ''}`;
}

function answerTo(answers: Answers, path: string, body: string): Answer {
  const notFound = page(404);
  if (path === '/web/version' || path === '/json/version') return answers.pages ?? notFound;
  if (path === '/json/2/res.users/context_get') return answers.json2 ?? notFound;
  if (path === '/jsonrpc') {
    if (typeof answers.rpc === 'object') return answers.rpc;
    if (answers.rpc === undefined) return notFound;
    if (body.includes('"method":"version"')) return json({ jsonrpc: '2.0', id: 1, result: versionOf(answers.rpc) });
    return answers.login ?? json({ jsonrpc: '2.0', id: 1, result: 2 });
  }
  if (path !== '/xmlrpc/2/common' || answers.xml === undefined) return notFound;
  if (typeof answers.xml === 'object') return answers.xml;
  const version = `<struct><member><name>server_version</name><value><string>${answers.xml}</string></value></member></struct>`;
  return xml(body.includes('<methodName>version') ? version : '<int>2</int>');
}

const key = { apiKey: 'PASSWORD' };
const password = { password: 'PASSWORD' };

async function opening(url: string, options: Partial<Pick<OdooOptions, 'transport' | 'secret'>> = {}): Promise<Opened> {
  const chosen = { url, secret: key, ...options };
  return openOffered(testConnection(chosen), chosen);
}

async function faultOf(promise: Promise<unknown>): Promise<ConnectorFault> {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (isFault(error)) return error;
  throw new Error(`no fault: ${String(error)}`);
}

describe('the transport is what the server offers:', () => {
  test.each<[string, Answers, OdooOptions['secret'], string, number, RegExp]>([
    ['Odoo 19 with a key by JSON-2', { pages: webVersion(), json2, rpc: 19, xml: '19.0' }, key, 'json-2', 19, /there is an API key/],
    ['Odoo 19 with a password by JSON-RPC', { pages: webVersion(), json2, rpc: 19, xml: '19.0' }, password, 'json-rpc', 19, /a password/],
    ['Odoo 17 by JSON-RPC', { rpc: 17, xml: '17.0' }, key, 'json-rpc', 17, /Odoo 17 has no JSON-2/],
    ['Odoo 18, which sends JSON-2 to its login page', { json2: toLogin, rpc: 18, xml: '18.0' }, key, 'json-rpc', 18, /has no JSON-2/],
    ['a hosted version in between', { pages: webVersion('saas~19'), json2, rpc: 'saas~19' }, key, 'json-2', 19, /Odoo 19 offers it/],
    ['a hosted version before JSON-2', { rpc: 'saas~17' }, key, 'json-rpc', 17, /Odoo 17/],
    ['19 whose /jsonrpc a proxy forbids', { pages: webVersion(), json2, rpc: page(403) }, key, 'json-2', 19, /API key/],
    ['19 whose proxy lets only /json through', { json2, pages: webVersion() }, key, 'json-2', 19, /API key/],
    ['19 whose /json/2 a proxy forbids', { pages: webVersion(), json2: page(403), rpc: 19 }, key, 'json-rpc', 19, /JSON-2: HTTP 403/],
    ['19 whose /json/2 is sent to a login page', { pages: webVersion(), json2: toLogin, rpc: 19 }, key, 'json-rpc', 19, /JSON-2: HTTP 303/],
    ['17 where only XML-RPC answers', { rpc: page(405), xml: '17.0' }, key, 'xml-rpc', 17, /JSON-RPC: HTTP 405/],
    ['17 whose /jsonrpc is a page of somebody else', { rpc: page(200), xml: '17.0' }, key, 'xml-rpc', 17, /JSON-RPC: a page/],
    ['hosted XML-RPC alone', { xml: 'saas~19.1+e' }, key, 'xml-rpc', 19, /nothing better/],
  ])('%s', async (_what, server, secret, name, version, reason) => {
    const opened = await opening(await given(server), { secret });
    expect([opened.transport.name, opened.version, opened.uid]).toEqual([name, version, 2]);
    expect(opened.reason).toMatch(reason);
  });

  test('an Odoo below a path is reached by JSON', async () => {
    const url = await given({ base: '/erp', pages: webVersion(), json2 });
    await expect(opening(`${url}/`)).resolves.toMatchObject({ transport: { name: 'json-2' } });
  });
});

describe('nothing is guessed from', () => {
  test('a wrong key: JSON-2 is there, so nothing else is tried', async () => {
    const url = await given({
      pages: webVersion(),
      json2: { ...json(exception('werkzeug.exceptions.Unauthorized', 'Invalid apikey')), status: 401 },
      rpc: 19,
    });
    await expect(faultOf(opening(url))).resolves.toMatchObject({ code: 'unauthorized' });
  });

  test.each([502, 503, 500])('a server that fails with %i: a way that is closed for a minute is not closed', async (status) => {
    const url = await given({ pages: webVersion(), json2: page(status), rpc: 19 });
    await expect(faultOf(opening(url))).resolves.toMatchObject({ code: 'server-error', facts: { status } });
  });

  test('nobody who listens', async () => {
    const url = await given({});
    await served[0]?.close();
    await expect(faultOf(opening(url))).resolves.toMatchObject({ code: 'unreachable', facts: { outcome: 'not-applied' } });
  });
});

describe('a mistake of the configuration says what was tried and what came back:', () => {
  test('a server that is no Odoo', async () => {
    const url = await given({ rpc: page(405), xml: page(403) });
    const { code, message, facts } = await faultOf(opening(url));
    expect([code, message]).toEqual([
      'misconfigured',
      `odoo connect: what answers at ${url} is no Odoo, or a proxy hides it (/web/version: HTTP 404, /json/version: HTTP 404, JSON-RPC: HTTP 405, XML-RPC: HTTP 403)`,
    ]);
    expect(facts.advice).toContain('/jsonrpc');
  });

  test('19 that offers JSON-2 alone, and a password', async () => {
    const url = await given({ pages: webVersion(), json2 });
    await expect(faultOf(opening(url, { secret: password }))).resolves.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('JSON-2: takes an API key, and there is none, JSON-RPC: HTTP 404'),
      facts: { advice: expect.stringContaining('Use an API key') },
    });
  });

  test('a database that is not there, which JSON-2 answers with a page and JSON-RPC with its name', async () => {
    const data = exception('psycopg2.OperationalError', 'connection to server failed: FATAL:  database "odoo" does not exist\n');
    const login = json({ jsonrpc: '2.0', id: 1, error: { code: 0, message: 'Odoo Server Error', data } });
    const url = await given({ pages: webVersion(), rpc: 19, login });
    await expect(faultOf(opening(url))).resolves.toMatchObject({
      code: 'misconfigured',
      facts: { advice: expect.stringContaining('no database of that name') },
    });
  });

  test('the address that a browser shows', async () => {
    const fault = await faultOf(opening(await given({ base: '/odoo', pages: toLogin, rpc: toLogin })));
    expect([fault.message, fault.facts.advice]).toEqual([
      expect.stringContaining('JSON-RPC: HTTP 303, XML-RPC: reaches no Odoo below a path'),
      expect.stringContaining('without the /odoo or /web'),
    ]);
  });

  test('http instead of https is named, and never followed', async () => {
    const url = await given({ pages: { status: 301, headers: { location: 'https://odoo.test/web/version' } } });
    await expect(faultOf(opening(url))).resolves.toMatchObject({
      code: 'misconfigured',
      message: `odoo version by /web/version: the server sends from ${url} to https://odoo.test`,
      facts: { advice: expect.stringContaining('https://odoo.test') },
    });
  });

  test.each(['erp.example.com', 'https://admin:PASSWORD@odoo.test', 'ftp://odoo.test', 'https://odoo.test/?db=x'])(
    '%s is no address of a server, and is not quoted',
    async (url) => {
      const error: unknown = await Promise.resolve()
        .then(() => testConnection({ url }))
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'misconfigured', facts: { message: '`url` is no address of a server' } });
    },
  );

  test.each([
    ['json-2', key, { rpc: 17 }, 'JSON-2 needs Odoo 19, this is 17'],
    ['json-2', password, { pages: webVersion(), json2 }, 'JSON-2 takes an API key, not a password'],
    ['json-rpc', key, { xml: '17.0' }, 'JSON-RPC: HTTP 404'],
    ['xml-rpc', key, { rpc: 17 }, 'XML-RPC: HTTP 404'],
  ] as const)('%s that was asked for and is not there', async (transport, secret, server, message) => {
    await expect(faultOf(opening(await given(server), { transport, secret }))).resolves.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining(message),
    });
  });
});

test.each([
  [19, 19],
  ['saas~19', 19],
  ['saas~19.1', 19],
  ['master', undefined],
])('the version %s is %s', (first, expected) => {
  expect(majorVersion(first)).toBe(expected);
});
