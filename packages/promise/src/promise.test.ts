import { describe, expect, test } from 'vitest';
import {
  carrierCalendarSchema,
  closingOf,
  durationText,
  orderWindows,
  promiseAt,
  serviceTerms,
  stepText,
  transitDaysFor,
  warehouseCalendarSchema,
  type DispatchTerms,
  type WayTerms,
} from './index.ts';

const warehouse = warehouseCalendarSchema.parse({
  cutoffOn: { '5': '13:00' },
  holidays: [
    { name: 'Christmas Day', every: '12-25' },
    { name: 'inventory', on: '2026-11-30' },
  ],
});
const carrier = carrierCalendarSchema.parse({
  holidays: [
    { name: 'Christmas Day', every: '12-25' },
    { name: 'Boxing Day', every: '12-26' },
  ],
  cutoff: '16:00',
  delay: { '50': 0, '90': 1, '99': 3 },
  services: { saturday: { transitDays: [1, 2, 3, 4, 5, 6], deliveryDays: [1, 2, 3, 4, 5, 6], delay: {} } },
});

function way(
  service: string,
  more: { days?: number; confidence?: WayTerms['confidence']; waves?: DispatchTerms['waves']; cutoff?: string } = {},
): WayTerms {
  const { pickup, cutoff, transit, takes } = serviceTerms(carrier, service);
  return {
    dispatch: {
      zone: 'Europe/Berlin',
      warehouse: { calendar: warehouse, cutoff: more.cutoff ?? '15:00' },
      carrier: { pickup, cutoff },
      waves: more.waves ?? null,
    },
    transit,
    takes: takes(more.days ?? 2),
    confidence: more.confidence ?? 50,
  };
}

const told = (terms: WayTerms, at: string) => {
  const promise = promiseAt(terms, at);
  return promise.kind === 'none' ? promise.why : [promise.dispatchDate, promise.deliveryDate];
};

describe('the day that is promised', () => {
  test.each([
    ['before the cutoff it leaves today', '2026-11-23T13:59:59.999Z', ['2026-11-23', '2026-11-25']],
    ['at the cutoff it leaves tomorrow', '2026-11-23T14:00:00.000Z', ['2026-11-24', '2026-11-26']],
    ['on a Friday the cutoff is earlier', '2026-11-20T12:00:00.000Z', ['2026-11-23', '2026-11-25']],
    ['over the weekend nothing leaves, and nothing on a day of its own', '2026-11-28T10:00:00.000Z', ['2026-12-01', '2026-12-03']],
    ['holidays of the carrier do not count', '2026-12-23T10:00:00.000Z', ['2026-12-23', '2026-12-28']],
  ])('%s', (_, at, expected) => {
    expect(told(way('parcel'), at)).toEqual(expected);
  });

  test('a Friday’s parcel comes on Saturday by a service that delivers then, and else on Monday', () => {
    expect(told(way('saturday', { days: 1 }), '2026-11-20T09:00:00.000Z')).toEqual(['2026-11-20', '2026-11-21']);
    expect(told(way('parcel', { days: 1 }), '2026-11-20T09:00:00.000Z')).toEqual(['2026-11-20', '2026-11-23']);
  });

  test('the surer, the later: 90 % arrive a day later, and for 95 % only what 99 % take is known', () => {
    const dates = ([50, 75, 90, 95, 99] as const).map((confidence) => told(way('parcel', { confidence }), '2026-11-23T09:00:00.000Z')[1]);
    expect(dates).toEqual(['2026-11-25', '2026-11-26', '2026-11-26', '2026-11-30', '2026-11-30']);
  });

  test('says of each day why it counts or does not', () => {
    const promise = promiseAt(way('parcel', { confidence: 90 }), '2026-12-23T15:00:00.000Z');
    expect(promise.kind === 'promised' ? promise.steps.map(stepText) : []).toEqual([
      '2026-12-23: too late; the warehouse closed at 2026-12-23T14:00:00.000Z',
      '2026-12-24: leaves; the warehouse closes at 2026-12-24T14:00:00.000Z',
      '3 days under way, within which 90 % arrive',
      '2026-12-25: does not count (Christmas Day)',
      '2026-12-26: does not count (no work on Saturdays)',
      '2026-12-27: does not count (no work on Sundays)',
      '2026-12-28: day 1 under way',
      '2026-12-29: day 2 under way',
      '2026-12-30: day 3 under way',
      '2026-12-30: arrives',
    ]);
  });

  test('is none where the carrier tells nothing so sure, or nothing leaves any more', () => {
    expect(told({ ...way('parcel'), takes: { percentiles: { 50: 2 } }, confidence: 99 }, '2026-11-23T09:00:00.000Z')).toContain('99 %');
    const calendar = warehouseCalendarSchema.parse({ holidays: [{ on: '2026-01-01', until: '2029-01-01' }] });
    const shut = { ...way('parcel').dispatch, warehouse: { calendar, cutoff: '15:00' } };
    expect(told({ ...way('parcel'), dispatch: shut }, '2026-11-23T09:00:00.000Z')).toBe('nothing leaves within a year');
  });
});

test('a lower percentile that takes longer makes the higher one as long', () => {
  expect(transitDaysFor({ percentiles: { 50: 4, 90: 3 } }, 85)).toEqual({ days: 4, confidence: 90 });
});

