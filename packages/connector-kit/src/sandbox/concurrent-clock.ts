import { epochMs, instantOf, type Clock, type Instant } from '@quartermaster/domain';

type Sleeper = { readonly at: number; readonly wake: () => void };

/**
 * A virtual clock by which many may sleep side by side, as they do by a real one: when everything that needs no time has come to rest, it is the moment of whoever wakes first. By
 * `virtualClock` the time of one who sleeps is added to that of all others. Time passes only while somebody sleeps.
 */
export function concurrentClock(start: Instant): Clock {
  let now = epochMs(start);
  let goesOn = false;
  /** The one who wakes first is the last; of one moment, whoever went to sleep first wakes first. */
  const sleepers: Sleeper[] = [];

  function goOn(): void {
    if (goesOn || sleepers.length === 0) return;
    goesOn = true;
    // Promises all go on before the event loop's next turn.
    setImmediate(() => {
      goesOn = false;
      const next = sleepers.pop();
      if (next === undefined) return;
      now = Math.max(now, next.at);
      next.wake();
      goOn();
    });
  }

  function add(sleeper: Sleeper): void {
    let [low, high] = [0, sleepers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sleepers[middle]?.at ?? 0) > sleeper.at) low = middle + 1;
      else high = middle;
    }
    sleepers.splice(low, 0, sleeper);
    goOn();
  }

  return {
    now: () => instantOf(now),
    sleep(ms, signal) {
      if (signal?.aborted === true) return Promise.reject(signal.reason);
      if (!Number.isFinite(ms)) return Promise.reject(new RangeError(`not a time to sleep: ${ms}`));
      return new Promise((resolve, reject) => {
        const sleeper = { at: now + Math.max(0, Math.ceil(ms)), wake };
        const abort = () => {
          const place = sleepers.indexOf(sleeper);
          if (place !== -1) sleepers.splice(place, 1);
          reject(signal?.reason);
        };
        function wake(): void {
          signal?.removeEventListener('abort', abort);
          resolve();
        }
        signal?.addEventListener('abort', abort, { once: true });
        add(sleeper);
      });
    },
  };
}
