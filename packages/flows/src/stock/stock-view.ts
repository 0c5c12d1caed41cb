import type { NodeId, Sku, StockPosition } from '@quartermaster/domain';
import { hasLeft, isLive, openLines, type OrderCase } from '@quartermaster/fulfilment';
import { takenBy, type Recipes } from '@quartermaster/inventory';
import type { UnitsAt } from '../waves/sourcing-problem.ts';

/** Units that orders may take: sellable less reserved, less what we have planned and the ERP does not know yet. Kits of `recipes` have none of their own: what is planned of them is taken from their parts. */
export function availableForOrders(
  positions: readonly StockPosition[],
  cases: readonly OrderCase[],
  recipes: Recipes = new Map(),
): Map<NodeId, Map<Sku, number>> {
  const units = new Map<NodeId, Map<Sku, number>>();
  for (const { node, sku, sellable, reserved } of positions) if (!recipes.has(sku)) addUnits(units, node, sku, sellable - reserved);
  for (const [node, skus] of plannedUnits(cases))
    for (const [sku, planned] of skus) for (const [part, taken] of takenBy(recipes, sku, planned)) addUnits(units, node, part, -taken);
  return units;
}

/**
 * Units that shipments want and the ERP has not set aside for them, by node and SKU: all of a shipment that it does not know yet, what is missing of one that it reserved short. So
 * what arrives for a short shipment is not given to somebody else.
 */
export function plannedUnits(cases: readonly OrderCase[]): UnitsAt {
  const units = new Map<NodeId, Map<Sku, number>>();
  for (const shipment of cases.flatMap((each) => each.shipments)) {
    if (shipment.state === 'planned') for (const line of shipment.lines) addUnits(units, shipment.node, line.sku, line.units);
    else if (isLive(shipment) && !hasLeft(shipment))
      for (const line of shipment.shortage) addUnits(units, shipment.node, line.sku, line.units - line.reserved);
  }
  return units;
}

/** Units per SKU that orders still want and no node has promised them: held ones too, because their customers count on them. */
export function wantedUnits(cases: readonly OrderCase[]): Map<Sku, number> {
  const wanted = new Map<Sku, number>();
  for (const each of cases) {
    if (each.state === 'cancelled' || each.state === 'cancelling') continue;
    for (const line of openLines(each)) wanted.set(line.sku, (wanted.get(line.sku) ?? 0) + line.units);
  }
  return wanted;
}

export function addUnits(units: Map<NodeId, Map<Sku, number>>, node: NodeId, sku: Sku, more: number): void {
  const skus = units.get(node) ?? new Map<Sku, number>();
  skus.set(sku, (skus.get(sku) ?? 0) + more);
  units.set(node, skus);
}
