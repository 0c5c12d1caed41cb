import { trickleOf } from '@quartermaster/sandbox';
import { setTimeout as wait } from 'node:timers/promises';
import { playDay } from './play-day.ts';

const betweenOrdersMs = 5_000;

/** After the day: an order every few seconds, a wave after every few orders, until aborted. */
export async function trickle(given: Omit<Parameters<typeof playDay>[0], 'onProgress'>): Promise<void> {
  for (const more of trickleOf(given.world)) {
    await wait(betweenOrdersMs, undefined, { signal: given.signal }).catch(() => undefined);
    if (given.signal.aborted) return;
    await given.control.happen(more.events);
    await playDay({ ...given, world: { ...given.world, ...more }, onProgress: () => undefined });
  }
}
