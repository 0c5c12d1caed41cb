import type { EndState } from '@quartermaster/sandbox';
import { testServer } from '@quartermaster/journal/testing';
import { isDeepStrictEqual } from 'node:util';
import { machine, say } from './daemon/machine.ts';
import { liveWave, slowMs, type WaveLived } from './daemon/wave-now.ts';

/**
 * Measures what replicas gain: `npm run bench -- replicas [ORDERS]` (200 unless given). The same orders are waited for, sourced in one wave, written, labelled, shipped and confirmed by one
 * daemon and by three, real processes over a real PostgreSQL, against sandboxes that take their time. Prints both times, and whether the vendors' books say the same afterwards.
 */
export async function bench(): Promise<void> {
  const orders = Number(process.argv[3] ?? 200);
  say(`${machine()}; vendors answer in ${slowMs.join(' to ')} ms`);
  const server = await testServer();
  if ('missing' in server) throw new Error(server.missing);
  const live = (daemons: number): Promise<WaveLived> =>
    liveWave({ orders, daemons, postgres: { url: server.url, schema: `bench_${process.pid}_${daemons}` } });
  try {
    const one = await live(1);
    const three = await live(3);
    say(`three replicas take ${((100 * three.seconds) / one.seconds).toFixed(0)} % of the time of one`);
    const different = differences(one.state, three.state);
    say(different.length === 0 ? 'the end state is the same' : `the end state differs:\n${different.slice(0, 10).join('\n')}`);
    if (different.length > 0) process.exitCode = 1;
  } finally {
    await server.stop();
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
