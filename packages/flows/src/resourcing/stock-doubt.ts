import { instantSchema, type Instant, type NodeId, type Sku, type StockPosition } from '@quartermaster/domain';
import { takenBy, type Recipes } from '@quartermaster/inventory';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';

/**
 * Why what the ERP says of a shelf is not believed. `not-in-stock`: a picker found no more, so nothing more is promised there until it was counted. `damaged`: so many units of it cannot be sold.
 */
const doubtSchema = z.object({
  node: z.string().min(1),
  sku: z.string().min(1),
  kind: z.enum(['not-in-stock', 'damaged']),
  /** Of damaged ones; 0 for what is not in stock. */
  units: z.int().nonnegative(),
  since: instantSchema,
  by: z.string(),
  reason: z.string(),
});
export type StockDoubt = z.infer<typeof doubtSchema>;

const doubtKind = 'stock-doubt';
const doubted = 'doubted';

function doubtKey(node: NodeId, sku: Sku): string {
  return [node, sku].map(encodeURIComponent).join('/');
}

/** Every shelf that is in doubt. */
export async function stockDoubts(tx: ReadTransaction | Transaction): Promise<StockDoubt[]> {
  const found: StockDoubt[] = [];
  for (let after: string | undefined; ;) {
    const page = await tx.records.list(doubtKind, doubtSchema, {
      states: [doubted],
      limit: 500,
      ...(after === undefined ? {} : { after }),
    });
    found.push(...page.map(({ body }) => body));
    after = page.at(-1)?.key;
    if (page.length < 500) return found;
  }
}

export async function findDoubt(tx: ReadTransaction | Transaction, node: NodeId, sku: Sku): Promise<StockDoubt | null> {
  const record = await tx.records.get(doubtKind, doubtKey(node, sku), doubtSchema);
  return record === null || record.state !== doubted ? null : record.body;
}

/** Doubts a shelf from now on. Damaged units add up; what is not in stock is the stronger doubt. */
export async function doubtStock(tx: Transaction, fresh: StockDoubt): Promise<void> {
  const key = doubtKey(fresh.node, fresh.sku);
  const record = await tx.records.get(doubtKind, key, doubtSchema);
  const before = record === null || record.state !== doubted ? null : record.body;
  const kind = before?.kind === 'not-in-stock' ? before.kind : fresh.kind;
  const body = { ...fresh, kind, units: kind === 'damaged' ? fresh.units + (before?.units ?? 0) : 0, since: before?.since ?? fresh.since };
  await tx.records.put(doubtKind, key, { state: doubted, body, at: fresh.since, version: record?.version ?? 0 });
}

/** The shelf was counted: the ERP is believed again. */
export async function believeStock(tx: Transaction, node: NodeId, sku: Sku, at: Instant): Promise<void> {
  const record = await tx.records.get(doubtKind, doubtKey(node, sku), doubtSchema);
  if (record === null) return;
  await tx.records.put(doubtKind, record.key, { state: 'counted', body: record.body, at, version: record.version });
}

/**
 * Doubts in what lies on shelves: of a damaged kit all of its parts may be. That of a kit nothing more was found says of no shelf that it is empty: `kitsNotFound` tells it. Pure.
 */
export function doubtsOfShelves(doubts: readonly StockDoubt[], recipes: Recipes): StockDoubt[] {
  const parts = doubts.flatMap((doubt) => {
    if (!recipes.has(doubt.sku)) return [doubt];
    if (doubt.kind === 'not-in-stock') return [];
    return [...takenBy(recipes, doubt.sku, doubt.units)].map(([sku, units]) => ({ ...doubt, sku, units }));
  });
  return [...Map.groupBy(parts, ({ node, sku }) => doubtKey(node, sku)).values()].flatMap((same) => {
    const found = same.find(({ kind }) => kind === 'not-in-stock') ?? same[0];
    return found === undefined ? [] : [{ ...found, units: same.reduce((sum, { units }) => sum + units, 0) }];
  });
}

/** Nodes where no more of a kit was found: which of its parts is missing nobody has said, so no kit is made there until it was counted. By SKU of the kit. */
export function kitsNotFound(doubts: readonly StockDoubt[], recipes: Recipes): ReadonlyMap<Sku, readonly NodeId[]> {
  const found = doubts.filter(({ sku, kind }) => kind === 'not-in-stock' && recipes.has(sku));
  return new Map([...Map.groupBy(found, ({ sku }) => sku)].map(([sku, same]) => [sku, same.map(({ node }) => node)]));
}

/** The ERP's positions with what may be promised of them while they are in doubt: of what is not in stock nothing, of the rest so many less as are damaged. Pure. */
export function lessDoubts(positions: readonly StockPosition[], doubts: readonly StockDoubt[]): StockPosition[] {
  if (doubts.length === 0) return [...positions];
  const byShelf = new Map(doubts.map((each) => [doubtKey(each.node, each.sku), each]));
  return positions.map((position) => {
    const doubt = byShelf.get(doubtKey(position.node, position.sku));
    if (doubt === undefined) return position;
    const sellable = doubt.kind === 'damaged' ? position.sellable - doubt.units : Math.min(position.sellable, position.reserved);
    return { ...position, sellable };
  });
}
