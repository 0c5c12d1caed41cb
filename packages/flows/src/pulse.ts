/**
 * Does something again and again, every so many milliseconds, until it is stopped: for leases that are renewed while a call is under way. Time that stands still while a call is under
 * way (a virtual clock) needs none.
 */
export type Pulse = (everyMs: number, beat: () => Promise<unknown>) => () => void;

/** For the machine's own time. A beat that fails is left out: what it kept alive ends then, and whoever relied on it is told when he writes. */
export const systemPulse: Pulse = (everyMs, beat) => {
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void beat()
      .catch(() => undefined)
      .finally(() => {
        busy = false;
      });
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
};

/** None at all. */
export const noPulse: Pulse = () => () => undefined;
