import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { trackingReasons, trackingStates } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { meaningOf, statusTable } from './status-table.ts';
import { account, request } from './testing/account.ts';
import { answerOf } from './tracking.ts';
import { wireTrackedSchema } from './wire.ts';

test('every code of a scan that USPS publishes has a word of ours', () => {
  expect(
    Object.entries(statusTable).map(([code, [state, reason]]) => `${code}: ${reason === undefined ? state : `${state}, ${reason}`}`),
  ).toMatchSnapshot();
  const words: ReadonlySet<string> = new Set([...trackingStates, ...trackingReasons]);
  expect(Object.values(statusTable).flatMap((meaning) => meaning.filter((word) => word !== undefined && !words.has(word)))).toEqual([]);
});

describe('an event', () => {
  const told = (event: Record<string, unknown>) =>
    answerOf('9305', wireTrackedSchema.parse({ trackingEvents: [{ eventCode: '03', eventType: 'Accepted', ...event }] })).events;

  test('is told by Greenwich where USPS does, with its place and no street', () =>
    expect(
      told({
        GMTTimestamp: '2026-11-23T14:03:12.041Z',
        eventTimestamp: '2026-11-23T08:03:12Z',
        eventCity: 'CHICAGO',
        eventState: 'IL',
        eventZIP: '60601',
      }),
    ).toEqual([
      {
        at: '2026-11-23T14:03:12.000Z',
        isZoneKnown: true,
        state: 'picked-up',
        reason: null,
        vendorCode: '03',
        text: 'Accepted',
        place: 'CHICAGO, IL',
      },
    ]));

  test.each([
    ['-6:00', '2026-11-23T13:31:00.000Z'],
    ['-06:00', '2026-11-23T13:31:00.000Z'],
    ['10:00', '2026-11-22T21:31:00.000Z'],
  ])('is told by the offset %s of its place', (GMTOffset, at) =>
    expect(told({ eventTimestamp: '2026-11-23T07:31:00Z', GMTOffset })).toMatchObject([{ at, isZoneKnown: true }]),
  );

  test('of a local time alone says so, whatever Z USPS writes behind it', () =>
    expect(told({ eventTimestamp: '2023-08-02T07:31:00Z' })).toMatchObject([{ at: '2023-08-02T07:31:00.000Z', isZoneKnown: false }]));

  test('without a time is none', () => expect(told({ eventTimestamp: '' })).toEqual([]));

  test.each([
    ['01', 'Delivered, In/At Mailbox', 'delivered'],
    ['01', 'Delivered, To Original Sender', 'returned'],
    ['ZZ', 'Delivered, Parcel Locker', 'delivered'],
    ['ZZ', 'Out for Delivery, Expected Delivery by 9:00pm', 'out-for-delivery'],
    ['ZZ', 'Arrived at USPS Regional Facility', 'in-transit'],
    ['ZZ', 'Something new', 'unknown'],
    ['of', '', 'out-for-delivery'],
    [null, null, 'unknown'],
  ])('with code %s and text %j is %s', (code, text, state) => expect(meaningOf(code, text).state).toBe(state));
});

describe('a parcel', () => {
  test('is due when USPS expects it', () => {
    const due = (more: Record<string, unknown>) => answerOf('9305', wireTrackedSchema.parse(more)).dueOn;
    expect([due({ expectedDeliveryTimeStamp: '2026-11-26T21:00:00Z' }), due({ predictedDeliveryDate: '2026-11-27' }), due({})]).toEqual([
      '2026-11-26',
      '2026-11-27',
      null,
    ]);
  });

  test('that was just labelled waits for USPS', async () => {
    const { carrier } = account();
    const { trackingNumber } = await carrier.buy(request, intentMemo());
    expect(await carrier.tracking?.track([trackingNumber])).toMatchObject([
      { events: [{ state: 'label-created', vendorCode: 'GX' }], dueOn: '2026-11-26' },
    ]);
  });

  test('that USPS does not know is told in its words', async () => {
    const [answer] = (await account().carrier.tracking?.track(['9305589900006700000001'])) ?? [];
    expect(answer?.problem).toMatch(/may be incorrect/);
  });
});
