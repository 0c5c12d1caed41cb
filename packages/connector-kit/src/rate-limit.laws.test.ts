import { epochMs, instantOf } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryRateLimiter } from './rate-limit.ts';
import { virtualClock } from './sandbox/index.ts';

const start = Date.UTC(2026, 10, 21);
const limit = fc.record({ capacity: fc.integer({ min: 1, max: 100 }), perSecond: fc.double({ min: 0.05, max: 100, noNaN: true }) });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('call' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(5_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause' as const), ms: fc.nat(5_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('learn' as const), available: fc.integer({ min: -10, max: 200 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
type Grant = { readonly number: number; readonly at: number; readonly cost: number; readonly pausedUntil: number };

test('no window of time ever sees more than the capacity and what flowed in meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(limit, fc.array(step, { maxLength: 40 }), async (bucket, steps) => {
      const grants = await play(bucket, steps);
      const excess = grants.flatMap((first, from) => {
        let spent = 0;
        return grants.slice(from).map((last) => {
          spent += last.cost;
          return spent - (bucket.capacity + ((last.at - first.at) / 1_000) * bucket.perSecond);
        });
      });
      expect(Math.max(0, ...excess)).toBeLessThan(1e-6);
    }),
  );
});

test('calls are let through in the order in which they asked, each of them once', async () => {
  await fc.assert(
    fc.asyncProperty(limit, fc.array(step, { maxLength: 40 }), async (bucket, steps) => {
      const grants = await play(bucket, steps);
      const calls = steps.filter(({ kind }) => kind === 'call').length;
      expect(grants.map(({ number }) => number)).toEqual(Array.from({ length: calls }, (_value, index) => index));
    }),
  );
});

test('no call is let through before a pause is over', async () => {
  await fc.assert(
    fc.asyncProperty(limit, fc.array(step, { maxLength: 40 }), async (bucket, steps) => {
      const grants = await play(bucket, steps);
      expect(grants.every(({ at, pausedUntil }) => at >= pausedUntil)).toBe(true);
    }),
  );
});

test('a call waits no longer than it has to: without pauses the line is as fast as the bucket fills', async () => {
  await fc.assert(
    fc.asyncProperty(limit, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 }), async (bucket, shares) => {
      const grants = await play(
        bucket,
        shares.map((share) => ({ kind: 'call', share })),
      );
      const spent = grants.reduce((sum, { cost }) => sum + cost, 0);
      const neededMs = Math.max(0, ((spent - bucket.capacity) / bucket.perSecond) * 1_000);
      const tookMs = (grants.at(-1)?.at ?? start) - start;
      expect(tookMs - neededMs).toBeLessThanOrEqual(2 * grants.length + 1);
    }),
  );
});

/** Makes the calls one upon the other without waiting for them; waiting, pausing and learning happen when all calls so far are through. */
async function play(bucket: { capacity: number; perSecond: number }, steps: readonly Step[]): Promise<Grant[]> {
  const clock = virtualClock(instantOf(start));
  const limiter = memoryRateLimiter({ shop: bucket }, clock);
  const grants: Grant[] = [];
  let pending: Promise<void>[] = [];
  let pausedUntil = start;
  let number = 0;
  for (const { ...move } of steps) {
    if (move.kind === 'call') {
      const cost = move.share * bucket.capacity;
      const mine = number++;
      pending.push(
        limiter.acquire('shop', cost).then(() => void grants.push({ number: mine, at: epochMs(clock.now()), cost, pausedUntil })),
      );
      continue;
    }
    await Promise.all(pending);
    pending = [];
    const now = epochMs(clock.now());
    if (move.kind === 'wait') clock.advanceTo(instantOf(now + move.ms));
    if (move.kind === 'learn') limiter.learn('shop', { available: move.available });
    if (move.kind === 'pause') {
      pausedUntil = Math.max(pausedUntil, now + move.ms);
      limiter.pause('shop', instantOf(now + move.ms));
    }
  }
  await Promise.all(pending);
  return grants;
}
