import { isFault, type ConnectorFault } from '@quartermaster/domain';
import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OdooCall } from './client.ts';
import { json2Transport } from './json-2.ts';
import { pageVersion } from './offer.ts';
import { origin, recording, replay, testConnection } from '../testing/recording.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const anyCall: OdooCall = { model: 'sale.order', method: 'write', ids: [7], args: { vals: {} }, repeat: 'never', timeout: 'write' };

async function connected() {
  nock(origin).post('/json/2/res.users/context_get').reply(200, { lang: 'en_US', tz: false, uid: 2 });
  return (await json2Transport(testConnection())).transport;
}

async function faultOf(promise: Promise<unknown>): Promise<ConnectorFault> {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (isFault(error)) return error;
  throw new Error(`no fault: ${String(error)}`);
}

test('the version of Odoo 19 is on its own page, which an older one does not have', async () => {
  replay(recording(19, 'web-version'));
  await expect(pageVersion(testConnection())).resolves.toMatchObject({ version: 19 });
  nock(origin).get('/web/version').reply(404, '<html>', { 'content-type': 'text/html' });
  nock(origin).get('/json/version').reply(303, '', { location: '/web/login' });
  await expect(pageVersion(testConnection())).resolves.toEqual({ tried: ['/web/version: HTTP 404', '/json/version: HTTP 303'] });
});

test('the key is the login, and the database stands in a header', async () => {
  const transport = await connected();
  const recorded = recording(19, 'json2-read');
  const asked = replay(recorded, { authorization: 'bearer PASSWORD', 'x-odoo-database': 'odoo', 'content-type': 'application/json' });
  const { value: rows } = await transport.call({
    model: 'sale.order',
    method: 'read',
    ids: [2509],
    args: { fields: ['name', 'state'] },
    repeat: 'always',
    timeout: 'read',
  });
  expect(rows).toEqual(recorded.response.body);
  expect(asked.body).toEqual({ ids: [2509], fields: ['name', 'state'], context: {} });
});

test('a method without a result answers null, and did its work', async () => {
  const transport = await connected();
  replay(recording(19, 'json2-none'));
  await expect(transport.call({ ...anyCall, method: 'action_lock' })).resolves.toMatchObject({ value: null });
});

test.each([
  ['json2-bad-key', 'unauthorized', 401],
  ['json2-bad-model', 'unsupported', 404],
  ['json2-confirm-again', 'refused', 422],
  ['json2-missing', 'not-found', 404],
  ['json2-missing-arg', 'invalid-request', 422],
  ['json2-private', 'forbidden', 403],
  ['json2-value-error', 'invalid-request', 500],
])('%s is %s and rolled back, whatever the status (%i)', async (name, code, status) => {
  const transport = await connected();
  const recorded = recording(19, name);
  replay(recorded);
  const [, , , model = '', method = ''] = recorded.request.path.split('/');
  const fault = await faultOf(transport.call({ ...anyCall, model, method }));
  expect(fault).toMatchObject({ code, facts: { outcome: 'not-applied', status } });
  expect(JSON.stringify(fault)).not.toContain('Traceback');
});

test('a database that the server does not have is answered with a page', async () => {
  nock(origin).post('/json/2/res.users/context_get').reply(404, '<!doctype html>', { 'content-type': 'text/html; charset=utf-8' });
  await expect(faultOf(json2Transport(testConnection()))).resolves.toMatchObject({
    code: 'misconfigured',
    facts: { advice: expect.stringContaining('database') },
  });
});

test('the same page later says that the database cannot be reached for now, which passes', async () => {
  const transport = await connected();
  nock(origin).post('/json/2/sale.order/write').reply(404, '<!doctype html>', { 'content-type': 'text/html; charset=utf-8' });
  nock(origin).post('/json/2/sale.order/write').reply(200, 'true', { 'content-type': 'application/json; charset=utf-8' });
  await expect(transport.call(anyCall)).resolves.toMatchObject({ value: true });
});

test('a 500 that is no exception of Odoo leaves open whether the write was done', async () => {
  const transport = await connected();
  nock(origin).post('/json/2/sale.order/write').reply(502, 'bad gateway');
  await expect(faultOf(transport.call(anyCall))).resolves.toMatchObject({ code: 'server-error', facts: { outcome: 'unknown' } });
});
