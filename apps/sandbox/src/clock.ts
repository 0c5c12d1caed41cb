import { systemClock } from '@quartermaster/connector-kit';
import { epochMs, instantOf, type Clock } from '@quartermaster/domain';

/** A clock that can be put forward, never back. */
export type MovableClock = Clock & { advanceTo(instant: string): void };

/**
 * A movable clock that also goes on by itself, from `start` at the machine's pace: for sandboxes in a process of their own, whose quotas must refill while a client with another clock
 * waits.
 */
export function runningClock(start: string, machine: Clock = systemClock): MovableClock {
  let offsetMs = epochMs(start) - epochMs(machine.now());
  const now = (): number => epochMs(machine.now()) + offsetMs;
  return {
    now: () => instantOf(now()),
    sleep: (ms, signal) => machine.sleep(ms, signal),
    advanceTo(instant) {
      offsetMs += Math.max(0, epochMs(instant) - now());
    },
  };
}
