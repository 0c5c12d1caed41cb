import { stockRow, type Compiled } from './compile.ts';
import type { Certificate } from './plan.ts';

/** A rounding cut on a stock row: a line of `q` units uses `floor(q num / den)` of `floor(stock num / den)`. */
export interface RoundingCut {
  readonly row: number;
  readonly num: number;
  readonly den: number;
  price: number;
}

/** Shadow prices by index: a unit of a stock row, a unit of a reserved pool (never above its row), a minute of a node, a capped shipment, a rounding cut. */
export interface Prices {
  readonly stock: Float64Array;
  readonly pool: Float64Array;
  readonly labor: Float64Array;
  readonly slot: Float64Array;
  readonly cutsOfRow: Map<number, readonly RoundingCut[]>;
  /** By stock row: 1 where it has cuts. */
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
export function startPrices(compiled: Compiled): Prices {
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
    cutsOfRow: new Map([...prices.cutsOfRow].map(([row, cuts]) => [row, cuts.map((cut) => ({ ...cut }))])),
    hasCuts: Uint8Array.from(prices.hasCuts),
    aboveFloor: prices.aboveFloor,
  };
}

/** Replaces the cuts of a row. */
export function setCuts(prices: Prices, row: number, cuts: readonly RoundingCut[]): void {
  prices.hasCuts[row] = cuts.length > 0 ? 1 : 0;
  if (cuts.length > 0) prices.cutsOfRow.set(row, cuts);
  else prices.cutsOfRow.delete(row);
}

/** Cuts by row, as prices hold them. */
export function withCuts(rows: number, cuts: readonly RoundingCut[]): Pick<Prices, 'cutsOfRow' | 'hasCuts'> {
  const cutsOfRow = new Map<number, RoundingCut[]>();
  const hasCuts = new Uint8Array(rows);
  for (const cut of cuts) {
    const known = cutsOfRow.get(cut.row);
    if (known === undefined) cutsOfRow.set(cut.row, [cut]);
    else known.push(cut);
    hasCuts[cut.row] = 1;
  }
  return { cutsOfRow, hasCuts };
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
  let sum = 0;
  for (const cut of prices.cutsOfRow.get(row) ?? []) sum += Math.floor((units * cut.num) / cut.den) * cut.price;
  return sum;
}

/** The contract's certificate of these prices; zeros are left out, ids come in the problem's order. */
export function certificateOf(compiled: Compiled, prices: Prices): Certificate {
  const { problem, skuCount, skuIds } = compiled;
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
      reserved.set(pool.channel, [...(reserved.get(pool.channel) ?? []), [skuIds[pool.sku]!, prices.pool[index]!]]);
    }
    if (reserved.size > 0)
      reservedPrices.push([id, Object.fromEntries([...reserved].map(([channel, units]) => [channel, Object.fromEntries(units)]))]);
    const capped = compiled.slots.flatMap((slot, index): [string, number][] =>
      slot.node === node && prices.slot[index]! > 0 ? [[problem.services[slot.service]!.id, prices.slot[index]!]] : [],
    );
    if (capped.length > 0) shipmentPrices.push([id, Object.fromEntries(capped)]);
    for (let sku = 0; sku < skuCount; sku++) {
      for (const cut of prices.cutsOfRow.get(stockRow(compiled, node, sku)) ?? []) {
        if (cut.price > 0) roundingCuts.push({ node: id, sku: skuIds[sku]!, num: cut.num, den: cut.den, price: cut.price });
      }
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
