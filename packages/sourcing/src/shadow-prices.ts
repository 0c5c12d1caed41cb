import { sweepRoom, sweepStockPrices } from './ascent.ts';
import { lagrangianBound, resourceValue } from './bound.ts';
import type { Numbers } from './compile.ts';
import { contestedSkus, usefulCuts } from './contested.ts';
import { demandOf, type Demand } from './demand.ts';
import type { Pricer } from './pricer.ts';
import { copyPrices, pricedCuts, startPrices, withCuts, type Prices, type RoundingCut } from './prices.ts';

/** Prices and the lower bound that they prove. */
export interface PricedBound {
  readonly prices: Prices;
  readonly bound: number;
}

export interface AscentEffort {
  readonly sweeps: number;
  /** The last ones of them look for rounding cuts, too. */
  readonly cutSweeps: number;
  /** Prices to start from, with what they prove; default: the free ones. */
  readonly start?: PricedBound;
}

/** What the free prices prove: each order at its cheapest, as if it were alone. */
export function firstBound(given: Pricer<Numbers>): PricedBound {
  const prices = startPrices(given.compiled);
  return { prices, bound: lagrangianBound(given, prices) };
}

/** Good shadow prices: block ascent on stock, sign-following steps on labor and caps in between. Always the best prices seen. */
export function shadowPrices(
  given: Pricer<Numbers>,
  effort: AscentEffort,
  stop: () => boolean = () => false,
): PricedBound {
  const { compiled } = given;
  const contested = contestedSkus(compiled);
  const prices = withRoomForCuts(compiled, effort.start?.prices ?? startPrices(compiled), effort.cutSweeps > 0 ? usefulCuts(compiled, contested) : []);
  const room = sweepRoom(compiled);
  const labor = laborSteps(compiled, 1);
  const slots = slotSteps(compiled, 1);
  let best: PricedBound = effort.start ?? { prices: copyPrices(prices), bound: -Infinity };
  for (let sweep = 0; sweep < effort.sweeps; sweep++) {
    sweepStockPrices(given, contested.values(), prices, room, { cuts: sweep >= effort.sweeps - effort.cutSweeps });
    const demand = demandOf(given, prices, 0, compiled.orderCount);
    const bound = demand.cost - resourceValue(compiled, prices);
    if (bound > best.bound) best = { prices: copyPrices(prices), bound };
    if (stop()) break;
    stepLabor(compiled, prices, demand, labor);
    stepSlots(compiled, prices, demand, slots);
  }
  return best;
}

/** A copy of the prices in which these cuts, too, have a place. */
export function withRoomForCuts(compiled: Numbers, prices: Prices, cuts: readonly RoundingCut[]): Prices {
  const priced = pricedCuts(prices);
  const known = new Map<number, RoundingCut[]>();
  for (const cut of priced) known.set(cut.row, [...(known.get(cut.row) ?? []), cut]);
  const further = cuts.filter(({ row, num, den }) => known.get(row)?.some((cut) => cut.num === num && cut.den === den) !== true);
  return { ...copyPrices(prices), ...withCuts(compiled.stock.length, [...priced, ...further]) };
}

/** First steps of the minute prices; `share` of what a cold start takes. */
export function laborSteps(compiled: Numbers, share: number): Stepper {
  return stepper(
    compiled.labor.map(({ tiers }) => share * Math.max(0.02, ((tiers.at(-1)?.costPerMinute ?? 0) - (tiers[0]?.costPerMinute ?? 0)) / 12)),
  );
}

/** First steps of the prices of caps; `share` of what a cold start takes. */
export function slotSteps(compiled: Numbers, share: number): Stepper {
  return stepper(compiled.slots.map(() => share * 0.3));
}

/** Steps by the sign of the excess: as long as the sign stays they grow, when it turns they halve. */
export interface Stepper {
  readonly size: Float64Array;
  readonly sign: Int8Array;
}

function stepper(sizes: readonly number[]): Stepper {
  return { size: Float64Array.from(sizes), sign: new Int8Array(sizes.length) };
}

function nextStep({ size, sign }: Stepper, index: number, excess: number): number {
  const now = Math.sign(excess);
  if (now === 0) return 0;
  if (sign[index] === -now) size[index]! *= 0.5;
  else if (sign[index] === now) size[index]! *= 1.2;
  sign[index] = now;
  return now * size[index]!;
}

/** Moves each minute price towards the rate of the tier that the demand ends in, without jumping over a rate. */
export function stepLabor(compiled: Numbers, prices: Prices, demand: Demand, steps: Stepper): void {
  for (const [node, { tiers }] of compiled.labor.entries()) {
    const price = prices.labor[node]!;
    const excess = laborExcess(compiled, node, price, demand.minutes[node]!);
    const step = nextStep(steps, node, excess);
    if (step === 0) continue;
    let next = Math.max(tiers[0]!.costPerMinute, price + step);
    for (const { costPerMinute } of tiers)
      if ((price < costPerMinute && next > costPerMinute) || (price > costPerMinute && next < costPerMinute)) next = costPerMinute;
    const last = tiers.at(-1)!;
    if (last.minutes === null) next = Math.min(next, last.costPerMinute);
    prices.labor[node] = next;
  }
}

/** Minutes demanded beyond (or below, negative) what a node would sell at the price; 0 inside the tier whose rate is the price. */
export function laborExcess(compiled: Numbers, node: number, price: number, minutes: number): number {
  let least = 0;
  let most = 0;
  for (const tier of compiled.labor[node]!.tiers) {
    const length = tier.minutes ?? Infinity;
    if (tier.costPerMinute < price - 1e-12) least += length;
    if (tier.costPerMinute <= price + 1e-12) most += length;
  }
  return minutes > most ? minutes - most : minutes < least ? minutes - least : 0;
}

/** Moves the price of each cap up while more shipments want it than may leave, and down again. */
export function stepSlots(compiled: Numbers, prices: Prices, demand: Demand, steps: Stepper): void {
  for (const [index, slot] of compiled.slots.entries()) {
    const excess = demand.slot[index]! - slot.limit;
    if (excess < 0 && prices.slot[index] === 0) continue;
    prices.slot[index] = Math.max(0, prices.slot[index]! + nextStep(steps, index, excess));
  }
}
