import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { verifyShippoWebhook } from './webhook.ts';

const secret = 'the secret of the webhooks';
const now = '2026-11-23T12:00:00.000Z';
const sentAt = 1_795_435_200;

function signed(body: string, given: { readonly seconds?: number; readonly key?: string } = {}) {
  const { seconds = sentAt, key = secret } = given;
  const signature = createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex');
  return verifyShippoWebhook(Buffer.from(body), { 'shippo-auth-signature': `t=${seconds},v1=${signature}` }, { secret, now });
}

const status = { object_id: 'a', status: 'DELIVERED', status_date: '2026-11-23T11:00:00Z', status_details: 'Delivered' };
const delivered = JSON.stringify({
  event: 'track_updated',
  test: false,
  data: { carrier: 'usps', tracking_number: '92055', tracking_status: status, tracking_history: [status] },
});

test('the seconds are those of the day', () => {
  expect(new Date(sentAt * 1_000).toISOString()).toBe(now);
});

test('a change of a parcel that Shippo signed is genuine, and every copy of it one delivery', () => {
  const verdict = signed(delivered);
  expect(verdict).toMatchObject({ kind: 'genuine', tracking: [{ trackingNumber: '92055', events: [{ state: 'delivered' }] }] });
  expect(signed(delivered, { seconds: sentAt - 60 })).toEqual(verdict);
});

test.each([
  ['a foreign key', signed(delivered, { key: 'another' }), 'its signature does not fit its body and our secret'],
  ['a time of two days ago', signed(delivered, { seconds: sentAt - 172_800 }), 'its time is too far off'],
  ['a time of tomorrow', signed(delivered, { seconds: sentAt + 86_400 }), 'its time is too far off'],
  ['no parcel in it', signed('{"event":"track_updated","data":{}}'), 'it is signed, but it tells of no parcel'],
  ['no JSON in it', signed('good morning'), 'it is signed, but it is no webhook of Shippo'],
])('a webhook with %s is not believed', (_what, verdict, reason) => {
  expect(verdict).toEqual({ kind: 'rejected', reason });
});

test.each([
  [{}, 'it carries no Shippo-Auth-Signature'],
  [{ 'shippo-auth-signature': 'sha256=abc' }, 'its signature is not of the form that Shippo writes'],
])('a webhook under %j is not believed', (headers, reason) => {
  expect(verifyShippoWebhook(Buffer.from(delivered), headers, { secret, now })).toEqual({ kind: 'rejected', reason });
});

test('what is about a purchase or a batch is no matter to us', () => {
  expect(signed('{"event":"transaction_created","test":true,"data":{"object_id":"t"}}')).toEqual({ kind: 'ping' });
});
