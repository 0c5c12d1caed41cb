import { isFault, type ConnectorFault } from '@quartermaster/domain';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OdooCall } from './client.ts';
import { jsonRpcTransport } from './json-rpc.ts';
import { jsonRpcVersion } from './offer.ts';
import { origin, recording, replay, testConnection } from '../testing/recording.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const anyCall: OdooCall = { model: 'sale.order', method: 'write', ids: [7], args: { vals: {} }, repeat: 'never', timeout: 'write' };

async function faultOf(promise: Promise<unknown>): Promise<ConnectorFault> {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (isFault(error)) return error;
  throw new Error(`no fault: ${String(error)}`);
}

describe.each([17, 19] as const)('against recordings of Odoo %i', (version) => {
  async function connected() {
    replay(recording(version, 'jsonrpc-authenticate'));
    return (await jsonRpcTransport(testConnection())).transport;
  }

  test('the version needs no login', async () => {
    const recorded = recording(version, 'jsonrpc-version');
    const asked = replay(recorded);
    await expect(jsonRpcVersion(testConnection())).resolves.toMatchObject({ version });
    expect(asked.body).toEqual(recorded.request.body);
  });

  test('a login that is known gives the user', async () => {
    const recorded = recording(version, 'jsonrpc-authenticate');
    const asked = replay(recorded);
    const { uid } = await jsonRpcTransport(testConnection());
    expect(uid).toBe(2);
    expect(asked.body).toEqual(recorded.request.body);
  });

  test('a login that is refused is answered with false, and is a fault', async () => {
    replay(recording(version, 'jsonrpc-authenticate-bad'));
    const fault = await faultOf(jsonRpcTransport(testConnection()));
    expect(fault).toMatchObject({ code: 'unauthorized', facts: { outcome: 'not-applied', advice: expect.stringContaining('key') } });
  });

  test('a call sends its ids by position, its arguments by name and the context', async () => {
    const transport = await connected();
    const asked = replay(recording(version, 'picking-unreserve-none'));
    await transport.call({
      model: 'stock.picking',
      method: 'web_read',
      ids: [5],
      args: { specification: {} },
      context: { tz: 'UTC' },
      repeat: 'always',
      timeout: 'read',
    });
    expect(asked.body).toMatchObject({
      params: { args: ['odoo', 2, 'PASSWORD', 'stock.picking', 'web_read', [[5]], { specification: {}, context: { tz: 'UTC' } }] },
    });
  });

  test('create and write give their values by position, because models name them differently', async () => {
    const transport = await connected();
    const created = replay(recording(version, 'picking-unreserve-none'));
    await transport.call({ model: 'stock.quant', method: 'create', args: { vals_list: [{ a: 1 }] }, repeat: 'never', timeout: 'write' });
    expect(created.body).toMatchObject({
      params: { args: [expect.anything(), 2, 'PASSWORD', 'stock.quant', 'create', [[{ a: 1 }]], { context: {} }] },
    });
    const wrote = replay(recording(version, 'picking-unreserve-none'));
    await transport.call({ ...anyCall, args: { vals: { b: 2 } } });
    expect(wrote.body).toMatchObject({
      params: { args: [expect.anything(), 2, 'PASSWORD', 'sale.order', 'write', [[7], { b: 2 }], { context: {} }] },
    });
  });

  test('a method without a result leaves the result out, and did its work', async () => {
    const transport = await connected();
    replay(recording(version, 'picking-unreserve-none'));
    await expect(transport.call({ ...anyCall, method: 'do_unreserve' })).resolves.toMatchObject({ value: null });
  });

  test.each([
    ['jsonrpc-error-access-denied', 'unauthorized', 'odoo.exceptions.AccessDenied'],
    ['jsonrpc-error-bad-field', 'invalid-request', 'builtins.ValueError'],
    ['jsonrpc-error-missing', 'not-found', 'odoo.exceptions.MissingError'],
    ['jsonrpc-error-validation', 'invalid-request', 'odoo.exceptions.ValidationError'],
    ['order-confirm-again', 'refused', 'odoo.exceptions.UserError'],
  ])('%s is %s, rolled back, and shows neither traceback nor password', async (name, code, vendorCode) => {
    const transport = await connected();
    replay(recording(version, name));
    const fault = await faultOf(transport.call(anyCall));
    expect(fault).toMatchObject({ code, facts: { vendorCode, outcome: 'not-applied' } });
    expect(JSON.stringify(fault) + String(fault.facts.cause)).not.toMatch(/Traceback|PASSWORD/);
  });
});

test('a lost serialization race is made again by itself', async () => {
  replay(recording(19, 'jsonrpc-authenticate'));
  const { transport } = await jsonRpcTransport(testConnection());
  const data = { name: 'psycopg2.errors.SerializationFailure', message: 'could not serialize access due to concurrent update' };
  nock(origin)
    .post('/jsonrpc')
    .reply(200, { jsonrpc: '2.0', id: 1, error: { code: 0, message: 'Odoo Server Error', data } });
  nock(origin).post('/jsonrpc').reply(200, { jsonrpc: '2.0', id: 1, result: true });
  await expect(transport.call(anyCall)).resolves.toMatchObject({ value: true });
});

test.each([
  ['a gateway that gives up', () => nock(origin).post('/jsonrpc').reply(504, 'gateway timeout')],
  [
    'a connection that breaks',
    () =>
      nock(origin)
        .post('/jsonrpc')
        .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' })),
  ],
  ['an answer that is cut off', () => nock(origin).post('/jsonrpc').reply(200, '{"jsonrpc": "2.0", "res')],
  ['a page of somebody else', () => nock(origin).post('/jsonrpc').reply(200, '<html>Login</html>', { 'content-type': 'text/html' })],
])('%s leaves open whether a write was done, and it is not made again', async (_what, answers) => {
  replay(recording(19, 'jsonrpc-authenticate'));
  const { transport } = await jsonRpcTransport(testConnection());
  answers();
  const fault = await faultOf(transport.call(anyCall));
  expect(fault.facts.outcome).toBe('unknown');
  expect(nock.isDone()).toBe(true);
});

test('a database that is not there is a mistake of the configuration', async () => {
  const data = { name: 'psycopg2.OperationalError', message: 'connection to server failed: FATAL:  database "odoo" does not exist\n' };
  nock(origin)
    .post('/jsonrpc')
    .reply(200, { jsonrpc: '2.0', id: 1, error: { code: 200, message: 'Odoo Server Error', data } });
  await expect(faultOf(jsonRpcTransport(testConnection()))).resolves.toMatchObject({ code: 'misconfigured' });
});
