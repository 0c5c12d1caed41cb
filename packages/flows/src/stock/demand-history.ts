import { localDate, addDays, type ChannelOrder, type ConnectionId, type Instant, type Sku } from '@quartermaster/domain';
import { dailyDemand, noDemand, type DailyDemand } from '@quartermaster/inventory';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { FlowContext } from '../context.ts';

// What was ordered of each SKU on each channel, by local day: what safety stock, days of cover, buffers and pools are computed from.

const kind = 'demand';
/** Units by local date of the order; `since`: the first day of which anything is known. */
const historySchema = z.object({ connection: z.string(), sku: z.string(), since: z.string(), days: z.record(z.string(), z.int()) });
/** Days are forgotten after so many. */
const keptDays = 100;

/** Adds what an order wants to the history, by the day on which it was placed. To be called once an order: cancelling it later does not undo that it was wanted. */
export async function noteDemand(
  tx: Transaction,
  { clock, settings }: Pick<FlowContext, 'clock' | 'settings'>,
  connection: ConnectionId,
  order: Pick<ChannelOrder, 'placedAt' | 'lines'>,
): Promise<void> {
  const at = clock.now();
  const day = localDate(order.placedAt, settings.zone);
  const oldest = addDays(localDate(at, settings.zone), -keptDays);
  if (day < oldest) return;
  for (const [sku, units] of unitsOf(order)) {
    const key = [connection, sku].map(encodeURIComponent).join('/');
    const before = await tx.records.get(kind, key, historySchema);
    const days = Object.fromEntries(Object.entries(before?.body.days ?? {}).filter(([date]) => date >= oldest));
    days[day] = (days[day] ?? 0) + units;
    const since = [before?.body.since ?? day, day].sort()[0] ?? day;
    await tx.records.put(kind, key, { state: 'current', body: { connection, sku, since, days }, at, version: before?.version ?? 0 });
  }
}

function unitsOf({ lines }: Pick<ChannelOrder, 'lines'>): Map<Sku, number> {
  const units = new Map<Sku, number>();
  for (const { sku, quantity, kind: of } of lines) if (sku !== null && of !== 'component') units.set(sku, (units.get(sku) ?? 0) + quantity);
  return units;
}

/** What is known of past demand; see `StockFacts`. */
export type DemandHistory = {
  readonly demandOf: (connection: ConnectionId | null, sku: Sku) => DailyDemand;
  readonly soldSince: (connection: ConnectionId | null, sku: Sku, from: Instant | null) => number;
};

/** The history as it is now; `demandOf` is of the last `demandDays` whole days of the policy, as far as anything is known of them. */
export async function readDemand(
  tx: ReadTransaction | Transaction,
  { clock, settings }: Pick<FlowContext, 'clock' | 'settings'>,
): Promise<DemandHistory> {
  const bySku = new Map<Sku, z.infer<typeof historySchema>[]>();
  for (let after: string | null = ''; after !== null;) {
    const page: { readonly key: string; readonly body: z.infer<typeof historySchema> }[] = await tx.records.list(kind, historySchema, {
      after,
      limit: 1_000,
    });
    for (const { body } of page) bySku.set(body.sku, [...(bySku.get(body.sku) ?? []), body]);
    after = page.at(-1)?.key ?? null;
  }
  const today = localDate(clock.now(), settings.zone);
  const of = (connection: ConnectionId | null, sku: Sku) =>
    (bySku.get(sku) ?? []).filter((each) => connection === null || each.connection === connection);
  return {
    demandOf: (connection, sku) => demandOf(of(connection, sku), today, settings.inventory.demandDays),
    soldSince: (connection, sku, from) => {
      const first = from === null ? '' : localDate(from, settings.zone);
      return of(connection, sku)
        .flatMap(({ days }) => Object.entries(days))
        .reduce((sum, [date, units]) => (date >= first ? sum + units : sum), 0);
    },
  };
}

function demandOf(histories: readonly z.infer<typeof historySchema>[], today: string, mostDays: number): DailyDemand {
  const since = histories.map((each) => each.since).sort()[0];
  if (since === undefined) return noDemand;
  const units: number[] = [];
  // Today is not over; of a SKU that is new today it is all there is.
  for (let back = since === today ? 0 : 1; units.length < mostDays; back += 1) {
    const date = addDays(today, -back);
    if (date < since) break;
    units.push(histories.reduce((sum, { days }) => sum + (days[date] ?? 0), 0));
  }
  return dailyDemand(units);
}
