import {
  compareText,
  epochMs,
  instantOf,
  isFault,
  type ErpAdjustment,
  type NodeId,
  type Sku,
  type StockPosition,
} from '@quartermaster/domain';
import { accuracyBuffer, accuracyPolicySchema, stockAccuracy, togetherAccuracy, type StockAccuracy } from '@quartermaster/inventory';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { FlowContext } from '../context.ts';
import type { LookContext } from '../drift/look.ts';
import { speakingTo } from '../speaking-to.ts';
import { placeKey } from './levels.ts';
import { readErpStock } from './read-stock.ts';

// What counts of the ERP found on each shelf: how right the books are, and what is kept back for it where the policy says so (`inventory.accuracy`).

const kind = 'stock-accuracy';
const key = 'counted';
const keptSchema = z.object({
  days: z.int(),
  shelves: z.array(z.object({ sku: z.string(), node: z.string(), units: z.array(z.int()) })),
});
/** Counts are read anew after this long: they change a shelf's history slowly, and reading months of them is dear. */
const freshMs = 6 * 3_600_000;

type CountedShelf = z.infer<typeof keptSchema>['shelves'][number];

/** What each count of a shelf found above or below the books. */
export type CountedUnits = (sku: Sku, node: NodeId) => readonly number[];

/** Reads what counts found, where the policy keeps units back for it and the last reading is old. What the ERP refuses is told, and what was known before goes on. Throws its outages. */
export async function refreshAccuracy(context: FlowContext): Promise<void> {
  const { settings, journal, clock } = context;
  const { accuracy } = settings.inventory;
  if (accuracy === null) return;
  const at = clock.now();
  const before = await journal.read((tx) => tx.records.get(kind, key, keptSchema));
  if (before !== null && before.body.days === accuracy.days && epochMs(at) - epochMs(before.changedAt) < freshMs) return;
  try {
    const shelves = countedShelves(await readAdjustments(context, accuracy.days));
    await journal.transaction(async (tx) => {
      const version = (await tx.records.get(kind, key, keptSchema))?.version ?? 0;
      await tx.records.put(kind, key, { state: 'current', body: { days: accuracy.days, shelves }, at, version });
    });
  } catch (error) {
    if (!isFault(error) || error.code !== 'forbidden') throw error;
    context.log({ at, event: 'stock.history-not-read', connection: context.erp.connection, code: error.code });
  }
}

/** What counts found, as it was read last; nothing where no policy asks for it. */
export async function keptCounts(
  tx: ReadTransaction | Transaction,
  { inventory }: Pick<FlowContext['settings'], 'inventory'>,
): Promise<CountedUnits> {
  if (inventory.accuracy === null) return () => [];
  const kept = (await tx.records.get(kind, key, keptSchema))?.body.shelves ?? [];
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

/** Of nodes whose stock the ERP tells itself. */
async function readAdjustments(
  { erp, settings, clock }: Pick<LookContext, 'erp' | 'settings' | 'clock'>,
  days: number,
): Promise<ErpAdjustment[]> {
  const { history } = erp;
  const elsewhere = new Set(settings.counts.map(({ node }) => node));
  const nodes = settings.nodes.map(({ id }) => id).filter((id) => !elsewhere.has(id));
  const since = instantOf(epochMs(clock.now()) - days * 86_400_000);
  return history === null ? [] : speakingTo(erp.connection, () => history.adjustments({ nodes, since }));
}

function countedShelves(adjustments: readonly ErpAdjustment[]): CountedShelf[] {
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
