import { trackingReasons, trackingStates } from '@quartermaster/domain';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { meaningOf, statusTable } from './status-table.ts';
import { answerOf, answerOfEvent } from './tracking.ts';
import { verifyUpsWebhook } from './webhook.ts';
import { wireEventSchema } from './wire.ts';

const mapping = new URL('../../../../../shared/specs/mappings/ups.json', import.meta.url);

describe('status codes', () => {
  test('each means what it meant before', () => expect(statusTable).toMatchSnapshot());

  test('there are 160, each with a state and a reason of ours', () => {
    expect(Object.keys(statusTable)).toHaveLength(160);
    const strange = Object.values(statusTable).filter(
      ([state, reason = 'other']) => !trackingStates.includes(state) || !trackingReasons.includes(reason),
    );
    expect(strange).toEqual([]);
  });

  test.skipIf(!existsSync(mapping))(
    'they are those of our reading of UPS’s appendix (skipped where the reference material is absent)',
    () => {
      const { codes }: { codes: Record<string, { status: string }> } = JSON.parse(readFileSync(mapping, 'utf8'));
      expect(Object.fromEntries(Object.entries(statusTable).map(([code, [state]]) => [code, state]))).toEqual(
        Object.fromEntries(Object.entries(codes).map(([code, { status }]) => [code, status.replaceAll('_', '-')])),
      );
    },
  );

  test('a number without its zeros is the same code', () =>
    expect(meaningOf({ code: '11', type: 'D' })).toEqual({ state: 'delivered', reason: null }));

  test('an unknown code is told by its type, and is unknown without one', () => {
    expect([meaningOf({ code: '998', type: 'X' }).state, meaningOf({ code: '998', type: 'ZZ' }).state]).toEqual(['exception', 'unknown']);
  });
});

describe('what happened to a parcel', () => {
  const activity = {
    date: '20261125',
    time: '101500',
    gmtDate: '20261125',
    gmtTime: '15:15:00',
    location: { address: { city: 'BALTIMORE', stateProvince: 'MD', countryCode: 'US' } },
    status: { type: 'X', code: '48', statusCode: '032', description: 'Weather delay ' },
  };

  test('is told in the time of the world, with UPS’s codes and words', () => {
    const { events, dueOn } = answerOf('1Z1', [
      {
        package: [
          {
            trackingNumber: '1Z1',
            activity: [activity],
            deliveryDate: [
              { type: 'SDD', date: '20261126' },
              { type: 'RDD', date: '20261127' },
            ],
          },
        ],
      },
    ]);
    expect(events).toEqual([
      {
        at: '2026-11-25T15:15:00.000Z',
        isZoneKnown: true,
        state: 'exception',
        reason: 'weather',
        vendorCode: 'X/48/032',
        text: 'Weather delay',
        place: 'BALTIMORE, MD, US',
      },
    ]);
    expect(dueOn).toBe('2026-11-27');
  });

  test('says so where only the local time is known', () => {
    const { gmtDate: _date, gmtTime: _time, ...local } = activity;
    expect(answerOf('1Z1', [{ package: [{ trackingNumber: '1Z1', activity: [local] }] }]).events).toMatchObject([
      { at: '2026-11-25T10:15:00.000Z', isZoneKnown: false },
    ]);
  });

  test('is not told where UPS names no time', () =>
    expect(answerOf('1Z1', [{ package: [{ activity: [{ status: activity.status }] }] }]).events).toEqual([]));

  test('is UPS’s warning where it does not know the parcel', () =>
    expect(answerOf('1Z1', [{ warnings: [{ code: 'TW0001', message: 'Tracking Information Not Found' }] }])).toEqual({
      trackingNumber: '1Z1',
      events: [],
      dueOn: null,
      problem: 'Tracking Information Not Found',
    }));
});

describe('a webhook of Track Alert', () => {
  const body = Buffer.from(
    JSON.stringify({
      trackingNumber: '1Z204W4R0308071865',
      localActivityDate: '20240423',
      localActivityTime: '095004',
      activityLocation: { city: 'CHARLOTTE', stateProvince: 'NC', postalCode: '', country: 'US' },
      activityStatus: { type: 'D', code: 'FS', description: 'Delivered', descriptionCode: '011' },
      gmtActivityDate: '20240423',
      gmtActivityTime: '135004',
    }),
  );

  test('tells of the delivery', async () =>
    expect(await verifyUpsWebhook(body, { credential: 'our-credential' }, ['our-credential'])).toMatchObject({
      kind: 'genuine',
      tracking: [
        { trackingNumber: '1Z204W4R0308071865', events: [{ at: '2024-04-23T13:50:04.000Z', state: 'delivered', vendorCode: 'D/FS/011' }] },
      ],
    }));

  test('is told by its type where UPS leaves out the code', () => {
    const event = wireEventSchema.parse({
      trackingNumber: '1Z1',
      gmtActivityDate: '20240423',
      gmtActivityTime: '135004',
      activityStatus: { type: 'I', code: 'OT' },
    });
    expect(answerOfEvent(event).events).toMatchObject([{ state: 'in-transit' }]);
  });

  test.each([
    ['a bearer token', { authorization: 'Bearer our-credential' }, 'genuine'],
    ['the credential of before the change', { credential: 'old-credential' }, 'genuine'],
    ['another credential', { credential: 'their-credential' }, 'rejected'],
    ['a part of the credential', { credential: 'our-' }, 'rejected'],
    ['an empty credential', { credential: '' }, 'rejected'],
    ['no credential', {}, 'rejected'],
  ])('with %s is %s', async (_, headers: Record<string, string>, kind) =>
    expect((await verifyUpsWebhook(body, headers, ['our-credential', 'old-credential', ''])).kind).toBe(kind),
  );

  test('that is no event is rejected', async () =>
    expect((await verifyUpsWebhook(Buffer.from('{"hello":1}'), { credential: 'c' }, ['c'])).kind).toBe('rejected'));
});
