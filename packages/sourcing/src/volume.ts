import { cutLimit, resourceValue } from './bound.ts';
import { poolsOf, stockRow, type Compiled } from './compile.ts';
import { demandOf } from './demand.ts';
import { laborExcess, laborPriceAfter } from './price-steps.ts';
import type { Pricer } from './pricer.ts';
import { copyPrices, type Prices } from './prices.ts';
import type { PricedBound } from './shadow-prices.ts';

/**
 * The volume algorithm (Barahona and Anbil 2000): where block ascent has come to rest, no price alone can prove more, but many together can. All of them step along the excess of a mean
 * of what orders took at the prices tried so far, which comes near to what the linear program would take. Always the best prices seen.
 */
export function volumeAscent(given: Pricer, start: PricedBound, rounds: number, stop: () => boolean): PricedBound {
  const { compiled } = given;
  let best = start;
  let size = firstStep;
  let failures = 0;
  let mean: Excess | undefined;
  for (let round = 0; round < rounds && !stop(); round++) {
    const prices = mean === undefined ? copyPrices(best.prices) : stepped(compiled, best, mean, size);
    const { bound, use } = priced(given, prices);
    mean = mean === undefined ? use : blended(mean, use, Math.max(newest, 1 / (round + 1)));
    if (bound > best.bound) {
      best = { prices, bound };
      size *= growth;
      failures = 0;
    } else if (++failures === patience) {
      size *= decline;
      failures = 0;
    }
  }
  return best;
}

/** Share of the bound that the first step aims to gain; later ones adapt. All chosen on nine batches of 10,000 orders, where half or twice of each hardly mattered. */
const firstStep = 1.5e-5;
const growth = 1.1;
const decline = 0.7;
/** Steps without a gain until they become smaller. */
const patience = 5;
/** Part of the newest answer in the mean. */
const newest = 0.05;

/** What orders take of all that has a price; minutes and caps as they are asked for, stock and cuts by row and place. */
interface Excess {
  readonly stock: Float64Array;
  readonly pool: Float64Array;
  readonly cut: Float64Array;
  readonly minutes: Float64Array;
  readonly slot: Float64Array;
}

/** What the prices prove, and what the orders' cheapest plans take at them. */
function priced(given: Pricer, prices: Prices): { readonly bound: number; readonly use: Excess } {
  const { compiled } = given;
  const { first, num, den } = prices.cuts;
  const stock = new Float64Array(prices.stock.length);
  const pool = new Float64Array(prices.pool.length);
  const cut = new Float64Array(prices.cut.length);
  const { cost, minutes, slot } = demandOf(given, prices, 0, compiled.orderCount, (line, node) => {
    const row = stockRow(compiled, node, compiled.lineSku[line]!);
    const units = compiled.lineUnits[line]!;
    const own = poolsOf(compiled, compiled.lineOrder[line]!)?.[row] ?? -1;
    if (own < 0) stock[row]! += units;
    else pool[own]! += units;
    if (cut.length === 0) return;
    for (let place = first[row]!; place < first[row + 1]!; place++) cut[place]! += Math.floor((units * num[place]!) / den[place]!);
  });
  return { bound: cost - resourceValue(compiled, prices), use: { stock, pool, cut, minutes, slot } };
}

function blended(mean: Excess, use: Excess, weight: number): Excess {
  const blend = (old: Float64Array, fresh: Float64Array): Float64Array => old.map((value, at) => value + weight * (fresh[at]! - value));
  return {
    stock: blend(mean.stock, use.stock),
    pool: blend(mean.pool, use.pool),
    cut: blend(mean.cut, use.cut),
    minutes: blend(mean.minutes, use.minutes),
    slot: blend(mean.slot, use.slot),
  };
}

/** The prices moved along the excess as far as would gain this share of the bound, if the bound were a plane. */
function stepped(compiled: Compiled, { prices, bound }: PricedBound, use: Excess, share: number): Prices {
  const excess = excessOf(compiled, prices, use);
  // A price of minutes or of a cap is felt by all orders of a node, one of stock by a few.
  const common = 1 / compiled.orderCount;
  const norm =
    squares(excess.stock) + squares(excess.pool) + squares(excess.cut) + common * (squares(excess.minutes) + squares(excess.slot));
  const next = copyPrices(prices);
  if (norm === 0) return next;
  const step = (share * Math.abs(bound)) / norm;
  const move = (into: Float64Array, along: Float64Array): void => {
    for (let at = 0; at < into.length; at++) if (along[at] !== 0) into[at] = Math.max(0, into[at]! + step * along[at]!);
  };
  move(next.stock, excess.stock);
  move(next.pool, excess.pool);
  move(next.cut, excess.cut);
  for (const [slot, amount] of excess.slot.entries()) next.slot[slot] = Math.max(0, next.slot[slot]! + common * step * amount);
  for (const [node, amount] of excess.minutes.entries())
    next.labor[node] = laborPriceAfter(compiled, node, next.labor[node]!, common * step * amount);
  for (const [index, { node, sku }] of compiled.pools.entries()) {
    const row = stockRow(compiled, node, sku);
    const tied = prices.pool[index]! >= prices.stock[row]! && excess.pool[index] === 0;
    next.pool[index] = tied ? next.stock[row]! : Math.min(next.pool[index]!, next.stock[row]!);
  }
  markCuts(next);
  return next;
}

/** What is taken beyond what there is; 0 where less is taken of what is free already. Where reserved units cost as much as shared ones, more than these is taken of the shared ones. */
function excessOf(compiled: Compiled, prices: Prices, use: Excess): Excess {
  const beyond = (taken: number, limit: number, price: number): number => (taken < limit && price === 0 ? 0 : taken - limit);
  const { first, num, den } = prices.cuts;
  const cut = new Float64Array(prices.cut.length);
  for (let row = 0; row + 1 < first.length; row++)
    for (let place = first[row]!; place < first[row + 1]!; place++)
      cut[place] = beyond(use.cut[place]!, cutLimit(compiled, { row, num: num[place]!, den: den[place]! }), prices.cut[place]!);
  const shared = Float64Array.from(use.stock);
  const pool = use.pool.map((taken, index) => {
    const { node, sku, units } = compiled.pools[index]!;
    const row = stockRow(compiled, node, sku);
    if (taken <= units || prices.pool[index]! < prices.stock[row]!) return beyond(taken, units, prices.pool[index]!);
    shared[row]! += taken - units;
    return 0;
  });
  return {
    stock: shared.map((taken, row) => beyond(taken, compiled.stock[row]!, prices.stock[row]!)),
    pool,
    cut,
    minutes: use.minutes.map((taken, node) => laborExcess(compiled, node, prices.labor[node]!, taken)),
    slot: use.slot.map((taken, slot) => beyond(taken, compiled.slots[slot]!.limit, prices.slot[slot]!)),
  };
}

function markCuts({ cuts: { first }, cut, hasCuts }: Prices): void {
  for (let row = 0; row + 1 < first.length; row++) {
    hasCuts[row] = 0;
    for (let place = first[row]!; place < first[row + 1]!; place++) if (cut[place]! > 0) hasCuts[row] = 1;
  }
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]! * values[at]!;
  return sum;
}
