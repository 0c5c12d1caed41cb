import { epochMs, isFault, jitteredDelayMs, type ConnectionId, type Instant } from '@quartermaster/domain';
import { createCatalogue } from './catalogue.ts';
import type { FlowContext } from './context.ts';
import { backfillChannel, pullChannel, type Pulled } from './intake.ts';
import { publishStock } from './publish.ts';
import { runWave, type WaveRecord } from './wave.ts';
import { announcedChannels, followUp } from './webhooks.ts';
import { runIntents } from './worker.ts';

/** The flows, ready to be driven: by the machine's clock in the daemon, by a virtual one in a demo or a simulation. */
export type Engine = {
  /** To be called once before anything else: takes back what a dead predecessor held. */
  recover(): Promise<void>;
  /** Channels that have told by webhook that something changed: to be read now. */
  announced(): Promise<ConnectionId[]>;
  /** Reads one channel, which answers the webhooks that came before. Throws the channel's or the ERP's fault. */
  pull(connection: ConnectionId): Promise<Pulled>;
  backfill(connection: ConnectionId, since: Instant): Promise<Pulled>;
  wave(slot: Instant): Promise<WaveRecord | null>;
  publish(): Promise<number>;
  /** Carries out what is due; returns how much that was. */
  work(): Promise<number>;
  /** When something that waits falls due. */
  nextRunAt(): Promise<Instant | null>;
};

export function createEngine(given: Omit<FlowContext, 'catalogue'>): Engine {
  const context: FlowContext = { ...given, catalogue: createCatalogue(given.erp) };
  const { journal, clock } = context;
  return {
    async recover() {
      const recovered = await journal.transaction((tx) => tx.intents.recover({ now: clock.now(), leases: 'all' }));
      if (recovered.length > 0) context.log({ at: clock.now(), event: 'intents.recovered', count: recovered.length });
    },
    announced: () => announcedChannels(context),
    pull: (connection) => followUp(context, connection, () => pullChannel(context, connection)),
    backfill: (connection, since) => backfillChannel(context, connection, since),
    wave: (slot) => runWave(context, slot),
    publish: () => publishStock(context),
    work: () => runIntents(context),
    nextRunAt: () => journal.read((tx) => tx.intents.nextRunAt(clock.now())),
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
      context.log({ at: context.clock.now(), event: `${what}.repeated`, code: error.code, attempt });
      const asked = error.facts.retry.kind === 'after' ? error.facts.retry.ms : 0;
      await context.clock.sleep(asked + jitteredDelayMs({ baseMs: 500, capMs: 30_000, attempt, random: context.random }));
    }
  }
}
