import { addDays, dayOfWeek, epochMs, instantAt, instantOf, localDate, type Instant } from '@quartermaster/domain';
import { z } from 'zod';

const timeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a local time such as 16:30');

/** People at work from one local time to another; an end that is not after the begin is of the next day. */
export const shiftSchema = z.strictObject({ from: timeSchema, to: timeSchema, people: z.number().nonnegative() });
export type Shift = z.infer<typeof shiftSchema>;

/** Who works at a node: by day of the week (1 is Monday), and on single dates in the place of that; a date without shifts is a day off. */
export const crewSchema = z.strictObject({
  shifts: z.array(shiftSchema.extend({ days: z.array(z.int().min(1).max(7)).min(1).default([1, 2, 3, 4, 5]) })).default([]),
  dates: z.record(z.iso.date(), z.array(shiftSchema)).default({}),
});
export type Crew = z.infer<typeof crewSchema>;

/** Time in which so many people work. */
export type WorkSpan = { readonly from: Instant; readonly until: Instant; readonly people: number };

/** So many days ahead work is looked for: what is not done by then is said to have no end. */
const daysAhead = 14;

/** When a crew works from an instant on, earliest first. Shifts of days that `works` denies are left out, unless the date itself was given. */
export function workSpans(crew: Crew, zone: string, from: Instant, works: (date: string) => boolean = () => true): WorkSpan[] {
  const today = localDate(from, zone);
  const dates = Array.from({ length: daysAhead + 2 }, (_, later) => addDays(today, later - 1));
  return dates
    .flatMap((date) => shiftsOn(crew, date, works).map((shift) => spanOf(shift, date, zone)))
    .filter(({ until }) => until > from)
    .map((span) => ({ ...span, from: span.from < from ? from : span.from }))
    .sort((a, b) => epochMs(a.from) - epochMs(b.from) || epochMs(a.until) - epochMs(b.until));
}

/** Minutes of work that all together have until an instant. */
export function minutesUntil(spans: readonly WorkSpan[], until: Instant): number {
  return spans.reduce((sum, span) => sum + workOf(span, span.until < until ? span.until : until), 0);
}

/** When so many minutes of work are done; null when not within the days that are looked at. Nothing to do is done when the first span begins, or, without one, at no time. */
export function doneAt(spans: readonly WorkSpan[], minutes: number): Instant | null {
  const moments = [...new Set(spans.flatMap(({ from, until }) => [from, until]))].sort();
  let left = minutes;
  for (const [at, begin] of moments.entries()) {
    const end = moments[at + 1];
    const people = spans.filter((span) => span.from <= begin && span.until > begin).reduce((sum, span) => sum + span.people, 0);
    if (left <= 0) return begin;
    if (end === undefined || people === 0) continue;
    const work = ((epochMs(end) - epochMs(begin)) / 60_000) * people;
    if (left <= work) return instantOf(Math.ceil(epochMs(begin) + (left / people) * 60_000));
    left -= work;
  }
  return null;
}

export type CrewFile =
  | { readonly kind: 'read'; readonly crew: Readonly<Record<string, Crew['dates']>> }
  | { readonly kind: 'wrong'; readonly problems: readonly { readonly row: number; readonly why: string }[] };

/** Reads the shifts of single dates from CSV text with the columns `node,date,from,to,people`, as a planning program exports them. All rows or none: each bad one is named. */
export function readCrewFile(text: string): CrewFile {
  const rows = text.split(/\r?\n/).map((line) => line.split(',').map((cell) => cell.trim()));
  const header = rows[0]?.map((cell) => cell.replace(/^\uFEFF/, '')) ?? [];
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0) return { kind: 'wrong', problems: [{ row: 1, why: `the column ${missing.join(', ')} is missing` }] };
  const problems: { row: number; why: string }[] = [];
  const crew: Record<string, Record<string, Shift[]>> = {};
  for (const [index, cells] of rows.entries()) {
    if (index === 0 || cells.every((cell) => cell === '')) continue;
    const parsed = rowSchema.safeParse(Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ''])));
    if (!parsed.success) {
      problems.push({ row: index + 1, why: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') });
      continue;
    }
    const { node, date, ...shift } = parsed.data;
    const dates = (crew[node] ??= {});
    // Nobody at work is a day off, which stands for itself.
    dates[date] = [...(dates[date] ?? []), ...(shift.people === 0 ? [] : [shift])];
  }
  return problems.length > 0 ? { kind: 'wrong', problems } : { kind: 'read', crew };
}

const columns = ['node', 'date', 'from', 'to', 'people'] as const;
const rowSchema = z.object({
  node: z.string().min(1),
  date: z.iso.date(),
  from: timeSchema,
  to: timeSchema,
  people: z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'a number such as 3')
    .transform(Number),
});

function shiftsOn(crew: Crew, date: string, works: (date: string) => boolean): readonly Shift[] {
  const given = crew.dates[date];
  if (given !== undefined) return given;
  return works(date) ? crew.shifts.filter(({ days }) => days.includes(dayOfWeek(date))) : [];
}

function spanOf({ from, to, people }: Shift, date: string, zone: string): WorkSpan {
  return { from: instantAt(date, from, zone), until: instantAt(to > from ? date : addDays(date, 1), to, zone), people };
}

function workOf({ from, people }: WorkSpan, until: Instant): number {
  return Math.max(0, (epochMs(until) - epochMs(from)) / 60_000) * people;
}
