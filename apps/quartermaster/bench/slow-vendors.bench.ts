import { machine, say } from './daemon/machine.ts';
import { liveWave, slowMs } from './daemon/wave-now.ts';

/**
 * Measures how much one daemon gets done while it waits: `npm run bench -- slow-vendors [ORDERS]` (300 unless given). One daemon over a journal on disk, orders of one wave, vendors of which
 * every answer takes 100 to 200 ms. Prints the time from the wave to the last confirmation, and the calls of vendors that were made.
 */
export async function bench(): Promise<void> {
  const orders = Number(process.argv[3] ?? 300);
  say(`${machine()}; vendors answer in ${slowMs.join(' to ')} ms`);
  const { vendors } = await liveWave({ orders, daemons: 1, postgres: null });
  for (const [call, count] of Object.entries(vendors.calls).sort(([, a], [, b]) => b - a))
    if (count / orders > 0.02) say(`  ${(count / orders).toFixed(2).padStart(6)} an order  ${call}`);
}
