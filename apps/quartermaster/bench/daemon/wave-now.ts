import { systemClock } from '@quartermaster/connector-kit';
import { epochMs } from '@quartermaster/domain';
import { connectControl, type EndState, type SandboxControl } from '@quartermaster/sandbox';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { waveSoon } from './busy-day.ts';
import { say } from './machine.ts';
import type { DaemonJob, VendorsOutcome } from './messages.ts';
import { startDaemon, startSandboxes, temporaryFolder } from './processes.ts';

/** Every answer of a vendor takes so long. A shop, a carrier and a hosted Odoo answer in 100 to 200 ms as a rule. */
export const slowMs: [number, number] = [100, 200];

export type WaveNow = {
  readonly orders: number;
  readonly daemons: number;
  /** The journal: a server for several daemons, a file of its own for one. */
  readonly postgres: DaemonJob['postgres'];
};

export type WaveLived = {
  /** From the time of the wave until the last order was shipped and confirmed. */
  readonly seconds: number;
  readonly state: EndState;
  readonly vendors: VendorsOutcome;
};

/** Lets orders wait, be sourced in one wave of the machine's own time, written, labelled, shipped and confirmed by real daemons, against vendors that take their time; tells how long that took. */
export async function liveWave({ orders, daemons: replicas, postgres }: WaveNow): Promise<WaveLived> {
  using folder = temporaryFolder();
  const sandboxes = await startSandboxes({ orders, delayMs: slowMs, day: 'now' });
  const job = { stage: sandboxes.stage, folder: folder.path, postgres, time: 'machine', profile: false, webhooks: false } as const;
  const control = connectControl(sandboxes.stage.controlUrl);
  let vendors: VendorsOutcome | null = null;
  try {
    // The first reading of a channel notes from when on orders are ours.
    const first = startDaemon(job);
    await first.said('daemon.started');
    await wait(5_000);
    first.stop();
    await first.outcome;
    await control.advanceTo(sandboxes.stage.world.startsAt);
    const wave = waveSoon(systemClock.now());
    const withWave = { ...job, stage: { ...sandboxes.stage, world: { ...sandboxes.stage.world, waves: [wave] } } };
    const daemons = Array.from({ length: replicas }, () => startDaemon(withWave));
    await until(async () => Object.values((await control.snapshot()).orders).every(({ fulfillments }) => fulfillments.length > 0));
    const seconds = (Date.now() - epochMs(wave)) / 1_000;
    // What was shipped last is published, too.
    const state = await settled(control);
    for (const daemon of daemons) daemon.stop();
    const outcomes = await Promise.all(daemons.map(({ outcome }) => outcome));
    const cpu = outcomes.map(({ usage }) => usage.cpuSeconds.toFixed(1)).join(' + ');
    const memory = outcomes.map(({ usage }) => usage.peakRssMb.toFixed(0)).join(' + ');
    say(
      `${replicas} ${replicas === 1 ? 'daemon' : 'daemons'}: ${orders} orders in ${seconds.toFixed(1)} s, ${(orders / seconds).toFixed(1)} a second; CPU ${cpu} s; peak memory ${memory} MB`,
    );
    tellSteps(folder.path, epochMs(wave));
    vendors = await sandboxes.stop();
    return { seconds, state, vendors };
  } finally {
    if (vendors === null) await sandboxes.stop();
  }
}

/** When, in seconds after the wave, the first and the last order came to each step. */
function tellSteps(folder: string, waveMs: number): void {
  const times = new Map<string, number[]>();
  for (const file of globSync(join(folder, 'daemon-*.log')))
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const found = eventSchema.safeParse(line);
      if (!found.success || !steps.has(found.data.event)) continue;
      const { event, at } = found.data;
      times.set(event, [...(times.get(event) ?? []), (epochMs(at) - waveMs) / 1_000]);
    }
  for (const [event, seconds] of times)
    say(`  ${event.padEnd(20)} ${Math.min(...seconds).toFixed(1)} to ${Math.max(...seconds).toFixed(1)} s`);
}

const steps = new Set(['wave.decided', 'order.written', 'order.label-bought', 'order.erp-shipped', 'order.confirmed']);
const eventSchema = z
  .string()
  .startsWith('{')
  .transform((line): unknown => JSON.parse(line))
  .pipe(z.object({ event: z.string(), at: z.string() }));

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(1_000);
}

/** The books once they do not change any more. */
async function settled(control: SandboxControl): Promise<EndState> {
  for (let before = await control.snapshot(); ;) {
    await wait(15_000);
    const now = await control.snapshot();
    if (isDeepStrictEqual(now, before)) return now;
    before = now;
  }
}
