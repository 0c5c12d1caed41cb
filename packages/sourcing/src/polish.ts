import { cutLimit } from './bound.ts';
import type { Compiled } from './compile.ts';
import { demandAt, type Demand } from './demand.ts';
import type { Pricer } from './pricer.ts';
import { copyPrices, type Prices, type RoundingCut } from './prices.ts';
import { laborExcess, type PricedBound } from './shadow-prices.ts';

/** Fractions of the rounding cuts. More fractions were measured to gain nothing. */
const fractions = [
  [1, 2],
  [1, 3],
  [2, 3],
  [1, 4],
  [3, 4],
] as const;

/** Adds, at price 0, the rounding cuts that can say more than their stock row: rows with a price, where some line takes several units. */
export function withRoundingCuts(compiled: Compiled, prices: Prices): Prices {
  const sizes = new Map<number, Set<number>>();
  for (const [line, sku] of compiled.lineSku.entries()) sizes.set(sku, (sizes.get(sku) ?? new Set()).add(compiled.lineUnits[line]!));
  const cutsOfRow = new Map<number, RoundingCut[]>();
  for (let row = 0; row < prices.stock.length; row++) {
    if (prices.stock[row]! <= 0) continue;
    const stock = compiled.stockWithReserved[row]!;
    const units = [...sizes.get(row % compiled.skuCount)!].filter((each) => each <= stock);
    const cuts = fractions.filter(([num, den]) => {
      const limit = Math.floor((stock * num) / den);
      return limit < (stock * num) / den && units.some((each) => Math.floor((each * num) / den) / limit > each / stock);
    });
    if (cuts.length > 0) cutsOfRow.set(row, cuts.map(([num, den]) => ({ row, num, den, price: 0 })));
  }
  return { ...copyPrices(prices), cutsOfRow };
}

/**
 * Subgradient steps on all prices together, from good ones: what the orders would take beyond a limit makes it dearer, what they leave makes it cheaper.
 * The step follows the distance to `target`, a known plan's cost. Returns the best prices seen.
 */
export function polishPrices(given: Pricer, start: PricedBound, target: number, steps: number, stop: () => boolean): PricedBound {
  const { compiled } = given;
  const prices = copyPrices(start.prices);
  let best = start;
  let pace = 0.5;
  let idle = 0;
  let direction = noDirection(prices);
  for (let step = 0; step < steps && !stop(); step++) {
    const demand = demandAt(given, prices);
    if (demand.bound > best.bound + 1e-9) {
      if (demand.bound > best.bound + 1e-5 * Math.abs(target - best.bound)) idle = 0;
      best = { prices: copyPrices(prices), bound: demand.bound };
    } else if (++idle >= 12) {
      idle = 0;
      pace /= 2;
      if (pace < 1e-4) break;
      assignPrices(prices, best.prices);
      direction = noDirection(prices);
      continue;
    }
    direction = nextDirection(compiled, prices, demand, direction);
    const norm = squaredNorm(direction);
    if (norm === 0) break;
    move(compiled, prices, direction, (pace * (target - demand.bound)) / norm);
  }
  return best;
}

interface Direction {
  readonly stock: Float64Array;
  readonly pool: Float64Array;
  readonly labor: Float64Array;
  readonly slot: Float64Array;
  readonly cuts: ReadonlyMap<number, Float64Array>;
}

/** A minute price moves less than a unit price for the same violation: an order takes some minutes of every node, and thousands share them. */
const laborScale = 0.002;

function noDirection(prices: Prices): Direction {
  return {
    stock: new Float64Array(prices.stock.length),
    pool: new Float64Array(prices.pool.length),
    labor: new Float64Array(prices.labor.length),
    slot: new Float64Array(prices.slot.length),
    cuts: new Map([...prices.cutsOfRow].map(([row, cuts]) => [row, new Float64Array(cuts.length)])),
  };
}

/** The violations now, with some memory of those before; a price at 0 that should fall further stays out of it. */
function nextDirection(compiled: Compiled, prices: Prices, demand: Demand, before: Direction): Direction {
  const memory = 0.6;
  const blend = (excess: number, old: number, price: number): number => {
    const now = excess + memory * old;
    return price <= 0 && now < 0 ? 0 : now;
  };
  const next = noDirection(prices);
  for (let row = 0; row < prices.stock.length; row++) {
    if (demand.shared[row] === 0 && prices.stock[row] === 0) continue;
    next.stock[row] = blend(demand.shared[row]! - compiled.stock[row]!, before.stock[row]!, prices.stock[row]!);
  }
  for (const [index, pool] of compiled.pools.entries()) {
    const excess = demand.pool[index]! - pool.units;
    next.pool[index] = blend(excess, before.pool[index]!, prices.pool[index]!);
  }
  for (let node = 0; node < compiled.nodeCount; node++) {
    next.labor[node] = laborExcess(compiled, node, prices.labor[node]!, demand.minutes[node]!) + memory * before.labor[node]!;
  }
  for (const [index, slot] of compiled.slots.entries()) next.slot[index] = blend(demand.slot[index]! - slot.limit, before.slot[index]!, prices.slot[index]!);
  for (const [row, cuts] of prices.cutsOfRow) {
    const used = demand.cuts.get(row)!;
    for (const [index, cut] of cuts.entries()) next.cuts.get(row)![index] = blend(used[index]! - cutLimit(compiled, cut), before.cuts.get(row)![index]!, cut.price);
  }
  return next;
}

function squaredNorm(direction: Direction): number {
  let sum = 0;
  for (const value of direction.stock) sum += value * value;
  for (const value of direction.pool) sum += value * value;
  for (const value of direction.slot) sum += value * value;
  for (const value of direction.labor) sum += value * value * laborScale;
  for (const values of direction.cuts.values()) for (const value of values) sum += value * value;
  return sum;
}

function move(compiled: Compiled, prices: Prices, direction: Direction, length: number): void {
  for (let row = 0; row < prices.stock.length; row++) if (direction.stock[row] !== 0) prices.stock[row] = Math.max(0, prices.stock[row]! + length * direction.stock[row]!);
  for (const [index, pool] of compiled.pools.entries()) {
    const shared = prices.stock[pool.node * compiled.skuCount + pool.sku]!;
    prices.pool[index] = Math.min(shared, Math.max(0, prices.pool[index]! + length * direction.pool[index]!));
  }
  for (let index = 0; index < prices.slot.length; index++) prices.slot[index] = Math.max(0, prices.slot[index]! + length * direction.slot[index]!);
  for (const [node, { tiers }] of compiled.labor.entries()) {
    const wanted = prices.labor[node]! + length * laborScale * direction.labor[node]!;
    const last = tiers.at(-1)!;
    prices.labor[node] = Math.max(tiers[0]!.costPerMinute, last.minutes === null ? Math.min(wanted, last.costPerMinute) : wanted);
  }
  for (const [row, cuts] of prices.cutsOfRow) for (const [index, cut] of cuts.entries()) cut.price = Math.max(0, cut.price + length * direction.cuts.get(row)![index]!);
}

function assignPrices(prices: Prices, from: Prices): void {
  prices.stock.set(from.stock);
  prices.pool.set(from.pool);
  prices.labor.set(from.labor);
  prices.slot.set(from.slot);
  for (const [row, cuts] of prices.cutsOfRow) for (const [index, cut] of cuts.entries()) cut.price = from.cutsOfRow.get(row)?.[index]?.price ?? 0;
}
