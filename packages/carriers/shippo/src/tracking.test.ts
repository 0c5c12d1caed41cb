import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { answerOf } from './tracking.ts';
import { express, given, ground, request } from './testing/given.ts';
import { wireTrackSchema } from './wire.ts';

const scanned = (more: object = {}) => ({
  object_id: 'a',
  status: 'TRANSIT',
  substatus: { code: 'package_accepted', text: 'Package has been accepted.', action_required: false },
  status_date: '2026-11-23T12:00:00Z',
  status_details: 'Accepted at the origin',
  location: { city: 'San Francisco', state: 'CA', zip: '94103', country: 'US' },
  ...more,
});
const track = (more: object) =>
  answerOf(wireTrackSchema.parse({ tracking_number: '92055', carrier: 'usps', tracking_history: [], ...more }));

test('a scan is told with its time, state, words and town', () => {
  expect(track({ tracking_history: [scanned()], eta: '2026-11-25T00:00:00Z' })).toEqual({
    trackingNumber: '92055',
    dueOn: '2026-11-25',
    problem: null,
    events: [
      {
        at: '2026-11-23T12:00:00.000Z',
        isZoneKnown: true,
        state: 'picked-up',
        reason: null,
        vendorCode: 'TRANSIT/package_accepted',
        text: 'Accepted at the origin',
        place: 'San Francisco, CA, US',
      },
    ],
  });
});

test('the latest status counts once, whether or not the history has it', () => {
  const latest = scanned({ object_id: 'b', status_date: '2026-11-23T12:00:00.586Z' });
  expect(track({ tracking_history: [scanned()], tracking_status: latest }).events).toHaveLength(1);
  const delivered = scanned({ object_id: 'c', status: 'DELIVERED', substatus: null, status_date: '2026-11-24T12:00:00Z' });
  expect(track({ tracking_history: [scanned()], tracking_status: delivered }).events.map(({ state }) => state)).toEqual([
    'picked-up',
    'delivered',
  ]);
});

test('a time without a zone is UTC, as Shippo has it, and a scan without a time is left out', () => {
  const history = [scanned({ status_date: '2018-07-29T16:44:42.586', substatus: null, location: null }), scanned({ status_date: null })];
  expect(track({ tracking_history: history }).events).toMatchObject([
    { at: '2018-07-29T16:44:42.586Z', vendorCode: 'TRANSIT', place: null },
  ]);
});

test('each parcel is followed by the carrier of its label', async () => {
  const { carrier, sandbox, sent } = given({ sandbox: { tariffs: [ground, express] } });
  const one = await carrier.buy(request(), intentMemo('one'));
  const two = await carrier.buy(request({ service: 'ups_ground' }), intentMemo('two'));
  sandbox.scan(two.trackingNumber, 'delivered');
  const answers = (await carrier.tracking?.track([one.trackingNumber, two.trackingNumber])) ?? [];
  expect(answers.map(({ events }) => events.at(-1)?.state)).toEqual(['label-created', 'delivered']);
  expect(sent.filter(({ path }) => path.startsWith('/tracks')).map(({ path }) => path)).toEqual([
    `/tracks/usps/${one.trackingNumber}`,
    `/tracks/ups/${two.trackingNumber}`,
  ]);
});

test('one look through the labels serves all numbers, and one more page those that were bought since', async () => {
  const { carrier, exchanges } = given();
  const lists = () => exchanges.filter(({ operation }) => operation === 'transaction.list').length;
  const one = await carrier.buy(request(), intentMemo('one'));
  await carrier.tracking?.track([one.trackingNumber, one.trackingNumber]);
  expect(lists()).toBe(1);
  const two = await carrier.buy(request(), intentMemo('two'));
  const [answer] = (await carrier.tracking?.track([two.trackingNumber])) ?? [];
  expect([lists(), answer?.problem]).toEqual([2, null]);
});
