import { cutLimit } from './bound.ts';
import { stockRow, type Numbers } from './compile.ts';
import { cutFractions, type RoundingCut } from './prices.ts';

/** A SKU of which some node (or pool) has less than all lines together could ask for. */
export interface ContestedSku {
  readonly sku: number;
  readonly lines: Int32Array;
  /** Nodes that have some of it, but not enough for all. */
  readonly nodes: readonly number[];
  /** By number of the compiled problem. */
  readonly pools: readonly number[];
  /** By node: 1 where nobody can be in the way of anybody. */
  readonly endless: Uint8Array;
}

/** By SKU, in rising order. */
export type ContestedSkus = ReadonlyMap<number, ContestedSku>;

export function contestedSkus(compiled: Numbers): ContestedSkus {
  const { nodeCount, skuCount, lineUnits } = compiled;
  const linesOf = linesBySku(compiled);
  const poolsOf = new Map<number, number[]>();
  for (const [pool, { sku }] of compiled.pools.entries()) {
    const known = poolsOf.get(sku);
    if (known === undefined) poolsOf.set(sku, [pool]);
    else known.push(pool);
  }
  const contested = new Map<number, ContestedSku>();
  for (let sku = 0; sku < skuCount; sku++) {
    const lines = linesOf(sku);
    const asked = lines.reduce((sum, line) => sum + lineUnits[line]!, 0);
    const nodes: number[] = [];
    const endless = new Uint8Array(nodeCount);
    for (let node = 0; node < nodeCount; node++) {
      const row = stockRow(compiled, node, sku);
      if (compiled.stock[row]! >= asked) endless[node] = 1;
      else if (compiled.stockWithReserved[row]! > 0) nodes.push(node);
    }
    if (nodes.length > 0) contested.set(sku, { sku, lines, nodes, pools: poolsOf.get(sku) ?? [], endless });
  }
  return contested;
}

/** The lines of each SKU, in rising order. */
function linesBySku({ skuCount, lineSku }: Numbers): (sku: number) => Int32Array {
  const first = new Int32Array(skuCount + 1);
  for (const sku of lineSku) first[sku + 1]!++;
  for (let sku = 0; sku < skuCount; sku++) first[sku + 1]! += first[sku]!;
  const next = first.slice();
  const lines = new Int32Array(lineSku.length);
  for (let line = 0; line < lineSku.length; line++) lines[next[lineSku[line]!]!++] = line;
  return (sku) => lines.subarray(first[sku], first[sku + 1]);
}

/** Rounding cuts that can say more than the stock rows, each without a price: those that a line of several units makes, at rows where rounding loses something and all lines together want more. */
export function usefulCuts(compiled: Numbers, contested: ContestedSkus): RoundingCut[] {
  const useful: RoundingCut[] = [];
  for (const { sku, lines, nodes } of contested.values()) {
    if (lines.length > mostLinesWithCuts || lines.every((line) => compiled.lineUnits[line] === 1)) continue;
    for (const node of nodes) {
      const row = stockRow(compiled, node, sku);
      const stock = compiled.stockWithReserved[row]!;
      if (stock > mostStockWithCuts) continue;
      for (const [num, den] of cutFractions) {
        if ((stock * num) % den === 0) continue;
        const cut = { row, num, den, price: 0 };
        let asked = 0;
        for (const line of lines) asked += Math.floor((compiled.lineUnits[line]! * num) / den);
        if (asked > cutLimit(compiled, cut)) useful.push(cut);
      }
    }
  }
  return useful;
}

/** Beyond these the program of one SKU grows, and what rounding loses is small against the stock. */
const mostLinesWithCuts = 80;
const mostStockWithCuts = 60;
