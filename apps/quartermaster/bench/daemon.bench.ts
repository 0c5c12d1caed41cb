import { connectControl } from '@quartermaster/sandbox';
import { cpus, loadavg } from 'node:os';
import { liveInOwnProcess, startSandboxes, temporaryFolder } from './daemon/processes.ts';

/**
 * Measures the daemon: `npm run bench -- daemon [ORDERS]` (10,000 unless given). Orders go the whole way through the real daemon over a journal on disk, against sandboxes in a process of
 * their own that answer at once and throttle nothing. Prints orders per second, CPU per order by package, and the daemon's peak memory.
 */
export async function bench(): Promise<void> {
  const orders = Number(process.argv[3] ?? 10_000);
  say(
    `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1) ?? ''}`,
  );
  const folder = temporaryFolder();
  const sandboxes = await startSandboxes({ orders, delayMs: [0, 0], clock: 'standing' });
  try {
    const { usage, parts, functions, heapMb, commits } = await liveInOwnProcess({
      stage: sandboxes.stage,
      folder: folder.path,
      profile: true,
    });
    const state = await connectControl(sandboxes.stage.controlUrl).snapshot();
    const shipped = Object.values(state.orders).filter(({ fulfillments }) => fulfillments.length > 0).length;
    const vendors = await sandboxes.stop();
    say(`${shipped} of ${orders} orders shipped in ${usage.wallSeconds.toFixed(1)} s: ${(orders / usage.wallSeconds).toFixed(1)} orders/s`);
    say(
      `CPU of the daemon ${usage.cpuSeconds.toFixed(1)} s, ${((1000 * usage.cpuSeconds) / orders).toFixed(2)} ms an order; of the vendors ${vendors.cpuSeconds.toFixed(1)} s`,
    );
    say(`peak memory ${usage.peakRssMb.toFixed(0)} MB, heap at the end ${heapMb.toFixed(0)} MB`);
    const calls = Object.values(vendors.calls).reduce((sum, count) => sum + count, 0);
    say(`${(calls / orders).toFixed(1)} calls of vendors and ${(commits / orders).toFixed(1)} commits an order`);
    for (const [call, count] of Object.entries(vendors.calls).sort(([, a], [, b]) => b - a))
      if (count / orders > 0.02) say(`  ${(count / orders).toFixed(2).padStart(8)}  ${call}`);
    const all = Object.values(parts).reduce((sum, seconds) => sum + seconds, 0);
    for (const [part, seconds] of Object.entries(parts))
      if (seconds / all > 0.002) say(`  ${((1000 * seconds) / orders).toFixed(3).padStart(8)} ms  ${part}`);
    if (process.argv.includes('--functions'))
      for (const { name, seconds } of functions) say(`  ${((1000 * seconds) / orders).toFixed(3).padStart(8)} ms  ${name}`);
  } finally {
    folder.remove();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
