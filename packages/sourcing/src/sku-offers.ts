import { stockRow, type Numbers } from './compile.ts';
import type { ContestedSku } from './contested.ts';
import { orEarlier } from './earlier-price.ts';
import { lineByLineBound } from './long-order.ts';
import { isExact, lineCountOf } from './order-table.ts';
import { lineAlternatives, type Pricer } from './pricer.ts';
import type { Prices } from './prices.ts';

/**
 * What the lines of one SKU pay elsewhere, with all prices but the SKU's own fixed. Items are its lines, sinks its contested nodes and then its pools.
 * Each item has offers: a sink, and the rest of its order's plan where the line comes from there, if that is below `free`, which it pays for what nobody disputes.
 * The memory is reused from SKU to SKU.
 */
export interface SkuOffers {
  itemCount: number;
  sinkCount: number;
  free: Float64Array;
  units: Float64Array;
  /** Offers of item `i`: from `first[i]` to before `first[i + 1]`. */
  first: Int32Array;
  sink: Int32Array;
  cost: Float64Array;
  /** By sink: units it has. */
  capacity: Float64Array;
  /** By sink: its number in the contested SKU. */
  place: Int32Array;
  readonly byNode: Float64Array;
}

export function skuOffers({ nodeCount }: Numbers): SkuOffers {
  return {
    itemCount: 0,
    sinkCount: 0,
    free: new Float64Array(0),
    units: new Float64Array(0),
    first: new Int32Array(0),
    sink: new Int32Array(0),
    cost: new Float64Array(0),
    capacity: new Float64Array(0),
    place: new Int32Array(0),
    byNode: new Float64Array(nodeCount),
  };
}

function enlarge(offers: SkuOffers, items: number, sinks: number): void {
  if (offers.free.length < items) {
    offers.free = new Float64Array(items);
    offers.units = new Float64Array(items);
    offers.first = new Int32Array(items + 1);
  }
  if (offers.sink.length < items * sinks) {
    offers.sink = new Int32Array(items * sinks);
    offers.cost = new Float64Array(items * sinks);
  }
  if (offers.capacity.length < sinks) {
    offers.capacity = new Float64Array(sinks);
    offers.place = new Int32Array(sinks);
  }
}

/** Collects the offers to all lines of a SKU. */
export function collectOffers(given: Pricer<Numbers>, contested: ContestedSku, prices: Prices, offers: SkuOffers): void {
  const { compiled } = given;
  const { sku, lines, nodes, pools, endless } = contested;
  const sinkCount = nodes.length + pools.length;
  enlarge(offers, lines.length, sinkCount);
  offers.itemCount = lines.length;
  offers.sinkCount = sinkCount;
  for (const [at, node] of nodes.entries()) offers.capacity[at] = compiled.stock[stockRow(compiled, node, sku)]!;
  for (const [at, pool] of pools.entries()) offers.capacity[nodes.length + at] = compiled.pools[pool]!.units;
  for (let sink = 0; sink < sinkCount; sink++) offers.place[sink] = sink;
  const { byNode, sink, cost, first } = offers;
  let next = 0;
  for (let item = 0; item < lines.length; item++) {
    const line = lines[item]!;
    const free = alternatives(given, line, prices, endless, byNode);
    offers.free[item] = free;
    offers.units[item] = compiled.lineUnits[line]!;
    first[item] = next;
    for (let at = 0; at < nodes.length; at++) {
      const own = byNode[nodes[at]!]!;
      if (own >= free) continue;
      sink[next] = at;
      cost[next++] = own;
    }
    if (pools.length === 0) continue;
    const channel = compiled.orderChannel[compiled.lineOrder[line]!]!;
    for (const [at, pool] of pools.entries()) {
      const own = byNode[compiled.pools[pool]!.node]!;
      if (compiled.pools[pool]!.channel !== channel || own >= free) continue;
      sink[next] = nodes.length + at;
      cost[next++] = own;
    }
  }
  first[lines.length] = next;
}

/** For a line: returned is its order's cheapest plan with the line from where nobody is in the way, or open; into `byNode` go cheaper plans with the line from each other node, without the line's price there. */
export function alternatives(given: Pricer<Numbers>, line: number, prices: Prices, endless: Uint8Array, byNode: Float64Array): number {
  const { compiled } = given;
  const order = compiled.lineOrder[line]!;
  const position = line - compiled.lineStart[order]!;
  if (isExact(compiled, order)) {
    const priced = { compiled, order, table: given.tableOf(order), terms: { prices, laborBy: 'prices' } } as const;
    const free = lineAlternatives(given, priced, position, endless, byNode);
    return compiled.earlier === undefined ? free : orEarlier(compiled, order, position, prices, endless, free, byNode);
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

/**
 * Leaves out sinks that have enough for all who could still want them: nobody pays there, so whoever has an offer there turns down all that are not below it, which may leave enough in other sinks.
 * Items without offers go, too. No price of what is left changes.
 */
export function leaveOutAmple(offers: SkuOffers): void {
  const { sinkCount, free, units, first, sink, cost, capacity } = offers;
  const wanted = new Float64Array(sinkCount);
  const ample = new Uint8Array(sinkCount);
  for (let item = 0; item < offers.itemCount; item++)
    for (let at = first[item]!; at < first[item + 1]!; at++) wanted[sink[at]!]! += units[item]!;
  for (let found = true; found;) {
    found = false;
    for (let each = 0; each < sinkCount; each++) {
      if (ample[each] === 1 || wanted[each]! > capacity[each]!) continue;
      ample[each] = 1;
      if (wanted[each]! > 0) found = true;
    }
    if (found) turnDown(offers, ample, wanted);
  }
  let left = 0;
  for (let each = 0; each < sinkCount; each++) {
    if (wanted[each] === 0) continue;
    offers.place[left] = offers.place[each]!;
    capacity[left] = capacity[each]!;
    wanted[each] = left++;
  }
  offers.sinkCount = left;
  let items = 0;
  let next = 0;
  for (let item = 0; item < offers.itemCount; item++) {
    const from = first[item]!;
    const end = first[item + 1]!;
    if (from === end) continue;
    free[items] = free[item]!;
    units[items] = units[item]!;
    first[items++] = next;
    for (let at = from; at < end; at++) {
      sink[next] = wanted[sink[at]!]!;
      cost[next++] = cost[at]!;
    }
  }
  first[items] = next;
  offers.itemCount = items;
}

/** Takes what ample sinks offer for free, and drops offers that are not below it. */
function turnDown({ itemCount, free, units, first, sink, cost }: SkuOffers, ample: Uint8Array, wanted: Float64Array): void {
  let next = 0;
  let from = 0;
  for (let item = 0; item < itemCount; item++) {
    const end = first[item + 1]!;
    let least = free[item]!;
    for (let at = from; at < end; at++) if (ample[sink[at]!] === 1 && cost[at]! < least) least = cost[at]!;
    free[item] = least;
    first[item] = next;
    for (let at = from; at < end; at++) {
      const each = sink[at]!;
      if (ample[each] === 1 || cost[at]! >= least) {
        wanted[each]! -= units[item]!;
        continue;
      }
      sink[next] = each;
      cost[next++] = cost[at]!;
    }
    from = end;
  }
  first[itemCount] = next;
}
