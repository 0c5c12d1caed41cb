import { systemClock } from '@quartermaster/connector-kit';
import { epochMs } from '@quartermaster/domain';
import { testServer } from '@quartermaster/journal/testing';
import { connectControl, type EndState, type SandboxControl } from '@quartermaster/sandbox';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { waveSoon } from './daemon/busy-day.ts';
import { machine, say } from './daemon/machine.ts';
import { startDaemon, startSandboxes, temporaryFolder } from './daemon/processes.ts';

/** Every answer of a vendor takes so long. A shop, a carrier and a hosted Odoo answer in 100 to 200 ms as a rule, so a daemon waits most of its time, and another one can work meanwhile. */
const delayMs: [number, number] = [100, 200];

/**
 * Measures what replicas gain: `npm run bench -- replicas [ORDERS]` (200 unless given). The same orders are waited for, sourced in one wave, written, labelled, shipped and confirmed by one
 * daemon and by three, real processes over a real PostgreSQL, against sandboxes that take their time. Prints both times, and whether the vendors' books say the same afterwards.
 */
export async function bench(): Promise<void> {
  const orders = Number(process.argv[3] ?? 200);
  say(`${machine()}; vendors answer in ${delayMs.join(' to ')} ms`);
  const server = await testServer();
  if ('missing' in server) throw new Error(server.missing);
  try {
    const one = await live(server.url, 1, orders);
    const three = await live(server.url, 3, orders);
    say(`three replicas take ${((100 * three.seconds) / one.seconds).toFixed(0)} % of the time of one`);
    const different = differences(one.state, three.state);
    say(different.length === 0 ? 'the end state is the same' : `the end state differs:\n${different.slice(0, 10).join('\n')}`);
    if (different.length > 0) process.exitCode = 1;
  } finally {
    await server.stop();
  }
}

async function live(url: string, replicas: number, orders: number): Promise<{ readonly seconds: number; readonly state: EndState }> {
  using folder = temporaryFolder();
  const sandboxes = await startSandboxes({ orders, delayMs, day: 'now' });
  const postgres = { url, schema: `bench_${process.pid}_${replicas}` };
  const job = { stage: sandboxes.stage, folder: folder.path, postgres, time: 'machine', profile: false, webhooks: false } as const;
  const control = connectControl(sandboxes.stage.controlUrl);
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
    say(
      `${replicas} ${replicas === 1 ? 'daemon' : 'daemons'}: ${orders} orders in ${seconds.toFixed(1)} s, ${(orders / seconds).toFixed(1)} a second; CPU ${cpu} s`,
    );
    return { seconds, state };
  } finally {
    await sandboxes.stop();
  }
}

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

/** What one book says and the other does not, entry by entry. */
function differences(one: EndState, other: EndState): string[] {
  const entries = (state: EndState) => {
    const all = new Map<string, unknown>();
    for (const [book, content] of Object.entries(state))
      if (typeof content === 'object') for (const [key, value] of Object.entries(content)) all.set(`${book} ${key}`, value);
      else all.set(book, content);
    return all;
  };
  const [left, right] = [entries(one), entries(other)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((key) => !isDeepStrictEqual(left.get(key), right.get(key)))
    .map((key) => `  ${key}: ${JSON.stringify(left.get(key))} and ${JSON.stringify(right.get(key))}`);
}
