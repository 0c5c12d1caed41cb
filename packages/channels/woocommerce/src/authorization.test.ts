import { intentMemo, sandboxFetch, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { authorizingFetch, encoded, oauthSignature, oauthSigned } from './authorization.ts';
import { ada, givenShop, keys, origin } from './testing/shop.ts';

test("a request is signed as OAuth 1.0a's own example is", () => {
  // RFC 5849, section 1.2, with HMAC-SHA256 and without a token; the value was computed by another program (Python's hmac).
  const url =
    'http://photos.example.net/photos?file=vacation.jpg&size=original&oauth_consumer_key=dpf43f3p2l4k3l03&oauth_timestamp=137131202&oauth_nonce=chapoH&oauth_signature_method=HMAC-SHA256';
  expect(oauthSignature({ url, method: 'get', consumerSecret: 'kd94hf93k423kf44' })).toBe('Khq3cx7jHzwvTjpfMfV70wSm9dvi3VSdYy4wTZm6qEw=');
});

test('the order of parameters does not matter, and every character of them does', () => {
  const sign = (query: string) => oauthSignature({ url: `http://shop.example/?${query}`, method: 'GET', consumerSecret: 's' });
  expect([sign('a=1&b=x%20y') === sign('b=x+y&a=1'), sign('a=1&b=x%20y') === sign('a=1&b=x%20z')]).toEqual([true, false]);
});

test('what PHP encodes is encoded', () => {
  expect(encoded("Ü it's (a) *b! ~c")).toBe('%C3%9C%20it%27s%20%28a%29%20%2Ab%21%20~c');
});

const given = { url: 'http://shop.example/wp-json/wc/v3/orders?status=any', method: 'GET', keys, timestamp: '1795251600', nonce: 'n1' };

test.each<[string, () => Request, number, string]>([
  ['a signed request is let in', () => new Request(oauthSigned(given)), 200, ''],
  [
    'the same a second time is refused',
    () => new Request(oauthSigned({ ...given, nonce: 'used' })),
    401,
    'Invalid nonce - nonce has already been used.',
  ],
  [
    'a changed one is refused',
    () => new Request(oauthSigned(given).replace('any', 'all')),
    401,
    'Invalid signature - provided signature does not match.',
  ],
  ['one of another time is refused', () => new Request(oauthSigned({ ...given, timestamp: '1795248000' })), 401, 'Invalid timestamp.'],
  [
    'one with keys by basic authentication is refused over http',
    () => new Request(given.url, { headers: { authorization: `Basic ${btoa(`${keys.consumerKey}:${keys.consumerSecret}`)}` } }),
    401,
    'Sorry, you cannot list resources.',
  ],
])('in the sandbox over http %s', async (_title, request, status, message) => {
  const { shop } = givenShop({ origin: 'http://shop.example' });
  await shop.app(new Request(oauthSigned({ ...given, nonce: 'used' })));
  const answer = await shop.app(request());
  expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(message)]);
});

test('to a host that strips the header only keys in the query get in', async () => {
  const statuses = [];
  for (const transport of ['basic', 'query'] as const) {
    const { shop } = givenShop({ stripsAuthorization: true });
    const clock = virtualClock('2026-11-21T09:00:00Z');
    const send = authorizingFetch({ keys, transport, clock, nonce: () => 'n', fetch: sandboxFetch({ [origin]: shop.app }) });
    statuses.push((await send(`${origin}/wp-json/wc/v3/orders`)).status);
  }
  expect(statuses).toEqual([401, 200]);
});

test('a key that may only read changes nothing, and a probe says so', async () => {
  const { shop, channel } = givenShop({ permissions: 'read' });
  const orderId = shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], address: ada });
  const { problems } = await channel.probe();
  const acknowledging = channel.acknowledgement?.make({ orderId, ourRef: 'S1' }, intentMemo());
  await expect(acknowledging).rejects.toMatchObject({ code: 'unauthorized' });
  expect(problems).toEqual(['the key may only read']);
});
