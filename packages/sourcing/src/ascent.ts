import { cutLimit } from './bound.ts';
import { stockRow, type Numbers } from './compile.ts';
import { lineByLineBound } from './long-order.ts';
import { isExact, lineCountOf } from './order-table.ts';
import { lineAlternatives } from './price.ts';
import { priceExactly, type Pricer } from './pricer.ts';
import { cutFractions, setCuts, type Prices, type RoundingCut } from './prices.ts';
import { rowPrices } from './row-prices.ts';
import { transportPrices } from './transport.ts';

/** A SKU of which some node (or pool) has less than all lines together could ask for. */
export interface ContestedSku {
  readonly sku: number;
  readonly lines: readonly number[];
  /** Nodes that have some of it, but not enough for all. */
  readonly nodes: readonly number[];
  /** By number of the compiled problem. */
  readonly pools: readonly number[];
  /** By node: 1 where nobody can be in the way of anybody. */
  readonly endless: Uint8Array;
  /** Rounding cuts that can say more than the stock rows. */
  readonly cuts: readonly RoundingCut[];
}

/** By SKU, in rising order. */
export type ContestedSkus = ReadonlyMap<number, ContestedSku>;

export function contestedSkus(compiled: Numbers): ContestedSkus {
  const { nodeCount, skuCount, lineSku, lineUnits } = compiled;
  const linesOf: number[][] = Array.from({ length: skuCount }, () => []);
  for (const [line, sku] of lineSku.entries()) linesOf[sku]!.push(line);
  const poolsOf = new Map<number, number[]>();
  for (const [pool, { sku }] of compiled.pools.entries()) poolsOf.set(sku, [...(poolsOf.get(sku) ?? []), pool]);
  const contested = new Map<number, ContestedSku>();
  for (const [sku, lines] of linesOf.entries()) {
    const asked = lines.reduce((sum, line) => sum + lineUnits[line]!, 0);
    const nodes: number[] = [];
    const endless = new Uint8Array(nodeCount);
    for (let node = 0; node < nodeCount; node++) {
      const row = stockRow(compiled, node, sku);
      if (compiled.stock[row]! >= asked) endless[node] = 1;
      else if (compiled.stockWithReserved[row]! > 0) nodes.push(node);
    }
    if (nodes.length === 0) continue;
    const pools = poolsOf.get(sku) ?? [];
    contested.set(sku, { sku, lines, nodes, pools, endless, cuts: usefulCuts(compiled, sku, lines, nodes) });
  }
  return contested;
}

/** Cuts that a line of several units makes, at rows where rounding loses something: from `den` units on little is lost. */
function usefulCuts(compiled: Numbers, sku: number, lines: readonly number[], nodes: readonly number[]): RoundingCut[] {
  if (lines.length > mostLinesWithCuts || lines.every((line) => compiled.lineUnits[line] === 1)) return [];
  return nodes.flatMap((node) => {
    const row = stockRow(compiled, node, sku);
    const stock = compiled.stockWithReserved[row]!;
    if (stock > mostStockWithCuts) return [];
    return cutFractions.flatMap(([num, den]) => ((stock * num) % den === 0 ? [] : [{ row, num, den, price: 0 }]));
  });
}

/** Beyond these the program of one SKU grows, and what rounding loses is small against the stock. */
const mostLinesWithCuts = 80;
const mostStockWithCuts = 60;

/**
 * One round of block ascent: for each contested SKU, all other prices fixed, the prices of its stock, reservations and (where asked for) rounding cuts are set to their optimum.
 * With one SKU free the dual is a transportation problem of the SKU's lines to the nodes; with cuts it is a linear program that is no larger.
 */
export function sweepStockPrices(given: Pricer<Numbers>, contested: ContestedSkus, prices: Prices, how: { readonly cuts: boolean }): void {
  for (const each of contested.values()) improveSku(given, each, prices, how.cuts);
}

function improveSku(given: Pricer<Numbers>, contested: ContestedSku, prices: Prices, withCuts: boolean): void {
  const offers = offersOf(given, contested, prices);
  const cuts = withCuts ? contested.cuts : [];
  const found = cuts.length > 0 ? pricesWithCuts(given.compiled, contested, offers, cuts) : plainPrices(given.compiled, contested, offers);
  const { nodes, pools, sku } = contested;
  const { compiled } = given;
  for (const [at, node] of nodes.entries()) prices.stock[stockRow(compiled, node, sku)] = found[at]!;
  for (const [at, pool] of pools.entries()) {
    const shared = prices.stock[stockRow(compiled, compiled.pools[pool]!.node, sku)]!;
    prices.pool[pool] = Math.min(found[nodes.length + at]!, shared);
  }
  if (contested.cuts.length === 0) return;
  const priced = cuts
    .map((cut, at) => ({ ...cut, price: found[nodes.length + pools.length + at]! }))
    .filter(({ price }) => price > leastCutPrice);
  for (const node of nodes) {
    const row = stockRow(compiled, node, sku);
    setCuts(
      prices,
      row,
      priced.filter((cut) => cut.row === row),
    );
  }
}

/** Cuts that cost less say nothing. */
const leastCutPrice = 1e-9;

/** What the lines of a SKU pay elsewhere: `free` for what nobody disputes, and at each sink (first the contested nodes, then the pools) the rest of their order's plan. */
interface Offers {
  readonly sinkCount: number;
  readonly free: Float64Array;
  /** `item * sinkCount + sink`; Infinity where that is not below `free`. */
  readonly cost: Float64Array;
}

