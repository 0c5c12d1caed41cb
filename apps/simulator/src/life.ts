import { AsyncLocalStorage } from 'node:async_hooks';
import { instantOf, type Clock } from '@quartermaster/domain';
import type { Pulse } from '@quartermaster/flows';
import type { Chance } from './chance.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

/**
 * Where a process waits for something outside of it, and may be cut off: before and after a transaction or read of the journal, inside one right before it is committed, before a request
 * leaves and after its answer came, around the call of a port that has no network.
 */
export type PointKind = 'journal-before' | 'journal-inside' | 'journal-after' | 'wire-before' | 'wire-after' | 'port-before' | 'port-after';

/** What shall befall a process: at the `points`-th await point named like `where` that it comes to. */
export type Fate = {
  readonly where: string;
  readonly points: number;
  readonly what: { readonly kind: 'crash'; readonly backMs: number } | { readonly kind: 'stall'; readonly forMs: number };
};

/** One process from its start to its end: its clock, its chance, its await points. */
export type Life = {
  /** Which replica, and which start of it. */
  readonly name: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly pulse: Pulse;
  /** Comes back after a moment that chance decides, later when the process stands still, and never when it has died. */
  readonly point: (kind: PointKind, what: string) => Promise<void>;
  /** For what must not wait: true when the process has died here. */
  readonly diesAt: (kind: PointKind, what: string) => boolean;
  readonly isOver: () => boolean;
  /** Ends it: nothing of it goes on. */
  readonly end: () => void;
  /** Never comes back. */
  readonly forever: <Result>() => Promise<Result>;
  /** Runs something as a part of this process. */
  readonly within: <Result>(work: () => Result) => Result;
};

export type LifeOptions = {
  readonly name: string;
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly trace: Trace;
  /** How far its clock is ahead of the true time. */
  readonly skewMs: number;
  /** What shall befall this replica, whichever start of it; what has come true is taken out. */
  readonly fates: Fate[];
  /** The longest ordinary wait at an await point of the journal now. */
  readonly diskMs: () => number;
  readonly onCrash: (backMs: number) => void;
  /** From now on, for so long, it does not do its part. */
  readonly onTrouble: (forMs: number) => void;
};

const current = new AsyncLocalStorage<Life>();

/** The process that the running code belongs to; undefined in the world outside. */
export function currentLife(): Life | undefined {
  return current.getStore();
}

export function beginLife(options: LifeOptions): Life {
  const { name, time, chance, trace, skewMs, fates } = options;
  const forever = new Promise<never>(() => undefined);
  let over = false;
  let frozenUntil = 0;

  /** Something of this process that happens later: later still when it stands still then, and not at all when it has died. */
  const after = (ms: number, happen: () => void): (() => void) => {
    let wanted = true;
    const come = () => {
      if (over || !wanted) return;
      const frozenMs = frozenUntil - time.nowMs();
      if (frozenMs > 0) time.after(frozenMs, come);
      else happen();
    };
    time.after(ms, come);
    return () => {
      wanted = false;
    };
  };

  const crash = (kind: PointKind, what: string, backMs: number): void => {
    trace.note(time.nowMs(), name, `dies at ${kind} ${what}`);
    over = true;
    options.onTrouble(backMs);
    options.onCrash(backMs);
  };

  /** Lets come true what is due. */
  const meet = (kind: PointKind, what: string): void => {
    const index = fates.findIndex(({ where }) => `${kind} ${what}`.startsWith(where));
    const fate = fates[index];
    if (fate === undefined) return;
    if (fate.points > 0) {
      fates[index] = { ...fate, points: fate.points - 1 };
      return;
    }
    if (fate.what.kind === 'stall' && kind === 'journal-inside') return;
    fates.splice(index, 1);
    if (fate.what.kind === 'crash') return crash(kind, what, fate.what.backMs);
    trace.note(time.nowMs(), name, `stands still at ${kind} ${what} for ${fate.what.forMs} ms`);
    frozenUntil = time.nowMs() + fate.what.forMs;
    options.onTrouble(fate.what.forMs);
  };

  const self: Life = {
    name,
    clock: {
      now: () => instantOf(time.nowMs() + skewMs),
      sleep(ms, signal) {
        if (over) return forever;
        return new Promise((wake, refuse) => {
          if (signal?.aborted === true) return refuse(signal.reason);
          const drop = after(ms, wake);
          signal?.addEventListener(
            'abort',
            () => {
              drop();
              if (!over) refuse(signal.reason);
            },
            { once: true },
          );
        });
      },
    },
    random: chance.number,
    pulse(everyMs, beat) {
      // Heartbeats show people that a process lives; one in a while is enough of them.
      const rhythmMs = everyMs <= 10_000 ? 600_000 : everyMs;
      let running = true;
      let busy = false;
      const next = () =>
        after(rhythmMs, () => {
          if (!running) return;
          if (!busy) {
            busy = true;
            void within(beat)
              .catch(() => undefined)
              .finally(() => {
                busy = false;
              });
          }
          next();
        });
      next();
      return () => {
        running = false;
      };
    },
    async point(kind, what) {
      if (over) return forever;
      trace.note(time.nowMs(), name, `${kind} ${what}`);
      meet(kind, what);
      if (over) return forever;
      const longestMs = kind.startsWith('journal') ? options.diskMs() : 5;
      await new Promise<void>((goOn) => after(chance.between(0, longestMs), goOn));
    },
    diesAt(kind, what) {
      if (over) return true;
      meet(kind, what);
      return over;
    },
    isOver: () => over,
    end() {
      over = true;
    },
    forever: () => forever,
    within,
  };

  function within<Result>(work: () => Result): Result {
    return current.run(self, work);
  }
  return self;
}

/** Timers of a process, for {@link ownTimers}. */
export function laterIn(life: Life | undefined, time: VirtualTime): (ms: number, happen: () => void) => () => void {
  return (ms, happen) => {
    if (life === undefined) return time.after(ms, happen);
    let wanted = true;
    void life.clock.sleep(ms).then(() => (wanted ? life.within(happen) : undefined));
    return () => {
      wanted = false;
    };
  };
}
