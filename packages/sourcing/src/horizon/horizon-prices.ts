import { resourceValue } from '../bound.ts';
import { stockRow } from '../compile.ts';
import { demandOf } from '../demand.ts';
import { pricer, type Pricer } from '../pricer.ts';
import { startPrices, type Prices } from '../prices.ts';
import { laborStepper, slotStepper, stepLabor, stepSlots } from '../price-steps.ts';
import { alternatives } from '../sku-offers.ts';
import { transportPrices } from '../transport.ts';
import type { Batch, Expanded } from './expand.ts';

/** Shadow prices of a horizon, and what they prove. */
export interface HorizonPrices {
  /** Nobody who knows the whole horizon can pay less. */
  readonly bound: number;
  /** By SKU of the expanded problem: price of a unit of each of its batches. */
  readonly batchPrices: readonly Float64Array[];
}

/**
 * Good shadow prices of a horizon: block ascent, SKU by SKU. With all other prices fixed, a SKU's dual is a transportation problem of its lines, on the days on which they may ship,
 * to its batches (`transportPrices`). A unit at a node costs on a day what the cheapest batch costs that is there by then, so a price never rises before new stock comes.
 * Labor and caps of each day follow the sign of the excess between the sweeps. Always the best prices seen.
 */
export function horizonPrices(expanded: Expanded, sweeps: number, start?: PriceOfBatch): HorizonPrices {
  const { compiled, batchesOf } = expanded;
  const given = pricer(compiled);
  const prices = startPrices(compiled);
  const labor = laborStepper(compiled);
  const slots = slotStepper(compiled);
  const contested = contestedSkus(expanded);
  const batchPrices = batchesOf.map((batches, sku) => Float64Array.from(batches, (batch) => start?.(sku, batch) ?? 0));
  if (start !== undefined) for (const sku of batchesOf.keys()) setRows(expanded, prices, sku, batchPrices[sku]!);
  let best: HorizonPrices = { bound: -Infinity, batchPrices };
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (const each of contested) {
      improveSku(expanded, given, prices, each, batchPrices[each.sku]!);
      setRows(expanded, prices, each.sku, batchPrices[each.sku]!);
    }
    const demand = demandOf(given, prices, 0, compiled.orderCount);
    const bound = demand.cost - resourceValue(compiled, prices) + sharedTwice(expanded, prices, batchPrices);
    if (bound > best.bound) best = { bound, batchPrices: batchPrices.map((each) => Float64Array.from(each)) };
    stepLabor(compiled, prices, demand, labor);
    stepSlots(compiled, prices, demand, slots);
  }
  return best;
}

/** A price to start from. */
export type PriceOfBatch = (sku: number, batch: Batch) => number;

/** What the expanded problem's rows count too much: each day of a node has a row of its own with all that has come by then, but the units of a batch are there once. */
function sharedTwice({ compiled, batchesOf }: Expanded, prices: Prices, batchPrices: readonly Float64Array[]): number {
  let value = 0;
  for (let row = 0; row < prices.stock.length; row++) value += prices.stock[row]! * compiled.stock[row]!;
  for (const [sku, batches] of batchesOf.entries())
    for (const [at, { units }] of batches.entries()) value -= batchPrices[sku]![at]! * units;
  return value;
}

/** A SKU with batches that cannot serve all who may want them. */
interface Contested {
  readonly sku: number;
  readonly lines: readonly number[];
  /** Numbers of the contested batches. */
  readonly batches: readonly number[];
  /** By place (node and day): 1 where a batch is enough for everybody. */
  readonly endless: Uint8Array;
}

function contestedSkus({ compiled, batchesOf, nodeCount, days, lastDay }: Expanded): Contested[] {
  const linesOf: number[][] = batchesOf.map(() => []);
  for (const [line, sku] of compiled.lineSku.entries()) linesOf[sku]!.push(line);
  return batchesOf.flatMap((all, sku) => {
    const lines = linesOf[sku]!;
    const asked = new Float64Array(days);
    for (const line of lines) for (let day = lastDay[compiled.lineOrder[line]!]!; day >= 0; day--) asked[day]! += compiled.lineUnits[line]!;
    const endless = new Uint8Array(compiled.nodeCount);
    const batches: number[] = [];
    for (const [at, { node, day, units }] of all.entries()) {
      if (units < asked[day]!) batches.push(at);
      else for (let later = day; later < days; later++) endless[later * nodeCount + node] = 1;
    }
    return batches.length === 0 ? [] : [{ sku, lines, batches, endless }];
  });
}

function improveSku(
  expanded: Expanded,
  given: Pricer,
  prices: Prices,
  { sku, lines, batches, endless }: Contested,
  found: Float64Array,
): void {
  const { compiled, nodeCount, batchesOf, firstDay, lastDay } = expanded;
  const sinkCount = batches.length + 1;
  const cost = new Float64Array(lines.length * sinkCount).fill(Infinity);
  const byPlace = new Float64Array(compiled.nodeCount);
  for (const [item, line] of lines.entries()) {
    const order = compiled.lineOrder[line]!;
    const units = compiled.lineUnits[line]!;
    const free = alternatives(given, line, prices, endless, byPlace);
    for (const [at, batch] of batches.entries()) {
      const { node, day } = batchesOf[sku]![batch]!;
      let least = Infinity;
      for (let when = Math.max(day, firstDay[order]!); when <= lastDay[order]!; when++) {
        const own = byPlace[when * nodeCount + node]!;
        if (own < least) least = own;
      }
      if (least < free) cost[item * sinkCount + at] = least / units;
    }
    cost[item * sinkCount + batches.length] = free / units;
  }
  const { prices: sinkPrices } = transportPrices({
    itemCount: lines.length,
    sinkCount,
    supply: Float64Array.from(lines, (line) => compiled.lineUnits[line]!),
    cost,
    capacity: Float64Array.from([...batches.map((batch) => batchesOf[sku]![batch]!.units), Infinity]),
  });
  for (const [at, batch] of batches.entries()) found[batch] = sinkPrices[at]!;
}

/** Each day of a node charges what its cheapest batch costs. */
function setRows({ compiled, nodeCount, days, batchesOf }: Expanded, prices: Prices, sku: number, batchPrices: Float64Array): void {
  for (const [at, { node, day }] of batchesOf[sku]!.entries()) {
    // Batches of a node come by rising day: the first one sets, later ones lower.
    const first = at === 0 || batchesOf[sku]![at - 1]!.node !== node;
    for (let later = day; later < days; later++) {
      const row = stockRow(compiled, later * nodeCount + node, sku);
      prices.stock[row] = first ? batchPrices[at]! : Math.min(prices.stock[row]!, batchPrices[at]!);
    }
  }
}
