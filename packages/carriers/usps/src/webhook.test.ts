import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { account, request, webhookSecret } from './testing/account.ts';
import { verifyUspsWebhook } from './webhook.ts';

/** A notification as a subscription sends it. */
function notification(payload: unknown, secret = webhookSecret) {
  const timestamp = '2026-11-23T14:03:15Z';
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const hmac = createHmac('sha256', secret).update(`${timestamp}${text}`).digest('base64');
  return { body: Buffer.from(JSON.stringify({ subscriptionId: 'one', timestamp, payload: text })), headers: { 'x-hmac': hmac } };
}

const delivered = { trackingNumber: '9305', eventCode: '01', eventType: 'Delivered, Front Door', GMTTimestamp: '2026-11-23T14:03:12Z' };

describe('a notification', () => {
  test('of one event tells of it', async () => {
    const { body, headers } = notification(delivered);
    expect(await verifyUspsWebhook(body, headers, [webhookSecret])).toMatchObject({
      kind: 'genuine',
      tracking: [{ trackingNumber: '9305', events: [{ at: '2026-11-23T14:03:12.000Z', state: 'delivered', vendorCode: '01' }] }],
    });
  });

  test('in the words of a type and a description tells of it as well', async () => {
    const { body, headers } = notification({
      trackingNumber: '9305',
      eventType: 'OUT_FOR_DELIVERY',
      eventTimestamp: '2026-11-23T14:03:12Z',
      eventLocation: { city: 'CHICAGO', state: 'IL', country: 'US' },
    });
    expect(await verifyUspsWebhook(body, headers, [webhookSecret])).toMatchObject({
      tracking: [{ events: [{ state: 'out-for-delivery', place: 'CHICAGO, IL, US', isZoneKnown: false }] }],
    });
  });

  test('of a parcel with all its events tells of them', async () => {
    const { body, headers } = notification({ trackingNumber: '9305', trackingEvents: [delivered, { ...delivered, eventCode: 'OF' }] });
    expect(await verifyUspsWebhook(body, headers, [webhookSecret])).toMatchObject({
      tracking: [{ events: [{ state: 'delivered' }, { state: 'out-for-delivery' }] }],
    });
  });

  test('that is signed and tells of no parcel is a ping', async () => {
    const { body, headers } = notification('{"challenge":"abc"}');
    expect(await verifyUspsWebhook(body, headers, [webhookSecret])).toEqual({ kind: 'ping' });
  });

  test('is believed by the secret of before the change', async () => {
    const { body, headers } = notification(delivered, 'the-old-secret');
    expect((await verifyUspsWebhook(body, headers, [webhookSecret, 'the-old-secret'])).kind).toBe('genuine');
  });

  test.each([
    ['another secret', notification(delivered, 'their-secret')],
    ['an empty secret', notification(delivered, '')],
    ['no signature', { ...notification(delivered), headers: {} }],
    [
      'a payload that somebody changed',
      { ...notification(delivered), body: Buffer.from(notification(delivered).body.toString().replace('9305', '9306')) },
    ],
    ['nothing of USPS’s in it', { body: Buffer.from('hello'), headers: { 'x-hmac': 'x' } }],
  ])('with %s is rejected', async (_, { body, headers }: { body: Buffer; headers: Record<string, string> }) =>
    expect((await verifyUspsWebhook(body, headers, [webhookSecret, ''])).kind).toBe('rejected'),
  );
});

test('without a secret no webhook is believed', () =>
  expect(account({ carrier: { webhookSecrets: [] } }).carrier.verifyWebhook).toBeNull());

test('a scan is told to the subscription of the mailer id, and to nobody without one', async () => {
  const told = account();
  const { trackingNumber } = await told.carrier.buy(request, intentMemo());
  told.sandbox.scan(trackingNumber, 'accepted');
  const [webhook] = told.sandbox.takeWebhooks();
  expect(await told.carrier.verifyWebhook?.(webhook?.body ?? new Uint8Array(), webhook?.headers ?? {})).toMatchObject({
    kind: 'genuine',
    tracking: [{ trackingNumber, events: [{ state: 'picked-up', isZoneKnown: true }] }],
  });
  expect(told.sandbox.takeWebhooks()).toEqual([]);
});
