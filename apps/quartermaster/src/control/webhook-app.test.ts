import { easypostCarrier } from '@quartermaster/easypost';
import { ebayChallengeResponse, ebayChannel } from '@quartermaster/ebay';
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openSmallBusiness, type SmallBusiness } from '../testing/small-business.ts';
import { listen } from './listener.ts';
import { webhookApp } from './webhook-app.ts';
import type { WebhookLimits } from './webhook-bounds.ts';

const ada = { name: 'Ada Example', address1: 'Invalidenstr. 1', zip: '10115', city: 'Berlin', countryCode: 'DE' };
const limits = { maxBytes: 10_000 };

function place(business: SmallBusiness, orders: number) {
  for (let order = 0; order < orders; order++) business.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], address: ada });
}

async function post(business: SmallBusiness, path: string, given: { body: Uint8Array; headers?: Readonly<Record<string, string>> }) {
  const answer = await webhookApp(business.context, limits).request(`http://hooks.test${path}`, {
    method: 'POST',
    body: Uint8Array.from(given.body),
    headers: given.headers ?? {},
  });
  return { status: answer.status, text: await answer.text() };
}

const pending = ({ journal }: SmallBusiness) => journal.read((tx) => tx.inbox.pending(1_000));
const orderCount = async ({ journal }: SmallBusiness) =>
  [...(await journal.read((tx) => tx.records.count('order'))).values()].reduce((sum, count) => sum + count, 0);

test('signed webhooks that come twice and out of order bring their orders in once', async () => {
  const business = await openSmallBusiness();
  place(business, 5);
  const webhooks = business.shop.takeWebhooks({ duplicate: true, reorder: true, seed: 4 });

  const answers = [];
  for (const { body, headers } of webhooks) answers.push((await post(business, '/shop', { body, headers })).status);
  for (const connection of await business.engine.announced()) await business.engine.pull(connection);

  expect(webhooks.length).toBeGreaterThan(10);
  expect(new Set(answers)).toEqual(new Set([200]));
  expect(await orderCount(business)).toBe(5);
  expect(await pending(business)).toEqual([]);
});

test('what is acknowledged is on the disk: the next process follows it up', async () => {
  const business = await openSmallBusiness();
  place(business, 1);
  const [webhook] = business.shop.takeWebhooks();
  if (webhook === undefined) throw new Error('no webhook');

  expect((await post(business, '/shop', webhook)).status).toBe(200);

  expect(await pending(business)).toMatchObject([{ kind: 'webhook', handledAt: null }]);
});

test('what cannot be kept is not acknowledged, so that the channel sends it again', async () => {
  const business = await openSmallBusiness();
  place(business, 1);
  const [webhook] = business.shop.takeWebhooks();
  if (webhook === undefined) throw new Error('no webhook');
  await business.journal.close();

  expect(await post(business, '/shop', webhook)).toEqual({ status: 503, text: '' });
});

describe('more webhooks than are taken', () => {
  const answerTo = async (business: SmallBusiness, app: ReturnType<typeof webhookApp>) => {
    place(business, 1);
    const [webhook] = business.shop.takeWebhooks();
    if (webhook === undefined) throw new Error('no webhook');
    const { body, headers } = webhook;
    return app.request('http://hooks.test/shop', { method: 'POST', body: Uint8Array.from(body), headers });
  };
  const told = ({ events }: SmallBusiness) => events.filter(({ event }) => event === 'webhook.turned-away');

  test('while too many of a channel wait for it to be read, it is asked to come again later, and nothing is kept', async () => {
    const business = await openSmallBusiness();
    const app = webhookApp(business.context, { ...limits, mostWaiting: 1 });
    await answerTo(business, webhookApp(business.context, limits));

    const answers = [await answerTo(business, app), await answerTo(business, app)];

    expect(answers.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
      [503, '60'],
      [503, '60'],
    ]);
    expect(await pending(business)).toHaveLength(1);
    expect(told(business)).toMatchObject([{ connection: 'shop', reason: 'backlog' }]);
  });

  test('once the channel was read they come in again', async () => {
    const business = await openSmallBusiness();
    await answerTo(business, webhookApp(business.context, limits));
    await business.engine.pull('shop');

    expect((await answerTo(business, webhookApp(business.context, { ...limits, mostWaiting: 1 }))).status).toBe(200);
  });

  test('while too many are being answered, one more is asked to come again, and the next after them comes in', async () => {
    const business = await openSmallBusiness();
    const gate = Promise.withResolvers<void>();
    const journal = {
      ...business.journal,
      transaction: async <R>(work: Parameters<typeof business.journal.transaction<R>>[0]) => {
        await gate.promise;
        return business.journal.transaction(work);
      },
    };
    const app = webhookApp({ ...business.context, journal }, { ...limits, mostAtOnce: 1 });
    const first = answerTo(business, app);
    const second = await answerTo(business, app);
    gate.resolve();

    expect([second.status, second.headers.get('retry-after'), (await first).status]).toEqual([503, '5', 200]);
    expect((await answerTo(business, app)).status).toBe(200);
  });
});

