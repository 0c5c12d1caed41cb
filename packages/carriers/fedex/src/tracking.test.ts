import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { meaningOf, statusTable } from './status-table.ts';
import { account, request } from './testing/account.ts';
import { answerOf } from './tracking.ts';
import { verifyFedexWebhook } from './webhook.ts';
import { wireTrackedSchema } from './wire.ts';

const token = 'security token of the project';
const number = '794600000011';
const scan = (given: Record<string, string>) => ({ date: '2026-11-24T09:30:00-08:00', ...given });
const result = (scans: readonly Record<string, string>[]) => ({ trackingNumberInfo: { trackingNumber: number }, scanEvents: scans });
const answer = (scans: readonly Record<string, string>[]) => ({
  output: { completeTrackResults: [{ trackingNumber: number, trackResults: [result(scans)] }] },
});
const told = (scans: readonly Record<string, string>[]) =>
  answerOf(number, wireTrackedSchema.parse(answer(scans)).output.completeTrackResults ?? []);

describe('tracking', () => {
  test('every code that FedEx publishes has the meaning that stands here', () => {
    expect(Object.fromEntries(Object.entries(statusTable).map(([code, meaning]) => [code, meaning.join(' ')]))).toMatchSnapshot();
  });

  test('a scan counts by its own code, by the derived one where it has none that is known, and else is unknown', () => {
    expect(meaningOf(['OD', 'IT'])).toEqual({ state: 'out-for-delivery', reason: null });
    expect(meaningOf(['ZZ', 'DL'])).toEqual({ state: 'delivered', reason: null });
    expect(meaningOf(['CD', null])).toEqual({ state: 'exception', reason: 'customs-hold' });
    expect(meaningOf(['ZZ', undefined])).toEqual({ state: 'unknown', reason: null });
  });

  test('a scan has its instant, its place without a street, and the words of its exception', () => {
    const event = {
      ...scan({ eventType: 'DE', eventDescription: 'Delivery exception', exceptionCode: '08', exceptionDescription: 'Recipient not in' }),
    };
    const place = { city: 'San Francisco', stateOrProvinceCode: 'CA', countryCode: 'US', streetLines: ['12 Harbor Drive'] };
    const complete = [{ trackingNumber: number, trackResults: [{ scanEvents: [{ ...event, scanLocation: place }] }] }];
    expect(
      answerOf(number, wireTrackedSchema.parse({ output: { completeTrackResults: complete } }).output.completeTrackResults ?? []).events,
    ).toEqual([
      {
        at: '2026-11-24T17:30:00.000Z',
        isZoneKnown: true,
        state: 'delivery-attempted',
        reason: null,
        vendorCode: 'DE/08',
        text: 'Delivery exception: Recipient not in',
        place: 'San Francisco, CA, US',
      },
    ]);
  });

  test('a local time is taken for UTC and said to be so; an event without a time is none', () => {
    expect(told([{ date: '2026-11-24T09:30:00', eventType: 'PU' }, { eventType: 'DL' }]).events).toMatchObject([
      { at: '2026-11-24T09:30:00.000Z', isZoneKnown: false, state: 'picked-up' },
    ]);
  });

  test('of two parcels that had one number the later one is told of', () => {
    const results = [
      { scanEvents: [{ date: '2024-05-01T09:00:00Z', eventType: 'DL' }] },
      { scanEvents: [{ date: '2026-11-24T09:00:00Z', eventType: 'PU' }] },
    ];
    const complete = [{ trackingNumber: number, trackResults: results }];
    const parsed = wireTrackedSchema.parse({ output: { completeTrackResults: complete } }).output.completeTrackResults ?? [];
    expect(answerOf(number, parsed).events.map(({ state }) => state)).toEqual(['picked-up']);
  });

  test('more than thirty numbers are asked for by thirty, each once', async () => {
    const { carrier, calls, bodies } = account();
    const label = await carrier.buy(request, intentMemo());
    const many = [
      label.trackingNumber,
      ...Array.from({ length: 40 }, (_, nth) => `7946000${String(nth).padStart(5, '0')}`),
      label.trackingNumber,
    ];
    const answers = (await carrier.tracking?.track(many)) ?? [];
    expect(answers.map(({ trackingNumber }) => trackingNumber)).toEqual(many);
    expect([answers[0]?.problem, answers[1]?.problem]).toEqual([null, expect.stringContaining('cannot be found')]);
    expect(calls.filter((call) => call.endsWith('/trackingnumbers'))).toHaveLength(2);
    expect(JSON.parse(bodies.at(-2) ?? '').trackingInfo).toHaveLength(30);
  });

  test('a parcel has the day on which FedEx means to deliver it', async () => {
    const { carrier } = account();
    const label = await carrier.buy(request, intentMemo());
    expect((await carrier.tracking?.track([label.trackingNumber]))?.[0]).toMatchObject({
      dueOn: '2026-11-26',
      events: [{ state: 'label-created' }],
    });
  });
});

