import type { NodeId, Sku, StockPosition } from '@quartermaster/domain';
import type { FlowContext } from '../context.ts';
import { speakingTo } from '../speaking-to.ts';
import type { StockFacts } from './stock-facts.ts';

export type StockRead = {
  readonly positions: readonly StockPosition[];
  readonly uncertain: (sku: Sku, node: NodeId, sellable: number) => number;
};

/** All positions of our nodes as the ERP has them. */
export async function readStock(context: Pick<FlowContext, 'erp' | 'settings'>, _facts: StockFacts): Promise<StockRead> {
  const nodes = context.settings.nodes.map((node) => node.id);
  const positions = await speakingTo(context.erp.connection, () => context.erp.stock({ nodes, skus: null }));
  return { positions, uncertain: () => 0 };
}
