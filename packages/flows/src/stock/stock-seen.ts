import type { ConnectionId, Instant, StockPosition } from '@quartermaster/domain';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { Level } from './levels.ts';

const stockSeenSchema = z.object({
  asOf: z.string(),
  /** Units over all SKUs; `published` is what all channels together may sell. */
  nodes: z.array(z.object({ node: z.string(), sellable: z.int(), reserved: z.int(), published: z.int() })),
});
/** The stock of each node as the last publication saw it. */
export type StockSeen = z.infer<typeof stockSeenSchema>;

const kind = 'stock';
const key = 'seen';

/** Keeps the sums of what was read and shared out, for people. */
export async function noteStock(
  tx: Transaction,
  positions: readonly StockPosition[],
  levels: ReadonlyMap<ConnectionId, readonly Level[]>,
  at: Instant,
): Promise<void> {
  const published = Map.groupBy([...levels.values()].flat(), (level) => level.node);
  const nodes = [...Map.groupBy(positions, (position) => position.node)]
    .map(([node, there]) => ({
      node,
      sellable: sum(there.map((position) => position.sellable)),
      reserved: sum(there.map((position) => position.reserved)),
      published: sum((published.get(node) ?? []).map((level) => level.available)),
    }))
    .sort((a, b) => (a.node < b.node ? -1 : 1));
  const before = await tx.records.get(kind, key, stockSeenSchema);
  await tx.records.put(kind, key, { state: 'current', body: { asOf: at, nodes }, at, version: before?.version ?? 0 });
}

export async function stockSeen(tx: ReadTransaction | Transaction): Promise<StockSeen | null> {
  return (await tx.records.get(kind, key, stockSeenSchema))?.body ?? null;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
