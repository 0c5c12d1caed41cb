import { memoryRateLimiter, type Bucket, type RateLimiter } from '@quartermaster/connector-kit';
import { epochMs, type Clock } from '@quartermaster/domain';

/** What a vendor allows: points that flow back evenly, or so many in a window that begins with its first call. */
export type Allowance =
  | (Bucket & { readonly kind: 'bucket' })
  | { readonly kind: 'window'; readonly calls: number; readonly perMs: number };

/** How long calls were held back by us for the sake of a bucket, and how much of that the vendor would not have asked for. */
export type HeldBack = { readonly bucket: string; readonly calls: number; readonly waitedMs: number; readonly needlessMs: number };

export type MeteredLimiter = { readonly limiter: RateLimiter; readonly heldBack: () => readonly HeldBack[] };

/**
 * A limiter in memory that is held against what the vendor allows. A call that is next waits; it waits needlessly from the moment on at which the vendor would have let it through. Calls behind it
 * count from when it has gone.
 */
export function meteredLimiter(
  buckets: Readonly<Record<string, Bucket>>,
  clock: Clock,
  allowanceOf: (bucket: string) => Allowance | undefined,
): MeteredLimiter {
  const inner = memoryRateLimiter(buckets, clock);
  const meters = new Map(
    Object.entries(buckets).map(([name, bucket]) => [name, meterOf(allowanceOf(name) ?? { kind: 'bucket', ...bucket }, nowMs())]),
  );
  function nowMs(): number {
    return epochMs(clock.now());
  }
  return {
    limiter: {
      async acquire(bucket, cost, signal) {
        const meter = meters.get(bucket);
        const asked = nowMs();
        await inner.acquire(bucket, cost, signal);
        meter?.went(asked, nowMs(), cost);
      },
      giveBack(bucket, points) {
        inner.giveBack(bucket, points);
        meters.get(bucket)?.giveBack(points, nowMs());
      },
      learn(bucket, seen) {
        inner.learn(bucket, seen);
        meters.get(bucket)?.learn(seen, nowMs());
      },
      pause: (bucket, until) => inner.pause(bucket, until),
    },
    heldBack: () => [...meters].map(([bucket, meter]) => ({ bucket, ...meter.sums() })),
  };
}

function meterOf(allowance: Allowance, start: number) {
  let { limit, points, at } =
    allowance.kind === 'bucket'
      ? { limit: { capacity: allowance.capacity, perSecond: allowance.perSecond }, points: allowance.capacity, at: start }
      : { limit: { capacity: allowance.calls, perSecond: 0 }, points: allowance.calls, at: start };
  /** What was given back, and how much at most the vendor then had. */
  const backs: { readonly at: number; readonly points: number; readonly most: number }[] = [];
  let windowEnds = start;
  let lastWent = start;
  const sums = { calls: 0, waitedMs: 0, needlessMs: 0 };

  function passTo(now: number): void {
    if (now < at) return;
    if (allowance.kind === 'window') {
      at = now;
      if (now < windowEnds) return;
      points = allowance.calls;
      windowEnds = now + allowance.perMs;
      return;
    }
    points = Math.min(limit.capacity, points + ((now - at) / 1_000) * limit.perSecond);
    at = now;
  }

  /** When the vendor lets so many points through, if nobody else takes any. */
  function letsThroughAt(now: number, cost: number): number {
    const missing = Math.min(cost, limit.capacity) - points;
    if (missing <= 0) return now;
    return allowance.kind === 'window' ? windowEnds : now + (missing / limit.perSecond) * 1_000;
  }

  /** What was given back while the next call waited counts from then on. */
  function takeBack(until: number): boolean {
    const next = backs[0];
    if (next === undefined || next.at > until) return false;
    backs.shift();
    passTo(next.at);
    points = Math.min(limit.capacity, next.most, points + next.points);
    return true;
  }

  return {
    went(asked: number, went: number, cost: number): void {
      const next = Math.max(asked, lastWent);
      while (takeBack(next));
      passTo(next);
      while (letsThroughAt(at, cost) > (backs[0]?.at ?? Infinity) && takeBack(went));
      const allowed = letsThroughAt(Math.max(at, next), cost);
      sums.calls += 1;
      sums.waitedMs += went - next;
      sums.needlessMs += Math.max(0, went - allowed);
      while (takeBack(went));
      passTo(went);
      points -= Math.min(cost, limit.capacity);
      lastWent = went;
    },
    giveBack(back: number, now: number): void {
      if (back > 0) backs.push({ at: now, points: back, most: Infinity });
    },
    learn(seen: { readonly available: number; readonly capacity?: number; readonly perSecond?: number }, now: number): void {
      if (allowance.kind === 'window') return;
      limit = { capacity: seen.capacity ?? limit.capacity, perSecond: seen.perSecond ?? limit.perSecond };
      backs.push({ at: now, points: 0, most: seen.available });
    },
    sums: () => ({ ...sums }),
  };
}
