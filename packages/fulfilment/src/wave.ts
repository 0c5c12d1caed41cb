import { addDays, dayOfWeek, instantAt, localDate, localMinute, type FulfilmentNode, type Instant } from '@quartermaster/domain';
import { z } from 'zod';

const timeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a local time such as 16:30');
const daysSchema = z.array(z.int().min(1).max(7)).min(1);

/** When waves are planned: local times of day, and the days of the week (1 is Monday, 7 is Sunday) that have any; every day unless given. */
export const waveScheduleSchema = z.strictObject({ times: z.array(timeSchema).min(1), days: daysSchema.default([1, 2, 3, 4, 5, 6, 7]) });
export type WaveSchedule = z.infer<typeof waveScheduleSchema>;

/** The instants of a local date at which waves are planned, earliest first. A time that the clock skips in spring is the one after; two that meet there are one. */
export function waveSlots(schedule: WaveSchedule, date: string, zone: string): Instant[] {
  if (!schedule.days.includes(dayOfWeek(date))) return [];
  return [...new Set(schedule.times.map((time) => instantAt(date, time, zone)))].sort();
}

/** Days of the week on which a node ships: 1 is Monday, 7 is Sunday. Holidays are not known here. */
export type WorkingDays = readonly number[];

const everyDay: WorkingDays = [1, 2, 3, 4, 5, 6, 7];

/** What of a node decides when something leaves. */
export type WaveNode = Pick<FulfilmentNode, 'zone' | 'cutoff'>;

/**
 * In how many days an order that comes at `at` leaves the node: 0 strictly before its cutoff of a working day, else the days until the next working one. Throws a `RangeError`
 * when no day is a working day.
 */
export function dispatchDay(node: WaveNode, at: Instant, workingDays: WorkingDays = everyDay): number {
  const today = localDate(at, node.zone);
  const first = localMinute(at, node.zone) < minutesOf(node.cutoff) ? 0 : 1;
  const days = [0, 1, 2, 3, 4, 5, 6].map((later) => first + later).find((later) => workingDays.includes(dayOfWeek(addDays(today, later))));
  if (days === undefined) throw new RangeError('a node needs at least one working day');
  return days;
}

/** The local date of the node on which an order that comes at `at` leaves it. */
export function dispatchDateAt(node: WaveNode, at: Instant, workingDays: WorkingDays = everyDay): string {
  return addDays(localDate(at, node.zone), dispatchDay(node, at, workingDays));
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}
