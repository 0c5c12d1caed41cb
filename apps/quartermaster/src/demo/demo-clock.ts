import { epochMs, instantOf, type Clock, type Instant } from '@quartermaster/domain';
import type { SandboxControl } from '@quartermaster/sandbox';

/** The clock of a daemon whose sandboxes live in another process: sleeping passes time there too, at once, so that their quotas refill. */
export function remoteClock(start: Instant, control: SandboxControl): Clock {
  let now = epochMs(start);
  return {
    now: () => instantOf(now),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      now += Math.max(0, ms);
      now = Math.max(now, epochMs(await control.passTime(instantOf(now))));
    },
  };
}
