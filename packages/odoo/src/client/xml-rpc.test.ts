import { isFault, type ConnectorFault } from '@quartermaster/domain';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OdooCall } from './client.ts';
import { jsonRpcTransport } from './json-rpc.ts';
import { xmlRpcVersion } from './offer.ts';
import { credentials, origin, recording, replay, testConnection } from '../testing/recording.ts';
import { odooAwaitFetch } from './xml-rpc.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const anyCall: OdooCall = { model: 'sale.order', method: 'action_lock', ids: [7], args: {}, repeat: 'never', timeout: 'write' };

async function connected(version: 17 | 19) {
  replay(recording(version, 'xmlrpc-authenticate'));
  return (await jsonRpcTransport(testConnection({ fetch: odooAwaitFetch(credentials) }), 'xml-rpc')).transport;
}

async function faultOf(promise: Promise<unknown>): Promise<ConnectorFault> {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (isFault(error)) return error;
  throw new Error(`no fault: ${String(error)}`);
}

describe.each([17, 19] as const)('against recordings of Odoo %i', (version) => {
  test('the version needs no login', async () => {
    replay(recording(version, 'xmlrpc-version'));
    await expect(xmlRpcVersion(testConnection())).resolves.toMatchObject({ version });
  });

  test('a login that is refused is a fault and no text', async () => {
    replay(recording(version, 'xmlrpc-authenticate-bad'));
    const opened = jsonRpcTransport(testConnection({ fetch: odooAwaitFetch(credentials) }), 'xml-rpc');
    await expect(faultOf(opened)).resolves.toMatchObject({ code: 'unauthorized' });
  });

  test('a method without a result raises "cannot marshal None" although it did its work', async () => {
    const transport = await connected(version);
    replay(recording(version, 'xmlrpc-none-fault'));
    await expect(transport.call(anyCall)).resolves.toMatchObject({ value: null });
  });

  test.each([
    ['xmlrpc-fault-access-denied', 'unauthorized'],
    ['xmlrpc-fault-bad-field', 'invalid-request'],
    ['xmlrpc-fault-private', 'forbidden'],
    // A ValidationError, which its text tells from other refusals.
    ['xmlrpc-fault-user-error', 'invalid-request'],
  ])('%s is %s, and shows neither traceback nor password', async (name, code) => {
    const transport = await connected(version);
    replay(recording(version, name));
    const fault = await faultOf(transport.call(anyCall));
    expect(fault).toMatchObject({ code, facts: { outcome: 'not-applied' } });
    expect(JSON.stringify(fault) + String(fault.facts.cause) + String(fault.stack)).not.toMatch(/Traceback|PASSWORD/);
  });
});

test('the arguments of the caller are not changed, so the same call can be made again', async () => {
  const transport = await connected(17);
  const call: OdooCall = { ...anyCall, repeat: 'always', args: { fields: ['name'] } };
  const before = structuredClone(call);
  replay(recording(17, 'xmlrpc-none-fault'));
  replay(recording(17, 'xmlrpc-none-fault'));
  await transport.call(call);
  await transport.call(call);
  expect(call).toEqual(before);
});

const object = () => nock(origin).post('/xmlrpc/2/object');
const html = '<html><BODY>PASSWORD</BODY></html>';

test.each([
  ['a gateway', () => object().reply(502, html), 'server-error', 502],
  ['a gateway that asks for time', () => object().reply(503, '', { 'retry-after': '7' }), 'server-error', 503],
  ['an empty answer', () => object().reply(200, ''), 'malformed-reply', 200],
  [
    'an answer that is cut off',
    () => object().reply(200, "<?xml version='1.0'?><methodResponse><params><param><value><int>1"),
    'malformed-reply',
    200,
  ],
  ['an answer without a value', () => object().reply(200, '<methodResponse><params></params></methodResponse>'), 'malformed-reply', 200],
  ['a page of somebody else', () => object().reply(200, html, { 'content-type': 'text/html' }), 'malformed-reply', 200],
  [
    'a broken connection',
    () => object().replyWithError(Object.assign(new Error('PASSWORD'), { code: 'ECONNRESET' })),
    'unreachable',
    undefined,
  ],
] as const)('%s leaves open whether a write was done', async (_what, answers, code, status) => {
  const transport = await connected(17);
  answers();
  const fault = await faultOf(transport.call(anyCall));
  expect([fault.code, fault.facts.outcome, fault.facts.status]).toEqual([code, 'unknown', status]);
  expect(JSON.stringify(fault) + String(fault.facts.cause)).not.toContain('PASSWORD');
});

