import { currentLife, laterIn } from './life.ts';
import type { VirtualTime } from './virtual-time.ts';

/**
 * Lets `setTimeout` go by the virtual time while `work` runs, for the code of the product that measures the machine's own time: the timeout of a request. A timer belongs to the process
 * that set it, stands still with it and dies with it. One day at a time may own the timers of a thread.
 */
export async function owningTimers<Result>(time: VirtualTime, work: () => Promise<Result>): Promise<Result> {
  const { setTimeout: machineTimer, clearTimeout: clearMachineTimer } = globalThis;
  const running = new WeakMap<object, () => void>();
  const timer = (happen: () => void, ms = 0) => {
    const handle = { unref: () => handle, ref: () => handle };
    running.set(handle, laterIn(currentLife(), time)(ms, happen));
    return handle;
  };
  const clear = (handle: Parameters<typeof clearTimeout>[0]) => {
    const drop = typeof handle === 'object' ? running.get(handle) : undefined;
    if (drop === undefined) clearMachineTimer(handle);
    else drop();
  };
  Object.assign(globalThis, { setTimeout: timer, clearTimeout: clear });
  try {
    return await work();
  } finally {
    Object.assign(globalThis, { setTimeout: machineTimer, clearTimeout: clearMachineTimer });
  }
}
