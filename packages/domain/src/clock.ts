import type { Instant } from './instant.ts';

/** Time and waiting as an argument, so that a day can be played in seconds. */
export type Clock = {
  now(): Instant;
  /** Returns after that many milliseconds of this clock, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};