test('a wrong signature is told nothing', async () => {
  const business = await openSmallBusiness();
  place(business, 1);
  const [webhook] = business.shop.takeWebhooks();
  if (webhook === undefined) throw new Error('no webhook');

  const answers = [
    await post(business, '/shop', { ...webhook, body: Uint8Array.from([...webhook.body, 32]) }),
    await post(business, '/shop', { body: webhook.body }),
    await post(business, '/shop', { ...webhook, headers: { ...webhook.headers, 'x-shopify-shop-domain': 'other.myshopify.com' } }),
  ];

  expect(answers).toEqual([1, 2, 3].map(() => ({ status: 401, text: '' })));
  expect(await pending(business)).toEqual([]);
});

test.each([
  ['/nowhere', new Uint8Array(), 404],
  ['/', new Uint8Array(), 404],
  ['/shop/../orders', new Uint8Array(), 404],
  ['/shop', new Uint8Array(20_000), 413],
])('%s is answered without a word', async (path, body, status) => {
  expect(await post(await openSmallBusiness(), path, { body })).toEqual({ status, text: '' });
});

test('over a real socket: the bytes are checked as they came, and nothing but a webhook is answered', async () => {
  const business = await openSmallBusiness();
  place(business, 1);
  await using cleanup = new AsyncDisposableStack();
  const listener = await listen('webhook listener', webhookApp(business.context, limits).fetch, { host: '127.0.0.1', port: 0 });
  cleanup.defer(() => listener.close());

  const answers = [];
  for (const { body, headers } of business.shop.takeWebhooks())
    answers.push((await fetch(new URL('/shop', listener.url), { method: 'POST', body: Uint8Array.from(body), headers })).status);

  expect(answers).toEqual([200, 200]);
  expect((await fetch(new URL('/shop', listener.url))).status).toBe(404);
  expect(await business.engine.announced()).toEqual(['shop']);
});

test('eBay, which tries an address before it sends anything there, gets the answer that it wants, and nobody else gets one', async () => {
  const business = await openSmallBusiness();
  const verificationToken = '71745723-d031-455c-bfa5-f90d11b4f20a';
  const ebay = ebayChannel({
    connection: 'ebay',
    marketplace: 'EBAY_DE',
    clientId: 'id',
    clientSecret: 's',
    refreshToken: 'r',
    verificationToken,
  });
  const channels = new Map([...business.context.channels, ['ebay', ebay] as const]);
  const app = webhookApp({ ...business.context, channels }, { ...limits, publicUrl: 'https://hooks.example.com/' });

  const trial = await app.request('http://hooks.test/ebay?challenge_code=a8628072-3d33-45ee-9004-bee86830a22d');
  const others = [await app.request('http://hooks.test/ebay'), await app.request('http://hooks.test/shop?challenge_code=x')];

  const endpoint = 'https://hooks.example.com/ebay';
  const challengeCode = 'a8628072-3d33-45ee-9004-bee86830a22d';
  expect(await trial.json()).toEqual({ challengeResponse: ebayChallengeResponse({ challengeCode, verificationToken, endpoint }) });
  expect(trial.headers.get('content-type')).toContain('application/json');
  expect(others.map(({ status }) => status)).toEqual([404, 404]);
});

describe('a carrier', () => {
  const body = Buffer.from(
    JSON.stringify({ id: 'evt_1', description: 'tracker.updated', result: { id: 'trk_1', tracking_code: '1Z1', status: 'in_transit' } }),
  );
  const signed = (secret: string) => ({ 'x-hmac-signature': `hmac-sha256-hex=${createHmac('sha256', secret).update(body).digest('hex')}` });
  const given = async () => {
    const business = await openSmallBusiness();
    const post = easypostCarrier({ connection: 'post', apiKey: 'EZTK', currency: 'EUR', webhookSecret: 'hush' });
    const context = { ...business.context, carriers: new Map([...business.context.carriers, ['post', post]]) };
    const send = (connection: string, headers: Readonly<Record<string, string>>, more: Partial<WebhookLimits> = {}) =>
      webhookApp(context, { ...limits, ...more }).request(`http://hooks.test/${connection}`, { method: 'POST', body, headers });
    return { business, send };
  };

  test('that tells of parcels is answered when that is on the disk, and however often it comes it is kept once', async () => {
    const { business, send } = await given();

    expect([(await send('post', signed('hush'))).status, (await send('post', signed('hush'))).status]).toEqual([200, 200]);

    expect(await pending(business)).toMatchObject([{ kind: 'parcel-news', vendorId: 'evt_1', handledAt: null }]);
  });

  test('is not believed without its signature, nor one that sends no webhooks, and is asked to wait when too many do', async () => {
    const { send } = await given();
    const [forged, mute] = [await send('post', signed('other')), await send('house', signed('hush'))];
    await send('post', signed('hush'));
    const waits = await send('post', signed('hush'), { mostWaiting: 1 });

    expect([forged.status, mute.status, waits.status, waits.headers.get('retry-after')]).toEqual([401, 404, 503, '60']);
  });
});
