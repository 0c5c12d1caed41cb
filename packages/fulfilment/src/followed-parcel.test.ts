import { epochMs, instantOf, trackingStates, type TrackingState } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keptScans, stepParcel, type FollowedParcel, type ParcelScan } from './followed-parcel.ts';
import { trackingStanding } from './tracking.ts';

const labelled: FollowedParcel = {
  order: 'acme/eu/shop/order/1001',
  shipmentId: '1',
  parcel: 1,
  subject: 'subject-1',
  connection: 'post',
  trackingNumber: '1Z1',
  labelRef: 'shp_1',
  service: 'DHL/Paket',
  zone: 'Europe/Berlin',
  labelledAt: '2026-11-23T10:00:00.000Z',
  promisedOn: '2026-11-26',
  isWithdrawn: false,
  scans: [],
  dueOn: null,
  askedAt: null,
  toldAt: null,
  push: null,
  concerns: [],
};

function scan(state: TrackingState, at: string, reason: ParcelScan['reason'] = null): ParcelScan {
  return { at: `2026-11-${at}:00.000Z`, isZoneKnown: true, state, reason, vendorCode: state };
}

function told(before: FollowedParcel, at: string, ...scans: readonly ParcelScan[]) {
  return stepParcel(before, { by: 'told', scans, dueOn: null }, { now: `2026-11-${at}:00.000Z`, tells: false });
}

describe('a parcel', () => {
  test('is asked after half a day after its label was bought, more often on its last way, and not any more when it has arrived', () => {
    const under = told(labelled, '24T08:00', scan('in-transit', '24T07:30'));
    const near = told(under.parcel, '25T06:00', scan('out-for-delivery', '25T05:59'));
    const there = told(near.parcel, '25T12:00', scan('delivered', '25T11:58'));

    expect(stepParcel(labelled, null, { now: labelled.labelledAt, tells: false }).askAt).toBe('2026-11-23T22:00:00.000Z');
    expect([under, near, there].map(({ askAt }) => askAt)).toEqual(['2026-11-24T14:00:00.000Z', '2026-11-25T07:00:00.000Z', null]);
    expect(there.lookAt).toBeNull();
  });

  test('of a carrier that tells by itself is asked after four times as seldom, and looked at twice a day all the same', () => {
    const { askAt, lookAt } = stepParcel(labelled, null, { now: labelled.labelledAt, tells: true });

    expect([askAt, lookAt]).toEqual(['2026-11-25T10:00:00.000Z', '2026-11-23T22:00:00.000Z']);
  });

  test('that nobody can ask after is looked at twice a day', () => {
    const now = '2026-11-24T23:00:00.000Z';

    expect(stepParcel(labelled, null, { now, tells: false, asks: false }).lookAt).toBe('2026-11-25T11:00:00.000Z');
  });

  test('is told of once while it is stopped, and no more once it moves again', () => {
    const stopped = told(labelled, '24T09:00', scan('exception', '24T08:55', 'address'));
    const still = told(stopped.parcel, '24T10:00');
    const moving = told(still.parcel, '24T12:00', scan('in-transit', '24T11:59'));

    expect(stopped.raised).toEqual([{ code: 'parcel-stopped', reason: 'parcel 1Z1 is stopped (address) since 2026-11-24T08:55:00.000Z' }]);
    expect([still.raised, still.settled]).toEqual([[], []]);
    expect(moving.settled).toEqual(['parcel-stopped']);
    expect(moving.parcel.concerns).toEqual([]);
  });

  test.each([
    ['not handed over a working day after its label', '24T10:01', [], ['parcel-not-handed-over']],
    ['silent for five days', '29T11:00', [scan('in-transit', '24T10:00')], ['parcel-silent', 'parcel-late']],
    ['later than promised', '27T00:00', [scan('in-transit', '26T10:00')], ['parcel-late']],
    ['lost', '24T10:00', [scan('lost', '24T09:00')], ['parcel-lost']],
    ['on its way back', '24T10:00', [scan('return-in-transit', '24T09:00', 'refused')], ['parcel-coming-back']],
    ['cancelled at the carrier', '23T11:00', [scan('cancelled', '23T10:30')], ['parcel-cancelled']],
    ['where it should be', '24T12:00', [scan('in-transit', '24T10:00')], []],
  ])('that is %s is told of accordingly', (_what, now, scans, codes) => {
    expect(told(labelled, now, ...scans).raised.map(({ code }) => code)).toEqual(codes);
  });

  test('is given up after 45 days, and somebody is told', () => {
    const under = told(labelled, '24T08:00', scan('in-transit', '24T07:30')).parcel;
    const after = stepParcel(under, null, { now: '2027-01-08T10:00:00.000Z', tells: false });

    expect(after).toMatchObject({ askAt: null, lookAt: null });
    expect(after.raised.map(({ code }) => code)).toEqual(['parcel-silent', 'parcel-late']);
  });

  test('whose label is used no more is neither looked at nor told of', () => {
    const { askAt, lookAt, raised } = told({ ...labelled, isWithdrawn: true }, '25T10:00', scan('exception', '25T09:00'));

    expect([askAt, lookAt, raised]).toEqual([null, null, []]);
  });
});

describe('what is kept of scans', () => {
  const some = fc.array(fc.record({ state: fc.constantFrom(...trackingStates), minute: fc.integer({ min: 0, max: 400 }) }), {
    maxLength: 150,
  });
  const scansOf = (told: readonly { readonly state: TrackingState; readonly minute: number }[]) =>
    told.map(({ state, minute }) => ({ ...scan(state, '24T00:00'), at: instantOf(epochMs('2026-11-24T00:00:00.000Z') + minute * 60_000) }));

  test('is the same in whatever order, in however many parts and however often they are told, and bounded', () => {
    fc.assert(
      fc.property(some, fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 20 }), (told, keys, size) => {
        const scans = scansOf(told);
        const shuffled = [...scans, ...scans]
          .map((each) => ({ each, key: keys.next().value ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ each }) => each);
        let kept: ParcelScan[] = [];
        for (let from = 0; from < shuffled.length; from += size) kept = keptScans([...kept, ...shuffled.slice(from, from + size)]);

        expect(kept).toEqual(keptScans(scans));
        expect(kept.length).toBeLessThanOrEqual(60);
      }),
    );
  });

  test('tells where the parcel is just as all of them do, when none but what may end its way comes often', () => {
    const often = fc.array(
      fc.record({ state: fc.constantFrom<TrackingState>('in-transit', 'info', 'exception'), minute: fc.integer({ min: 0, max: 400 }) }),
      {
        maxLength: 200,
      },
    );
    const seldom = fc.array(fc.record({ state: fc.constantFrom(...trackingStates), minute: fc.integer({ min: 0, max: 400 }) }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(often, seldom, (many, few) => {
        const scans = scansOf([...many, ...few]);

        expect(trackingStanding(keptScans(scans)).state).toBe(trackingStanding(scans).state);
      }),
    );
  });
});
