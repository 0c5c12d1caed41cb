import { epochMs, type Clock } from '@quartermaster/domain';

/** USPS's quota of an app, over all its calls: so many in any hour, and a twelfth of that, at least five, in any minute. */
export function quota({ clock, callsPerHour }: { readonly clock: Clock; readonly callsPerHour: number }) {
  const perMinute = Math.max(5, Math.floor(callsPerHour / 12));
  let calls: number[] = [];
  let refused = 0;
  return {
    /** Counts a call; seconds to wait where it is one too many, which then does not count. */
    take(): number | null {
      const now = epochMs(clock.now());
      calls = calls.filter((at) => at > now - 3_600_000);
      const waitMs = Math.max(tooMany(calls, callsPerHour, 3_600_000, now), tooMany(calls, perMinute, 60_000, now));
      if (waitMs > 0) {
        refused += 1;
        return Math.ceil(waitMs / 1_000);
      }
      calls.push(now);
      return null;
    },
    refused: () => refused,
  };
}

/** Milliseconds until the window has room again. */
function tooMany(calls: readonly number[], limit: number, windowMs: number, now: number): number {
  const oldest = calls.filter((at) => at > now - windowMs).at(-limit);
  return oldest === undefined ? 0 : oldest + windowMs - now;
}
