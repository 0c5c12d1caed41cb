import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { given, request } from './testing/given.ts';

async function delivered() {
  const scene = given();
  const label = await scene.carrier.buy(request(), intentMemo('intent-1'));
  await scene.carrier.trackingPush?.make(label, intentMemo('push'));
  scene.sandbox.scan(label.trackingNumber, 'delivered');
  const [webhook] = scene.sandbox.takeWebhooks();
  if (webhook === undefined) throw new RangeError('no webhook');
  return { ...scene, label, webhook };
}

/** A vendor with a key of ours. */
function signedBy(kid: string, body: string, timestamp: string, { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })) {
  return {
    'x-shipengine-rsa-sha256-key-id': kid,
    'x-shipengine-rsa-sha256-signature': createSign('RSA-SHA256').update(`${timestamp}.${body}`).sign(privateKey, 'base64'),
    'x-shipengine-timestamp': timestamp,
  };
}

test('a webhook that is told late is not believed', async () => {
  const { carrier, clock, webhook } = await delivered();
  await clock.sleep(5 * 60_000);
  expect(await carrier.verifyWebhook?.(webhook.body, webhook.headers)).toMatchObject({ kind: 'genuine' });
  await clock.sleep(1);
  expect(await carrier.verifyWebhook?.(webhook.body, webhook.headers)).toMatchObject({ kind: 'rejected' });
});

test('the key set is read once for many webhooks, and for keys that do not exist at most once a minute', async () => {
  const { carrier, clock, exchanges, webhook } = await delivered();
  const reads = () => exchanges.filter(({ operation }) => operation === 'jwks').length;
  await carrier.verifyWebhook?.(webhook.body, webhook.headers);
  await carrier.verifyWebhook?.(webhook.body, webhook.headers);
  expect(reads()).toBe(1);
  for (let forged = 0; forged < 10; forged++)
    expect(await carrier.verifyWebhook?.(webhook.body, signedBy(`forged-${forged}`, '{}', clock.now()))).toMatchObject({
      kind: 'rejected',
    });
  expect(reads()).toBe(1);
  await clock.sleep(60_000);
  await carrier.verifyWebhook?.(webhook.body, signedBy('forged', '{}', clock.now()));
  expect(reads()).toBe(2);
});

test('a signature of a key that ShipEngine did not publish, under the name of one that it did, is not believed', async () => {
  const { carrier, webhook } = await delivered();
  const kid = webhook.headers['x-shipengine-rsa-sha256-key-id'] ?? '';
  const timestamp = webhook.headers['x-shipengine-timestamp'] ?? '';
  const forged = signedBy(kid, Buffer.from(webhook.body).toString('utf8'), timestamp);
  expect(await carrier.verifyWebhook?.(webhook.body, forged)).toMatchObject({ kind: 'rejected' });
});

test('a key of another kind in the set, and an event that is no matter to us, disturb nothing', async () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const keys = [
    { kty: 'EC', kid: 'other', crv: 'P-256', x: 'x', y: 'y' },
    { kty: 'RSA', kid: 'broken', n: '', e: '' },
    { ...pair.publicKey.export({ format: 'jwk' }), kid: 'mine' },
  ];
  const answer: typeof fetch = async () => Response.json({ keys });
  const { carrier, clock } = given({ options: { fetch: answer } });
  const body = JSON.stringify({ resource_type: 'API_BATCH', resource_url: 'https://api.shipengine.com/v1/batches/se-1' });
  expect(await carrier.verifyWebhook?.(Buffer.from(body), signedBy('mine', body, clock.now(), pair))).toEqual({ kind: 'ping' });
});
