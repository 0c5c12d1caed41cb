import { instantOf, type Clock } from '@quartermaster/domain';
import { setTimeout as wait } from 'node:timers/promises';

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => instantOf(Date.now()),
  async sleep(ms, signal) {
    let left = ms;
    try {
      do {
        await wait(Math.min(left, longestTimerMs), undefined, signal === undefined ? undefined : { signal });
        left -= longestTimerMs;
      } while (left > 0);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};

/** The longest that a timer of Node can wait, some 25 days; what is longer it takes for one millisecond. */
export const longestTimerMs = 2 ** 31 - 1;
