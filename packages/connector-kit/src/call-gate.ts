/** Lets so many calls be under way at a time; the others wait in the order of asking, or until their signal ends them. */
export type CallGate = <Result>(call: () => Promise<Result>, signal?: AbortSignal) => Promise<Result>;

/** A gate for the calls of one connection. Throws a `RangeError` where nothing could ever pass. */
export function callGate(mostAtOnce: number): CallGate {
  if (!(mostAtOnce >= 1)) throw new RangeError(`no call would ever pass ${mostAtOnce} at a time`);
  const waiting = new Set<() => void>();
  let free = mostAtOnce;
  const leave = (): void => {
    const [next] = waiting;
    if (next === undefined) {
      free += 1;
      return;
    }
    waiting.delete(next);
    next();
  };
  const enter = (signal: AbortSignal | undefined): Promise<void> | undefined => {
    signal?.throwIfAborted();
    if (free >= 1) {
      free -= 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const abort = () => {
        waiting.delete(goIn);
        reject(signal?.reason);
      };
      const goIn = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      waiting.add(goIn);
      signal?.addEventListener('abort', abort, { once: true });
    });
  };
  return async (call, signal) => {
    await enter(signal);
    try {
      return await call();
    } finally {
      leave();
    }
  };
}
