import { keyText, type ConnectionId } from '@quartermaster/domain';
import type { JournalReader } from '@quartermaster/journal';
import { scopeOf, type FlowContext } from '../context.ts';

/** How much of a channel waits: orders for a wave, effects for their turn. Counted up to the bound, no further. */
export type Waiting = { readonly orders: number; readonly intents: number; readonly bound: number };

/** When the config does not say: some hours of a busy shop, and a wave of so many orders fits into a small machine. */
const standardBound = 10_000;

/**
 * What of a channel waits now. What waits for a person (held orders, dead intents) does not count: it may wait for long, and must not keep the others out. Costs a stretch of two
 * indexes, at most as long as the bound.
 */
export async function waitingOf(
  { journal, settings }: { readonly journal: Pick<JournalReader, 'read'>; readonly settings: FlowContext['settings'] },
  connection: ConnectionId,
): Promise<Waiting> {
  const bound = settings.channels.find((channel) => channel.connection === connection)?.mostWaiting ?? standardBound;
  const prefix = `${keyText(scopeOf(settings, connection), 'order')}/`;
  return journal.read(async (tx) => ({
    orders: await tx.counts.records('order', { states: ['open'], prefix, upTo: bound }),
    intents: await tx.counts.intentsOnTheirWay({ prefix, upTo: bound }),
    bound,
  }));
}

/** Nothing more is to be read of a channel of which so much waits. */
export function isFull({ orders, intents, bound }: Waiting): boolean {
  return orders >= bound || intents >= bound;
}
