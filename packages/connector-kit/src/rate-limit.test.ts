import { epochMs, instantOf, type Clock } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { memoryRateLimiter } from './rate-limit.ts';
import { virtualClock } from './sandbox/index.ts';

const start = '2026-11-21T12:00:00.000Z';
const bucket = { capacity: 10, perSecond: 2 };

test('what the bucket holds goes out at once', async () => {
  const clock = virtualClock(start);
  await memoryRateLimiter({ shop: bucket }, clock).acquire('shop', 10);
  expect(clock.now()).toBe(start);
});

test('what the bucket does not hold is waited for', async () => {
  const clock = virtualClock(start);
  const limiter = memoryRateLimiter({ shop: bucket }, clock);
  await limiter.acquire('shop', 10);
  await limiter.acquire('shop', 3);
  expect(secondsSince(clock)).toBe(1.5);
});

test('a bucket without a name in the list is without limit', async () => {
  const clock = virtualClock(start);
  await memoryRateLimiter({}, clock).acquire('other', 1_000_000);
  expect(clock.now()).toBe(start);
});

test('a call that costs more than the bucket can hold waits for a full one and empties it', async () => {
  const clock = virtualClock(start);
  const limiter = memoryRateLimiter({ shop: bucket }, clock);
  await limiter.acquire('shop', 1);
  await limiter.acquire('shop', 500);
  await limiter.acquire('shop', 2);
  expect(secondsSince(clock)).toBe(1.5);
});

test('what a call took and the vendor did not charge is there for the next one, and never more than the bucket holds', async () => {
  const clock = virtualClock(start);
  const limiter = memoryRateLimiter({ shop: bucket }, clock);
  limiter.giveBack('shop', 10);
  await limiter.acquire('shop', 10);
  limiter.giveBack('shop', 8);
  await limiter.acquire('shop', 9);
  expect(secondsSince(clock)).toBe(0.5);
});

test('a small call does not overtake a big one that asked first', async () => {
  const clock = virtualClock(start);
  const limiter = memoryRateLimiter({ shop: bucket }, clock);
  const order: string[] = [];
  await limiter.acquire('shop', 9);
  await Promise.all([
    limiter.acquire('shop', 10).then(() => order.push('big')),
    limiter.acquire('shop', 1).then(() => order.push('small')),
  ]);
  expect(order).toEqual(['big', 'small']);
});

test('a paused bucket gives nothing until the pause is over', async () => {
  const clock = virtualClock(start);
  const limiter = memoryRateLimiter({ shop: bucket }, clock);
  limiter.pause('shop', '2026-11-21T12:01:00Z');
  await limiter.acquire('shop', 1);
  expect(secondsSince(clock)).toBe(60);
});

test('a shorter pause does not end a longer one', async () => {
  const clock = virtualClock(start);
  const limiter = memoryRateLimiter({ shop: bucket }, clock);
  limiter.pause('shop', '2026-11-21T12:01:00Z');
  limiter.pause('shop', '2026-11-21T12:00:10Z');
  await limiter.acquire('shop', 1);
  expect(secondsSince(clock)).toBe(60);
});

test('a pause of one bucket does not hold up another', async () => {
  const clock = virtualClock(start);
  const limiter = memoryRateLimiter({ shop: bucket, erp: bucket }, clock);
  limiter.pause('shop', '2026-11-21T12:01:00Z');
  await limiter.acquire('erp', 1);
  expect(clock.now()).toBe(start);
});

test('what the vendor says of its bucket is believed', async () => {
  const clock = virtualClock(start);
  const limiter = memoryRateLimiter({ shop: bucket }, clock);
  limiter.learn('shop', { available: 0, capacity: 100, perSecond: 50 });
  await limiter.acquire('shop', 25);
  expect(secondsSince(clock)).toBe(0.5);
});

test('a vendor that reports more than we have counted does not know yet of calls on their way', async () => {
  const clock = virtualClock(start);
  const limiter = memoryRateLimiter({ shop: bucket }, clock);
  await limiter.acquire('shop', 10);
  limiter.learn('shop', { available: 10 });
  await limiter.acquire('shop', 2);
  expect(secondsSince(clock)).toBe(1);
});

test('nonsense that a vendor says of its bucket is not believed', async () => {
  const clock = virtualClock(start);
  const limiter = memoryRateLimiter({ shop: bucket }, clock);
  limiter.learn('shop', { available: Number.NaN, capacity: 0, perSecond: -1 });
  await limiter.acquire('shop', 12);
  expect(clock.now()).toBe(start);
});

test('a clock that is set back an hour costs nothing', async () => {
  let now = epochMs(start);
  const clock: Clock = {
    now: () => instantOf(now),
    sleep: async (ms) => {
      now += ms;
    },
  };
  const limiter = memoryRateLimiter({ shop: bucket }, clock);
  now -= 3_600_000;
  await limiter.acquire('shop', 10);
  expect(now).toBe(epochMs(start) - 3_600_000);
});

test('who gives up while waiting in line is told at once and takes nothing', async () => {
  const clock = virtualClock(start);
  const open = Promise.withResolvers<void>();
  const blocked: Clock = { now: () => clock.now(), sleep: (ms) => open.promise.then(() => clock.sleep(ms)) };
  const limiter = memoryRateLimiter({ shop: bucket }, blocked);
  await limiter.acquire('shop', 10);
  const giveUp = new AbortController();
  const first = limiter.acquire('shop', 2);
  const second = limiter.acquire('shop', 10, giveUp.signal);
  const third = limiter.acquire('shop', 2);
  giveUp.abort(new Error('shutting down'));
  await expect(second).rejects.toThrow('shutting down');
  open.resolve();
  await Promise.all([first, third]);
  expect(secondsSince(clock)).toBe(2);
});

test('who gave up before takes nothing', async () => {
  const clock = virtualClock(start);
  const limiter = memoryRateLimiter({ shop: bucket }, clock);
  await expect(limiter.acquire('shop', 10, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  await limiter.acquire('shop', 10);
  expect(clock.now()).toBe(start);
});

test.each([-1, Number.NaN])('a call cannot cost %d', async (cost) => {
  await expect(memoryRateLimiter({ shop: bucket }, virtualClock(start)).acquire('shop', cost)).rejects.toThrow(RangeError);
});

test.each([
  { capacity: 10, perSecond: 0 },
  { capacity: 0, perSecond: 1 },
  { capacity: Number.NaN, perSecond: 1 },
])('a bucket of %j would never give anything', (limit) => {
  expect(() => memoryRateLimiter({ shop: limit }, virtualClock(start))).toThrow(RangeError);
});

function secondsSince(clock: Clock): number {
  return (epochMs(clock.now()) - epochMs(start)) / 1_000;
}
