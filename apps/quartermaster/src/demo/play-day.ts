import { epochMs, instantOf, type Clock, type Instant } from '@quartermaster/domain';
import { patiently, settle, type Engine, type FlowContext, type FlowSettings } from '@quartermaster/flows';
import type { SandboxControl, World } from '@quartermaster/sandbox';

export type DayProgress = { readonly at: Instant; readonly step: number; readonly steps: number; readonly wave: boolean };

/**
 * Plays a world's day: lets its events happen step by step, and after each step lets the daemon's flows do what a daemon would have done by then: read the channels, decide the wave
 * whose time has come, publish stock, carry everything out. A day that was broken off goes on at the last wave that was decided: steps that are past are taken again and find their work done.
 */
export async function playDay(given: {
  readonly world: World;
  readonly control: SandboxControl;
  readonly engine: Engine;
  readonly context: Pick<FlowContext, 'clock' | 'random' | 'log'> & { readonly settings: FlowSettings };
  readonly onProgress: (progress: DayProgress) => void;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { world, control, engine, context, signal } = given;
  const steps = stepsOf(world);
  await engine.recover();
  await patiently(context, 'reread', () => engine.reread());
  await pullAll(given);
  const begin = await lastDecided(steps, engine);
  for (const [index, step] of steps.entries()) {
    if (index < begin) continue;
    if (signal.aborted) return;
    await control.advanceTo(step.at);
    await catchUp(context.clock, step.at);
    await pullAll(given);
    await patiently(context, 'source', () => engine.sourceBetweenWaves());
    if (step.wave) await patiently(context, 'wave', () => engine.wave(step.at));
    await settle(engine, context.clock, signal);
    await publishUntilSettled(given);
    given.onProgress({ at: step.at, step: index + 1, steps: steps.length, wave: step.wave });
  }
}

/** Moments at which something is to be done: each wave, the end, and every ten minutes in which something happens. */
export function stepsOf(world: Pick<World, 'events' | 'waves' | 'endsAt'>): { readonly at: Instant; readonly wave: boolean }[] {
  const waves = new Set(world.waves);
  const looks = world.events.map(({ at }) => instantOf(Math.ceil(epochMs(at) / lookEveryMs) * lookEveryMs));
  return [...new Set([...looks, ...waves, world.endsAt])].sort().map((at) => ({ at, wave: waves.has(at) }));
}

/** The step of the last wave that was decided: everything before it was done before it. */
async function lastDecided(steps: ReturnType<typeof stepsOf>, engine: Engine): Promise<number> {
  for (let index = steps.length - 1; index > 0; index--) {
    const step = steps[index];
    if (step?.wave === true && (await engine.standingOf(step.at)) === 'over') return index;
  }
  return 0;
}

/** A channel that had sold meanwhile refuses the figure: its orders are read and the figure is decided anew, a few times at most. */
async function publishUntilSettled({
  engine,
  context,
  signal,
}: Pick<Parameters<typeof playDay>[0], 'engine' | 'context' | 'signal'>): Promise<void> {
  for (let round = 0; round < 3; round++) {
    if ((await patiently(context, 'publish', () => engine.publish())) === 0) return;
    await settle(engine, context.clock, signal);
    await pullAll({ engine, context });
  }
}

/** The first time, this only notes from when on each channel is read. */
async function pullAll({ engine, context }: Pick<Parameters<typeof playDay>[0], 'engine' | 'context'>): Promise<void> {
  for (const { connection } of context.settings.channels) await patiently(context, 'pull', () => engine.pull(connection));
}

async function catchUp(clock: Clock, at: Instant): Promise<void> {
  const behind = epochMs(at) - epochMs(clock.now());
  if (behind > 0) await clock.sleep(behind);
}

/** How often channels are read. */
export const lookEveryMs = 10 * 60_000;
