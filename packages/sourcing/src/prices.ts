import { stockRow, type Compiled, type Numbers } from './compile.ts';
import type { Certificate } from './plan.ts';

/** A rounding cut on a stock row: a line of `q` units uses `floor(q num / den)` of `floor(stock num / den)`. */
export interface RoundingCut {
  readonly row: number;
  readonly num: number;
  readonly den: number;
  readonly price: number;
}

/** Which rows can have cuts, row by row: those of a row are from `first[row]` to before `first[row + 1]`. Sets of prices share it. */
export interface CutPlaces {
  readonly first: Int32Array;
  readonly num: Float64Array;
  readonly den: Float64Array;
}

/** Shadow prices by index: a unit of a stock row, a unit of a reserved pool (never above its row), a minute of a node, a capped shipment, a rounding cut. */
export interface Prices {
  readonly stock: Float64Array;
  readonly pool: Float64Array;
  readonly labor: Float64Array;
  readonly slot: Float64Array;
  readonly cuts: CutPlaces;
  /** By place of a cut; 0 where the cut is not used. */
  readonly cut: Float64Array;
  /** By stock row: 1 where one of its cuts has a price. */
  readonly hasCuts: Uint8Array;
  /** True where no minute is cheaper than the lowest rate of its node, as all prices of ours are. Prices of a foreign certificate need not be. */
  readonly aboveFloor: boolean;
}

/** Fractions of the rounding cuts: more of them gained nothing where lines have up to four units. */
export const cutFractions = [
  [1, 2],
  [1, 3],
  [2, 3],
  [1, 4],
  [3, 4],
] as const;

/** Nothing costs anything but the first labor rate, which every minute costs in any case. */
export function startPrices(compiled: Numbers): Prices {
  return {
    stock: new Float64Array(compiled.stock.length),
    pool: new Float64Array(compiled.pools.length),
    labor: Float64Array.from(compiled.labor, ({ tiers }) => tiers[0]?.costPerMinute ?? 0),
    slot: new Float64Array(compiled.slots.length),
    ...withCuts(compiled.stock.length, []),
    aboveFloor: true,
  };
}

/** The prices with minutes that cost no less than the first rate of their node, and no more than an unlimited last one: others prove less. */
export function withLaborRates(compiled: Compiled, prices: Prices): Prices {
  const labor = prices.labor.map((price, node) => {
    const { tiers } = compiled.labor[node]!;
    const last = tiers.at(-1)!;
    const raised = Math.max(price, tiers[0]!.costPerMinute);
    return last.minutes === null ? Math.min(raised, last.costPerMinute) : raised;
  });
  return { ...prices, labor, aboveFloor: true };
}

export function copyPrices(prices: Prices): Prices {
  return {
    stock: Float64Array.from(prices.stock),
    pool: Float64Array.from(prices.pool),
    labor: Float64Array.from(prices.labor),
    slot: Float64Array.from(prices.slot),
    cuts: prices.cuts,
    cut: Float64Array.from(prices.cut),
    hasCuts: Uint8Array.from(prices.hasCuts),
    aboveFloor: prices.aboveFloor,
  };
}

/** Sets all prices to those of others with the same places of cuts. */
export function setPrices(into: Prices, from: Prices): void {
  into.stock.set(from.stock);
  into.pool.set(from.pool);
  into.labor.set(from.labor);
  into.slot.set(from.slot);
  into.cut.set(from.cut);
  into.hasCuts.set(from.hasCuts);
}

/** Cuts as prices hold them: sorted by row, in the given order within a row. */
export function withCuts(rows: number, cuts: readonly RoundingCut[]): Pick<Prices, 'cuts' | 'cut' | 'hasCuts'> {
  const hasCuts = new Uint8Array(rows);
  if (cuts.length === 0) return { cuts: noCuts, cut: new Float64Array(0), hasCuts };
  const sorted = [...cuts].sort((left, right) => left.row - right.row);
  const first = new Int32Array(rows + 1);
  for (const { row, price } of sorted) {
    first[row + 1]!++;
    if (price !== 0) hasCuts[row] = 1;
  }
  for (let row = 0; row < rows; row++) first[row + 1]! += first[row]!;
  const places = { first, num: Float64Array.from(sorted, ({ num }) => num), den: Float64Array.from(sorted, ({ den }) => den) };
  return { cuts: places, cut: Float64Array.from(sorted, ({ price }) => price), hasCuts };
}

const noCuts: CutPlaces = { first: new Int32Array(0), num: new Float64Array(0), den: new Float64Array(0) };

