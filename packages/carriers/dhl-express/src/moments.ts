import { addDays, epochMs, instantAt, instantOf, localDate, localMinute, type Instant } from '@quartermaster/domain';
import { leadMs } from './limits.ts';

/** `2026-11-23T15:00:00 GMT+01:00`: the time in a zone with its offset, as MyDHL writes it. */
export function dhlMoment(instant: Instant, zone: string): string {
  const minute = localMinute(instant, zone);
  const seconds = String(Math.floor(epochMs(instant) / 1_000) % 60).padStart(2, '0');
  return `${localDate(instant, zone)}T${clockText(minute)}:${seconds} GMT${offsetText(instant, zone)}`;
}

/** `16:30`, the time in a zone. */
export function localTime(instant: Instant, zone: string): string {
  return clockText(localMinute(instant, zone));
}

/** When DHL is told that the parcel is handed over: as asked, and never so early that it has passed when DHL reads it. */
export function plannedAt(shipAt: Instant, now: Instant): Instant {
  return instantOf(Math.max(epochMs(shipAt), epochMs(now) + leadMs));
}

/** The instant of DHL's local `2026-11-23T19:00:00` in a zone; null for anything else. */
export function instantOfLocal(text: string | null | undefined, zone: string): Instant | null {
  const [, date, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(text ?? '') ?? [];
  return date === undefined || time === undefined ? null : instantAt(date, time, zone);
}

/** The calendar date that a text of DHL's begins with; null where it begins with none. */
export function dayOf(text: string | null | undefined): string | null {
  return /^\d{4}-\d\d-\d\d/.exec(text ?? '')?.[0] ?? null;
}

/** Months (`2026-11`) that a shipment of a label may be filed under, the likeliest first: those around a day, and three before it. */
export function monthsAround(day: string): readonly string[] {
  const months = [0, 10, -31, -62, -92].map((days) => addDays(day, days).slice(0, 7));
  return [...new Set(months)];
}

function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

function offsetText(instant: Instant, zone: string): string {
  const asIfUtc = epochMs(`${localDate(instant, zone)}T00:00:00.000Z`) + localMinute(instant, zone) * 60_000;
  const minutes = Math.round((asIfUtc - Math.floor(epochMs(instant) / 60_000) * 60_000) / 60_000);
  return `${minutes < 0 ? '-' : '+'}${clockText(Math.abs(minutes))}`;
}
