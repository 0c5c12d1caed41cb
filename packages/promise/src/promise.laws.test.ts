import { addDays, epochMs, instantOf, localDate } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { closingOf, holidayOn, orderWindows, promiseAt, whyClosed, type Calendar, type Holiday, type WayTerms } from './index.ts';

const zones = fc.constantFrom(
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Pacific/Apia',
  'Africa/Casablanca',
  'UTC',
);
const time = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
const weekdays = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 });
const day = fc.integer({ min: 0, max: 1_500 }).map((later) => addDays('2025-01-01', later));
const observed = fc.constantFrom(undefined, 'following' as const, 'nearest' as const);
const holiday: fc.Arbitrary<Holiday> = fc.oneof(
  day.map((on) => ({ name: 'once', on })),
  fc.tuple(day, fc.nat(12)).map(([on, longer]) => ({ name: 'closure', on, until: addDays(on, longer) })),
  fc.tuple(day, observed).map(([on, way]) => ({ name: 'yearly', every: on.slice(5), ...(way === undefined ? {} : { observed: way }) })),
  fc.integer({ min: -60, max: 60 }).map((easter) => ({ name: 'easter', easter })),
  fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 7 }), fc.constantFrom(1, 2, 3, 4, 5, -1, -2))
    .map(([month, weekday, nth]) => ({ name: 'nth', month, weekday, nth })),
);
const calendars: fc.Arbitrary<Calendar> = fc.record({
  days: weekdays,
  holidays: fc.array(holiday, { maxLength: 5 }),
  openOn: fc.array(day, { maxLength: 3 }),
});
const percentiles = fc
  .tuple(fc.nat(6), fc.nat(3), fc.nat(3))
  .map(([p50, more, most]) => ({ percentiles: { 50: p50, 90: p50 + more, 99: p50 + more + most } }));

const ways: fc.Arbitrary<WayTerms> = fc.record({
  dispatch: fc.record({
    zone: zones,
    warehouse: fc.record({ calendar: calendars, cutoff: time }),
    carrier: fc.record({ pickup: calendars, cutoff: fc.option(time) }),
    waves: fc.option(fc.record({ times: fc.array(time, { maxLength: 4 }), zone: zones })),
  }),
  transit: fc.record({ moves: calendars, delivers: calendars }),
  takes: fc.oneof(
    fc.nat(8).map((days) => ({ days })),
    percentiles,
  ),
  confidence: fc.constantFrom(50, 75, 85, 90, 95, 97, 99),
});
// Around changes of the clock as often as anywhere.
const changes = [
  '2026-03-08T07:00:00Z',
  '2026-03-29T01:00:00Z',
  '2026-10-25T01:00:00Z',
  '2026-11-01T06:00:00Z',
  '2026-04-04T15:00:00Z',
].map((text) => Date.parse(text));
const moments = fc.oneof(
  fc.integer({ min: Date.parse('2025-06-01T00:00:00Z'), max: Date.parse('2027-06-01T00:00:00Z') }),
  fc.tuple(fc.constantFrom(...changes), fc.integer({ min: -2 * 86_400_000, max: 2 * 86_400_000 })).map(([change, away]) => change + away),
);

test('a later order never has an earlier promise', () => {
  fc.assert(
    fc.property(ways, moments, fc.integer({ min: 0, max: 10 * 86_400_000 }), (terms, at, later) => {
      const [early, late] = [promiseAt(terms, instantOf(at)), promiseAt(terms, instantOf(at + later))];
      fc.pre(early.kind === 'promised' && late.kind === 'promised');
      expect(late.dispatchDate >= early.dispatchDate && late.deliveryDate >= early.deliveryDate).toBe(true);
      expect(late.orderBefore >= early.orderBefore).toBe(true);
    }),
    { numRuns: 120 },
  );
});

test('a promise holds one millisecond before its window closes, and at that instant no longer', () => {
  fc.assert(
    fc.property(ways, moments, (terms, at) => {
      const [window] = orderWindows(terms, instantOf(at), 1);
      fc.pre(window !== undefined);
      const closes = epochMs(window.orderBefore);
      expect(closes).toBe(at + window.leftMs);
      expect(window.leftMs).toBeGreaterThan(0);
      expect(promiseAt(terms, instantOf(closes - 1))).toMatchObject({ deliveryDate: window.deliveryDate });
      const after = promiseAt(terms, instantOf(closes));
      expect(after.kind === 'none' || after.deliveryDate > window.deliveryDate).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('nothing leaves or arrives on a day that is closed, and none of them counts as a day under way', () => {
  fc.assert(
    fc.property(ways, moments, (terms, at) => {
      const promise = promiseAt(terms, instantOf(at));
      fc.pre(promise.kind === 'promised');
      const { dispatch, transit } = terms;
      expect(whyClosed(dispatch.warehouse.calendar, promise.dispatchDate)).toBeNull();
      expect(whyClosed(dispatch.carrier.pickup, promise.dispatchDate)).toBeNull();
      expect(whyClosed(transit.delivers, promise.deliveryDate)).toBeNull();
      const counted = promise.steps.flatMap((step) => (step.kind === 'under-way' ? [step.date] : []));
      expect(counted.map((date) => whyClosed(transit.moves, date))).toEqual(counted.map(() => null));
      expect(counted).toHaveLength(promise.transitDays);
    }),
    { numRuns: 100 },
  );
});

test('a day closes on itself, in every zone and over every change of the clock', () => {
  fc.assert(
    fc.property(ways, day, ({ dispatch }, date) => {
      const closing = closingOf(dispatch, date);
      expect(closing.kind === 'closed' ? date : localDate(closing.at, dispatch.zone)).toBe(date);
    }),
    { numRuns: 100 },
  );
});

test('the surer a promise is, the later', () => {
  fc.assert(
    fc.property(ways, percentiles, moments, (terms, takes, at) => {
      const days = ([50, 90, 99] as const).map((confidence) => promiseAt({ ...terms, takes, confidence }, instantOf(at)));
      const dates = days.flatMap((promise) => (promise.kind === 'promised' ? [promise.deliveryDate] : []));
      expect(dates).toEqual(dates.toSorted());
    }),
    { numRuns: 60 },
  );
});

test('a rule of every year gives what it gives in each single one', () => {
  fc.assert(
    fc.property(fc.array(holiday, { maxLength: 4 }), day, (holidays, date) => {
      const together = holidayOn({ days: [1], holidays, openOn: [] }, date) !== null;
      const natural = holidays.map((rule) => ('every' in rule ? { name: rule.name, every: rule.every } : rule));
      const single = natural.some((rule) => holidayOn({ days: [1], holidays: [rule], openOn: [] }, date) !== null);
      // Rules together only ever add the days that one of them is kept on instead.
      expect(together || !single).toBe(true);
    }),
  );
});
