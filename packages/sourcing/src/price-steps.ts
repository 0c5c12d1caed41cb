import type { Numbers } from './compile.ts';
import type { Demand } from './demand.ts';
import type { Prices } from './prices.ts';

/**
 * Steps by the sign of the excess: as long as the sign stays they may grow, when it turns they halve. Where the last step shows how the excess answers to the price,
 * no step goes beyond the price at which it would be gone.
 */
export interface Stepper {
  readonly size: Float64Array;
  readonly sign: Int8Array;
  readonly lastPrice: Float64Array;
  readonly lastExcess: Float64Array;
}

/** Steps for the minute prices of all nodes: at first a twelfth of the way from the lowest to the highest rate, or a `share` of that. */
export function laborStepper({ labor }: Numbers, share = 1): Stepper {
  return stepper(
    labor.map(({ tiers }) => share * Math.max(0.02, ((tiers.at(-1)?.costPerMinute ?? 0) - (tiers[0]?.costPerMinute ?? 0)) / 12)),
  );
}

/** Steps for the prices of caps. */
export function slotStepper({ slots }: Numbers, share = 1): Stepper {
  return stepper(slots.map(() => share * 0.3));
}

function stepper(sizes: readonly number[]): Stepper {
  return {
    size: Float64Array.from(sizes),
    sign: new Int8Array(sizes.length),
    lastPrice: new Float64Array(sizes.length),
    lastExcess: new Float64Array(sizes.length),
  };
}

function nextStep({ size, sign, lastPrice, lastExcess }: Stepper, index: number, excess: number, price: number): number {
  const now = Math.sign(excess);
  if (now === 0) return 0;
  if (sign[index] === -now) size[index]! *= 0.5;
  else if (sign[index] === now) size[index]! *= 1.2;
  sign[index] = now;
  const slope = (excess - lastExcess[index]!) / (price - lastPrice[index]!);
  lastExcess[index] = excess;
  lastPrice[index] = price;
  return now * (slope < 0 ? Math.min(size[index]!, Math.abs(excess / slope)) : size[index]!);
}

/** Moves each minute price towards the rate of the tier that the demand ends in, without jumping over a rate. */
export function stepLabor(compiled: Numbers, prices: Prices, demand: Demand, steps: Stepper): void {
  for (let node = 0; node < compiled.nodeCount; node++) {
    const price = prices.labor[node]!;
    const excess = laborExcess(compiled, node, price, demand.minutes[node]!);
    const step = nextStep(steps, node, excess, price);
    if (step === 0) continue;
    prices.labor[node] = laborPriceAfter(compiled, node, price, step);
  }
}

/** A minute price after a step: within what minutes may cost, and not beyond the next rate. */
export function laborPriceAfter({ labor }: Numbers, node: number, price: number, step: number): number {
  const { tiers } = labor[node]!;
  let next = Math.max(tiers[0]!.costPerMinute, price + step);
  for (const { costPerMinute } of tiers)
    if ((price < costPerMinute && next > costPerMinute) || (price > costPerMinute && next < costPerMinute)) next = costPerMinute;
  const last = tiers.at(-1)!;
  return last.minutes === null ? Math.min(next, last.costPerMinute) : next;
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

/** Moves the prices of capped shipments towards where as many are wanted as there are. */
export function stepSlots(compiled: Numbers, prices: Prices, demand: Demand, steps: Stepper): void {
  for (const [index, slot] of compiled.slots.entries()) {
    const price = prices.slot[index]!;
    const excess = demand.slot[index]! - slot.limit;
    if (excess < 0 && price === 0) continue;
    prices.slot[index] = Math.max(0, price + nextStep(steps, index, excess, price));
  }
}
