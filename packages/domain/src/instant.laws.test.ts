import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, dayOfWeek, daysBetween, epochMs, instantAt, instantOf, instantSchema, localDate, localMinute } from './instant.ts';

const anyMs = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });
const zone = fc.constantFrom(
  'Europe/Berlin',
  'America/Sao_Paulo',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'UTC',
);
const recent = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2040, 0, 1) }).map((ms) => instantOf(ms - (ms % 60_000)));
const date = fc.integer({ min: -20_000, max: 40_000 }).map((days) => addDays('2000-01-01', days));

test('an instant keeps its milliseconds', () => {
  fc.assert(
    fc.property(anyMs, (ms) => {
      expect(epochMs(instantOf(ms))).toBe(ms);
    }),
  );
});

test('instants sort as text', () => {
  fc.assert(
    fc.property(anyMs, anyMs, (left, right) => {
      expect(instantOf(left) < instantOf(right)).toBe(left < right);
    }),
  );
});

test('an instant that came in once comes in again unchanged', () => {
  const offset = fc
    .tuple(fc.constantFrom('+', '-'), fc.nat(14), fc.constantFrom('00', '30', '45'))
    .map(([sign, hours, minutes]) => `${sign}${String(hours).padStart(2, '0')}:${minutes}`);
  fc.assert(
    fc.property(recent, offset, (instant, suffix) => {
      const once = instantSchema.parse(instant.replace('Z', suffix));
      expect(instantSchema.parse(once)).toBe(once);
    }),
  );
});

test('whatever text is let in as an instant has the one form', () => {
  const edge = fc.constantFrom(
    '0000-01-01T00:00:00',
    '9999-12-31T23:59:59.999',
    '2016-12-31T23:59:60',
    '2026-02-29T12:00',
    '2028-02-29T12:00',
  );
  const suffix = fc.constantFrom('Z', '', '+01:00', '-01:00', '+23:59', '+0100', 'z');
  fc.assert(
    fc.property(edge, suffix, (text, end) => {
      const parsed = instantSchema.safeParse(text + end);
      expect(parsed.success ? parsed.data : '2000-01-01T00:00:00.000Z').toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }),
  );
});

test('date and minute on a local clock lead back to the instant, or to the earlier one that shows the same', () => {
  fc.assert(
    fc.property(recent, zone, (instant, where) => {
      const minute = localMinute(instant, where);
      const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
      const back = instantAt(localDate(instant, where), time, where);
      expect([0, 30, 60]).toContain((epochMs(instant) - epochMs(back)) / 60_000);
    }),
    { numRuns: 300 },
  );
});

test('a local time is either shown by the clock or, where it is skipped, moved forward', () => {
  fc.assert(
    fc.property(date, fc.nat(1_439), fc.constantFrom('Europe/Berlin', 'America/Sao_Paulo'), (day, minute, where) => {
      const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
      const instant = instantAt(day, time, where);
      const shown = daysBetween(day, localDate(instant, where)) * 1_440 + localMinute(instant, where);
      expect([minute, minute + 60]).toContain(shown);
    }),
    { numRuns: 300 },
  );
});

test('days added can be counted', () => {
  fc.assert(
    fc.property(date, fc.integer({ min: -5_000, max: 5_000 }), (day, days) => {
      expect(daysBetween(day, addDays(day, days))).toBe(days);
    }),
  );
});

test('seven days later it is the same day of the week', () => {
  fc.assert(
    fc.property(date, (day) => {
      expect(dayOfWeek(addDays(day, 7))).toBe(dayOfWeek(day));
    }),
  );
});
