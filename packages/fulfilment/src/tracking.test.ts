import { trackingStates, type TrackingEvent, type TrackingState } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { trackAgainInMs, trackingAlarms, trackingStanding } from './tracking.ts';

function heard(state: TrackingState, at: string, reason: TrackingEvent['reason'] = null): TrackingEvent {
  return { at: `2026-11-${at}:00.000Z`, isZoneKnown: true, state, reason, vendorCode: state.toUpperCase(), text: state, place: null };
}

describe('a parcel stands', () => {
  test('where it was last, with the reason', () => {
    const events = [heard('picked-up', '23T10:00'), heard('in-transit', '23T18:00'), heard('exception', '24T07:00', 'weather')];
    expect(trackingStanding(events)).toEqual({
      state: 'exception',
      reason: 'weather',
      since: '2026-11-24T07:00:00.000Z',
      heardAt: '2026-11-24T07:00:00.000Z',
      unknownCodes: [],
    });
  });

  test('where it was, when only something is told or not understood', () => {
    const events = [heard('in-transit', '23T18:00'), heard('info', '24T07:00'), heard('unknown', '24T08:00')];
    expect(trackingStanding(events)).toMatchObject({
      state: 'in-transit',
      since: '2026-11-23T18:00:00.000Z',
      heardAt: '2026-11-24T08:00:00.000Z',
      unknownCodes: ['UNKNOWN'],
    });
  });

  test.each<[string, TrackingState[], TrackingState]>([
    ['delivered, whatever depot scans it later', ['delivered', 'in-transit'], 'delivered'],
    ['on its way back, when it comes back after it was delivered', ['delivered', 'return-in-transit'], 'return-in-transit'],
    ['returned, and nothing after that', ['return-in-transit', 'returned', 'delivered'], 'returned'],
    ['delivered, when it was lost and found', ['lost', 'delivered'], 'delivered'],
    ['cancelled, though its label is heard of again', ['cancelled', 'label-created'], 'cancelled'],
    ['nowhere that we know, when nothing was understood', ['unknown'], 'unknown'],
  ])('%s', (_title, states, expected) => {
    expect(trackingStanding(states.map((state, hour) => heard(state, `24T0${hour}:00`))).state).toBe(expected);
  });

  test('at the same place, in whatever order and however often it is told', () => {
    const event = fc.record({ state: fc.constantFrom(...trackingStates), hour: fc.integer({ min: 10, max: 19 }) });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (told, keys) => {
        const events = told.map(({ state, hour }) => heard(state, `24T${hour}:00`));
        const shuffled = [...events, ...events].map((each) => ({ each, key: keys.next().value ?? 0 })).toSorted((a, b) => a.key - b.key);
        expect(trackingStanding(shuffled.map(({ each }) => each))).toEqual(trackingStanding(events));
      }),
    );
  });
});

describe('somebody looks after a parcel', () => {
  const friday = { labelledAt: '2026-11-20T15:00:00.000Z', promisedOn: null, zone: 'Europe/Berlin' };
  const labelled = { state: 'label-created', heardAt: null } as const;

  test.each([
    ['not over a weekend', '2026-11-23T14:00:00.000Z', []],
    ['when a working day has passed since its label was bought', '2026-11-23T15:01:00.000Z', ['not-handed-over']],
  ])('that was not handed over: %s', (_title, now, expected) => {
    expect(trackingAlarms(labelled, { ...friday, now })).toEqual(expected);
  });

  test('that is under way and of which nothing was heard for more than five days', () => {
    const standing = { state: 'in-transit', heardAt: '2026-11-21T08:00:00.000Z' } as const;
    expect(trackingAlarms(standing, { ...friday, now: '2026-11-26T08:00:01.000Z' })).toEqual(['silent']);
  });

  test('whose promised day is over, by the calendar of its node', () => {
    const standing = { state: 'out-for-delivery', heardAt: '2026-11-24T22:00:00.000Z' } as const;
    const promised = { ...friday, promisedOn: '2026-11-24' };
    expect(trackingAlarms(standing, { ...promised, now: '2026-11-24T22:59:00.000Z' })).toEqual([]);
    expect(trackingAlarms(standing, { ...promised, now: '2026-11-24T23:00:00.000Z' })).toEqual(['promise-passed']);
  });

  test('no more when it has arrived', () => {
    const late = { ...friday, promisedOn: '2026-11-21', now: '2026-12-24T00:00:00.000Z' };
    expect(trackingAlarms({ state: 'delivered', heardAt: null }, late)).toEqual([]);
  });
});

test('a parcel is asked after the more often the nearer it is, and not for ever', () => {
  const day = 86_400_000;
  expect([
    trackAgainInMs('label-created', 0),
    trackAgainInMs('in-transit', day),
    trackAgainInMs('out-for-delivery', day),
    trackAgainInMs('delivered', day),
    trackAgainInMs('in-transit', 46 * day),
  ]).toEqual([day / 2, day / 4, 3_600_000, null, null]);
});
