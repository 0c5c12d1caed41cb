import { epochMs, type Clock } from '@quartermaster/domain';

/** Requests per minute, with a live key and with one of tests; of every kind of object apart. The same figures as Shippo publishes. */
const perMinute = {
  make: { live: 500, test: 50 },
  one: { live: 4_000, test: 400 },
  list: { live: 50, test: 10 },
  track: { live: 500, test: 50 },
} as const;

/** Counts the requests of the last minute. The answer is how many milliseconds are to be waited, 0 where the request is let through. */
export function throttle(clock: Clock, isTest: boolean): (method: string, path: string) => number {
  const seen = new Map<string, number[]>();
  return (method, path) => {
    const [thing = '', ...rest] = path.split('/').filter((part) => part !== '' && part !== 'v2');
    const kind = thing === 'tracks' ? 'track' : method === 'POST' ? 'make' : rest.length === 0 ? 'list' : 'one';
    const most = perMinute[kind][isTest ? 'test' : 'live'];
    const name = `${thing} ${kind}`;
    const now = epochMs(clock.now());
    const times = (seen.get(name) ?? []).filter((time) => time > now - 60_000);
    const [oldest = now] = times;
    if (times.length >= most) {
      seen.set(name, times);
      return oldest + 60_000 - now;
    }
    seen.set(name, [...times, now]);
    return 0;
  };
}
