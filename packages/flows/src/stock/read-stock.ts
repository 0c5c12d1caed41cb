import { epochMs, type NodeId, type Sku, type StockPosition } from '@quartermaster/domain';
import type { JournalReader } from '@quartermaster/journal';
import type { FlowContext } from '../context.ts';
import { countedPositions } from '../counts/counted-stock.ts';
import { standingCounts } from '../counts/take-counts.ts';
import { speakingTo } from '../speaking-to.ts';
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

/** Units at a counted node that may be gone: as many as are sold in the mean in the time since it was counted. Grows until the next count, and is 0 where the ERP itself tells. */
export function countUncertainty(
  positions: readonly StockPosition[],
  { settings }: Pick<FlowContext, 'settings'>,
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