describe('a webhook', () => {
  const body = Buffer.from(JSON.stringify(answer([scan({ eventType: 'DL' })])));
  const signed = (encoding: 'base64' | 'hex', of: Uint8Array = body) => ({
    'fdx-signature': createHmac('sha256', token).update(of).digest(encoding),
  });

  test.each(['base64', 'hex'] as const)('signed in %s is genuine, as FedEx’s own text has it both ways', async (encoding) => {
    expect(await verifyFedexWebhook(body, signed(encoding), [token])).toMatchObject({
      kind: 'genuine',
      deliveryId: expect.stringMatching(/^[0-9a-f]{64}$/),
      tracking: [{ trackingNumber: number, events: [{ state: 'delivered' }] }],
    });
  });

  test('is held against a signature that was reckoned elsewhere', async () => {
    // printf '{"key": "value"}' | openssl dgst -sha256 -hmac secretkey -binary | base64
    const golden = { 'fdx-signature': 'Hu1LPUH0ZTrGT9VvG/HL/TSeRILLwR3/cTS9k+XaSwo=' };
    expect((await verifyFedexWebhook(Buffer.from('{"key": "value"}'), golden, ['secretkey'])).kind).toBe('ping');
    expect((await verifyFedexWebhook(Buffer.from('{"key":"value"}'), golden, ['secretkey'])).kind).toBe('rejected');
  });

  test('with another token, with no signature, or with no token of ours is not believed', async () => {
    expect((await verifyFedexWebhook(body, signed('base64'), ['another'])).kind).toBe('rejected');
    expect((await verifyFedexWebhook(body, {}, [token])).kind).toBe('rejected');
    expect((await verifyFedexWebhook(body, signed('base64'), ['', ''])).kind).toBe('rejected');
  });

  test('signed by the old token counts while the token is changed', async () => {
    expect((await verifyFedexWebhook(body, signed('base64'), ['new', token])).kind).toBe('genuine');
  });

  test.each([
    ['a bare answer', { completeTrackResults: [{ trackingNumber: number, trackResults: [result([scan({ eventType: 'DL' })])] }] }],
    ['a number with its results', { trackingNumber: number, trackResults: [result([scan({ eventType: 'DL' })])] }],
    ['one result', result([scan({ eventType: 'DL' })])],
  ])('is understood as %s, too', async (_, value) => {
    const bytes = Buffer.from(JSON.stringify(value));
    const verdict = await verifyFedexWebhook(bytes, signed('base64', bytes), [token]);
    expect(verdict).toMatchObject({ kind: 'genuine', tracking: [{ trackingNumber: number, events: [{ state: 'delivered' }] }] });
  });

  test('that tells of no parcel is a test call', async () => {
    const bytes = Buffer.from('{"hello":"there"}');
    expect((await verifyFedexWebhook(bytes, signed('base64', bytes), [token])).kind).toBe('ping');
  });
});
