import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { givenShop, webhookSecret } from './testing/shop.ts';

function signed(body: string, topic: string, secret = webhookSecret) {
  return {
    body: new TextEncoder().encode(body),
    headers: {
      'x-shopify-topic': topic,
      'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
      'x-shopify-shop-domain': 'acme.myshopify.com',
      'x-shopify-webhook-id': 'b54557e4',
      'x-shopify-triggered-at': '2026-11-21T09:00:00.123456789Z',
    },
  };
}

test('accepts a webhook of the shop and names its order', async () => {
  const { channel } = givenShop();
  const { body, headers } = signed('{"id":5500000000001}', 'orders/updated');
  expect(await channel.verifyWebhook(body, headers)).toEqual({
    kind: 'genuine',
    deliveryId: 'b54557e4',
    topic: 'orders/updated',
    orderId: '5500000000001',
    triggeredAt: '2026-11-21T09:00:00.123Z',
  });
});

test.each([
  ['orders/create', '{"id":7}', '7'],
  ['fulfillments/create', '{"id":9,"order_id":7}', '7'],
  ['refunds/create', '{"id":9,"order_id":7}', '7'],
  ['orders/edited', '{"order_edit":{"id":9,"order_id":7}}', '7'],
  ['returns/request', '{"id":9,"order":{"id":7}}', '7'],
  ['orders/risk_assessment_changed', '{"order_id":"gid://shopify/Order/7"}', '7'],
  ['products/update', '{"id":9}', null],
  ['fulfillment_orders/moved', '{"fulfillment_order":{"id":"gid://shopify/FulfillmentOrder/9"}}', null],
  ['orders/create', 'not json', null],
])('reads the order out of %s %s', async (topic, text, orderId) => {
  const { channel } = givenShop();
  const { body, headers } = signed(text, topic);
  expect(await channel.verifyWebhook(body, headers)).toMatchObject({ kind: 'genuine', topic, orderId });
});

test('rejects a body that was changed by one byte', async () => {
  const { channel } = givenShop();
  const { headers } = signed('{"id":7}', 'orders/create');
  expect(await channel.verifyWebhook(new TextEncoder().encode('{"id":8}'), headers)).toMatchObject({ kind: 'rejected' });
});

test.each(['', 'bm9uc2Vuc2U=', '%%%'])('rejects the signature %j', async (signature) => {
  const { channel } = givenShop();
  const { body, headers } = signed('{"id":7}', 'orders/create');
  expect(await channel.verifyWebhook(body, { ...headers, 'x-shopify-hmac-sha256': signature })).toMatchObject({ kind: 'rejected' });
});

test('rejects a webhook without signature', async () => {
  const { channel } = givenShop();
  expect(await channel.verifyWebhook(new Uint8Array(), { 'x-shopify-topic': 'orders/create' })).toEqual({
    kind: 'rejected',
    reason: 'no signature',
  });
});

test('rejects a webhook of another shop that has the same app', async () => {
  const { channel } = givenShop();
  const { body, headers } = signed('{"id":7}', 'orders/create');
  expect(await channel.verifyWebhook(body, { ...headers, 'x-shopify-shop-domain': 'other.myshopify.com' })).toEqual({
    kind: 'rejected',
    reason: 'the webhook is of another shop',
  });
});

test('accepts the old and the new secret while it is being changed', async () => {
  const { channel } = givenShop({}, { webhookSecret: ['new-secret', 'old-secret'] });
  const verdicts = ['new-secret', 'old-secret', 'third-secret'].map(async (secret) => {
    const { body, headers } = signed('{"id":7}', 'orders/create', secret);
    return (await channel.verifyWebhook(body, headers)).kind;
  });
  expect(await Promise.all(verdicts)).toEqual(['genuine', 'genuine', 'rejected']);
});
