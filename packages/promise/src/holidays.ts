import { addDays, dayOfWeek, daysBetween } from '@quartermaster/domain';
import type { Calendar, Holiday } from './calendar.ts';

/** Names of holidays by day, of a year and what is moved into it. */
type HolidaysOfYear = ReadonlyMap<string, string>;

/** Made once for each calendar and year: whoever has a calendar does not change it. */
const known = new WeakMap<Calendar, Map<number, HolidaysOfYear>>();

/** What a day (`YYYY-MM-DD`) is called as a holiday of a calendar, or null. */
export function holidayOn(calendar: Calendar, date: string): string | null {
  const year = Number(date.slice(0, 4));
  const years = known.get(calendar) ?? new Map<number, HolidaysOfYear>();
  known.set(calendar, years);
  let holidays = years.get(year);
  if (holidays === undefined) {
    holidays = holidaysAround(calendar.holidays, year);
    years.set(year, holidays);
  }
  return holidays.get(date) ?? null;
}

/** Why nothing is done on a day, or null where something is. */
export function whyClosed(calendar: Calendar, date: string): string | null {
  if (calendar.openOn.includes(date)) return null;
  const weekday = dayOfWeek(date);
  return calendar.days.includes(weekday) ? holidayOn(calendar, date) : `no work on ${weekdayNames[weekday - 1] ?? 'that day'}`;
}

/** Easter Sunday of the western churches (Gregorian calendar), by the anonymous algorithm that Nature published in 1876. */
export function easterSunday(year: number): string {
  const a = year % 19;
  const century = Math.floor(year / 100);
  const c = year % 100;
  const f = Math.floor((century + 8) / 25);
  const g = Math.floor((century - f + 1) / 3);
  const h = (19 * a + century - Math.floor(century / 4) - g + 15) % 30;
  const l = (32 + 2 * (century % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const days = h + l - 7 * m + 114;
  return dayOf(year, Math.floor(days / 31), (days % 31) + 1);
}

const weekdayNames = ['Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays'];

/** The year before and the one after belong to it: New Year's Day on a Saturday may be kept in December. */
function holidaysAround(rules: readonly Holiday[], year: number): HolidaysOfYear {
  const natural = [year - 1, year, year + 1].flatMap((each) =>
    rules.flatMap((rule) =>
      daysOf(rule, each).map((date) => ({ date, name: rule.name, observed: 'every' in rule ? rule.observed : undefined })),
    ),
  );
  const byDay = new Map<string, string>();
  for (const { date, name } of natural) if (!byDay.has(date)) byDay.set(date, name);
  for (const { date, name, observed } of natural.toSorted((a, b) => (a.date < b.date ? -1 : 1))) {
    const moved = observed === undefined ? null : observedDay(date, observed, byDay);
    if (moved !== null && !byDay.has(moved)) byDay.set(moved, `${name} (observed)`);
  }
  return byDay;
}

function observedDay(date: string, way: 'following' | 'nearest', taken: ReadonlyMap<string, string>): string | null {
  const weekday = dayOfWeek(date);
  if (weekday < 6) return null;
  if (way === 'nearest') return addDays(date, weekday === 6 ? -1 : 1);
  let next = addDays(date, 1);
  while (dayOfWeek(next) > 5 || taken.has(next)) next = addDays(next, 1);
  return next;
}

function daysOf(rule: Holiday, year: number): string[] {
  if ('easter' in rule) return [addDays(easterSunday(year), rule.easter)];
  if ('every' in rule) return isDay(year, rule.every) ? [`${yearText(year)}-${rule.every}`] : [];
  if ('nth' in rule) return nthWeekday(rule, year);
  return closedDays(rule.on, rule.until ?? rule.on, year);
}

/** Only 29 February is no day of every year. */
function isDay(year: number, monthAndDay: string): boolean {
  return monthAndDay !== '02-29' || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}

function nthWeekday({ month, weekday, nth }: Extract<Holiday, { nth: number }>, year: number): string[] {
  const first = dayOf(year, month, 1);
  const last = addDays(month === 12 ? dayOf(year + 1, 1, 1) : dayOf(year, month + 1, 1), -1);
  const date =
    nth > 0
      ? addDays(first, ((weekday - dayOfWeek(first) + 7) % 7) + 7 * (nth - 1))
      : addDays(last, -((dayOfWeek(last) - weekday + 7) % 7) + 7 * (nth + 1));
  return date >= first && date <= last ? [date] : [];
}

function closedDays(on: string, until: string, year: number): string[] {
  const [from, to] = [dayOf(year, 1, 1), dayOf(year, 12, 31)];
  const begins = on > from ? on : from;
  const ends = until < to ? until : to;
  return begins > ends ? [] : Array.from({ length: daysBetween(begins, ends) + 1 }, (_, later) => addDays(begins, later));
}

function dayOf(year: number, month: number, day: number): string {
  return `${yearText(year)}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function yearText(year: number): string {
  return String(year).padStart(4, '0');
}
