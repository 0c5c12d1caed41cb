import { epochMs } from '@quartermaster/domain';
import type { OpenExceptions, PendingArrivals, UnfinishedIntents } from '@quartermaster/journal';
import { retryBucket, retryBudget } from './carry-out.ts';
import { scopeOf, type FlowContext } from './context.ts';
import { readiness, type ConnectionReadiness } from './readiness.ts';
import { stockSeen } from './stock/stock-seen.ts';
import { parcelKind } from './tracking/parcels.ts';

/** How the system stands, in numbers: counted where it lies, so that looking costs little however much the journal holds. */
export type StandingFigures = {
  readonly orders: ReadonlyMap<string, number>;
  /** Parcels that are followed, by where they are. */
  readonly parcels: ReadonlyMap<string, number>;
  readonly intents: readonly UnfinishedIntents[];
  readonly exceptions: readonly OpenExceptions[];
  readonly arrivals: readonly PendingArrivals[];
  readonly connections: readonly (ConnectionReadiness & { readonly retriesLeft: number })[];
  /** How old the levels are that were last published; null before the first time. */
  readonly stockAgeMs: number | null;
  readonly replicas: number;
};

/** Throws the journal's `JournalError`. */
export async function standingFigures(
  context: Pick<FlowContext, 'journal' | 'settings' | 'clock'>,
  given: { readonly pullEveryMs: number },
): Promise<StandingFigures> {
  const { journal, settings, clock } = context;
  const ready = await readiness(context, given);
  return journal.read(async (tx) => {
    const connections = [];
    for (const each of ready) {
      const retriesLeft = await tx.counts.tokens(retryBucket(scopeOf(settings, each.connection)), retryBudget);
      connections.push({ ...each, retriesLeft });
    }
    const stock = await stockSeen(tx);
    return {
      orders: await tx.records.count('order'),
      parcels: await tx.counts.waitingRecords(parcelKind),
      intents: await tx.counts.unfinishedIntents(),
      exceptions: await tx.counts.openExceptions(),
      arrivals: await tx.counts.pendingArrivals(),
      connections,
      stockAgeMs: stock === null ? null : epochMs(clock.now()) - epochMs(stock.asOf),
      replicas: (await tx.replicas.list()).length,
    };
  });
}
