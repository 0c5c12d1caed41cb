import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { verifyEasyPostWebhook } from './index.ts';

/** The published vector of EasyPost's client library; its body is reference material outside this repository. */
const published = new URL('../../../../../shared/specs/easypost/event-body.json', import.meta.url);
const publishedSignature = 'hmac-sha256-hex=38f3f53c103713df81616a0a186d77141957323ec21d5fe9363db93840f527db';

const body = Buffer.from(
  '{"id":"evt_1","description":"tracker.updated","created_at":"2026-11-21T10:00:00Z","result":{"id":"trk_1","tracking_code":"1Z","weight":1.0}}',
);
/** Made with openssl dgst -sha256 -hmac over the body above, the secret `sécret` written in its decomposed form. */
const signature = 'hmac-sha256-hex=db912a407d010cbd727b16df1aa9c3c834993d5abcd7d1fa3935d7f08b7233ed';

describe('a webhook', () => {
  test('that is signed with our secret is genuine', () => {
    expect(verifyEasyPostWebhook(body, { 'x-hmac-signature': signature }, 's\u00e9cret')).toEqual({
      kind: 'genuine',
      deliveryId: 'evt_1',
      tracking: [{ trackingNumber: '1Z', events: [], dueOn: null, problem: null }],
    });
  });

  test('is genuine whichever way the secret is typed: with one letter or with a letter and its accent', () => {
    expect(verifyEasyPostWebhook(body, { 'x-hmac-signature': signature }, 'se\u0301cret').kind).toBe('genuine');
  });

  test.each([
    ['written anew, so that 1.0 became 1', Buffer.from(body.toString().replace('1.0', '1')), { 'x-hmac-signature': signature }],
    ['signed for something else', body, { 'x-hmac-signature': publishedSignature }],
    ['signed without its prefix', body, { 'x-hmac-signature': signature.slice('hmac-sha256-hex='.length) }],
    ['not signed', body, {}],
  ])('that is %s is rejected', (_, raw, headers) => {
    expect(verifyEasyPostWebhook(raw, headers, 'sécret').kind).toBe('rejected');
  });

  test('about something else than a parcel is heard and means nothing', () => {
    const other = Buffer.from('{"id":"evt_2","description":"batch.updated"}');
    expect(
      verifyEasyPostWebhook(
        other,
        { 'x-hmac-signature': 'hmac-sha256-hex=44fab26570d14ff0b3dd42ff141d9cc8f9876a9f21bb3d613dc8fa97a96faf98' },
        's\u00e9cret',
      ),
    ).toEqual({ kind: 'ping' });
  });

  test('that is signed but no event is rejected', () => {
    expect(
      verifyEasyPostWebhook(
        Buffer.from('{}'),
        { 'x-hmac-signature': 'hmac-sha256-hex=2b77ab9f4435a56a39713f2fa735e3ece5b5ec64f109503233e17033efc7f486' },
        'sécret',
      ),
    ).toEqual({
      kind: 'rejected',
      reason: 'it is signed, but it is no event of EasyPost',
    });
  });

  test.skipIf(!existsSync(published))('as EasyPost publishes it is genuine (skipped where the reference material is absent)', () => {
    const raw = readFileSync(published);
    const withoutNewline = raw.subarray(0, raw.length - 1);
    expect(verifyEasyPostWebhook(withoutNewline, { 'x-hmac-signature': publishedSignature }, 'sécret')).toMatchObject({
      kind: 'genuine',
      deliveryId: 'evt_1',
      tracking: [{ trackingNumber: '1', dueOn: '2024-08-05' }],
    });
  });
});
