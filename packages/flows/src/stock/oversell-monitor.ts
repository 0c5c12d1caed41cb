import { epochMs, instantOf, type ConnectionId, type Sku } from '@quartermaster/domain';
import { exposure } from '@quartermaster/inventory';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { FlowContext } from '../context.ts';
import { doubtful, type KnownLevel } from './levels.ts';
import type { SharedStock } from './share-stock.ts';
import { tellBehind, type SourceStanding } from './sources-behind.ts';
import { tellAll } from './tell.ts';

// Watches at run time that the declared bound holds: that all channels together cannot sell more in flight than may be promised, and the budget. What is exposed beyond it is spent.

const code = 'oversell-risk';
const kind = 'oversell';
const budgetKey = 'spent';
const spentSchema = z.object({ spent: z.array(z.object({ at: z.string(), sku: z.string(), units: z.number() })) });
const excessSchema = z.object({ excess: z.record(z.string(), z.number()) });
const excessKey = 'seen';

/** Components of which the channels, by what they confirmed to show, can sell more in flight than may be promised: by how many units. What is under way or in doubt is not judged. */
export function excessShown(
  known: ReadonlyMap<ConnectionId, ReadonlyMap<string, KnownLevel>>,
  shared: Pick<SharedStock, 'recipes' | 'inFlight' | 'atp' | 'budget'>,
): Map<Sku, number> {
  const levels = [...known].flatMap(([connection, places]) => [...places.values()].map((level) => ({ ...level, connection })));
  const unsettled = (level: KnownLevel) =>
    level.listed && (level.state === doubtful || level.state === 'stale' || level.available === null);
  const inDoubt = exposure(
    levels.filter(unsettled).map((level) => ({ ...level, available: 1 })),
    shared.recipes,
    () => Infinity,
  );
  const exposed = exposure(
    levels.map((level) => ({ ...level, available: level.listed ? (level.available ?? 0) : 0 })),
    shared.recipes,
    shared.inFlight,
  );
  const excess = new Map<Sku, number>();
  for (const [sku, units] of exposed) {
    const over = units - (shared.atp.get(sku) ?? 0) - shared.budget;
    if (over > 1e-6 && !inDoubt.has(sku)) excess.set(sku, Math.ceil(over - 1e-6));
  }
  return excess;
}

/**
 * Takes note of what is exposed beyond the bound, before it is mended by the publication that follows. It spends the error budget once, when it is seen first. A person is told when it is still there
 * at the next publication (a channel was not lowered in its window), and when the error budget is spent.
 */
export async function watchOversell(tx: Transaction, context: FlowContext, excess: ReadonlyMap<Sku, number>): Promise<void> {
  const at = context.clock.now();
  const before = await tx.records.get(kind, excessKey, excessSchema);
  const seen = before?.body.excess ?? {};
  const lasting = [...excess].filter(([sku]) => Object.hasOwn(seen, sku));
  await tellAll(
    tx,
    context,
    code,
    new Map([
      ...lasting.map(
        ([sku, units]) =>
          [
            sku,
            `channels show ${units} units of ${sku} more than may be promised, and were not lowered since the last publication`,
          ] as const,
      ),
      ...(await spend(
        tx,
        context,
        [...excess].filter(([sku]) => !Object.hasOwn(seen, sku)),
      )),
    ]),
  );
  if (before === null && excess.size === 0) return;
  const body = { excess: Object.fromEntries(excess) };
  if (JSON.stringify(body) === JSON.stringify(before?.body)) return;
  await tx.records.put(kind, excessKey, { state: 'current', body, at, version: before?.version ?? 0 });
}

/** How the channels stand against the declared bound. */
export type OversellStanding = {
  /** Units that the last publication found channels to show beyond it, and of how many SKUs. */
  readonly units: number;
  readonly skus: number;
  /** What is spent of the error budget within its days; null: nobody counts. */
  readonly errorBudget: { readonly spent: number; readonly units: number; readonly days: number } | null;
};

export async function oversellStanding(tx: ReadTransaction, context: Pick<FlowContext, 'clock' | 'settings'>): Promise<OversellStanding> {
  const excess = Object.values((await tx.records.get(kind, excessKey, excessSchema))?.body.excess ?? {});
  const { errorBudget } = context.settings.inventory.oversell;
  return {
    units: excess.reduce((sum, units) => sum + units, 0),
    skus: excess.length,
    errorBudget: errorBudget === null ? null : { spent: await spentUnits(tx, context), ...errorBudget },
  };
}

/** What of the error budget is spent within its days, in units. */
export async function spentUnits(
  tx: ReadTransaction | Transaction,
  { clock, settings }: Pick<FlowContext, 'clock' | 'settings'>,
): Promise<number> {
  const { errorBudget } = settings.inventory.oversell;
  if (errorBudget === null) return 0;
  const from = instantOf(epochMs(clock.now()) - errorBudget.days * 86_400_000);
  const kept = (await tx.records.get(kind, budgetKey, spentSchema))?.body.spent ?? [];
  return kept.filter(({ at }) => at >= from).reduce((sum, { units }) => sum + units, 0);
}

/** Whether more than the error budget was spent: then nothing is shown beyond strict shares. */
export async function isBudgetSpent(tx: ReadTransaction | Transaction, context: Pick<FlowContext, 'clock' | 'settings'>): Promise<boolean> {
  const { errorBudget } = context.settings.inventory.oversell;
  return errorBudget !== null && (await spentUnits(tx, context)) > errorBudget.units;
}

/** Spends, and says of the whole what a person is to know. */
async function spend(tx: Transaction, context: FlowContext, units: readonly (readonly [Sku, number])[]): Promise<[string, string][]> {
  const { errorBudget } = context.settings.inventory.oversell;
  if (errorBudget === null) return [];
  const at = context.clock.now();
  if (units.length > 0) {
    const from = instantOf(epochMs(at) - errorBudget.days * 86_400_000);
    const before = await tx.records.get(kind, budgetKey, spentSchema);
    const kept = (before?.body.spent ?? []).filter((each) => each.at >= from);
    const spent = [...kept, ...units.map(([sku, count]) => ({ at, sku, units: count }))];
    await tx.records.put(kind, budgetKey, { state: 'current', body: { spent }, at, version: before?.version ?? 0 });
  }
  if (!(await isBudgetSpent(tx, context))) return [];
  return [
    [
      'error-budget',
      `more than ${errorBudget.units} units in ${errorBudget.days} days were shown beyond what may be promised: shares are strict until that is over`,
    ],
  ];
}

/** Tells which sources are behind their declared window, and which pools got less than they were to have. */
export async function tellOfStock(
  tx: Transaction,
  context: FlowContext,
  { standings, short }: { readonly standings: readonly SourceStanding[]; readonly short: SharedStock['short'] },
): Promise<void> {
  await tellBehind(tx, context, standings);
  await tellAll(tx, context, 'pool-short', new Map([...short].map(([sku, sentences]) => [sku, sentences.join(' ')])));
}