describe('the cutoff is the earliest', () => {
  const closes = (more: Parameters<typeof way>[1]) => closingOf(way('parcel', more).dispatch, '2026-11-23');
  const berlin = { zone: 'Europe/Berlin' };
  test.each([
    ['of the warehouse', {}, { at: '2026-11-23T14:00:00.000Z', by: 'warehouse' }],
    ['of the carrier', { cutoff: '18:00' }, { at: '2026-11-23T15:00:00.000Z', by: 'carrier' }],
    [
      'of the last wave before both',
      { waves: { ...berlin, times: ['11:00', '14:30', '17:00'] } },
      { at: '2026-11-23T13:30:00.000Z', by: 'wave' },
    ],
    [
      'of a wave that stands at the cutoff',
      { waves: { ...berlin, times: ['11:00', '15:00'] } },
      { at: '2026-11-23T14:00:00.000Z', by: 'warehouse' },
    ],
    [
      'of a wave that is planned in another zone',
      { waves: { zone: 'America/New_York', times: ['08:15'] } },
      { at: '2026-11-23T13:15:00.000Z', by: 'wave' },
    ],
  ])('%s', (_, more, expected) => {
    expect(closes(more)).toEqual({ kind: 'open', ...expected });
  });

  test('and a day without a wave before it sends nothing', () => {
    expect(closes({ waves: { ...berlin, times: ['17:00'] } })).toEqual({ kind: 'closed', by: 'wave', why: 'no wave before the cutoff' });
  });
});

test.each([
  ['that the clock skips in spring is the time after', '2026-03-29', '2026-03-29T01:30:00.000Z'],
  ['that comes twice in autumn is the first', '2026-10-25', '2026-10-25T00:30:00.000Z'],
])('a cutoff %s', (_, date, at) => {
  const open = warehouseCalendarSchema.parse({ days: [7] });
  const pickup = { days: [7], holidays: [], openOn: [] };
  const night = { ...way('parcel').dispatch, warehouse: { calendar: open, cutoff: '02:30' }, carrier: { pickup, cutoff: null } };
  expect(closingOf(night, date)).toEqual({ kind: 'open', at, by: 'warehouse' });
});

test('a day that a zone left out does not exist there', () => {
  const pickup = { days: [5, 6], holidays: [], openOn: [] };
  const samoa = { zone: 'Pacific/Apia', warehouse: { calendar: pickup, cutoff: '15:00' }, carrier: { pickup, cutoff: null }, waves: null };
  expect(closingOf(samoa, '2011-12-30')).toMatchObject({ kind: 'closed', why: 'the day does not exist there' });
});

describe('order windows for a shop', () => {
  test('say until when for which day, and how long that is', () => {
    const windows = orderWindows(way('parcel'), '2026-11-23T11:50:00.000Z', 3);
    expect(windows.map(({ orderBefore, leftMs, deliveryDate }) => [orderBefore, durationText(leftMs), deliveryDate])).toEqual([
      ['2026-11-23T14:00:00.000Z', '2 h 10 min', '2026-11-25'],
      ['2026-11-24T14:00:00.000Z', '1 d 2 h 10 min', '2026-11-26'],
      ['2026-11-25T14:00:00.000Z', '2 d 2 h 10 min', '2026-11-27'],
    ]);
  });

  test('two days that arrive together are one window', () => {
    // Of Wednesday, Thursday and Friday, with three days under way and no pick-up on Thursday.
    const terms = way('parcel', { days: 1 });
    const weekend = { ...terms, transit: { ...terms.transit, delivers: { days: [1], holidays: [], openOn: [] } } };
    expect(orderWindows(weekend, '2026-11-23T09:00:00.000Z', 1)).toEqual([
      {
        orderBefore: '2026-11-27T12:00:00.000Z',
        leftMs: 4 * 86_400_000 + 3 * 3_600_000,
        dispatchDate: '2026-11-23',
        deliveryDate: '2026-11-30',
      },
    ]);
  });

  test.each([
    ['spring, when the day has 23 hours', '2026-03-28T14:00:00.000Z', '2026-03-29T13:00:00.000Z', '23 h'],
    ['autumn, when it has 25', '2026-10-24T13:00:00.000Z', '2026-10-25T14:00:00.000Z', '1 d 1 h'],
  ])('are exact in %s', (_, now, orderBefore, text) => {
    const everyDay = warehouseCalendarSchema.parse({ days: [1, 2, 3, 4, 5, 6, 7] });
    const pickup = { days: [1, 2, 3, 4, 5, 6, 7], holidays: [], openOn: [] };
    const terms = way('parcel');
    const dispatch = { ...terms.dispatch, warehouse: { calendar: everyDay, cutoff: '15:00' }, carrier: { pickup, cutoff: null } };
    const [window] = orderWindows({ ...terms, dispatch, transit: { moves: pickup, delivers: pickup } }, now, 1);
    expect([window?.orderBefore, durationText(window?.leftMs ?? 0)]).toEqual([orderBefore, text]);
  });

  test.each([
    [0, '0 min'],
    [59_999, '0 min'],
    [7_799_999, '2 h 9 min'],
    [7_800_000, '2 h 10 min'],
    [86_400_000, '1 d'],
  ])('%d milliseconds are %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
