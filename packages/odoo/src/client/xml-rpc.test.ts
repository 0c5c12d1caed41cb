import { isFault, type ConnectorFault } from '@quartermaster/domain';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OdooCall } from './client.ts';
import { jsonRpcTransport } from './json-rpc.ts';
import { credentials, origin, recording, replay, testHttp } from '../testing/recording.ts';
import { odooAwaitFetch, xmlRpcVersion } from './xml-rpc.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const anyCall: OdooCall = { model: 'sale.order', method: 'action_lock', ids: [7], args: {}, repeat: 'never', timeout: 'write' };

async function connected(version: 17 | 19) {
  replay(recording(version, 'xmlrpc-authenticate'));
  return (await jsonRpcTransport(testHttp({ fetch: odooAwaitFetch(credentials) }), credentials, 'xml-rpc')).transport;
}

async function faultOf(promise: Promise<unknown>): Promise<ConnectorFault> {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (isFault(error)) return error;
  throw new Error(`no fault: ${String(error)}`);
}

describe.each([17, 19] as const)('against recordings of Odoo %i', (version) => {
  test('the version needs no login', async () => {
    replay(recording(version, 'xmlrpc-version'));
    await expect(xmlRpcVersion(testHttp(), origin)).resolves.toBe(version);
  });

  test('a login that is refused is a fault and no text', async () => {
    replay(recording(version, 'xmlrpc-authenticate-bad'));
    const opened = jsonRpcTransport(testHttp({ fetch: odooAwaitFetch(credentials) }), credentials, 'xml-rpc');
    await expect(faultOf(opened)).resolves.toMatchObject({ code: 'unauthorized' });
  });

  test('a method without a result raises "cannot marshal None" although it did its work', async () => {
    const transport = await connected(version);
    replay(recording(version, 'xmlrpc-none-fault'));
    await expect(transport.call(anyCall)).resolves.toBeNull();
  });

  test.each([
    ['xmlrpc-fault-access-denied', 'unauthorized'],
    ['xmlrpc-fault-bad-field', 'invalid-request'],
    ['xmlrpc-fault-private', 'forbidden'],
    ['xmlrpc-fault-user-error', 'refused'],
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

test.each([
  ['a gateway', () => nock(origin).post('/xmlrpc/2/object').reply(502, '<html><body>Bad gateway</body></html>')],
  ['an empty answer', () => nock(origin).post('/xmlrpc/2/object').reply(200, '')],
  [
    'a broken connection',
    () =>
      nock(origin)
        .post('/xmlrpc/2/object')
        .replyWithError(Object.assign(new Error('PASSWORD'), { code: 'ECONNRESET' })),
  ],
])('%s leaves open whether a write was done', async (_what, answers) => {
  const transport = await connected(17);
  answers();
  const fault = await faultOf(transport.call(anyCall));
  expect(fault.facts.outcome).toBe('unknown');
  expect(JSON.stringify(fault) + String(fault.facts.cause)).not.toContain('PASSWORD');
});

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
