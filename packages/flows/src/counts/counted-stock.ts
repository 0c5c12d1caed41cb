import { instantSchema, type NodeId, type Sku, type StockPosition } from '@quartermaster/domain';
import { z } from 'zod';
import { countedSchema } from './count-file.ts';

export const countSchema = z.object({
  file: z.string(),
  countedAt: instantSchema,
  rows: z.array(countedSchema),
  /** What the ERP had on the shelf when the file was read first, by SKU: what it has less since then has left. */
  erp: z.record(z.string(), z.int()),
});
/** The newest count of a node that could be read. */
export type Count = z.infer<typeof countSchema>;

/**
 * Positions with those of counted nodes as they were counted. Of what was counted, what the ERP has less than when the count was read has left since; what it has more counts only when it is counted. What
 * is reserved is the ERP's. A node that should be counted and never was (null) has nothing. Kits keep their recipe, and are made of what was counted. Pure.
 */
export function countedPositions(positions: readonly StockPosition[], counts: ReadonlyMap<NodeId, Count | null>): StockPosition[] {
  const others = positions.filter(({ node, kit }) => !counts.has(node) || kit !== null);
  return [
    ...others,
    ...[...counts].flatMap(([node, count]) =>
      ofNode(
        positions.filter((each) => each.node === node && each.kit === null),
        node,
        count,
      ),
    ),
  ];
}

function ofNode(inErp: readonly StockPosition[], node: NodeId, count: Count | null): StockPosition[] {
  const sellable = sellableBySku(inErp);
  const reserved = Map.groupBy(inErp, ({ sku }) => sku);
  const gone = inErp.map((position) => ({
    ...position,
    sellable: 0,
    inbound: [],
    inTransit: 0,
    qualityHold: 0,
    damaged: 0,
    returnPending: 0,
  }));
  if (count === null) return gone;
  const told = new Set<Sku>();
  const counted = count.rows.map(({ sku, ...row }): StockPosition => {
    const left = told.has(sku) ? 0 : Math.max(0, (count.erp[sku] ?? 0) - (sellable.get(sku) ?? 0));
    const units = told.has(sku) ? 0 : (reserved.get(sku) ?? []).reduce((sum, each) => sum + each.reserved, 0);
    told.add(sku);
    return { ...row, sku, node, asOf: count.countedAt, sellable: row.sellable - left, reserved: units, inTransit: 0, lot: null, kit: null };
  });
  return [...counted, ...gone.filter(({ sku }) => !told.has(sku))];
}

/** Units on the shelf by SKU. */
export function sellableBySku(positions: readonly StockPosition[]): Map<Sku, number> {
  const units = new Map<Sku, number>();
  for (const { sku, sellable } of positions) units.set(sku, (units.get(sku) ?? 0) + sellable);
  return units;
}
