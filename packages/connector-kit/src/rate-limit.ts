import { epochMs, type Clock, type Instant } from '@quartermaster/domain';
import { unlessAborted } from './unless-aborted.ts';

/** A vendor's quota as data: `capacity` points at most, refilled at `perSecond`. Both are above 0. */
export type Bucket = { readonly capacity: number; readonly perSecond: number };

/** Keeps calls inside a vendor's quotas. Buckets are named by account and operation; an unknown name is without limit. */
export type RateLimiter = {
  /** Returns once `cost` points were there and are taken; waits in the order of asking. Rejects with the signal's reason, having taken nothing. */
  acquire(bucket: string, cost: number, signal?: AbortSignal): Promise<void>;
  /** Points that a call took and that the vendor did not charge in the end. */
  giveBack(bucket: string, points: number): void;
  /** Takes over what the vendor itself says of its bucket. Points only ever go down by it: the vendor does not know yet of calls on their way. */
  learn(bucket: string, seen: { readonly available: number; readonly capacity?: number; readonly perSecond?: number }): void;
  /** No call before this instant. */
  pause(bucket: string, until: Instant): void;
};

/**
 * Token buckets in memory, for one process. A cost above a bucket's capacity waits for a full bucket and takes it all. Throws a `RangeError` for a bucket that would never give
 * anything, and for a cost that is no number.
 */
export function memoryRateLimiter(buckets: Readonly<Record<string, Bucket>>, clock: Clock): RateLimiter {
  type State = { limit: Bucket; points: number; at: number; pausedUntil: number; queue: Promise<void>; waking: AbortController | null };
  const states = new Map<string, State>();
  for (const [name, limit] of Object.entries(buckets)) {
    if (!isPositive(limit.capacity) || !isPositive(limit.perSecond)) throw new RangeError(`bucket ${name} would never give anything`);
    states.set(name, { limit, points: limit.capacity, at: epochMs(clock.now()), pausedUntil: 0, queue: Promise.resolve(), waking: null });
  }

  /** A clock that is set back (by its time server) refills nothing and takes nothing away. */
  function refill(state: State): void {
    const now = epochMs(clock.now());
    const elapsedMs = Math.max(0, now - state.at);
    state.points = Math.min(state.limit.capacity, state.points + (elapsedMs / 1_000) * state.limit.perSecond);
    state.at = now;
  }

  async function take(state: State, cost: number, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      refill(state);
      const paused = state.pausedUntil - state.at;
      const wanted = Math.min(cost, state.limit.capacity);
      if (paused <= 0 && state.points >= wanted) {
        state.points -= wanted;
        return;
      }
      const missingMs = Math.ceil(((wanted - state.points) / state.limit.perSecond) * 1_000);
      await restUnlessGivenBack(state, Math.max(1, paused, missingMs), signal);
    }
  }

  async function restUnlessGivenBack(state: State, ms: number, signal: AbortSignal | undefined): Promise<void> {
    const waking = new AbortController();
    state.waking = waking;
    try {
      await clock.sleep(ms, signal === undefined ? waking.signal : AbortSignal.any([signal, waking.signal]));
    } catch (error) {
      signal?.throwIfAborted();
      if (!waking.signal.aborted) throw error;
    } finally {
      state.waking = null;
    }
  }

  return {
    acquire(bucket, cost, signal) {
      if (!(cost >= 0)) return Promise.reject(new RangeError(`not a cost: ${cost}`));
      const state = states.get(bucket);
      if (state === undefined) return Promise.resolve();
      const turn = state.queue.then(() => take(state, cost, signal));
      state.queue = turn.catch(() => undefined);
      return unlessAborted(turn, signal);
    },
    giveBack(bucket, points) {
      const state = states.get(bucket);
      if (state === undefined || !(points > 0)) return;
      refill(state);
      state.points = Math.min(state.limit.capacity, state.points + points);
      state.waking?.abort();
    },
    learn(bucket, seen) {
      const state = states.get(bucket);
      if (state === undefined) return;
      refill(state);
      state.limit = {
        capacity: isPositive(seen.capacity) ? seen.capacity : state.limit.capacity,
        perSecond: isPositive(seen.perSecond) ? seen.perSecond : state.limit.perSecond,
      };
      const available = Number.isFinite(seen.available) ? seen.available : state.points;
      state.points = Math.min(state.points, available, state.limit.capacity);
    },
    pause(bucket, until) {
      const state = states.get(bucket);
      if (state !== undefined) state.pausedUntil = Math.max(state.pausedUntil, epochMs(until));
    },
  };
}

function isPositive(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && value > 0;
}
