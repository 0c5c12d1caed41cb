import { cutLimit } from './bound.ts';
import { stockRow, type Numbers } from './compile.ts';
import type { ContestedSku } from './contested.ts';
import type { Pricer } from './pricer.ts';
import type { Prices } from './prices.ts';
import { rowPrices } from './row-prices.ts';
import { collectOffers, leaveOutAmple, skuOffers, type SkuOffers } from './sku-offers.ts';
import { transportPrices, transportRoom, type TransportRoom } from './transport.ts';

/** Working memory of a sweep; reused from SKU to SKU. */
export interface SweepRoom {
  readonly offers: SkuOffers;
  readonly transport: TransportRoom;
}

export function sweepRoom(compiled: Numbers): SweepRoom {
  return { offers: skuOffers(compiled), transport: transportRoom() };
}

/**
 * Block ascent: for each of the SKUs in turn, all other prices fixed, the prices of its stock, reservations and (where asked for) rounding cuts are set to their optimum.
 * With one SKU free the dual is a transportation problem of the SKU's lines to the nodes; where its answer divides lines, cuts make it a linear program that is no larger.
 */
export function sweepStockPrices(
  given: Pricer<Numbers>,
  skus: Iterable<ContestedSku>,
  prices: Prices,
  room: SweepRoom,
  how: { readonly cuts: boolean },
): void {
  for (const each of skus) improveSku(given, each, prices, room, how.cuts);
}

function improveSku(given: Pricer<Numbers>, contested: ContestedSku, prices: Prices, room: SweepRoom, withCuts: boolean): void {
  const { compiled } = given;
  const { offers } = room;
  collectOffers(given, contested, prices, offers);
  clearPrices(compiled, contested, prices);
  // With reservations a cut spans two sinks, of which one may be ample and the other not.
  if (!withCuts || contested.pools.length === 0) leaveOutAmple(offers);
  if (offers.itemCount === 0) return;
  const { prices: found, whole } = transportPrices(transportOf(offers, room.transport), room.transport);
  // An answer that divides no line keeps all rounding cuts: they say nothing.
  const cuts = withCuts && !whole ? cutsOf(compiled, contested, prices) : [];
  const priced = cuts.length === 0 ? found : pricesWithCuts(compiled, contested, offers, cuts);
  const { nodes, pools, sku } = contested;
  for (let sink = 0; sink < offers.sinkCount; sink++) {
    const place = offers.place[sink]!;
    if (place < nodes.length) prices.stock[stockRow(compiled, nodes[place]!, sku)] = priced[sink]!;
    else prices.pool[pools[place - nodes.length]!] = priced[sink]!;
  }
  for (const pool of pools) {
    const shared = prices.stock[stockRow(compiled, compiled.pools[pool]!.node, sku)]!;
    prices.pool[pool] = Math.min(prices.pool[pool]!, shared);
  }
  for (const [at, { row, place }] of cuts.entries()) {
    const price = priced[offers.sinkCount + at]!;
    if (price <= leastCutPrice) continue;
    prices.cut[place] = price;
    prices.hasCuts[row] = 1;
  }
}

/** Cuts that cost less say nothing. */
const leastCutPrice = 1e-9;

function clearPrices(compiled: Numbers, { sku, nodes, pools }: ContestedSku, prices: Prices): void {
  const { first } = prices.cuts;
  for (const node of nodes) {
    const row = stockRow(compiled, node, sku);
    prices.stock[row] = 0;
    if (prices.hasCuts[row] !== 1) continue;
    prices.hasCuts[row] = 0;
    prices.cut.fill(0, first[row], first[row + 1]);
  }
  for (const pool of pools) prices.pool[pool] = 0;
}

/** Costs of the transportation problem are by unit; its last sink stands for what nobody disputes. */
function transportOf({ itemCount, sinkCount, free, units, first, sink, cost, capacity }: SkuOffers, room: TransportRoom) {
  const withFree = sinkCount + 1;
  const given = room.problem(itemCount, withFree);
  for (let item = 0; item < itemCount; item++) {
    const base = item * withFree;
    const supply = units[item]!;
    given.supply[item] = supply;
    given.cost.fill(Infinity, base, base + sinkCount);
    for (let at = first[item]!; at < first[item + 1]!; at++) given.cost[base + sink[at]!] = cost[at]! / supply;
    given.cost[base + sinkCount] = free[item]! / supply;
  }
  for (let each = 0; each < sinkCount; each++) given.capacity[each] = capacity[each]!;
  given.capacity[sinkCount] = Infinity;
  return given;
}

/** A rounding cut of the SKU: where its price is kept. */
interface SkuCut {
  readonly row: number;
  readonly place: number;
  readonly num: number;
  readonly den: number;
}

function cutsOf(compiled: Numbers, { sku, nodes }: ContestedSku, { cuts: { first, num, den } }: Prices): SkuCut[] {
  const found: SkuCut[] = [];
  if (first.length === 0) return found;
  for (const node of nodes) {
    const row = stockRow(compiled, node, sku);
    for (let place = first[row]!; place < first[row + 1]!; place++) found.push({ row, place, num: num[place]!, den: den[place]! });
  }
  return found;
}

/** Prices of sinks and cuts, in this order. */
function pricesWithCuts(compiled: Numbers, { nodes, pools, sku }: ContestedSku, offers: SkuOffers, cuts: readonly SkuCut[]): Float64Array {
  const { itemCount, sinkCount, free, units, cost, capacity, place } = offers;
  const itemOf: number[] = [];
  const gain: number[] = [];
  const firstUse: number[] = [0];
  const row: number[] = [];
  const use: number[] = [];
  const cutsAt = new Map<number, number[]>();
  for (const [at, cut] of cuts.entries()) cutsAt.set(cut.row, [...(cutsAt.get(cut.row) ?? []), at]);
  for (let item = 0; item < itemCount; item++) {
    const own = units[item]!;
    for (let at = offers.first[item]!; at < offers.first[item + 1]!; at++) {
      const sink = offers.sink[at]!;
      itemOf.push(item);
      gain.push(cost[at]! - free[item]!);
      row.push(sink);
      use.push(own);
      const from = place[sink]!;
      const node = from < nodes.length ? nodes[from]! : compiled.pools[pools[from - nodes.length]!]!.node;
      for (const cut of cutsAt.get(stockRow(compiled, node, sku)) ?? []) {
        const used = Math.floor((own * cuts[cut]!.num) / cuts[cut]!.den);
        if (used === 0) continue;
        row.push(sinkCount + cut);
        use.push(used);
      }
      firstUse.push(row.length);
    }
  }
  return rowPrices({
    itemCount,
    itemOf: Int32Array.from(itemOf),
    cost: Float64Array.from(gain),
    firstUse: Int32Array.from(firstUse),
    row: Int32Array.from(row),
    use: Float64Array.from(use),
    limit: Float64Array.from([...capacity.subarray(0, sinkCount), ...cuts.map((cut) => cutLimit(compiled, cut))]),
  });
}