test.each([
  [
    'nobody listens',
    () =>
      object()
        .times(3)
        .replyWithError(Object.assign(new Error('x'), { code: 'ECONNREFUSED', syscall: 'connect' })),
    'unreachable',
  ],
  ['a proxy forbids it', () => object().reply(403, html), 'forbidden'],
  ['the server moved', () => object().reply(301, '', { location: 'https://odoo.test/' }), 'misconfigured'],
] as const)('when %s, nothing was done', async (_what, answers, code) => {
  const transport = await connected(17);
  answers();
  await expect(faultOf(transport.call({ ...anyCall, repeat: 'never' }))).resolves.toMatchObject({
    code,
    facts: { outcome: 'not-applied' },
  });
});

test.each([
  ['2147483648', 2 ** 31, 'is a whole number of more than 32 bits, which XML-RPC cannot carry'],
  ['1e21', 1e21, 'is a whole number of more than 32 bits, which XML-RPC cannot carry'],
  ['a control character', 'a\u0007b', 'has a character that XML cannot carry'],
  ['half of a surrogate pair', 'a\uD800', 'has a character that XML cannot carry'],
])('%s is refused before it is sent, and named', async (_what, value, why) => {
  const transport = await connected(17);
  const sent = object().reply(200, '');
  const fault = await faultOf(transport.call({ ...anyCall, method: 'write', args: { vals: { note: [value] } } }));
  expect(fault).toMatchObject({ code: 'invalid-request', facts: { message: `vals.note.0 ${why}`, outcome: 'not-applied' } });
  expect(sent.isDone()).toBe(false);
});

test.each([
  ['Record does not exist or has been deleted.\n(Record: sale.order(7,), User: 2)', 'not-found'],
  ['The operation cannot be completed: another model requires the record.', 'invalid-request'],
  ["Object no.model doesn't exist", 'unsupported'],
  ['Die Lieferung ist gesperrt.', 'refused'],
])('the refusal %j is %s, as far as its text tells', async (text, code) => {
  const transport = await connected(17);
  object().reply(200, faultXml(2, text));
  await expect(faultOf(transport.call(anyCall))).resolves.toMatchObject({ code, facts: { outcome: 'not-applied' } });
});

test.each([
  ['psycopg2.errors.SerializationFailure: could not serialize access due to concurrent update\n', 'conflict'],
  ['psycopg2.OperationalError: connection to server at "127.0.0.1" failed: FATAL:  database "x" does not exist\n\n', 'misconfigured'],
  ['psycopg2.errors.SyntaxError: syntax error at or near "x"\nLINE 1: SELECT x\n               ^\n', 'server-error'],
  ["AttributeError: The method 'x' does not exist on the model 'y'\n", 'unsupported'],
  ['KeyError: None\n', 'server-error'],
])('the end of a traceback says what was raised: %j', async (end, code) => {
  const transport = await connected(17);
  const head = 'Traceback (most recent call last):\n  File "/opt/odoo/http.py", line 5, in x\n    return y\n           ^\n';
  object()
    .times(3)
    .reply(
      200,
      faultXml(1, `${head}ValueError: inner\n\nDuring handling of the above exception, another exception occurred:\n\n${head}${end}`),
    );
  await expect(faultOf(transport.call(anyCall))).resolves.toMatchObject({ code });
});

function faultXml(code: number, text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<?xml version='1.0'?><methodResponse><fault><value><struct><member><name>faultCode</name><value><int>${code}</int></value></member><member><name>faultString</name><value><string>${escaped}</string></value></member></struct></value></fault></methodResponse>`;
}

test('a server that never answers ends in a timeout, which odoo-await does not have', async () => {
  const opening = odooAwaitFetch(credentials);
  nock(origin).post('/xmlrpc/2/common').delay(60_000).reply(200, '');
  const ending = new AbortController();
  const answer = opening(`${origin}/jsonrpc`, {
    body: JSON.stringify({ params: { method: 'authenticate', args: [] } }),
    signal: ending.signal,
  });
  ending.abort(new Error('out of time'));
  await expect(answer).rejects.toThrow('out of time');
  nock.abortPendingRequests();
});

test('an Odoo below a path is refused, because odoo-await would leave the path out', () => {
  expect(() => odooAwaitFetch({ ...credentials, url: `${origin}/erp` })).toThrow(/below a path/);
});
