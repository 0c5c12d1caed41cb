import { instantOf, type Clock } from '@quartermaster/domain';
import { setTimeout as wait } from 'node:timers/promises';

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => instantOf(Date.now()),
  sleep: (ms, signal) => wait(ms, undefined, signal === undefined ? undefined : { signal }),
};