/** The cuts of a row that have a price. */
export function cutsOfRow(prices: Prices, row: number): RoundingCut[] {
  const found: RoundingCut[] = [];
  if (prices.hasCuts[row] !== 1) return found;
  const { first, num, den } = prices.cuts;
  for (let place = first[row]!; place < first[row + 1]!; place++) {
    const price = prices.cut[place]!;
    if (price !== 0) found.push({ row, num: num[place]!, den: den[place]!, price });
  }
  return found;
}

/** All cuts that have a price, by row. */
export function pricedCuts(prices: Prices): RoundingCut[] {
  const found: RoundingCut[] = [];
  for (let row = 0; row < prices.hasCuts.length; row++) if (prices.hasCuts[row] === 1) found.push(...cutsOfRow(prices, row));
  return found;
}

/** What the stock price and the rounding cuts of a row charge for a line of `units`. */
export function linePrice(prices: Prices, row: number, pools: Int32Array | undefined, units: number): number {
  const price = units * unitPrice(prices, row, pools);
  return prices.hasCuts[row] === 1 ? price + cutPrice(prices, row, units) : price;
}

/** Price of a unit of a stock row for a channel: of its reserved units where it has some, else of shared ones. */
export function unitPrice(prices: Prices, row: number, pools: Int32Array | undefined): number {
  const pool = pools === undefined ? -1 : pools[row]!;
  return pool < 0 ? prices.stock[row]! : Math.min(prices.pool[pool]!, prices.stock[row]!);
}

/** What the rounding cuts of a row add to the price of a line of `units`. */
export function cutPrice(prices: Prices, row: number, units: number): number {
  if (prices.hasCuts[row] !== 1) return 0;
  const { first, num, den } = prices.cuts;
  let sum = 0;
  for (let place = first[row]!; place < first[row + 1]!; place++)
    sum += Math.floor((units * num[place]!) / den[place]!) * prices.cut[place]!;
  return sum;
}

/** The contract's certificate of these prices; zeros are left out, ids come in the problem's order. */
export function certificateOf(compiled: Compiled, prices: Prices): Certificate {
  const { problem, skuCount, skuIds, channelIds } = compiled;
  const stockPrices: [string, Record<string, number>][] = [];
  const laborPrices: [string, number][] = [];
  const reservedPrices: [string, Record<string, Record<string, number>>][] = [];
  const shipmentPrices: [string, Record<string, number>][] = [];
  const roundingCuts: NonNullable<Certificate['roundingCuts']> = [];
  for (const [node, { id }] of problem.nodes.entries()) {
    const stock: [string, number][] = [];
    for (let sku = 0; sku < skuCount; sku++)
      if (prices.stock[stockRow(compiled, node, sku)]! > 0) stock.push([skuIds[sku]!, prices.stock[stockRow(compiled, node, sku)]!]);
    if (stock.length > 0) stockPrices.push([id, Object.fromEntries(stock)]);
    if (prices.labor[node]! > 0) laborPrices.push([id, prices.labor[node]!]);
    const reserved = new Map<string, [string, number][]>();
    for (const [index, pool] of compiled.pools.entries()) {
      if (pool.node !== node || prices.pool[index]! >= prices.stock[stockRow(compiled, node, pool.sku)]!) continue;
      const channel = channelIds[pool.channel]!;
      reserved.set(channel, [...(reserved.get(channel) ?? []), [skuIds[pool.sku]!, prices.pool[index]!]]);
    }
    if (reserved.size > 0)
      reservedPrices.push([id, Object.fromEntries([...reserved].map(([channel, units]) => [channel, Object.fromEntries(units)]))]);
    const capped = compiled.slots.flatMap((slot, index): [string, number][] =>
      slot.node === node && prices.slot[index]! > 0 ? [[problem.services[slot.service]!.id, prices.slot[index]!]] : [],
    );
    if (capped.length > 0) shipmentPrices.push([id, Object.fromEntries(capped)]);
    for (let sku = 0; sku < skuCount; sku++) {
      for (const { num, den, price } of cutsOfRow(prices, stockRow(compiled, node, sku)))
        roundingCuts.push({ node: id, sku: skuIds[sku]!, num, den, price });
    }
  }
  return {
    stockPrices: Object.fromEntries(stockPrices),
    laborPrices: Object.fromEntries(laborPrices),
    ...(reservedPrices.length > 0 ? { reservedPrices: Object.fromEntries(reservedPrices) } : {}),
    ...(shipmentPrices.length > 0 ? { shipmentPrices: Object.fromEntries(shipmentPrices) } : {}),
    ...(roundingCuts.length > 0 ? { roundingCuts } : {}),
  };
}
