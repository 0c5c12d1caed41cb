import { epochMs, isFault, jitteredDelayMs, type ConnectionId, type Instant } from '@quartermaster/domain';
import type { ConnectionCircuits } from './connection-circuits.ts';
import type { FlowContext } from './context.ts';
import { contextOf, type FlowWorld } from './world.ts';
import { reconcile, reconcilingOf, type ReconcileReport } from './drift/reconcile.ts';
import { tendExceptions } from './exceptions/tend-exceptions.ts';
import { forgetPeople } from './forgetting.ts';
import { backfillChannel, pullChannel, type Pulled } from './intake/intake.ts';
import { closeApprovals } from './maturity/approvals.ts';
import { beginPolicy, takeUpPolicy } from './policy/policy-in-force.ts';
import { publishDegraded, publishStock, staleSince } from './stock/publish.ts';
import { beat, leave, takeBack } from './replica.ts';
import { endNotices } from './notifications/end-notices.ts';
import { tellHappenings } from './notifications/tell-happenings.ts';
import { pullReturns } from './returns.ts';
import { measureRegret } from './regret/measure-regret.ts';
import { rereadWorld, type Reread } from './restored/reread.ts';
import { followParcels } from './tracking/follow-parcels.ts';
import { sweepLabels } from './tracking/sweep-labels.ts';
import type { Urgency } from './turns.ts';
import { tendBatches } from './waves/tend-batches.ts';
import { runWave, sourceBetweenWaves, waveStanding, type WaveRecord, type WaveStanding } from './waves/wave.ts';
import { followHints } from './intake/webhook-hints.ts';
import { announcedChannels } from './intake/webhooks.ts';
import { runIntents, type WorkBounds } from './worker.ts';

/** The flows, ready to be driven: by the machine's clock in the daemon, by a virtual one in a demo or a simulation. Several may share a journal, in one process or in many. */
export type Engine = {
  /** To be called once before anything else: takes back what a dead predecessor held. */
  recover(): Promise<void>;
  /**
   * To be called after {@link Engine.recover} and before anything else. Of a journal that came back from a backup: reads the world again, and says what was found. Null for any other. Throws
   * the fault of a connection that does not answer; then nothing may be sent, and it is called again.
   */
  reread(): Promise<Reread | null>;
  /** To be called between two steps: lets the policy that was applied last hold from now on. */
  takeUpPolicy(): Promise<boolean>;
  /** To be called again and again where several share a journal: says that this one lives, and takes back what others let go of by dying. */
  tend(): Promise<void>;
  /** The last call: the other replicas need not wait for this one. */
  leave(): Promise<void>;
  /** Channels that have told by webhook that something changed: to be read now. */
  announced(): Promise<ConnectionId[]>;
  /**
   * Reads one channel, which answers the webhooks that came before; null when that was left to, or done by, another replica (as `urgency` has it; by default it is read in any case).
   * Throws the channel's or the ERP's fault.
   */
  pull(connection: ConnectionId, urgency?: Urgency): Promise<Pulled | null>;
  /** Follows up what a channel announced: reads it as {@link Engine.pull} does; of one that may not be read yet, the orders that were named. Null as there. */
  followUp(connection: ConnectionId, urgency?: Urgency): Promise<Pulled | number | null>;
  /** Reads what customers send back to a channel, and keeps it with their orders; how many that were. Null as {@link Engine.pull}, and where the channel tells of no returns. */
  pullReturns(connection: ConnectionId, urgency?: Urgency): Promise<number | null>;
  /**
   * Follows the parcels of a carrier: takes in what it told, asks after those whose time has come, and tells people what they should look at. How many were looked at; null as {@link Engine.pull},
   * and where nothing can be heard of them.
   */
  followParcels(connection: ConnectionId, urgency?: Urgency): Promise<number | null>;
  /** Compares a carrier's labels with those that the journal knows; how many nobody knew. Null as {@link Engine.pull}, and where the carrier lists none or only observes. */
  sweepLabels(connection: ConnectionId, urgency?: Urgency): Promise<number | null>;
  /** Forgets whose orders of a channel ended long enough ago, once a day; how many people that were. Null where nobody is to be forgotten, or it was done. */
  forget(connection: ConnectionId): Promise<number | null>;
  backfill(connection: ConnectionId, since: Instant): Promise<Pulled>;
  /** Null when the slot was taken before, or another replica is at a wave: {@link Engine.standingOf} tells which. */
  wave(slot: Instant): Promise<WaveRecord | null>;
  /** Sources new orders whose stock the policy commits at once; null when there are none, or while another replica sources. Throws the ERP's fault. */
  sourceBetweenWaves(): Promise<WaveRecord | null>;
  standingOf(slot: Instant): Promise<WaveStanding>;
  /** Since when a channel shows a figure that is to be decided anew, before the next turn of publishing; null: none does. */
  staleSince(): Promise<Instant | null>;
  /** Returns how many levels were sent; null as {@link Engine.pull}. */
  publish(urgency?: Urgency): Promise<number | null>;
  /** While the ERP is not read and later than its declared window: publishes by what it had last. Null when that is not so, or as {@link Engine.pull}. */
  publishDegraded(): Promise<number | null>;
  /** Moves exceptions that waited too long on to whom the policy says, takes back questions that nobody need answer any more, and has people told where the policy says so; how many exceptions went on. */
  tendExceptions(): Promise<number>;
  /** Measures afterwards what overrides of persons have cost, and judges them when their time is over; how many that were. */
  measureRegret(): Promise<number>;
  /** Compares channels, ERP and journal, and mends of it what the settings let the daemon mend. Null as {@link Engine.pull}. */
  reconcile(urgency?: Urgency): Promise<ReconcileReport | null>;
  /** Carries out what is due; returns how much that was. */
  work(bounds?: WorkBounds): Promise<number>;
  /** When something that waits falls due. */
  nextRunAt(): Promise<Instant | null>;
  readonly circuits: ConnectionCircuits;
};

