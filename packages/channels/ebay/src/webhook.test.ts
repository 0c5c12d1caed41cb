import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import nock from 'nock';
import { expect, test } from 'vitest';
import { ebayChannel } from './channel.ts';
import { ada, givenSeller, keyset, orderNow, start } from './testing/seller.ts';
import { ebayChallengeResponse, ebayErasure } from './webhook.ts';

// Published test vector of eBay's own notification SDK (eBay/event-notification-nodejs-sdk): a notification, its header, and eBay's answer for the key.
const vendorNotification =
  '{"metadata":{"topic":"MARKETPLACE_ACCOUNT_DELETION","schemaVersion":"1.0","deprecated":false},"notification":{"notificationId":"49feeaeb-4982-42d9-a377-9645b8479411_33f7e043-fed8-442b-9d44-791923bd9a6d","eventDate":"2021-03-19T20:43:59.462Z","publishDate":"2021-03-19T20:43:59.679Z","publishAttemptCount":1,"data":{"username":"test_user","userId":"ma8vp1jySJC","eiasToken":"nY+sHZ2PrBmdj6wVnY+sEZ2PrA2dj6wJnY+gAZGEpwmdj6x9nY+seQ=="}}}';
const vendorSignature =
  'eyJhbGciOiJlY2RzYSIsImtpZCI6Ijk5MzYyNjFhLTdkN2ItNDYyMS1hMGYxLTk2Y2NiNDI4YWY0OSIsInNpZ25hdHVyZSI6Ik1FWUNJUUNmeGZJV3V4bVdjSUJRSjljNS9YN2lHREpxczJSQ0dzQkVhQWppbnlycmZBSWhBSVY2d0djVGlCdVY1S0pVaWYyaG9reXJMK1E5c3NIa2FkK214Mm5FRTI1dyIsImRpZ2VzdCI6IlNIQTEifQ==';
const vendorKey = {
  key: '-----BEGIN PUBLIC KEY-----MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEZhhxXKtR+TOvtDbgTPCkSof02qgBB7IsYOyf76ilExJ/upAa/vKIKheOoCyOpcLmi4t0b4uepb7LLjmMr90FUg==-----END PUBLIC KEY-----',
  algorithm: 'ECDSA',
  digest: 'SHA1',
};

test('a notification that eBay itself signed is genuine, and says whose data must be erased', async () => {
  nock('https://api.ebay.com')
    .post('/identity/v1/oauth2/token', /client_credentials/)
    .reply(200, { access_token: 'app-token', expires_in: 7_200 });
  nock('https://api.ebay.com', { reqheaders: { authorization: 'Bearer app-token' } })
    .get('/commerce/notification/v1/public_key/9936261a-7d7b-4621-a0f1-96ccb428af49')
    .reply(200, vendorKey);
  const channel = ebayChannel({ ...keyset, connection: 'acme', marketplace: 'EBAY_DE', clock: virtualClock(start) });
  const body = Buffer.from(vendorNotification);
  expect(await channel.verifyWebhook(body, { 'x-ebay-signature': vendorSignature })).toEqual({
    kind: 'genuine',
    deliveryId: '49feeaeb-4982-42d9-a377-9645b8479411_33f7e043-fed8-442b-9d44-791923bd9a6d',
    topic: 'MARKETPLACE_ACCOUNT_DELETION',
    orderId: null,
    triggeredAt: '2021-03-19T20:43:59.462Z',
    erase: ebayErasure(body, 'acme'),
  });
});

test('who closes their account is the person of their orders', async () => {
  const { ebay, channel } = givenSeller();
  const { id } = ebay.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], address: ada, buyer: 'ada_1815' });
  ebay.closeAccount('ada_1815');
  const erased: string[] = [];
  for (const { body, headers } of ebay.takeNotifications()) {
    const verdict = await channel.verifyWebhook(body, headers);
    if (verdict.kind === 'genuine') erased.push(...(verdict.erase ?? []));
  }
  expect(erased).toContain((await orderNow(channel, id)).subject);
});

test('eBay’s key is asked for once an hour, however many notifications come', async () => {
  const { ebay, channel, clock, calls } = givenSeller();
  const deliver = async () => {
    for (let nth = 0; nth < 5; nth++) ebay.closeAccount(`buyer-${nth}`);
    await Promise.all(ebay.takeNotifications().map(({ body, headers }) => channel.verifyWebhook(body, headers)));
  };
  await deliver();
  await deliver();
  await clock.sleep(3_600_000);
  await deliver();
  expect(calls.filter((call) => call === 'webhooks.key')).toHaveLength(2);
});

test('made-up keys do not use up our quota, and do not shut out the true one', async () => {
  const { ebay, channel, calls } = givenSeller();
  ebay.closeAccount('ada');
  const [genuine] = ebay.takeNotifications();
  const body = genuine?.body ?? new Uint8Array();
  await channel.verifyWebhook(body, genuine?.headers ?? {});
  for (let nth = 0; nth < 100; nth++) {
    const header = Buffer.from(JSON.stringify({ kid: `made-up-${nth}`, signature: 'AA==' })).toString('base64');
    expect((await channel.verifyWebhook(body, { 'x-ebay-signature': header })).kind).toBe('rejected');
  }
  expect(calls.filter((call) => call === 'webhooks.key').length).toBeLessThanOrEqual(21);
  expect((await channel.verifyWebhook(body, genuine?.headers ?? {})).kind).toBe('genuine');
});

test.each([
  ['no JSON', 'bm90IGpzb24='],
  ['a key that leads elsewhere', Buffer.from(JSON.stringify({ kid: '../order', signature: 'AA==' })).toString('base64')],
])('a signature with %s is rejected without a call', async (_title, header) => {
  const { channel, calls } = givenSeller();
  expect((await channel.verifyWebhook(new Uint8Array(), { 'x-ebay-signature': header })).kind).toBe('rejected');
  expect(calls).toEqual([]);
});

test('the answer to a challenge is the hash of challenge, token and address', () => {
  const given = { challengeCode: 'a8628072-3d33-45ee-9004-bee86830a22d', verificationToken: '71745723-d031-455c-bfa5-f90d11b4f20a' };
  expect(ebayChallengeResponse({ ...given, endpoint: 'http://www.testendpoint.com/webhook' })).toBe(
    'ca527df75caa230092d7e90484071e8f05d63068f1317973d6a3a42593734bbb',
  );
});
