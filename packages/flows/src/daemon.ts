import { addDays, epochMs, instantOf, isFault, localDate, type ConnectionId, type Instant } from '@quartermaster/domain';
import { waveSlots } from '@quartermaster/fulfilment';
import { ConflictError, JournalError } from '@quartermaster/journal';
import { isOutage } from './connection-circuits.ts';
import { noteConnection } from './connection-state.ts';
import { ownerOf, type FlowContext } from './context.ts';
import { isUnsettled } from './drift/reconcile.ts';
import { restUnlessStopped, type Engine } from './engine.ts';
import { placeOf } from './events.ts';
import { causeOf, errorName } from './fault-fields.ts';
import { settingsInForce } from './policy/policy-in-force.ts';
import { noPulse, type Pulse } from './pulse.ts';
import { heartbeat } from './replica.ts';
import { connectionOf } from './speaking-to.ts';
import { stepsBeside } from './steps-beside.ts';
import type { Urgency } from './turns.ts';
import { workBeside, type WorkBeside } from './work-beside.ts';

export type DaemonOptions = {
  readonly pullEveryMs: number;
  readonly publishEveryMs: number;
  /** How often channels, ERP and journal are compared; left out: never. What was seen once is looked at again after the window of the settings. */
  readonly reconcileEveryMs?: number;
  /** How often channels are asked what customers send back; left out: never. */
  readonly returnsEveryMs?: number;
  /** How often it is looked what carriers told of parcels, and which are to be asked after; left out: never. */
  readonly parcelsEveryMs?: number;
  /** How often a carrier's labels are compared with those that the journal knows; left out: never. */
  readonly sweepEveryMs?: number;
  /** Longest pause between two looks at what is due, default 1,000. */
  readonly restMs?: number;
  readonly signal: AbortSignal;
};

/** A wave that was missed while the daemon was down is made up for this long; after that the next one does its work. */
const makeUpMs = 6 * 3_600_000;
/** A wave that failed is tried again after the first of these, and after twice as long each time, up to the second. */
const retryMs = { first: 5_000, longest: 5 * 60_000 };

/** Longest pause between two looks at what is due, where the options say nothing. */
const restMs = 1_000;
/** How soon it is looked again for what is due and cannot be taken, such as the probe of a circuit that goes by the database's clock. */
const dueElsewhereMs = 250;
/** How soon a replica looks again whether another one has made the wave that it is at. */
const waveLookMs = 2_000;
/** A turn that another replica took some time ago comes again sooner than a whole interval from now: after this share of it one looks whether it has. */
const lookAgainShare = 0.25;
/** A figure that was not set because the channel had another is decided anew no sooner after the last publication than this share of the interval. */
const staleShare = 0.1;
/** After so long a step that works takes back exceptions of its connection that another replica raised. */
const doubtMs = 5 * 60_000;
/** How often it is looked whether people are to be forgotten, which is done once a day. */
const forgetEveryMs = 3_600_000;
/** How often it is looked which exceptions have waited too long. */
const tendExceptionsEveryMs = 60_000;
/** A channel that was read so shortly ago is not read once more before a wave that comes late. */
const freshMs = 60_000;
/** Where reading takes longer than its interval, so much time is left between two turns of it. */
const leastPauseMs = 5_000;
/** Alone with its journal a daemon does everything itself, at its time. */
const always: Urgency = { since: null, whenBusy: 'wait' };

/**
 * Runs the flows by the clock until aborted: reads the channels (also right before a wave), sources at every wave time, publishes stock, and beside all that carries intents out. Several daemons on
 * one journal share that. What fails is noted as an exception and tried again at its next turn; it never stops the rest. Only the journal does: its `JournalError` is thrown, because nothing
 * may be done that cannot be noted. When aborted, begins nothing new, ends what is under way, gives its leases back and returns.
 */
export async function runDaemon(
  engine: Engine,
  context: Pick<FlowContext, 'journal' | 'settings' | 'clock' | 'log'> & { readonly pulse?: Pulse },
  options: DaemonOptions,
): Promise<void> {
  const pulse = context.pulse ?? noPulse;
  const stop = pulse(heartbeat.everyMs, () => engine.tend());
  try {
    await engine.recover();
    await rereadPatiently(engine, context, options.signal);
    const work = workBeside(engine, pulse, options.restMs ?? restMs);
    try {
      await live(engine, context, options, work);
    } catch (error) {
      await work.end().catch(() => undefined);
      throw error;
    }
    await work.end();
    await engine.leave();
  } finally {
    stop();
  }
}

