import { memoryRateLimiter, type HttpEvent } from '@quartermaster/connector-kit';
import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { ConnectorFault } from '@quartermaster/domain';
import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createClient, type ClientOptions, type WooCall } from './client.ts';
import { keys } from './testing/shop.ts';

const read: WooCall<unknown> = { operation: 'orders.read', method: 'GET', path: '/wc/v3/orders/7', schema: z.unknown(), kind: 'read' };
const path = '/wp-json/wc/v3/orders/7';

beforeEach(() => {
  nock.disableNetConnect();
});

afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

test('over https the keys go by basic authentication', async () => {
  nock('https://shop.example').get(path).basicAuth({ user: keys.consumerKey, pass: keys.consumerSecret }).reply(200, '{}');
  expect(await given().client(read)).toEqual({});
});

test('to a host that strips the header they go in the query', async () => {
  nock('https://shop.example').get(path).query({ consumer_key: keys.consumerKey, consumer_secret: keys.consumerSecret }).reply(200, '{}');
  expect(await given({ keyTransport: 'query' }).client(read)).toEqual({});
});

test('over http each attempt is signed anew, and the secret goes nowhere', async () => {
  const asked: URL[] = [];
  const fetch = async (input: Parameters<typeof globalThis.fetch>[0]) => {
    asked.push(new URL(input instanceof Request ? input.url : input));
    return new Response('{}', { status: asked.length === 1 ? 503 : 200 });
  };
  await given({ origin: 'http://shop.example', keyTransport: 'oauth', fetch }).client(read);
  const nonces = asked.map(({ searchParams }) => searchParams.get('oauth_nonce'));
  expect([new Set(nonces).size, asked.some(({ href }) => href.includes(keys.consumerSecret))]).toEqual([2, false]);
});

test.each<[string, number, string, string, object]>([
  ['a key that is none', 401, '{"code":"woocommerce_rest_cannot_view","message":"Sorry"}', 'unauthorized', { retry: { kind: 'never' } }],
  ['an order that is not there', 404, '{"code":"woocommerce_rest_shop_order_invalid_id","message":"Invalid ID."}', 'not-found', {}],
  ['an address that the shop does not know', 404, '{"code":"rest_no_route","message":"No route"}', 'misconfigured', {}],
  ['a wrong value', 400, '{"code":"rest_invalid_param","message":"Invalid parameter(s): status"}', 'invalid-request', {}],
  ['more than a hundred at once', 413, '{"code":"woocommerce_rest_request_entity_too_large","message":"No"}', 'invalid-request', {}],
  ['the page of a firewall', 403, '<html>Blocked</html>', 'forbidden', { retry: { kind: 'after', ms: 300_000 } }],
  ['the page of a shop in maintenance', 503, '<html>Briefly unavailable</html>', 'server-error', {}],
  ['a page where an answer should be', 200, '<html>Welcome</html>', 'malformed-reply', { retry: { kind: 'safely' } }],
  ['what a plugin printed before the answer', 200, '<br/>Warning: x{"id":7}', 'malformed-reply', {}],
  ['the way to https', 301, '', 'misconfigured', {}],
])('%s is a fault of its kind', async (_title, status, body, code, facts) => {
  nock('https://shop.example').persist().get(path).reply(status, body);
  const fault = await faultOf(given().client(read));
  expect([fault.code, fault.facts]).toEqual([code, expect.objectContaining(facts)]);
});

test('a refund that the shop refuses comes as 500, is refused, and not made again', async () => {
  const body = '{"code":"woocommerce_rest_cannot_create_order_refund","message":"Invalid refund amount.","data":500}';
  nock('https://shop.example').persist().post(`${path}/refunds`).reply(500, body);
  const { client, events } = given();
  const fault = await faultOf(client({ ...read, method: 'POST', path: '/wc/v3/orders/7/refunds', body: {}, kind: 'effect' }));
  expect([fault.code, fault.facts.outcome, fault.facts.retry, events.length]).toEqual(['refused', 'not-applied', { kind: 'never' }, 1]);
});

test('an answer that breaks off is read again, and nothing that may have happened is done again', async () => {
  nock('https://shop.example').get(path).reply(200, '{"id":').get(path).reply(200, '{"id":7}').post(`${path}/notes`).reply(201, '{"id":');
  const { client, events } = given();
  expect(await client(read)).toEqual({ id: 7 });
  const fault = await faultOf(client({ ...read, method: 'POST', path: '/wc/v3/orders/7/notes', body: {}, kind: 'effect' }));
  expect([fault.facts.outcome, events.length]).toEqual(['unknown', 3]);
});

test('no fault tells the keys, also when the shop quotes them', async () => {
  nock('https://shop.example')
    .get(path)
    .reply(401, JSON.stringify({ code: 'x', message: `no ${keys.consumerSecret}` }));
  const fault = await faultOf(given().client(read));
  expect(JSON.stringify(fault) + fault.stack).not.toContain(keys.consumerSecret);
});

function given(options: Partial<ClientOptions> = {}) {
  const clock = virtualClock('2026-11-21T09:00:00Z');
  const events: HttpEvent[] = [];
  const client = createClient({
    origin: 'https://shop.example',
    ...keys,
    keyTransport: 'basic',
    webhookSecrets: [],
    bucket: 'all',
    clock,
    random: () => 0.5,
    limiter: memoryRateLimiter({}, clock),
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { client, events };
}

async function faultOf(call: Promise<unknown>): Promise<ConnectorFault> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ConnectorFault) return error;
    throw error;
  }
  throw new Error('no fault');
}
