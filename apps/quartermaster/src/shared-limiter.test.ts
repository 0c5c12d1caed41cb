import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { openJournal } from '@quartermaster/journal';
import { expect, test } from 'vitest';
import { sharedRateLimiter } from './shared-limiter.ts';

const start = '2026-11-23T09:00:00.000Z';
const buckets = { shop: { capacity: 10, perSecond: 2 } };

test('two daemons together get no more than the bucket holds and what flows in', async () => {
  const { one, other, seconds } = await daemons();

  for (let call = 0; call < 5; call += 1) await Promise.all([one.acquire('shop', 3), other.acquire('shop', 3)]);

  expect(seconds()).toBeGreaterThanOrEqual((30 - 10) / 2);
});

test('what the vendor says of its bucket is what counts from then on', async () => {
  const { one, seconds } = await daemons();

  one.learn('shop', { available: 10, capacity: 10, perSecond: 20 });
  for (let call = 0; call < 5; call += 1) await one.acquire('shop', 10);

  expect(seconds()).toBeLessThan(4);
});

test('a call that costs more than the bucket can hold waits for a full one', async () => {
  const { one, seconds } = await daemons();

  await one.acquire('shop', 1);
  await one.acquire('shop', 500);

  expect(seconds()).toBeGreaterThanOrEqual(0.5);
});

test('what a call gives back is there for the other daemon', async () => {
  const { one, other, seconds } = await daemons();

  await one.acquire('shop', 10);
  one.giveBack('shop', 10);
  await other.acquire('shop', 9);

  expect(seconds()).toBe(0);
});

test('what has no bucket is without limit', async () => {
  const { one, seconds } = await daemons();

  await one.acquire('other', 1_000_000);

  expect(seconds()).toBe(0);
});

async function daemons() {
  const clock = virtualClock(start);
  const journal = await openJournal({ path: ':memory:', masterKey: new Uint8Array(32).fill(7), clock });
  return {
    one: sharedRateLimiter(journal, buckets, clock),
    other: sharedRateLimiter(journal, buckets, clock),
    seconds: () => (Date.parse(clock.now()) - Date.parse(start)) / 1_000,
  };
}
