import { monitorEventLoopDelay } from 'node:perf_hooks';
import { scopeOf, type Around, type Engine, type FlowWorld } from '@quartermaster/flows';
import type { AroundCall } from './observed-ports.ts';
import { seldom, type Stopwatch } from './seldom.ts';

/** Whether this process still does its work. */
export type ProcessWatch = {
  /** The daemon came round of late; a process of which this is not true is helped by a restart. */
  alive(): boolean;
  /** Milliseconds since the daemon last began or ended something. */
  quietMs(): number;
  /** The longest time within the last minute in which nothing could be answered. */
  eventLoopLagMs(): number;
  /** It was told to stop: it takes nothing new. */
  stopping(): boolean;
  /** Writes to the journal, at most every five seconds; throws its `JournalError`. */
  journalWritable(): Promise<void>;
};

/** What tells the watch that something happens. */
export type Watched = {
  readonly watch: ProcessWatch;
  readonly around: Around;
  readonly aroundCall: AroundCall;
  readonly engine: (engine: Engine) => Engine;
};

/** A daemon that neither began nor ended anything for so long hangs: its calls have timeouts, and the longest thing that it does alone is a wave. */
const longestQuietMs = 15 * 60_000;
const lookBackMs = 60_000;
const writeEveryMs = 5_000;

/** Watches over a daemon by what it does, without its help. */
export function watchProcess(
  { journal, settings, clock }: Pick<FlowWorld, 'journal' | 'settings' | 'clock'>,
  signal: AbortSignal,
  now: Stopwatch = () => performance.now(),
): Watched & Disposable {
  let last = now();
  const stir = () => {
    last = now();
  };
  const around = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    stir();
    try {
      return await work();
    } finally {
      stir();
    }
  };
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const forget = setInterval(() => delay.reset(), lookBackMs);
  forget.unref();
  const journalWritable = seldom(
    () => journal.transaction((tx) => tx.cursors.set(scopeOf(settings, settings.erp.connection), 'readiness', { at: clock.now() })),
    writeEveryMs,
  );
  return {
    watch: {
      alive: () => now() - last <= longestQuietMs,
      quietMs: () => Math.round(now() - last),
      eventLoopLagMs: () => Math.round(Math.max(0, delay.max) / 1e6),
      stopping: () => signal.aborted,
      journalWritable,
    },
    around: (_step, work) => around(work),
    aroundCall: (_call, work) => around(work),
    engine: (engine) => ({ ...engine, work: (bounds) => around(() => engine.work(bounds)) }),
    [Symbol.dispose]() {
      clearInterval(forget);
      delay.disable();
    },
  };
}
