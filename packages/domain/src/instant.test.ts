import { expect, test } from 'vitest';
import { addDays, dayOfWeek, daysBetween, epochMs, instantAt, instantOf, instantSchema, localDate, localMinute } from './instant.ts';

test.each([
  ['2026-11-21T19:23:18Z', '2026-11-21T19:23:18.000Z'],
  ['2026-11-21T20:23:18+01:00', '2026-11-21T19:23:18.000Z'],
  ['2026-11-21T19:23:18.123999Z', '2026-11-21T19:23:18.123Z'],
])('takes %s in as %s', (text, instant) => {
  expect(instantSchema.parse(text)).toBe(instant);
});

test.each([
  '2026-11-21',
  '2026-11-21T19:23:18',
  '2026-02-30T00:00:00Z',
  '2026-11-21 19:23:18Z',
  '9999-12-31T23:59:59-01:00',
  '0000-01-01T00:00:00+01:00',
])('does not let %s in as an instant', (text) => {
  expect(instantSchema.safeParse(text).success).toBe(false);
});

test.each(['2026-11-21', '2026-11-21T19:23:18', 'Sat, 21 Nov 2026 19:23:18 GMT', '1', '-5', ''])(
  'does not guess an instant from %j',
  (text) => {
    expect(() => epochMs(text)).toThrow(RangeError);
  },
);

test.each([Number.NaN, Number.POSITIVE_INFINITY, 253_402_300_800_000, -62_167_219_200_001])(
  'gives no instant for %d milliseconds',
  (ms) => {
    expect(() => instantOf(ms)).toThrow(RangeError);
  },
);

test.each([
  ['Europe/Berlin', '2026-03-29', '02:30', '2026-03-29T01:30:00.000Z'],
  ['America/Sao_Paulo', '2018-11-04', '00:30', '2018-11-04T03:30:00.000Z'],
])('a cutoff in %s that the clock skips in spring (%s %s) comes an hour later by the clock', (zone, date, time, instant) => {
  expect(instantAt(date, time, zone)).toBe(instant);
});

test.each([
  ['Europe/Berlin', '2026-10-25', '02:30', '2026-10-25T00:30:00.000Z'],
  ['America/Sao_Paulo', '2018-02-17', '23:30', '2018-02-18T01:30:00.000Z'],
])('a cutoff in %s that the clock shows twice in autumn (%s %s) is the first of the two', (zone, date, time, instant) => {
  expect(instantAt(date, time, zone)).toBe(instant);
});

test.each([
  ['2026-03-29T00:59:00Z', 119],
  ['2026-03-29T01:00:00Z', 180],
  ['2026-10-25T00:59:00Z', 179],
  ['2026-10-25T01:00:00Z', 120],
])('at %s the clock of Berlin shows minute %i of the day', (instant, minute) => {
  expect(localMinute(instant, 'Europe/Berlin')).toBe(minute);
});

test('the day on which São Paulo puts its clocks forward begins at one', () => {
  const firstInstant = instantAt('2018-11-04', '00:00', 'America/Sao_Paulo');
  expect([localDate(firstInstant, 'America/Sao_Paulo'), localMinute(firstInstant, 'America/Sao_Paulo')]).toEqual(['2018-11-04', 60]);
});

test('São Paulo has no summer time since 2019', () => {
  expect(instantAt('2026-11-01', '12:00', 'America/Sao_Paulo')).toBe('2026-11-01T15:00:00.000Z');
});

test('the same instant is Saturday in Berlin and still Friday in New York', () => {
  expect(['Europe/Berlin', 'America/New_York'].map((zone) => localDate('2026-11-21T01:00:00Z', zone))).toEqual([
    '2026-11-21',
    '2026-11-20',
  ]);
});

test('a zone that does not exist is refused', () => {
  expect(() => localDate('2026-11-21T01:00:00Z', 'Europe/Atlantis')).toThrow(RangeError);
});

test.each(['24:00', '2:30', '', '12:60'])('refuses %j as a time of the day', (time) => {
  expect(() => instantAt('2026-11-21', time, 'Europe/Berlin')).toThrow(RangeError);
});

test('the week ends on Sunday, the seventh day', () => {
  expect(dayOfWeek('2026-11-22')).toBe(7);
});

test('the day after 28 February is the 29th in a leap year', () => {
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
});

test('the days of a month with a change of the clocks are counted by the calendar', () => {
  expect(daysBetween('2026-03-01', '2026-04-01')).toBe(31);
});