export function createEngine(given: FlowWorld): Engine {
  const context = contextOf(given);
  const { journal, clock, circuits } = context;
  const always: Urgency = { since: null, whenBusy: 'wait' };
  return {
    circuits,
    async recover() {
      await takeBack(context, 'all');
      await beginPolicy(context);
    },
    takeUpPolicy: () => takeUpPolicy(context),
    reread: () => rereadWorld(context),
    async tend() {
      await beat(context);
      if (journal.shared) await takeBack(context, 'expired');
    },
    leave: () => leave(context),
    announced: () => announcedChannels(context),
    pull: (connection, urgency = always) => context.around({ kind: 'pull', connection }, () => pullChannel(context, connection, urgency)),
    followUp: (connection, urgency = always) =>
      context.around({ kind: 'pull', connection }, async (): Promise<Pulled | number | null> => {
        const seldom = (context.channels.get(connection)?.capabilities.leastPollMs ?? 0) > 0;
        const pulled = await pullChannel(context, connection, urgency);
        return pulled === null && seldom ? followHints(context, connection) : pulled;
      }),
    pullReturns: (connection, urgency = always) => pullReturns(context, connection, urgency),
    followParcels: (connection, urgency = always) => followParcels(context, connection, urgency),
    sweepLabels: (connection, urgency = always) => sweepLabels(context, connection, urgency),
    forget: (connection) => forgetPeople(context, connection),
    backfill: (connection, since) => backfillChannel(context, connection, since),
    wave: (slot) => context.around({ kind: 'wave', slot }, () => runWave(context, slot)),
    sourceBetweenWaves: () => sourceBetweenWaves(context),
    standingOf: (slot) => waveStanding(context, slot),
    staleSince: () => staleSince(context),
    publish: (urgency = always) => context.around({ kind: 'publish' }, () => publishStock(context, urgency)),
    publishDegraded: () => context.around({ kind: 'publish' }, () => publishDegraded(context)),
    async tendExceptions() {
      await closeApprovals(context);
      const moved = await tendExceptions(context);
      await tellHappenings(context);
      await endNotices(context);
      return moved;
    },
    measureRegret: () => measureRegret(context),
    reconcile: (urgency = always) => reconcile(context, reconcilingOf(context.settings), urgency),
    async work(bounds) {
      const begun = await runIntents(context, bounds);
      return begun + (await tendBatches(context));
    },
    async nextRunAt() {
      const times = await journal.read(async (tx) => [await tx.intents.nextRunAt(clock.now()), await circuits.nextProbeAt(tx)]);
      return times.filter((at) => at !== null).sort()[0] ?? null;
    },
  };
}

/**
 * Works until nothing is left to do, sleeping over what has to wait: with a virtual clock that takes no time. Ends early when aborted.
 */
export async function settle(engine: Engine, clock: FlowContext['clock'], signal?: AbortSignal): Promise<void> {
  for (;;) {
    if (signal?.aborted === true) return;
    if ((await engine.work()) > 0) continue;
    const next = await engine.nextRunAt();
    if (next === null) return;
    await restUnlessStopped(clock, Math.max(1, epochMs(next) - epochMs(clock.now())), signal);
  }
}

/** Sleeps; returns at once, and does not throw, when it is stopped. */
export async function restUnlessStopped(clock: FlowContext['clock'], ms: number, signal: AbortSignal | undefined): Promise<void> {
  await clock.sleep(ms, signal).catch((error: unknown) => {
    if (signal?.aborted !== true) throw error;
  });
}

/** Repeats a read that failed by a fault which may pass, with growing waits; the last fault is thrown. For steps that others wait for, such as the orders before a wave. */
export async function patiently<Result>(
  context: Pick<FlowContext, 'clock' | 'random' | 'log'>,
  what: string,
  read: () => Promise<Result>,
  attempts = 25,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      if (!isFault(error) || error.facts.retry.kind === 'never' || attempt >= attempts) throw error;
      context.log({ at: context.clock.now(), event: 'step.repeated', step: what, code: error.code, attempt });
      const asked = error.facts.retry.kind === 'after' ? error.facts.retry.ms : 0;
      await context.clock.sleep(asked + jitteredDelayMs({ baseMs: 500, capMs: 30_000, attempt, random: context.random }));
    }
  }
}
