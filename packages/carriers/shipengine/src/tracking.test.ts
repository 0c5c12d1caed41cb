import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { given, request } from './testing/given.ts';
import { meaningOf } from './tracking-status.ts';
import { trackingAnswerOf } from './tracking.ts';
import { wireTrackingSchema } from './wire.ts';

const event = {
  occurred_at: '2026-11-23T17:09:00Z',
  carrier_occurred_at: '2026-11-23T09:09:00',
  description: 'Out for delivery',
  city_locality: 'AUSTIN',
  state_province: 'TX',
  country_code: null,
  status_code: 'IT',
  status_detail_code: 'OUT_FOR_DELIVERY',
};
const answered = (events: readonly object[], more: object = {}) =>
  trackingAnswerOf(wireTrackingSchema.parse({ tracking_number: '1Z', status_code: 'IT', events, ...more }));

test('an event is told with its time, its state and the words of the carrier', () => {
  expect(answered([event], { estimated_delivery_date: '2026-11-24T00:00:00Z' })).toEqual({
    trackingNumber: '1Z',
    dueOn: '2026-11-24',
    problem: null,
    events: [
      {
        at: '2026-11-23T17:09:00.000Z',
        isZoneKnown: true,
        state: 'out-for-delivery',
        reason: null,
        vendorCode: 'OUT_FOR_DELIVERY',
        text: 'Out for delivery',
        place: 'AUSTIN, TX',
      },
    ],
  });
});

test('where local time was taken for UTC, the zone is not known', () => {
  expect(answered([{ ...event, carrier_occurred_at: '2026-11-23T17:09:00' }]).events[0]?.isZoneKnown).toBe(false);
  expect(answered([{ ...event, carrier_occurred_at: null }]).events[0]?.isZoneKnown).toBe(true);
});

test('an event that cannot be read hides no other', () => {
  expect(answered([{ occurred_at: 7 }, { ...event, occurred_at: 'soon' }, event]).events).toHaveLength(1);
});

test('a detail says more than its status; one that says nothing, or is new, leaves it to the status', () => {
  expect(meaningOf('EX', 'RETURN_TO_SENDER').state).toBe('return-in-transit');
  expect(meaningOf('IT', 'CARRIER_STATUS_NOT_MAPPED').state).toBe('in-transit');
  expect(meaningOf('DE', 'DELIVERED_BY_DRONE').state).toBe('delivered');
  expect(meaningOf('ZZ', 'constructor')).toEqual({ state: 'unknown', reason: null });
});

test('the label of a number is looked up once, and followed by its id', async () => {
  const { carrier, exchanges } = given();
  const { trackingNumber } = await carrier.buy(request(), intentMemo('intent-1'));
  await carrier.tracking?.track([trackingNumber]);
  await carrier.tracking?.track([trackingNumber]);
  expect(exchanges.map(({ operation }) => operation).filter((operation) => /list|track/.test(operation))).toEqual([
    'carriers.list',
    'label.list',
    'label.track',
    'label.track',
  ]);
});
