import type { Clock } from '@quartermaster/domain';
import type { CallGate } from './call-gate.ts';
import { systemClock } from './clock.ts';
import type { HttpEvent } from './http.ts';
import { memoryRateLimiter, type Bucket, type RateLimiter } from './rate-limit.ts';

/** What a connector goes by beside its vendor: time, chance, the network and its limits. Everything has a default; a daemon gives its own, a test gives others. */
export type SurroundingOptions = {
  readonly clock?: Clock;
  /** Random numbers from 0 to 1, for the jitter of retries. */
  readonly random?: () => number;
  /** A limiter with the connector's buckets; default one in memory. Who shares an account at the vendor must share it. */
  readonly limiter?: RateLimiter;
  /**
   * Bounds how many calls of the connection are under way at a time; default is without bound. A call that waits for its turn has not left, and its time has not begun.
   */
  readonly gate?: CallGate;
  readonly fetch?: typeof fetch;
  /** Of one exchange until the last byte of the answer, in the machine's own time; default 30,000. */
  readonly timeoutMs?: number;
  /** Attempts of one call in all, default 3. Longer patience is the caller's: an intent waits in the journal, not in a socket. */
  readonly attempts?: number;
  readonly onEvent?: (event: HttpEvent) => void;
};

/** The same with what every connector needs. It is part of the options of {@link createHttp}. */
export type Surroundings = SurroundingOptions & Required<Pick<SurroundingOptions, 'clock' | 'random' | 'limiter'>>;

/** What was given of the surroundings, and nothing else of `options`; the machine's own for the rest, with a limiter of these buckets. */
export function surroundingsOf(options: SurroundingOptions, buckets: Readonly<Record<string, Bucket>>): Surroundings {
  const { attempts, clock = systemClock, fetch, gate, limiter, onEvent, random = Math.random, timeoutMs } = options;
  return {
    clock,
    random,
    limiter: limiter ?? memoryRateLimiter(buckets, clock),
    ...(gate === undefined ? {} : { gate }),
    ...(fetch === undefined ? {} : { fetch }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(attempts === undefined ? {} : { attempts }),
    ...(onEvent === undefined ? {} : { onEvent }),
  };
}
