import { addDays, epochMs, instantOf, isFault, localDate, type Instant } from '@quartermaster/domain';
import { waveSlots } from '@quartermaster/fulfilment';
import type { FlowContext } from './context.ts';
import { noteConnection, type Engine } from './engine.ts';

export type DaemonOptions = {
  readonly pullEveryMs: number;
  readonly publishEveryMs: number;
  /** Longest pause between two looks at what is due, default 1,000. */
  readonly restMs?: number;
  readonly signal: AbortSignal;
};

/** A wave that was missed while the daemon was down is made up for this long; after that the next one does its work. */
const makeUpMs = 6 * 3_600_000;

/**
 * Runs the flows by the clock until aborted: reads the channels, sources at every wave time, publishes stock, carries intents out. What fails by a fault of the outside is noted as an
 * exception and tried again at its next turn; it never stops the rest. When aborted it ends what is under way and returns.
 */
export async function runDaemon(
  engine: Engine,
  context: Pick<FlowContext, 'journal' | 'settings' | 'clock' | 'log'>,
  options: DaemonOptions,
): Promise<void> {
  const { clock, settings } = context;
  const { signal } = options;
  const due = { pull: 0, publish: 0 };
  const startedAt = clock.now();
  const done = new Set<Instant>();
  await engine.recover();
  while (!signal.aborted) {
    const now = epochMs(clock.now());
    if (now >= due.pull) {
      due.pull = now + options.pullEveryMs;
      for (const { connection } of settings.channels) await guarded(connection, () => engine.pull(connection));
    }
    const slot = lastSlot(clock.now());
    if (slot !== null && !done.has(slot)) {
      const decided = await guarded(settings.erp.connection, () => engine.wave(slot));
      if (decided) done.add(slot);
    }
    if (now >= due.publish) {
      due.publish = now + options.publishEveryMs;
      await guarded(settings.erp.connection, () => engine.publish());
    }
    while (!signal.aborted && (await engine.work()) > 0);
    const next = await engine.nextRunAt();
    const rest = Math.min(options.restMs ?? 1_000, Math.max(1, (next === null ? Infinity : epochMs(next)) - epochMs(clock.now())));
    await clock.sleep(rest, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  /** The newest wave time that has come since the start, or shortly before it. */
  function lastSlot(now: Instant): Instant | null {
    const today = localDate(now, settings.zone);
    const earliest = instantOf(epochMs(startedAt) - makeUpMs);
    const slots = [addDays(today, -1), today].flatMap((date) =>
      settings.waves.length === 0 ? [] : waveSlots({ times: settings.waves, days: everyDay }, date, settings.zone),
    );
    return slots.filter((slot) => slot <= now && slot >= earliest).at(-1) ?? null;
  }

  /** True when it worked. */
  async function guarded(connection: string, step: () => Promise<unknown>): Promise<boolean> {
    try {
      await step();
      await noteConnection(context, connection, null);
      return true;
    } catch (error) {
      if (!isFault(error)) throw error;
      context.log({ at: clock.now(), event: 'connection.fault', connection, code: error.code, message: error.message });
      await noteConnection(
        context,
        error.facts.connector === connection ? connection : `${connection} (${error.facts.connector})`,
        error.message,
      );
      return false;
    }
  }
}

const everyDay = [1, 2, 3, 4, 5, 6, 7];
