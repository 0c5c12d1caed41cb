import { afterEach, expect, test, vi } from 'vitest';
import { systemClock } from './clock.ts';
import { virtualClock } from './sandbox/index.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('the system clock gives instants', () => {
  expect(systemClock.now()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('who is waked from sleep learns why', async () => {
  const wake = new AbortController();
  const sleep = systemClock.sleep(60_000, wake.signal);
  wake.abort(new Error('shutting down'));
  await expect(sleep).rejects.toThrow('shutting down');
});

test('who is waked before falling asleep learns why', async () => {
  await expect(systemClock.sleep(60_000, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
});

test('a sleep of a month does not end at once, though a timer is shorter', async () => {
  const wake = new AbortController();
  let woken = false;
  const sleep = systemClock.sleep(31 * 86_400_000, wake.signal).finally(() => {
    woken = true;
  });
  for (let turn = 0; turn < 20; turn++) await systemClock.sleep(0);
  expect(woken).toBe(false);
  wake.abort(new Error('over'));
  await expect(sleep).rejects.toThrow('over');
});

test('time in play passes by sleeping', async () => {
  const clock = virtualClock('2026-11-21T12:00:00Z');
  await clock.sleep(90_000);
  expect(clock.now()).toBe('2026-11-21T12:01:30.000Z');
});

test('time in play can be moved on, never back', () => {
  const clock = virtualClock('2026-11-21T12:00:00Z');
  clock.advanceTo('2026-11-22T00:00:00Z');
  clock.advanceTo('2026-11-20T00:00:00Z');
  expect(clock.now()).toBe('2026-11-22T00:00:00.000Z');
});

test('who gave up does not sleep, and time stands still', async () => {
  const clock = virtualClock('2026-11-21T12:00:00Z');
  await expect(clock.sleep(1_000, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  expect(clock.now()).toBe('2026-11-21T12:00:00.000Z');
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('nobody sleeps %d milliseconds', async (ms) => {
  await expect(virtualClock('2026-11-21T12:00:00Z').sleep(ms)).rejects.toThrow(RangeError);
});

test('time in play cannot begin at no time', () => {
  expect(() => virtualClock('yesterday')).toThrow(RangeError);
});
