import { memoryRateLimiter, type Bucket, type RateLimiter } from '@quartermaster/connector-kit';
import type { Clock } from '@quartermaster/domain';
import type { Journal } from '@quartermaster/journal';

/**
 * A rate limiter whose buckets all daemons on one journal share. What a vendor says of its bucket, and a pause that it asks for, are known to the process that was told: the others learn
 * them from their own next answers. Waits and throws like `memoryRateLimiter`.
 */
export function sharedRateLimiter(
  journal: Pick<Journal, 'transaction'>,
  buckets: Readonly<Record<string, Bucket>>,
  clock: Clock,
): RateLimiter {
  const own = memoryRateLimiter(buckets, clock);
  const limits = new Map(Object.entries(buckets));
  return {
    async acquire(bucket, cost, signal) {
      await own.acquire(bucket, cost, signal);
      for (;;) {
        const limit = limits.get(bucket);
        if (limit === undefined || cost === 0) return;
        const rate = { capacity: limit.capacity, refillPerSecond: limit.perSecond };
        const tokens = Math.min(cost, limit.capacity);
        const answer = await journal.transaction((tx) => tx.buckets.take(bucket, rate, tokens));
        if (answer.kind === 'granted') return;
        await clock.sleep(answer.afterMs, signal);
      }
    },
    giveBack(bucket, points) {
      own.giveBack(bucket, points);
      const limit = limits.get(bucket);
      if (limit === undefined || !(points > 0)) return;
      const rate = { capacity: limit.capacity, refillPerSecond: limit.perSecond };
      // Nobody waits for it; what cannot be given back flows back by itself.
      journal.transaction((tx) => tx.buckets.giveBack(bucket, rate, Math.min(points, limit.capacity))).catch(() => undefined);
    },
    learn(bucket, seen) {
      own.learn(bucket, seen);
      const limit = limits.get(bucket);
      if (limit === undefined) return;
      const { capacity = limit.capacity, perSecond = limit.perSecond } = seen;
      if (capacity > 0 && perSecond > 0 && Number.isFinite(capacity) && Number.isFinite(perSecond))
        limits.set(bucket, { capacity, perSecond });
    },
    pause: (bucket, until) => own.pause(bucket, until),
  };
}
