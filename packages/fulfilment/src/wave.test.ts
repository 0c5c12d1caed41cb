import { expect, test } from 'vitest';
import { dispatchDateAt, dispatchDay, waveScheduleSchema, waveSlots } from './wave.ts';

const berlin = { zone: 'Europe/Berlin', cutoff: '16:30' };
const newYork = { zone: 'America/New_York', cutoff: '16:30' };
const weekdays = [1, 2, 3, 4, 5];

test('the slots of a day are instants in the order of the clock', () => {
  const schedule = waveScheduleSchema.parse({ times: ['16:00', '08:30'] });
  expect(waveSlots(schedule, '2026-11-20', 'Europe/Berlin')).toEqual(['2026-11-20T07:30:00.000Z', '2026-11-20T15:00:00.000Z']);
});

test('a day without waves has no slots', () => {
  const schedule = waveScheduleSchema.parse({ times: ['08:30'], days: weekdays });
  expect(waveSlots(schedule, '2026-11-21', 'Europe/Berlin')).toEqual([]);
});

test('a slot that the clock skips in spring is the one after, and there is no second wave at it', () => {
  const schedule = waveScheduleSchema.parse({ times: ['02:30', '03:30'] });
  expect(waveSlots(schedule, '2026-03-29', 'Europe/Berlin')).toEqual(['2026-03-29T01:30:00.000Z']);
});

test('an order leaves today before the cutoff and tomorrow from the cutoff on', () => {
  expect(dispatchDay(berlin, '2026-11-20T15:29:59.000Z')).toBe(0);
  expect(dispatchDay(berlin, '2026-11-20T15:30:00.000Z')).toBe(1);
});

test('today is the day of the node', () => {
  expect(dispatchDateAt(newYork, '2026-11-21T03:00:00.000Z')).toBe('2026-11-21');
  expect(dispatchDateAt(berlin, '2026-11-21T03:00:00.000Z')).toBe('2026-11-21');
  expect(dispatchDay(newYork, '2026-11-21T03:00:00.000Z')).toBe(1);
});

test('a Friday evening waits for Monday where nobody works at weekends', () => {
  expect(dispatchDay(berlin, '2026-11-20T18:00:00.000Z', weekdays)).toBe(3);
  expect(dispatchDay(berlin, '2026-11-20T18:00:00.000Z')).toBe(1);
});
