import type { JournalReader } from '@quartermaster/journal';
import { toldOutages, type Outage } from './outages.ts';
import { stockDoubts, type StockDoubt } from './stock-doubt.ts';

/** What persons told of nodes and shelves, and what plans go by until it ends. */
export async function nodeTroubles(
  journal: JournalReader,
): Promise<{ readonly outages: readonly Outage[]; readonly doubts: readonly StockDoubt[] }> {
  return journal.read(async (tx) => ({ outages: (await toldOutages(tx)).map(({ outage }) => outage), doubts: await stockDoubts(tx) }));
}