function offersOf(given: Pricer<Numbers>, { lines, nodes, pools, endless }: ContestedSku, prices: Prices): Offers {
  const { compiled } = given;
  const sinkCount = nodes.length + pools.length;
  const free = new Float64Array(lines.length);
  const cost = new Float64Array(lines.length * sinkCount).fill(Infinity);
  const byNode = new Float64Array(compiled.nodeCount);
  for (const [item, line] of lines.entries()) {
    free[item] = alternatives(given, line, prices, endless, byNode);
    for (const [at, node] of nodes.entries()) {
      const own = byNode[node]!;
      if (own < free[item]) cost[item * sinkCount + at] = own;
    }
    if (pools.length === 0) continue;
    const channel = compiled.orderChannel[compiled.lineOrder[line]!]!;
    for (const [at, pool] of pools.entries()) {
      const own = byNode[compiled.pools[pool]!.node]!;
      if (compiled.pools[pool]!.channel === channel && own < free[item]) cost[item * sinkCount + nodes.length + at] = own;
    }
  }
  return { sinkCount, free, cost };
}

/** For a line: returned is its order's cheapest plan with the line from where nobody is in the way, or open; into `byNode` go cheaper plans with the line from each other node, without the line's price there. */
function alternatives(given: Pricer<Numbers>, line: number, prices: Prices, endless: Uint8Array, byNode: Float64Array): number {
  const { compiled } = given;
  const order = compiled.lineOrder[line]!;
  const position = line - compiled.lineStart[order]!;
  if (isExact(compiled, order)) {
    const priced = { compiled, order, table: given.tableOf(order), terms: { prices, laborBy: 'prices' } } as const;
    priceExactly(given, priced);
    return lineAlternatives(priced, given.room, position, endless, byNode);
  }
  const shares = new Float64Array(lineCountOf(compiled, order) * compiled.nodeCount);
  const { fixedNode } = lineByLineBound(compiled, order, given.sourcesOf(order), prices, shares);
  let free = compiled.lineOpenCost[line]!;
  for (let node = 0; node < compiled.nodeCount; node++) {
    const own = fixedNode < 0 ? Infinity : shares[position * compiled.nodeCount + node]!;
    byNode[node] = own;
    if (endless[node] === 1) free = Math.min(free, own);
  }
  return free;
}

/** Prices of nodes and pools by the transportation problem. Its costs are by unit; the last sink stands for what nobody disputes. */
function plainPrices(compiled: Numbers, contested: ContestedSku, { sinkCount, free, cost }: Offers): Float64Array {
  const { lines } = contested;
  const withFree = sinkCount + 1;
  const perUnit = new Float64Array(lines.length * withFree);
  for (const [item, line] of lines.entries()) {
    const units = compiled.lineUnits[line]!;
    for (let sink = 0; sink < sinkCount; sink++) perUnit[item * withFree + sink] = cost[item * sinkCount + sink]! / units;
    perUnit[item * withFree + sinkCount] = free[item]! / units;
  }
  return transportPrices({
    itemCount: lines.length,
    sinkCount: withFree,
    supply: Float64Array.from(lines, (line) => compiled.lineUnits[line]!),
    cost: perUnit,
    capacity: Float64Array.from([...limitsOf(compiled, contested), Infinity]),
  });
}

/** Prices of nodes, pools and cuts, in this order. */
function pricesWithCuts(
  compiled: Numbers,
  contested: ContestedSku,
  { sinkCount, free, cost }: Offers,
  cuts: readonly RoundingCut[],
): Float64Array {
  const { lines, nodes, pools, sku } = contested;
  const itemOf: number[] = [];
  const gain: number[] = [];
  const firstUse: number[] = [0];
  const row: number[] = [];
  const use: number[] = [];
  const cutsAt = new Map<number, number[]>();
  for (const [at, cut] of cuts.entries()) cutsAt.set(cut.row, [...(cutsAt.get(cut.row) ?? []), at]);
  for (const [item, line] of lines.entries()) {
    const units = compiled.lineUnits[line]!;
    for (let sink = 0; sink < sinkCount; sink++) {
      const own = cost[item * sinkCount + sink]!;
      if (own === Infinity) continue;
      itemOf.push(item);
      gain.push(own - free[item]!);
      row.push(sink);
      use.push(units);
      const node = sink < nodes.length ? nodes[sink]! : compiled.pools[pools[sink - nodes.length]!]!.node;
      for (const at of cutsAt.get(stockRow(compiled, node, sku)) ?? []) {
        const used = Math.floor((units * cuts[at]!.num) / cuts[at]!.den);
        if (used === 0) continue;
        row.push(sinkCount + at);
        use.push(used);
      }
      firstUse.push(row.length);
    }
  }
  return rowPrices({
    itemCount: lines.length,
    itemOf: Int32Array.from(itemOf),
    cost: Float64Array.from(gain),
    firstUse: Int32Array.from(firstUse),
    row: Int32Array.from(row),
    use: Float64Array.from(use),
    limit: Float64Array.from([...limitsOf(compiled, contested), ...cuts.map((cut) => cutLimit(compiled, cut))]),
  });
}

function limitsOf(compiled: Numbers, { nodes, pools, sku }: ContestedSku): number[] {
  return [...nodes.map((node) => compiled.stock[stockRow(compiled, node, sku)]!), ...pools.map((pool) => compiled.pools[pool]!.units)];
}
