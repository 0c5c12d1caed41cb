import { poolsOf, stockRow, type Numbers } from './compile.ts';
import { resourceValue } from './bound.ts';
import { lineByLineBound } from './long-order.ts';
import { isExact, placeNode, placeSlot } from './order-table.ts';
import { chosenShipments } from './price.ts';
import { priceExactly, type Pricer } from './pricer.ts';
import type { Prices } from './prices.ts';

/** What the orders would take if each chose its cheapest plan at the prices, whatever is there; and the lower bound of these prices. */
export interface Demand {
  bound: number;
  /** Units by stock row, of channels without a reservation there. */
  readonly shared: Float64Array;
  readonly pool: Float64Array;
  readonly minutes: Float64Array;
  readonly slot: Float64Array;
  /** Units of a row's rounding cuts, cut by cut. */
  readonly cuts: ReadonlyMap<number, Float64Array>;
}

export function demandAt(given: Pricer<Numbers>, prices: Prices): Demand {
  const { compiled } = given;
  const demand: Demand = {
    bound: 0 - resourceValue(compiled, prices),
    shared: new Float64Array(compiled.stock.length),
    pool: new Float64Array(compiled.pools.length),
    minutes: new Float64Array(compiled.nodeCount),
    slot: new Float64Array(compiled.slots.length),
    cuts: new Map([...prices.cutsOfRow].map(([row, cuts]) => [row, new Float64Array(cuts.length)])),
  };
  for (let order = 0; order < compiled.orderCount; order++) demand.bound += addOrder(given, order, prices, demand);
  return demand;
}

function addOrder(given: Pricer<Numbers>, order: number, prices: Prices, demand: Demand): number {
  const { compiled, room } = given;
  if (!isExact(compiled, order)) {
    const { value, nodeOfLine, fixedNode, fixedSlot } = lineByLineBound(compiled, order, given.sourcesOf(order), prices);
    if (fixedNode >= 0) addShipment(demand, fixedNode, fixedSlot, compiled.labor[fixedNode]!.perShipment);
    for (const [line, node] of nodeOfLine.entries()) {
      if (node < 0) continue;
      const labor = compiled.labor[node]!;
      demand.minutes[node]! += labor.perLine + labor.perUnit * compiled.lineUnits[compiled.lineStart[order]! + line]!;
      addLine(given, order, prices, demand, node, line);
    }
    return value;
  }
  const table = given.tableOf(order);
  const value = priceExactly(given, { compiled, order, table, terms: { prices, laborBy: 'prices' } });
  const start = compiled.lineStart[order]!;
  for (const { entry, mask } of chosenShipments(table, room)) {
    const place = table.shelf.place[entry]!;
    const node = placeNode(compiled, place);
    const labor = compiled.labor[node]!;
    let minutes = labor.perShipment;
    for (let line = 0; line < table.lineCount; line++) {
      if (((mask >> line) & 1) === 0) continue;
      minutes += labor.perLine + labor.perUnit * compiled.lineUnits[start + line]!;
      addLine(given, order, prices, demand, node, line);
    }
    addShipment(demand, node, placeSlot(compiled, place), minutes);
  }
  return value;
}

function addShipment(demand: Demand, node: number, slot: number, minutes: number): void {
  demand.minutes[node]! += minutes;
  if (slot >= 0) demand.slot[slot]! += 1;
}

function addLine(given: Pricer<Numbers>, order: number, prices: Prices, demand: Demand, node: number, line: number): void {
  const { compiled } = given;
  const at = compiled.lineStart[order]! + line;
  const row = stockRow(compiled, node, compiled.lineSku[at]!);
  const units = compiled.lineUnits[at]!;
  const pool = poolsOf(compiled, order)?.[row] ?? -1;
  if (pool < 0) demand.shared[row]! += units;
  else demand.pool[pool]! += units;
  const cuts = demand.cuts.get(row);
  if (cuts !== undefined)
    for (const [index, cut] of prices.cutsOfRow.get(row)!.entries()) cuts[index]! += Math.floor((units * cut.num) / cut.den);
}
