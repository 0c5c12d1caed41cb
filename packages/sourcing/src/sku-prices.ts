import { stockRow, type Numbers } from './compile.ts';
import type { ContestedSku } from './contested.ts';
import type { Prices } from './prices.ts';

/** The prices of some SKUs one after the other: for each node its stock row and the row's cuts, then the pools. */
export function pricesOfSkus(compiled: Numbers, skus: readonly ContestedSku[], prices: Prices): Float64Array {
  let count = 0;
  visit(compiled, skus, prices, () => count++);
  const packed = new Float64Array(count);
  let at = 0;
  visit(compiled, skus, prices, (from, index) => (packed[at++] = from[index]!));
  return packed;
}

/** Sets the prices of these SKUs to what `pricesOfSkus` packed. */
export function enterPrices(compiled: Numbers, skus: readonly ContestedSku[], packed: Float64Array, prices: Prices): void {
  let at = 0;
  visit(compiled, skus, prices, (into, index, row) => {
    const price = packed[at++]!;
    into[index] = price;
    if (into === prices.stock) prices.hasCuts[row] = 0;
    else if (into === prices.cut && price !== 0) prices.hasCuts[row] = 1;
  });
}

function visit(
  compiled: Numbers,
  skus: readonly ContestedSku[],
  { stock, pool, cut, cuts: { first } }: Prices,
  each: (prices: Float64Array, index: number, row: number) => void,
): void {
  for (const { sku, nodes, pools } of skus) {
    for (const node of nodes) {
      const row = stockRow(compiled, node, sku);
      each(stock, row, row);
      if (first.length === 0) continue;
      for (let place = first[row]!; place < first[row + 1]!; place++) each(cut, place, row);
    }
    for (const index of pools) each(pool, index, -1);
  }
}
