import { lagrangianBound } from './bound.ts';
import { stockRow, type Compiled } from './compile.ts';
import type { Pricer } from './pricer.ts';
import { copyPrices, type Prices } from './prices.ts';
import { shadowPrices, type PricedBound } from './shadow-prices.ts';

/**
 * A bound on the contract's own cost, from prices that were found for an objective with more in it: the best of the starts, and what a short ascent makes of it.
 * Any prices prove a bound, so whatever the objective was, what is returned is true for the contract's problem.
 */
export function contractBound(contract: Pricer, starts: readonly Prices[], sweeps: number, stop: () => boolean): PricedBound {
  let best: PricedBound | undefined;
  for (const prices of starts) {
    const bound = lagrangianBound(contract, prices);
    if (best === undefined || bound > best.bound) best = { prices, bound };
  }
  return shadowPrices(contract, { sweeps, cutSweeps: sweeps, ...(best === undefined ? {} : { start: best }) }, stop);
}

/**
 * The prices with the stock values on top, where stock is used up: who priced the objective's problem at π has priced the contract's at π + value, but would also pay the value of all that stays.
 */
export function withValuesWhereUsedUp(compiled: Compiled, prices: Prices, stockValue: Float64Array, used: Float64Array): Prices {
  const raised = copyPrices(prices);
  for (let row = 0; row < used.length; row++) if (used[row]! >= compiled.stock[row]!) raised.stock[row]! += stockValue[row]!;
  for (const [index, pool] of compiled.pools.entries()) {
    const row = stockRow(compiled, pool.node, pool.sku);
    if (used[row]! >= compiled.stock[row]!) raised.pool[index]! += stockValue[row]!;
  }
  return raised;
}
