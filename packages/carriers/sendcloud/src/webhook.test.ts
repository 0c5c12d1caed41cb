import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { verifySendcloudWebhook } from './index.ts';
import { given, request } from './testing/given.ts';

/** The example of Sendcloud's page "Webhooks overview" (v2 and v3): body, secret and signature. */
const published = {
  body: Buffer.from('{"key": "value"}'),
  secret: 'secretkey',
  signature: '1eed4b3d41f4653ac64fd56f1bf1cbfd349e4482cbc11dff7134bd93e5da4b0a',
};

/** A body of ours; the signature was made by `openssl dgst -sha256 -hmac 'sécret'` over it, not by this code. */
const body = Buffer.from(
  '{"action":"parcel_status_changed","timestamp":1795431600000,"carrier_status_change_timestamp":1795428000000,"parcel":{"id":1,"name":"Zoë","tracking_number":"3SYZXG1","status":{"id":11,"message":"Delivered"}}}',
);
const signature = 'b8e1657b5561c01b1c79f2711fd1fe730acc96c98a5bf59e5cde53f1a139617b';
const secrets = ['sécret'];
const delivered = {
  at: '2026-11-23T10:00:00.000Z',
  isZoneKnown: true,
  state: 'delivered',
  reason: null,
  vendorCode: 'delivered',
  text: 'Delivered',
  place: null,
};

function signed(text: string, claimed = signature) {
  return verifySendcloudWebhook(Buffer.from(text), { 'sendcloud-signature': claimed }, secrets);
}

describe('a webhook', () => {
  test('as Sendcloud publishes it is taken for signed: its body is all that is wrong with it', async () => {
    const verdict = await verifySendcloudWebhook(published.body, { 'sendcloud-signature': published.signature }, [published.secret]);
    expect(verdict).toEqual({ kind: 'rejected', reason: 'it is signed, but it is no webhook of Sendcloud' });
  });

  test('as Sendcloud publishes it is not believed with one letter of its signature changed', async () => {
    const verdict = await verifySendcloudWebhook(published.body, { 'sendcloud-signature': published.signature.replace(/a$/, 'b') }, [
      published.secret,
    ]);
    expect(verdict).toEqual({ kind: 'rejected', reason: 'its signature does not fit its body' });
  });

  test('that is signed with our secret tells of a parcel by the carrier’s own time', async () => {
    expect(await verifySendcloudWebhook(body, { 'sendcloud-signature': signature }, ['an older one', ...secrets])).toEqual({
      kind: 'genuine',
      deliveryId: expect.any(String),
      tracking: [{ trackingNumber: '3SYZXG1', events: [delivered], dueOn: null, problem: null }],
    });
  });

  test.each([
    ['written anew', body.toString().replace('"id":1,', '"id": 1,'), signature],
    ['signed in another alphabet', body.toString(), Buffer.from(signature, 'hex').toString('base64')],
    ['signed with half of it', body.toString(), signature.slice(0, 32)],
    ['not signed', body.toString(), ''],
  ])('that is %s is rejected', async (_, text, claimed) => {
    expect((await signed(text, claimed)).kind).toBe('rejected');
  });

  test('is not believed while no secret is set', async () => {
    const claimed = createHmac('sha256', '').update(body).digest('hex');
    expect((await verifySendcloudWebhook(body, { 'sendcloud-signature': claimed }, [''])).kind).toBe('rejected');
  });

  test('is signed by the webhook key of the integration, where it has one', async () => {
    const { carrier } = given({ carrier: { webhookSecrets: secrets } });
    expect((await carrier.verifyWebhook?.(body, { 'sendcloud-signature': signature }))?.kind).toBe('genuine');
  });

  test.each([{ action: 'test_webhook' }, { action: 'integration_modified', timestamp: 1, integration: { id: 1 } }])(
    'of another kind (%o) is heard and means nothing',
    async (other) => {
      const text = JSON.stringify(other);
      const claimed = createHmac('sha256', 'sécret').update(text).digest('hex');
      expect(await signed(text, claimed)).toEqual({ kind: 'ping' });
    },
  );

  test('of a parcel that has no number yet is heard and means nothing', async () => {
    const { carrier, sandbox } = given();
    sandbox.trouble('announcing');
    await carrier.buy(request(), intentMemo('K1')).catch(() => undefined);
    const [announcing] = sandbox.takeWebhooks();
    expect(await carrier.verifyWebhook?.(announcing?.body ?? new Uint8Array(), announcing?.headers ?? {})).toEqual({ kind: 'ping' });
  });
});
