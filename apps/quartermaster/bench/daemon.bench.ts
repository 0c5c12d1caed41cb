import { connectControl } from '@quartermaster/sandbox';
import { testServer, tidyUp } from '@quartermaster/journal/testing';
import { busyDate } from './daemon/busy-day.ts';
import { copyTo, fillJournal } from './daemon/fill.ts';
import { machine, say } from './daemon/machine.ts';
import type { DaemonJob, DaemonOutcome, VendorsOutcome } from './daemon/messages.ts';
import { startDaemon, startSandboxes, temporaryFolder } from './daemon/processes.ts';
import { serverCpuSeconds } from './daemon/server-cpu.ts';

/** Orders of the day that is profiled: a profile costs time and memory, so it has a day of its own. */
const profiledOrders = 1_500;

/**
 * Measures the daemon: `npm run bench -- daemon [ORDERS] [--finished N [--postgres]]`, 10,000 orders unless given. They go the whole way through the real daemon over a journal on disk, against
 * sandboxes in a process of their own that answer at once and throttle nothing; every five minutes of the day somebody looks at metrics and status page. Prints orders per second, CPU per order by
 * package, the daemon's peak memory and what bounds it. With `--finished` the same day is lived once more over a journal that holds so many finished orders, and the two are compared; with
 * `--postgres` both journals are on a server, whose CPU is told, too.
 */
export async function bench(): Promise<void> {
  const [, , , first = '', ...rest] = process.argv;
  const orders = /^\d+$/.test(first) ? Number(first) : 10_000;
  const words = [first, ...rest];
  const finished = words.includes('--finished') ? Number(words[words.indexOf('--finished') + 1]) : 0;
  say(machine());
  using place = temporaryFolder();
  const empty = await liveDay({ folder: place.path, postgres: null }, orders, false);
  tell(orders, empty);
  if (finished === 0) {
    using other = temporaryFolder();
    tellParts(
      (1_000 * empty.daemon.usage.cpuSeconds) / orders,
      await liveDay({ folder: other.path, postgres: null }, profiledOrders, true),
      words.includes('--functions'),
    );
    return;
  }
  using full = temporaryFolder();
  const began = performance.now();
  await fillJournal(place.path, full.path, { finished, date: busyDate });
  say(`a journal with ${finished} finished orders was made in ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  if (words.includes('--postgres')) {
    await compareOnServer({ empty: place.path, full: full.path }, orders);
    return;
  }
  say(`\nwith ${finished} finished orders in the journal; ${machine()}`);
  const later = await liveDay({ folder: full.path, postgres: null }, orders, false);
  tell(orders, later);
  tellRatio('CPU per order', later.daemon.usage.cpuSeconds, empty.daemon.usage.cpuSeconds);
}

async function compareOnServer(folders: { readonly empty: string; readonly full: string }, orders: number): Promise<void> {
  const server = await testServer();
  if ('missing' in server) throw new Error(server.missing);
  try {
    const lived = async (name: 'empty' | 'full') => {
      const postgres = { url: server.url, schema: `bench_${process.pid}_${name}` };
      if (name === 'full') await copyTo(folders.full, postgres);
      await tidyUp(server.url);
      say(`\n${name} journal on PostgreSQL; ${machine()}`);
      const before = serverCpuSeconds(server.url);
      const day = await liveDay({ folder: folders[name], postgres }, orders, false);
      const after = serverCpuSeconds(server.url);
      tell(orders, day);
      const ofServer = before === null || after === null ? null : after - before;
      if (ofServer !== null) say(`CPU of the server ${((1_000 * ofServer) / orders).toFixed(2)} ms an order`);
      return { cpu: day.daemon.usage.cpuSeconds, ofServer };
    };
    const empty = await lived('empty');
    const full = await lived('full');
    tellRatio('CPU per order', full.cpu, empty.cpu);
    if (full.ofServer !== null && empty.ofServer !== null)
      tellRatio('with the CPU of the server, it', full.cpu + full.ofServer, empty.cpu + empty.ofServer);
  } finally {
    await server.stop();
  }
}

function tellRatio(what: string, full: number, empty: number): void {
  say(`${what} is ${(full / empty).toFixed(3)} times that of an empty journal (bar 1.1)`);
}

type Lived = { readonly daemon: DaemonOutcome; readonly vendors: VendorsOutcome; readonly shipped: number };
type Place = Pick<DaemonJob, 'folder' | 'postgres'>;

async function liveDay(place: Place, orders: number, profile: boolean): Promise<Lived> {
  const sandboxes = await startSandboxes({ orders, delayMs: [0, 0], day: 'day' });
  const job = { ...place, stage: sandboxes.stage, time: 'day', webhooks: false, profile } as const;
  const daemon = await startDaemon(job).outcome;
  const state = await connectControl(sandboxes.stage.controlUrl).snapshot();
  const shipped = Object.values(state.orders).filter(({ fulfillments }) => fulfillments.length > 0).length;
  return { daemon, vendors: await sandboxes.stop(), shipped };
}

function tell(orders: number, { daemon: { usage, commits, commitSeconds, heapMb }, vendors, shipped }: Lived): void {
  const each = (seconds: number) => `${((1_000 * seconds) / orders).toFixed(2)} ms`;
  const calls = Object.values(vendors.calls).reduce((sum, count) => sum + count, 0);
  say(`${shipped} of ${orders} orders shipped in ${usage.wallSeconds.toFixed(1)} s: ${(orders / usage.wallSeconds).toFixed(1)} orders/s`);
  say(`CPU of the daemon ${each(usage.cpuSeconds)} an order: ${(orders / usage.cpuSeconds).toFixed(0)} orders per second of CPU`);
  say(
    `  of that ${each(usage.systemSeconds)} in the system, ${each(usage.cpuSeconds - usage.threadSeconds)} in threads beside the main one`,
  );
  say(
    `${(commits / orders).toFixed(2)} commits an order, ${each(commitSeconds)} an order waited for the disk; ${(calls / orders).toFixed(1)} calls of vendors an order`,
  );
  say(
    `peak memory ${usage.peakRssMb.toFixed(0)} MB, heap at the end ${heapMb.toFixed(0)} MB; CPU of the vendors ${each(vendors.cpuSeconds)} an order`,
  );
  const shares = { 'its own CPU': usage.cpuSeconds, 'the disk': commitSeconds, 'the vendors’ process': vendors.cpuSeconds };
  const [[what, seconds] = ['', 0]] = Object.entries(shares).sort(([, a], [, b]) => b - a);
  say(`what bounds it most: ${what}, ${((100 * seconds) / usage.wallSeconds).toFixed(0)} % of the time`);
  for (const [call, count] of Object.entries(vendors.calls).sort(([, a], [, b]) => b - a))
    if (count / orders > 0.05) say(`  ${(count / orders).toFixed(2).padStart(6)}  ${call}`);
}

/** The profile measures time, so its shares are taken of the CPU. What waited for the disk is left out. */
function tellParts(msAnOrder: number, { daemon }: Lived, functions: boolean): void {
  const parts = Object.entries(daemon.parts).filter(([part]) => part !== 'the disk');
  const all = parts.reduce((sum, [, seconds]) => sum + seconds, 0);
  say('CPU of an order by part of the program (self time)');
  for (const [part, seconds] of parts)
    if (seconds / all > 0.003) say(`  ${((msAnOrder * seconds) / all).toFixed(2).padStart(6)} ms  ${part}`);
  if (functions)
    for (const { name, seconds } of daemon.functions) say(`  ${((msAnOrder * seconds) / all).toFixed(3).padStart(7)} ms  ${name}`);
}