/** A journal that came back from a backup sends nothing before the world was read again, however long a connection is away. */
async function rereadPatiently(
  engine: Engine,
  context: Pick<FlowContext, 'journal' | 'settings' | 'clock' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  for (let failed = 0; !signal.aborted; failed++) {
    try {
      await engine.reread();
      return;
    } catch (error) {
      if (!isFault(error)) throw error;
      const from = connectionOf(error) ?? null;
      context.log({ at: context.clock.now(), event: 'restored.waiting', connection: from, code: error.code });
      if (from !== null) await noteConnection(context, from, error.message);
      await restUnlessStopped(context.clock, Math.min(retryMs.longest, retryMs.first * 2 ** failed), signal);
    }
  }
}

async function live(
  engine: Engine,
  context: Pick<FlowContext, 'journal' | 'settings' | 'clock' | 'log'>,
  { signal, ...options }: DaemonOptions,
  work: WorkBeside,
): Promise<void> {
  const { journal, clock } = context;
  const startedAt = clock.now();
  const { reconcileEveryMs = Infinity, returnsEveryMs = Infinity, parcelsEveryMs = Infinity, sweepEveryMs = Infinity } = options;
  /** The first look is left until all is read and published that waited for the start. */
  const due = {
    tend: 0,
    pull: 0,
    publish: 0,
    wave: 0,
    doubt: 0,
    announced: 0,
    returns: 0,
    parcels: 0,
    sweep: 0,
    forget: 0,
    exceptions: 0,
    reconcile: epochMs(startedAt) + reconcileEveryMs,
  };
  let publishedAt = -Infinity;
  const done = new Set<Instant>();
  let failedWaves = 0;
  const guarded = guard(context, engine);
  const beside = stepsBeside();
  /** A channel that could not be read is read at its turn, however many webhooks come. */
  const quietUntil = new Map<ConnectionId, number>();
  const announced = async (now: number): Promise<ConnectionId[]> => {
    if (now < due.announced) return [];
    due.announced = now + (options.restMs ?? restMs);
    return (await engine.announced()).filter((connection) => (quietUntil.get(connection) ?? 0) <= now);
  };
  while (!signal.aborted) {
    beside.check();
    await engine.takeUpPolicy();
    const settings = settingsInForce(context.settings);
    const now = epochMs(clock.now());
    if (now >= due.tend) {
      due.tend = now + heartbeat.everyMs;
      await engine.tend();
    }
    if (now >= due.doubt) {
      due.doubt = now + doubtMs;
      guarded.doubt();
    }
    const slot = lastSlot(settings, { startedAt, now: clock.now() });
    let wave = slot !== null && !done.has(slot) && now >= due.wave ? slot : null;
    if (wave !== null) {
      const standing = await engine.standingOf(wave);
      if (standing === 'over') done.add(wave);
      if (standing === 'busy') due.wave = now + waveLookMs;
      if (standing !== 'free') wave = null;
    }
    const inTurn = now >= due.pull;
    if (inTurn) due.pull = now + options.pullEveryMs;
    const urgency = journal.shared ? urgencyOfPull({ wave, inTurn, now, pullEveryMs: options.pullEveryMs }) : always;
    const all = inTurn || wave !== null;
    const channels = all ? settings.channels.map(({ connection }) => connection) : await announced(now);
    await together(signal.aborted ? [] : channels, async (connection) => {
      const read = () => (all ? engine.pull(connection, urgency) : engine.followUp(connection, urgency));
      const outcome = await guarded.step(connection, `pull/${connection}`, read);
      if (outcome === 'failed') quietUntil.set(connection, now + options.pullEveryMs);
      if (outcome === 'left' && inTurn) due.pull = now + options.pullEveryMs * lookAgainShare;
    });
    if (wave !== null && !signal.aborted) {
      const outcome = await guarded.step(settings.erp.connection, 'wave', () => engine.wave(wave));
      if (outcome !== 'failed') failedWaves = 0;
      // What another replica has taken is looked at again until it is over: that one may die.
      if (outcome === 'done') done.add(wave);
      else
        due.wave = epochMs(clock.now()) + (outcome === 'left' ? waveLookMs : Math.min(retryMs.longest, retryMs.first * 2 ** failedWaves++));
    }
    if (wave === null && channels.length > 0 && !signal.aborted)
      await guarded.step(settings.erp.connection, 'source', () => engine.sourceBetweenWaves());
    if (returnsEveryMs !== Infinity && now >= due.returns && !signal.aborted) {
      due.returns = now + returnsEveryMs;
      const turn: Urgency = journal.shared ? { since: instantOf(now - returnsEveryMs + 1), whenBusy: 'leave' } : always;
      for (const { connection } of settings.channels)
        beside.begin(`returns/${connection}`, () =>
          guarded.step(connection, `returns/${connection}`, () => engine.pullReturns(connection, turn)),
        );
    }
    if (parcelsEveryMs !== Infinity && now >= due.parcels && !signal.aborted) {
      due.parcels = now + parcelsEveryMs;
      const turn: Urgency = journal.shared ? { since: instantOf(now - parcelsEveryMs + 1), whenBusy: 'leave' } : always;
      for (const { connection } of settings.carriers)
        beside.begin(`parcels/${connection}`, () =>
          guarded.step(null, `parcels/${connection}`, () => engine.followParcels(connection, turn)),
        );
    }
    if (sweepEveryMs !== Infinity && now >= due.sweep && !signal.aborted) {
      due.sweep = now + sweepEveryMs;
      const turn: Urgency = journal.shared ? { since: instantOf(now - sweepEveryMs + 1), whenBusy: 'leave' } : always;
      for (const { connection } of settings.carriers)
        beside.begin(`labels/${connection}`, () =>
          guarded.step(connection, `labels/${connection}`, () => engine.sweepLabels(connection, turn)),
        );
    }
    if (now >= due.forget && !signal.aborted) {
      due.forget = now + forgetEveryMs;
      for (const { connection, forgetAfterDays } of settings.channels)
        if (forgetAfterDays !== undefined)
          beside.begin(`forget/${connection}`, () => guarded.step(null, 'forget', () => engine.forget(connection)));
    }
    if (now >= due.exceptions && !signal.aborted) {
      due.exceptions = now + tendExceptionsEveryMs;
      beside.begin('exceptions', () => guarded.step(null, 'exceptions', () => engine.tendExceptions()));
      beside.begin('regret', () => guarded.step(null, 'regret', () => engine.measureRegret()));
    }
    const stale = await engine.staleSince();
    if (stale !== null) due.publish = Math.min(due.publish, publishedAt + options.publishEveryMs * staleShare);
    if (now >= due.publish && !signal.aborted) {
      due.publish = now + options.publishEveryMs;
      publishedAt = now;
      const turn: Urgency = journal.shared ? { since: stale ?? instantOf(now - options.publishEveryMs + 1), whenBusy: 'leave' } : always;
      const outcome = await guarded.step(settings.erp.connection, 'publish', () => engine.publish(turn));
      if (outcome === 'left') due.publish = now + options.publishEveryMs * lookAgainShare;
      if (outcome !== 'done') await guarded.step(null, 'publish-degraded', () => engine.publishDegraded());
    }
    if (now >= due.reconcile && !signal.aborted) {
      due.reconcile = now + reconcileEveryMs;
      const windowMs = settings.reconcile.windowMinutes * 60_000;
      const turn: Urgency = journal.shared
        ? { since: instantOf(now - Math.min(windowMs, reconcileEveryMs) + 1), whenBusy: 'leave' }
        : always;
      await guarded.step(null, 'reconcile', async () => {
        const report = await engine.reconcile(turn);
        if (report !== null && isUnsettled(report)) due.reconcile = now + Math.min(windowMs, reconcileEveryMs);
        return report;
      });
    }
    const turn = Math.max(Math.min(due.pull, due.publish, due.reconcile), epochMs(clock.now()) + leastPauseMs);
    const look = Math.max(due.announced, epochMs(clock.now()) + (options.restMs ?? restMs));
    const next = Math.min(turn, nextSlot(settings, clock.now()), look);
    if (signal.aborted || (await work.goOn(() => signal.aborted || epochMs(clock.now()) >= next)) === 'more') continue;
    const runAt = await engine.nextRunAt();
    const untilNext = runAt === null ? Infinity : epochMs(runAt) - epochMs(clock.now());
    // What is due already and could not be taken waits for somebody else, or by a clock that is behind ours.
    await restUnlessStopped(clock, Math.min(options.restMs ?? restMs, untilNext > 0 ? untilNext : dueElsewhereMs), signal);
  }
  await beside.end();
}

