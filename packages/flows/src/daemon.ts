import { addDays, epochMs, instantOf, isFault, localDate, type ConnectionId, type Instant } from '@quartermaster/domain';
import { waveSlots } from '@quartermaster/fulfilment';
import { JournalError } from '@quartermaster/journal';
import { noteConnection } from './connection-state.ts';
import { ownerOf, type FlowContext } from './context.ts';
import { restUnlessStopped, type Engine } from './engine.ts';
import { connectionOf } from './speaking-to.ts';

export type DaemonOptions = {
  readonly pullEveryMs: number;
  readonly publishEveryMs: number;
  /** Longest pause between two looks at what is due, default 1,000. */
  readonly restMs?: number;
  readonly signal: AbortSignal;
};

/** A wave that was missed while the daemon was down is made up for this long; after that the next one does its work. */
const makeUpMs = 6 * 3_600_000;
/** A wave that failed is tried again after the first of these, and after twice as long each time, up to the second. */
const retryMs = { first: 5_000, longest: 5 * 60_000 };

/**
 * Runs the flows by the clock until aborted: reads the channels (also right before a wave), sources at every wave time, publishes stock, carries intents out. What fails is noted as an
 * exception and tried again at its next turn; it never stops the rest. Only the journal does: its `JournalError` is thrown, because nothing may be done that cannot be noted. When
 * aborted, ends what is under way and returns.
 */
export async function runDaemon(
  engine: Engine,
  context: Pick<FlowContext, 'journal' | 'settings' | 'clock' | 'log'>,
  options: DaemonOptions,
): Promise<void> {
  const { clock, settings } = context;
  const { signal } = options;
  const startedAt = clock.now();
  const due = { pull: 0, publish: 0, wave: 0, announced: 0 };
  const done = new Set<Instant>();
  let failedWaves = 0;
  const guarded = guard(context);
  /** A channel that could not be read is read at its turn, however many webhooks come. */
  const quietUntil = new Map<ConnectionId, number>();
  const announced = async (): Promise<ConnectionId[]> => {
    const now = epochMs(clock.now());
    if (now < due.announced) return [];
    due.announced = now + (options.restMs ?? 1_000);
    return (await engine.announced()).filter((connection) => (quietUntil.get(connection) ?? 0) <= now);
  };
  await engine.recover();
  while (!signal.aborted) {
    const now = epochMs(clock.now());
    const slot = lastSlot(settings, { startedAt, now: clock.now() });
    const wave = slot !== null && !done.has(slot) && now >= due.wave ? slot : null;
    const everyChannel = now >= due.pull || wave !== null;
    if (everyChannel) due.pull = now + options.pullEveryMs;
    const channels = everyChannel ? settings.channels.map(({ connection }) => connection) : await announced();
    for (const connection of channels)
      if (!signal.aborted && !(await guarded(connection, `pull/${connection}`, () => engine.pull(connection))))
        quietUntil.set(connection, now + options.pullEveryMs);
    if (wave !== null && !signal.aborted) {
      if (await guarded(settings.erp.connection, 'wave', () => engine.wave(wave))) {
        done.add(wave);
        failedWaves = 0;
      } else {
        due.wave = epochMs(clock.now()) + Math.min(retryMs.longest, retryMs.first * 2 ** failedWaves++);
      }
    }
    if (now >= due.publish && !signal.aborted) {
      due.publish = now + options.publishEveryMs;
      await guarded(settings.erp.connection, 'publish', () => engine.publish());
    }
    if (signal.aborted || (await engine.work()) > 0) continue;
    const next = await engine.nextRunAt();
    const untilNext = next === null ? Infinity : epochMs(next) - epochMs(clock.now());
    await restUnlessStopped(clock, Math.min(options.restMs ?? 1_000, Math.max(1, untilNext)), signal);
  }
}

/** The newest wave time that has come since the start, or shortly before it. */
function lastSlot({ waves, zone }: FlowContext['settings'], { startedAt, now }: { startedAt: Instant; now: Instant }): Instant | null {
  if (waves.length === 0) return null;
  const today = localDate(now, zone);
  const earliest = instantOf(epochMs(startedAt) - makeUpMs);
  const slots = [addDays(today, -1), today].flatMap((date) => waveSlots({ times: waves, days: everyDay }, date, zone));
  return slots.filter((slot) => slot <= now && slot >= earliest).at(-1) ?? null;
}

type Guarded = (connection: ConnectionId, step: string, work: () => Promise<unknown>) => Promise<boolean>;

/**
 * Runs a step that may fail; true when it worked. A fault is noted on the connection that it came from, `connection` when that is not known, and taken back there once a step of its
 * own works. A defect of ours is noted on the step.
 */
function guard(context: Pick<FlowContext, 'journal' | 'settings' | 'clock' | 'log'>): Guarded {
  /** What is known to be well; the rest is asked of the journal, which remembers the last process. */
  const well = new Set<string>();
  const { clock } = context;
  return async (connection, step, work) => {
    try {
      await work();
    } catch (error) {
      if (error instanceof JournalError) throw error;
      const message = error instanceof Error ? error.message : 'an unknown error';
      if (isFault(error)) {
        const from = connectionOf(error) ?? connection;
        well.delete(from);
        context.log({ at: clock.now(), event: 'connection.fault', connection: from, code: error.code, message });
        await noteConnection(context, from, message);
      } else {
        well.delete(step);
        context.log({ at: clock.now(), event: 'step.failed', step, message });
        await noteDefect(context, step, message);
      }
      return false;
    }
    if (!well.has(connection)) await noteConnection(context, connection, null);
    if (!well.has(step)) await noteDefect(context, step, null);
    well.add(connection).add(step);
    return true;
  };
}

async function noteDefect(
  context: Pick<FlowContext, 'journal' | 'settings' | 'clock'>,
  step: string,
  message: string | null,
): Promise<void> {
  const which = { code: 'step-failed', subjectKey: step };
  const at = context.clock.now();
  await context.journal.transaction(async (tx) => {
    if (message === null) await tx.exceptions.resolve(which, { by: 'quartermaster', reason: 'it works again', at });
    else await tx.exceptions.raise({ ...which, owner: ownerOf(context.settings, which.code), reason: message, at });
  });
}

const everyDay = [1, 2, 3, 4, 5, 6, 7];
