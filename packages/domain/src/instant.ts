import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

/** A moment as ISO 8601 text in UTC with milliseconds, such as `2026-11-21T19:23:18.000Z`: sorts as text and is the same everywhere. */
export type Instant = string;

/** Accepts any ISO instant with seconds and an offset or `Z` and gives it the one form of {@link Instant}; what is finer than a millisecond is cut off. */
export const instantSchema = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text).toISOString())
  .refine(hasFourDigitYear, 'an instant of the years 0 to 9999');

/** The instant of a number of milliseconds since 1970. Throws a `RangeError` outside the years 0 to 9999, where instants no longer sort as text. */
export function instantOf(epochMs: number): Instant {
  const instant = new Date(epochMs).toISOString();
  if (!hasFourDigitYear(instant)) throw new RangeError(`not an instant of the years 0 to 9999: ${instant}`);
  return instant;
}

/**
 * Milliseconds since 1970 of an instant. Throws a `RangeError` for text that is none, also for a date without a time and a time without an offset: the machine's own zone must
 * not decide what they mean.
 */
export function epochMs(instant: Instant): number {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(instant) ? Date.parse(instant) : Number.NaN;
  if (Number.isNaN(ms)) throw new RangeError(`not an instant: ${JSON.stringify(instant)}`);
  return ms;
}

/** The calendar date (`YYYY-MM-DD`) that an instant falls on in an IANA zone. */
export function localDate(instant: Instant, zone: string): string {
  return zoned(instant, zone).toPlainDate().toString();
}

/** Minutes since local midnight of an instant in an IANA zone, 0 to 1439. */
export function localMinute(instant: Instant, zone: string): number {
  const time = zoned(instant, zone);
  return time.hour * 60 + time.minute;
}

/** Day of the week of a calendar date: 1 is Monday, 7 is Sunday (ISO 8601). */
export function dayOfWeek(date: string): number {
  return Temporal.PlainDate.from(date).dayOfWeek;
}

/** The instant of a local date and time (`HH:MM`) in an IANA zone; a time that the clock skips in spring is moved forward. */
export function instantAt(date: string, time: string, zone: string): Instant {
  const local = Temporal.PlainDateTime.from(`${date}T${time}`);
  return instantOf(local.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds);
}

/** A calendar date some days later (or earlier). */
export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** Whole days from one calendar date to another, negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: 'days' }).days;
}

function hasFourDigitYear(instant: string): boolean {
  return /^\d{4}-/.test(instant);
}

function zoned(instant: Instant, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
}