/** Does the same with several at once. What is thrown is thrown when all have ended. */
async function together<Each>(all: readonly Each[], work: (each: Each) => Promise<void>): Promise<void> {
  const outcomes = await Promise.allSettled(all.map(work));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/**
 * Where several share the reading: before a wave everybody waits for who is reading; at its turn a channel is read by whoever comes first, for all; and what a webhook announced is read
 * again by somebody as long as it is not handled.
 */
function urgencyOfPull(given: { wave: Instant | null; inTurn: boolean; now: number; pullEveryMs: number }): Urgency {
  const { wave, inTurn, now, pullEveryMs } = given;
  if (wave !== null) return { since: instantOf(Math.max(epochMs(wave), now - freshMs)), whenBusy: 'wait' };
  return { since: inTurn ? instantOf(now - pullEveryMs + 1) : null, whenBusy: 'leave' };
}

/** The newest wave time that has come since the start, or shortly before it. */
function lastSlot(settings: FlowContext['settings'], { startedAt, now }: { startedAt: Instant; now: Instant }): Instant | null {
  const earliest = instantOf(epochMs(startedAt) - makeUpMs);
  return (
    slotsAround(settings, now)
      .filter((slot) => slot <= now && slot >= earliest)
      .at(-1) ?? null
  );
}

function nextSlot(settings: FlowContext['settings'], now: Instant): number {
  const next = slotsAround(settings, now).find((slot) => slot > now);
  return next === undefined ? Infinity : epochMs(next);
}

function slotsAround({ waves, zone }: FlowContext['settings'], now: Instant): Instant[] {
  if (waves.length === 0) return [];
  const today = localDate(now, zone);
  return [-1, 0, 1].flatMap((days) => waveSlots({ times: waves, days: everyDay }, addDays(today, days), zone));
}

type Guarded = {
  /**
   * `done`: it worked; `left`: it gave null, because another replica does it or did, or its connection is to be left alone. A step that looks after the connections itself has none.
   */
  step(connection: ConnectionId | null, step: string, work: () => Promise<unknown>): Promise<'done' | 'left' | 'failed'>;
  /** What is known to be well is not known any more. */
  doubt(): void;
};

/**
 * Runs a step that may fail. A fault is noted on the connection that it came from, `connection` when that is not known, and taken back there once a step of its own works. A defect of
 * ours is noted on the step. A step that another replica overtook has written nothing and is nobody's exception.
 */
function guard(context: Pick<FlowContext, 'journal' | 'settings' | 'clock' | 'log'>, { circuits }: Pick<Engine, 'circuits'>): Guarded {
  /** What is known to be well; the rest is asked of the journal, which remembers the last process. */
  const well = new Set<string>();
  const { clock } = context;
  return {
    doubt: () => well.clear(),
    async step(connection, step, work) {
      try {
        if (connection !== null && !(await circuits.admits(connection))) return 'left';
        if ((await work()) === null) return 'left';
      } catch (error) {
        if (error instanceof JournalError) throw error;
        if (error instanceof ConflictError) {
          context.log({ at: clock.now(), event: 'step.overtaken', step });
          return 'failed';
        }
        const message = error instanceof Error ? error.message : 'an unknown error';
        const from = isFault(error) ? (connectionOf(error) ?? connection) : null;
        if (isFault(error) && from !== null) {
          well.delete(from);
          context.log({ at: clock.now(), event: 'connection.fault', connection: from, ...causeOf(error) });
          if (isOutage(error.toJSON())) await circuits.failed(from, error);
          await noteConnection(context, from, message);
        } else {
          well.delete(step);
          context.log({ at: clock.now(), event: 'step.failed', step, error: errorName(error), place: placeOf(error) });
          await noteDefect(context, step, message);
        }
        return 'failed';
      }
      if (connection !== null) {
        await circuits.worked(connection);
        if (!well.has(connection)) await noteConnection(context, connection, null);
        well.add(connection);
      }
      if (!well.has(step)) await noteDefect(context, step, null);
      well.add(step);
      return 'done';
    },
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
    else await tx.exceptions.raise({ ...which, owner: ownerOf(settingsInForce(context.settings), which.code), reason: message, at });
  });
}

const everyDay = [1, 2, 3, 4, 5, 6, 7];
