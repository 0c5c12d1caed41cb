import type { StockValues } from '../stock-values.ts';
import { expand } from './expand.ts';
import type { Forecast } from './forecast.ts';
import { horizonPrices } from './horizon-prices.ts';
import type { Today } from './simulate.ts';

export interface LookAhead {
  /** Futures that are sampled: more of them are less noisy. */
  readonly samples: number;
  /** Rounds of price ascent for each future. */
  readonly sweeps: number;
  readonly seed: number;
}

/** By node and SKU: what a unit that is still there tomorrow saves, the mean over sampled futures. */
export function valueOfStock(today: Today, forecast: Forecast, effort: LookAhead): StockValues {
  const { problem } = today;
  const sums = problem.nodes.map(() => new Map<string, number>());
  const now = problem.orders.map((order, index) => ({ day: 0, lastDay: today.patience[index]!, order }));
  for (let sample = 0; sample < effort.samples; sample++) {
    const future = forecast.sample(effort.seed * 1_000_003 + today.day * 1_009 + sample, today.days);
    const expanded = expand({
      days: today.days,
      problem: { ...problem, orders: [] },
      receipts: today.receipts,
      arrivals: [...now, ...future],
    });
    const { batchPrices } = horizonPrices(expanded, effort.sweeps);
    for (const [sku, batches] of expanded.batchesOf.entries()) {
      const id = expanded.compiled.skuIds[sku]!;
      const least = new Float64Array(problem.nodes.length).fill(Infinity);
      for (const [at, { node, day }] of batches.entries()) if (day <= 1) least[node] = Math.min(least[node]!, batchPrices[sku]![at]!);
      for (const [node, price] of least.entries())
        if (price !== Infinity) sums[node]!.set(id, (sums[node]!.get(id) ?? 0) + price / effort.samples);
    }
  }
  return Object.fromEntries(problem.nodes.map(({ id }, node) => [id, Object.fromEntries(sums[node]!)]));
}
