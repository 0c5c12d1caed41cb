import { compareText, type ErpAdjustment, type NodeId, type Sku, type StockPosition } from '@quartermaster/domain';
import { accuracyBuffer, accuracyPolicySchema, stockAccuracy, togetherAccuracy, type StockAccuracy } from '@quartermaster/inventory';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { FlowContext } from '../context.ts';
import type { LookContext } from '../drift/look.ts';
import { speakingTo } from '../speaking-to.ts';
import { keptPast, pastDays, refreshPast } from './erp-past.ts';
import { placeKey } from './levels.ts';
import { readErpStock } from './read-stock.ts';

// What counts of the ERP found on each shelf: how right the books are, and what is kept back for it where the policy says so (`inventory.accuracy`).

const schema = z.array(z.object({ sku: z.string(), node: z.string(), units: z.array(z.int()) }));
type CountedShelves = z.infer<typeof schema>;
const past = { kind: 'stock-accuracy', schema };

/** What each count of a shelf found above or below the books. */
export type CountedUnits = (sku: Sku, node: NodeId) => readonly number[];

/** Reads what counts found, where the policy keeps units back for it and what is known is old. Throws the ERP's fault, unless it only does not let its user see it. */
export async function refreshAccuracy(context: FlowContext): Promise<void> {
  const { accuracy } = context.settings.inventory;
  if (accuracy === null) return;
  const { days } = accuracy;
  await refreshPast(context, past, { days, read: async () => countedShelves(await readAdjustments(context, days)) });
}

/** What counts found, as it was read last; nothing where no policy asks for it. */
export async function keptCounts(
  tx: ReadTransaction | Transaction,
  { inventory }: Pick<FlowContext['settings'], 'inventory'>,
): Promise<CountedUnits> {
  if (inventory.accuracy === null) return () => [];
  const kept = (await keptPast(tx, past)) ?? [];
  const shelves = new Map(kept.map(({ sku, node, units }) => [placeKey(sku, node), units]));
  return (sku, node) => shelves.get(placeKey(sku, node)) ?? [];
}

/** How right the books are: of each shelf that was counted, the worst first, and of each node. */
export type AccuracyView = {
  readonly days: number;
  readonly shelves: readonly (StockAccuracy & {
    readonly sku: Sku;
    readonly node: NodeId;
    /** Units that the policy keeps back for it. */
    readonly kept: number;
  })[];
  readonly nodes: readonly (StockAccuracy & { readonly node: NodeId })[];
};

/** Reads counts and stock of the ERP now, and writes nothing; null where the ERP tells of no counts. Throws its fault. */
export async function accuracyOf(context: LookContext): Promise<AccuracyView | null> {
  if (context.erp.history === null) return null;
  const policy = context.settings.inventory.accuracy;
  const days = policy?.days ?? usualDays;
  const counted = countedShelves(await readAdjustments(context, days));
  const held = heldUnits(await readErpStock(context, null));
  const shelves = counted.map(({ sku, node, units }) => {
    const there = held.get(placeKey(sku, node)) ?? 0;
    return { sku, node, ...stockAccuracy(units, { held: there, days }), kept: accuracyBuffer(policy, units, there) };
  });
  const nodes = [...Map.groupBy(shelves, ({ node }) => node)].map(([node, there]) => ({ node, ...togetherAccuracy(there) }));
  return {
    days,
    shelves: shelves.sort(
      (one, other) =>
        (one.accuracyPercent ?? 100) - (other.accuracyPercent ?? 100) ||
        compareText(one.sku, other.sku) ||
        compareText(one.node, other.node),
    ),
    nodes: nodes.sort((one, other) => compareText(one.node, other.node)),
  };
}

const usualDays = accuracyPolicySchema.parse({ mostUnits: 0 })?.days ?? 90;

async function readAdjustments(context: Pick<LookContext, 'erp' | 'settings' | 'clock'>, days: number): Promise<ErpAdjustment[]> {
  const { connection, history } = context.erp;
  return history === null ? [] : speakingTo(connection, () => history.adjustments(pastDays(context, days)));
}

function countedShelves(adjustments: readonly ErpAdjustment[]): CountedShelves {
  return [...Map.groupBy(adjustments, ({ sku, node }) => placeKey(sku, node)).values()].flatMap((counts) => {
    const [first] = counts;
    return first === undefined ? [] : [{ sku: first.sku, node: first.node, units: counts.map(({ units }) => units) }];
  });
}

function heldUnits(positions: readonly StockPosition[]): Map<string, number> {
  const held = new Map<string, number>();
  for (const { sku, node, sellable, kit } of positions)
    if (kit === null) held.set(placeKey(sku, node), (held.get(placeKey(sku, node)) ?? 0) + sellable);
  return held;
}
