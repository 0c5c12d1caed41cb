import { epochMs, type NodeId, type Sku, type StockPosition } from '@quartermaster/domain';
import { accuracyBuffer, freshnessBuffer, freshnessOf } from '@quartermaster/inventory';
import type { JournalReader } from '@quartermaster/journal';
import type { FlowContext } from '../context.ts';
import { countedPositions } from '../counts/counted-stock.ts';
import { standingCounts } from '../counts/take-counts.ts';
import { speakingTo } from '../speaking-to.ts';
import type { SourceStanding } from './sources-behind.ts';
import type { StockFacts } from './stock-facts.ts';

type Reading = Pick<FlowContext, 'erp' | 'settings'> & { readonly journal: Pick<JournalReader, 'read'> };

/** Positions of our nodes as the ERP has them; of all SKUs where null. */
export async function readErpStock(
  { erp, settings }: Pick<FlowContext, 'erp' | 'settings'>,
  skus: readonly Sku[] | null,
): Promise<StockPosition[]> {
  const nodes = settings.nodes.map((node) => node.id);
  return speakingTo(erp.connection, () => erp.stock({ nodes, skus }));
}

/** The ERP's positions with those of counted nodes as they were counted. */
export async function withCounts(
  { journal, settings }: Pick<Reading, 'journal' | 'settings'>,
  positions: readonly StockPosition[],
): Promise<readonly StockPosition[]> {
  if (settings.counts.length === 0) return positions;
  return countedPositions(positions, await journal.read((tx) => standingCounts(tx, { settings })));
}

/**
 * Units that may not be there after all. At a counted node as many as are sold in the mean since it was counted. Where the ERP is behind its window its nodes together keep back what may have gone since
 * it was read, each by what it has, rounded up. Where selling is to stop, all there is. Beside that what the counts of a shelf have been missing
 * (`inventory.accuracy`). Else 0.
 */
export function uncertainUnits(
  positions: readonly StockPosition[],
  { settings }: Pick<FlowContext, 'settings'>,
  facts: StockFacts,
  standings: readonly SourceStanding[],
): (sku: Sku, node: NodeId, sellable: number) => number {
  const since = countUncertainty(positions, settings, facts);
  const { accuracy } = settings.inventory;
  const gone = (sku: Sku, node: NodeId, units: number) => since(sku, node) + accuracyBuffer(accuracy, facts.counted(sku, node), units);
  const behind = standings.filter(({ kind, steps }) => kind !== 'channel' && steps.length > 0);
  if (behind.length === 0) return gone;
  const sellable = new Map<Sku, number>();
  const ofErp = new Set(behind.flatMap(({ kind, nodes }) => (kind === 'erp' ? nodes : [])));
  for (const each of positions)
    if (ofErp.has(each.node)) sellable.set(each.sku, (sellable.get(each.sku) ?? 0) + Math.max(0, each.sellable));
  return (sku, node, units) => {
    const there = Math.max(0, units);
    const source = behind.find(({ nodes }) => nodes.includes(node));
    if (source === undefined || source.kind === 'count')
      return source?.steps.includes('stop-selling') === true ? there : gone(sku, node, units);
    const buffer = freshnessBuffer(freshnessOf(source.window, source.lagMs), facts.demandOf(null, sku).mean, source.window.caution);
    const all = sellable.get(sku) ?? 0;
    if (buffer >= all || all === 0) return there;
    return Math.min(there, gone(sku, node, units) + Math.ceil((buffer * there) / all - 1e-9));
  };
}

/** Units at a counted node that may be gone: as many as are sold in the mean in the time since it was counted. Grows until the next count, and is 0 where the ERP itself tells. */
function countUncertainty(
  positions: readonly StockPosition[],
  settings: Pick<FlowContext['settings'], 'counts'>,
  facts: StockFacts,
): (sku: Sku, node: NodeId) => number {
  const counted = new Set(settings.counts.map(({ node }) => node));
  const asOf = new Map(
    positions.flatMap((each) => (counted.has(each.node) ? [[JSON.stringify([each.sku, each.node]), each.asOf] as const] : [])),
  );
  return (sku, node) => {
    const at = asOf.get(JSON.stringify([sku, node]));
    if (at === undefined) return 0;
    const days = Math.max(0, epochMs(facts.now) - epochMs(at)) / 86_400_000;
    return Math.ceil(facts.demandOf(null, sku).mean * days - 1e-9);
  };
}
