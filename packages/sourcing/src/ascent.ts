import { stockRow, type Compiled } from './compile.ts';
import { lineByLineBound } from './long-order.ts';
import { isExact, lineCountOf } from './order-table.ts';
import { lineAlternatives } from './price.ts';
import { priceExactly, type Pricer } from './pricer.ts';
import type { Prices } from './prices.ts';
import { transportPrices } from './transport.ts';

/** Lines by SKU, for SKUs that some node could run out of. */
export type ContestedSkus = ReadonlyMap<number, readonly number[]>;

/** SKUs whose lines could ask more of some node (or pool) than it has, with their lines. */
export function contestedSkus(compiled: Compiled): ContestedSkus {
  const lines = new Map<number, number[]>();
  const asked = new Float64Array(compiled.skuCount);
  for (let line = 0; line < compiled.lineSku.length; line++) {
    const sku = compiled.lineSku[line]!;
    asked[sku]! += compiled.lineUnits[line]!;
    const known = lines.get(sku);
    if (known === undefined) lines.set(sku, [line]);
    else known.push(line);
  }
  for (const sku of lines.keys()) {
    let scarce = false;
    for (let node = 0; node < compiled.nodeCount; node++) {
      const row = stockRow(compiled, node, sku);
      if (compiled.stockWithReserved[row]! > 0 && compiled.stock[row]! < asked[sku]!) scarce = true;
    }
    if (!scarce) lines.delete(sku);
  }
  return lines;
}

/**
 * One round of block ascent: for each contested SKU, all other prices fixed, its stock and reservation prices are set to their optimum.
 * With one SKU free the dual is a transportation problem of the SKU's lines to the nodes.
 */
export function sweepStockPrices(given: Pricer, contested: ContestedSkus, prices: Prices): void {
  for (const [sku, lines] of contested) improveSku(given, sku, lines, prices);
}

function improveSku(given: Pricer, sku: number, lines: readonly number[], prices: Prices): void {
  const { compiled } = given;
  const { nodeCount } = compiled;
  const pools = [...compiled.pools.entries()].filter(([, pool]) => pool.sku === sku);
  const sinkCount = nodeCount + pools.length + 1;
  const supply = new Float64Array(lines.length);
  const cost = new Float64Array(lines.length * sinkCount).fill(Infinity);
  const capacity = new Float64Array(sinkCount);
  for (let node = 0; node < nodeCount; node++) capacity[node] = compiled.stock[stockRow(compiled, node, sku)]!;
  for (const [index, [, pool]] of pools.entries()) capacity[nodeCount + index] = pool.units;
  capacity[sinkCount - 1] = Infinity;
  const byNode = new Float64Array(nodeCount);
  for (const [item, line] of lines.entries()) {
    const units = compiled.lineUnits[line]!;
    supply[item] = units;
    const open = alternatives(given, line, prices, byNode);
    const channel = compiled.problem.orders[compiled.lineOrder[line]!]!.channel;
    for (let node = 0; node < nodeCount; node++) cost[item * sinkCount + node] = byNode[node]! / units;
    for (const [index, [, pool]] of pools.entries())
      if (pool.channel === channel) cost[item * sinkCount + nodeCount + index] = byNode[pool.node]! / units;
    cost[item * sinkCount + sinkCount - 1] = open / units;
  }
  const found = transportPrices({ itemCount: lines.length, sinkCount, supply, cost, capacity });
  for (let node = 0; node < nodeCount; node++) prices.stock[stockRow(compiled, node, sku)] = found[node]!;
  for (const [index, [number, pool]] of pools.entries()) {
    prices.pool[number] = Math.min(found[nodeCount + index]!, prices.stock[stockRow(compiled, pool.node, sku)]!);
  }
}

/** For a line: into `byNode` its order's cheapest plan with the line from each node, without the line's stock price; returned is the cheapest plan that leaves it open. */
function alternatives(given: Pricer, line: number, prices: Prices, byNode: Float64Array): number {
  const { compiled } = given;
  const order = compiled.lineOrder[line]!;
  const position = line - compiled.lineStart[order]!;
  if (isExact(compiled, order)) {
    const table = given.tableOf(order);
    priceExactly(given, order, table, { prices, laborBy: 'prices' });
    return lineAlternatives(table, given.room, position, byNode);
  }
  const shares = new Float64Array(lineCountOf(compiled, order) * compiled.nodeCount);
  const { fixedNode } = lineByLineBound(compiled, order, given.sourcesOf(order), prices, shares);
  if (fixedNode < 0) byNode.fill(Infinity);
  else for (let node = 0; node < compiled.nodeCount; node++) byNode[node] = shares[position * compiled.nodeCount + node]!;
  return compiled.lineOpenCost[line]!;
}
