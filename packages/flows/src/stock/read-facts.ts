import { epochMs, kitComponentSchema, type ConnectionId, type Instant, type Sku, type StockPosition } from '@quartermaster/domain';
import type { Recipes } from '@quartermaster/inventory';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { scopeOf, type FlowContext } from '../context.ts';
import { turnTaken } from '../turns.ts';
import { readDemand } from './demand-history.ts';
import { knownLevels } from './known-levels.ts';
import type { KnownLevel } from './levels.ts';
import { isBudgetSpent } from './oversell-monitor.ts';
import { keptCounts } from './stock-accuracy.ts';
import { noFacts, type StockFacts } from './stock-facts.ts';
import { keptReceipts } from './supplier-history.ts';

const recipesSchema = z.object({ recipes: z.record(z.string(), z.array(kitComponentSchema)) });
const place = { kind: 'stock', key: 'recipes' } as const;
/** The turn of reading a channel's orders. */
const reading = 'orders';

/** What is known beside stock and orders when stock is shared out; `known`: what each channel shows. */
export async function readFacts(
  tx: ReadTransaction | Transaction,
  context: Pick<FlowContext, 'clock' | 'settings'>,
  known: ReadonlyMap<ConnectionId, ReadonlyMap<string, KnownLevel>>,
): Promise<StockFacts> {
  const { settings, clock } = context;
  const now = clock.now();
  const recipes = (await tx.records.get(place.kind, place.key, recipesSchema))?.body.recipes ?? {};
  const demand = isDemandWanted(settings, recipes) ? await readDemand(tx, context) : noFacts;
  const read = new Map<ConnectionId, Instant | null>();
  for (const { connection } of settings.channels) read.set(connection, await turnTaken(tx, scopeOf(settings, connection), reading));
  const listings = [...known.values()].map(listedSkus);
  return {
    ...noFacts,
    now,
    recipes: new Map(Object.entries(recipes)),
    demandOf: demand.demandOf,
    soldSince: demand.soldSince,
    lagMs(connection) {
      const at = read.get(connection) ?? null;
      return at === null ? null : Math.max(0, epochMs(now) - epochMs(at));
    },
    // Until a channel has said that it does not have the SKU, it may.
    isSold: (sku) => listings.length === 0 || listings.some((listed) => listed.get(sku) !== false),
    counted: await keptCounts(tx, settings),
    lateReceipts: await keptReceipts(tx, settings),
    strict: await isBudgetSpent(tx, context),
  };
}

/** The same, with what the channels show read as well. */
export async function factsOf(tx: ReadTransaction | Transaction, context: Pick<FlowContext, 'clock' | 'settings'>): Promise<StockFacts> {
  const known = new Map<ConnectionId, ReadonlyMap<string, KnownLevel>>();
  for (const { connection } of context.settings.channels) known.set(connection, await knownLevels(tx, connection));
  return readFacts(tx, context, known);
}

/** Keeps the recipes of kits that were seen: of a kit that nobody can make any more the ERP shows no position, and orders still want it. */
export async function noteRecipes(tx: Transaction, positions: readonly StockPosition[], at: Instant): Promise<void> {
  const seen = positions.flatMap(({ sku, kit }) => (kit === null ? [] : [[sku, kit] as const]));
  if (seen.length === 0) return;
  const before = await tx.records.get(place.kind, place.key, recipesSchema);
  const recipes = { ...before?.body.recipes, ...Object.fromEntries(seen) };
  if (JSON.stringify(recipes) === JSON.stringify(before?.body.recipes)) return;
  await tx.records.put(place.kind, place.key, { state: 'current', body: { recipes }, at, version: before?.version ?? 0 });
}

/** Recipes of kits that were seen, for who has no position of them. */
export async function knownRecipes(tx: ReadTransaction | Transaction): Promise<Recipes> {
  return new Map(Object.entries((await tx.records.get(place.kind, place.key, recipesSchema))?.body.recipes ?? {}));
}

/** Whether anything is computed from past demand: reading it costs a record for each SKU that was ever sold. */
function isDemandWanted({ inventory, safetyStock, counts }: FlowContext['settings'], recipes: Readonly<Record<string, unknown>>): boolean {
  return (
    inventory.pools.length > 0 ||
    counts.length > 0 ||
    Object.keys(inventory.syncWindows).length > 0 ||
    Object.keys(recipes).length > 0 ||
    safetyStock.rules.some(({ units }) => units === undefined)
  );
}

/** Whether the channel has the SKU at any place. */
function listedSkus(known: ReadonlyMap<string, KnownLevel>): Map<Sku, boolean> {
  const listed = new Map<Sku, boolean>();
  for (const level of known.values()) listed.set(level.sku, (listed.get(level.sku) ?? false) || level.listed);
  return listed;
}
