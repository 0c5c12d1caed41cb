import type { Numbers } from './compile.ts';
import { pricedCost } from './draft.ts';
import { lineByLineBound } from './long-order.ts';
import { isExact, placeNode, placeSlot } from './order-table.ts';
import { chosenShipments } from './price.ts';
import { orderBound, priceExactly, type Pricer } from './pricer.ts';
import type { Prices } from './prices.ts';

/** What some orders cost and take if each chooses its cheapest plan at the prices, whatever is there. */
export interface Demand {
  /** Sum of the orders' cheapest plans at the prices. */
  cost: number;
  /** By node. */
  readonly minutes: Float64Array;
  /** Shipments, by slot. */
  readonly slot: Float64Array;
}

/** Told of each line that a cheapest plan ships, and from where. */
export type OnLine = (line: number, node: number) => void;

/** Demand of the orders from `first` to before `end`. */
export function demandOf(given: Pricer<Numbers>, prices: Prices, first: number, end: number, onLine?: OnLine): Demand {
  const { compiled } = given;
  const demand: Demand = { cost: 0, minutes: new Float64Array(compiled.nodeCount), slot: new Float64Array(compiled.slots.length) };
  for (let order = first; order < end; order++) demand.cost += addOrder(given, order, prices, demand, onLine);
  return demand;
}

function addOrder(given: Pricer<Numbers>, order: number, prices: Prices, demand: Demand, onLine?: OnLine): number {
  const { compiled } = given;
  const before = compiled.earlier?.plans[order];
  if (before === undefined) return addNewPlan(given, order, prices, demand, onLine);
  const value = orderBound(given, order, prices);
  if (value < pricedCost(compiled, order, before, prices))
    return addNewPlan(given, order, prices, demand, onLine) + compiled.earlier!.changeCost;
  for (const { node, slot, minutes, lines } of before) {
    addShipment(demand, node, slot, minutes);
    if (onLine !== undefined) for (const line of lines) onLine(compiled.lineStart[order]! + line, node);
  }
  return value;
}

function addNewPlan(given: Pricer<Numbers>, order: number, prices: Prices, demand: Demand, onLine?: OnLine): number {
  const { compiled, room } = given;
  const start = compiled.lineStart[order]!;
  if (!isExact(compiled, order)) {
    const { value, nodeOfLine, fixedNode, fixedSlot } = lineByLineBound(compiled, order, given.sourcesOf(order), prices);
    if (fixedNode >= 0) addShipment(demand, fixedNode, fixedSlot, compiled.labor[fixedNode]!.perShipment);
    for (const [line, node] of nodeOfLine.entries()) {
      if (node < 0) continue;
      const labor = compiled.labor[node]!;
      demand.minutes[node]! += labor.perLine + labor.perUnit * compiled.lineUnits[start + line]!;
      onLine?.(start + line, node);
    }
    return value;
  }
  const table = given.tableOf(order);
  const value = priceExactly(given, { compiled, order, table, terms: { prices, laborBy: 'prices' } });
  for (const { entry, mask } of chosenShipments(table, room)) {
    const place = table.shelf.place[entry]!;
    const node = placeNode(compiled, place);
    const labor = compiled.labor[node]!;
    let minutes = labor.perShipment;
    for (let line = 0; line < table.lineCount; line++) {
      if (((mask >> line) & 1) === 0) continue;
      minutes += labor.perLine + labor.perUnit * compiled.lineUnits[start + line]!;
      onLine?.(start + line, node);
    }
    addShipment(demand, node, placeSlot(compiled, place), minutes);
  }
  return value;
}

function addShipment(demand: Demand, node: number, slot: number, minutes: number): void {
  demand.minutes[node]! += minutes;
  if (slot >= 0) demand.slot[slot]! += 1;
}
