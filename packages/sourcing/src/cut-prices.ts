import { cutLimit, lagrangianBound } from './bound.ts';
import { stockRow, type Numbers } from './compile.ts';
import { ownCost, pricedCost, type Draft } from './draft.ts';
import { plansWithin, type Column } from './enumerate.ts';
import { emptyLedger } from './ledger.ts';
import { masterProgram, type MasterProgram } from './master.ts';
import { isExact } from './order-table.ts';
import { planOrder, type Pricer } from './pricer.ts';
import { copyPrices, cutFractions, pricedCuts, startPrices, withCuts, type Prices, type RoundingCut } from './prices.ts';
import type { PricedBound } from './shadow-prices.ts';
import type { MipSolver } from './solver-port.ts';

export interface CutEffort {
  /** Linear programs at most. */
  readonly rounds: number;
  /** Columns of one program at most. */
  readonly columns: number;
  /** What the solver may still take for one program. */
  readonly timeLimitMs: () => number;
}

/**
 * Better prices by column generation with rounding cuts: a linear program over the plans near the known prices, its duals as new prices, the orders' cheapest
 * plans there as new columns, cuts where its solution breaks them. Any duals prove a bound, so stopping early costs quality, never truth.
 */
export async function priceWithCuts(
  given: Pricer<Numbers>,
  solver: MipSolver,
  start: PricedBound,
  known: Draft,
  gap: number,
  effort: CutEffort,
  stop: () => boolean,
): Promise<PricedBound> {
  const { compiled } = given;
  // Fewer than three columns an order leave the program no choice.
  if (3 * compiled.orderCount > effort.columns) return start;
  const pools = startColumns(given, start.prices, known, gap, effort.columns);
  const cuts: RoundingCut[] = pricedCuts(start.prices);
  let best = start;
  let idle = 0;
  for (let round = 0; round < effort.rounds && idle < 3 && !stop(); round++) {
    const master = masterProgram(
      emptyLedger(compiled),
      pools.map(({ columns }) => columns),
      { integer: false, cuts, fixed: [] },
    );
    if (master.program.columns.length > effort.columns) break;
    const answer = await solver.solve(master.program, { timeLimitMs: effort.timeLimitMs() });
    if (answer.status !== 'optimal' || answer.duals === undefined || answer.values === undefined) break;
    const prices = pricesOf(compiled, master, answer.duals);
    const before = best.bound;
    const added = addColumns(given, pools, prices);
    best = better(given, best, prices);
    const middle = middleOf(best.prices, prices);
    const more = addColumns(given, pools, middle);
    best = better(given, best, middle);
    const broken = brokenCuts(compiled, master, answer.values, cuts);
    cuts.push(...broken);
    if (added + more + broken.length === 0) break;
    if (pools.reduce((sum, { columns }) => sum + columns.length, 0) > 0.8 * effort.columns)
      for (const pool of pools) forgetDearest(compiled, pool, best.prices);
    idle = best.bound > before + 1e-6 * Math.abs(before) || broken.length > 0 ? 0 : idle + 1;
  }
  return best;
}

/** An order's columns, and what they are known by. */
interface ColumnPool {
  readonly order: number;
  readonly columns: Column[];
  readonly keys: Set<string>;
}

/** For each order the known plan, the empty one, and those nearest to its cheapest; of an order with too many lines the known one only. */
function startColumns(given: Pricer<Numbers>, prices: Prices, known: Draft, gap: number, most: number): ColumnPool[] {
  const { compiled } = given;
  const each = Math.max(3, Math.min(30, Math.floor((most * 0.5) / compiled.orderCount)));
  const pools: ColumnPool[] = [];
  for (let order = 0; order < compiled.orderCount; order++) {
    const pool: ColumnPool = { order, columns: [], keys: new Set() };
    pools.push(pool);
    offer(compiled, pool, known.plans[order]!);
    if (!isExact(compiled, order)) continue;
    offer(compiled, pool, []);
    let near: Column[] | undefined;
    for (let slack = Math.min(gap, 2); near === undefined && slack > 1e-3; slack /= 2)
      near = plansWithin(given, order, prices, slack, each);
    for (const { shipments } of near ?? []) offer(compiled, pool, shipments);
  }
  return pools;
}

function offer(compiled: Numbers, pool: ColumnPool, shipments: Column['shipments']): boolean {
  const key = keyOf(shipments);
  if (pool.keys.has(key)) return false;
  pool.keys.add(key);
  pool.columns.push({ order: pool.order, shipments, cost: ownCost(compiled, pool.order, shipments), excess: 0 });
  return true;
}

function keyOf(shipments: Column['shipments']): string {
  return shipments
    .map(({ node, service, lines }) => `${node} ${service} ${lines.join()}`)
    .sort()
    .join('/');
}

/** Keeps the known plan, the empty one, and the few that are cheapest at the prices. */
function forgetDearest(compiled: Numbers, pool: ColumnPool, prices: Prices): void {
  const dear = pool.columns
    .slice(2)
    .map((column) => ({ column, price: pricedCost(compiled, pool.order, column.shipments, prices) }))
    .sort((left, right) => left.price - right.price)
    .slice(keptColumns)
    .map(({ column }) => column);
  for (const column of dear) {
    pool.columns.splice(pool.columns.indexOf(column), 1);
    pool.keys.delete(keyOf(column.shipments));
  }
}

const keptColumns = 2;

/** Each order's cheapest plan at the prices as a column; how many were new. */
function addColumns(given: Pricer<Numbers>, pools: readonly ColumnPool[], prices: Prices): number {
  let added = 0;
  for (const pool of pools)
    if (isExact(given.compiled, pool.order) && offer(given.compiled, pool, planOrder(given, pool.order, { prices, laborBy: 'prices' })))
      added++;
  return added;
}

function better(given: Pricer<Numbers>, best: PricedBound, prices: Prices): PricedBound {
  const bound = lagrangianBound(given, prices);
  return bound > best.bound ? { prices, bound } : best;
}

/** The duals of the program as prices. The duals of "at most" rows are not positive when costs are minimised; rounding of the engine is cut off. */
function pricesOf(compiled: Numbers, { tags, laborRate }: MasterProgram, duals: readonly number[]): Prices {
  const start = startPrices(compiled);
  const cuts: RoundingCut[] = [];
  for (let node = 0; node < compiled.nodeCount; node++) if (laborRate[node]! > 0) start.labor[node] = laborRate[node]!;
  for (const [index, tag] of tags.entries()) {
    const price = Math.max(0, -duals[index]!);
    if (tag.kind === 'stock') start.stock[tag.row] = price;
    else if (tag.kind === 'pool') start.pool[tag.pool] = price;
    else if (tag.kind === 'slot') start.slot[tag.slot] = price;
    else if (tag.kind === 'labor') start.labor[tag.node] = laborPrice(compiled, tag.node, price);
    else if (tag.kind === 'cut' && price > 0) cuts.push({ ...tag.cut, price });
  }
  for (const [index, pool] of compiled.pools.entries())
    start.pool[index] = Math.min(start.pool[index]!, start.stock[stockRow(compiled, pool.node, pool.sku)]!);
  return { ...start, ...withCuts(compiled.stock.length, cuts) };
}

function laborPrice(compiled: Numbers, node: number, price: number): number {
  const { tiers } = compiled.labor[node]!;
  const last = tiers.at(-1)!;
  const raised = Math.max(tiers[0]!.costPerMinute, price);
  return last.minutes === null ? Math.min(raised, last.costPerMinute) : raised;
}

/** Halfway between two sets of prices: a mean of two bounds' prices proves at least the mean of the bounds. */
function middleOf(left: Prices, right: Prices): Prices {
  const middle = copyPrices(left);
  const blend = (into: Float64Array, from: Float64Array): void =>
    into.forEach((value, index) => (into[index] = (value + from[index]!) / 2));
  blend(middle.stock, right.stock);
  blend(middle.pool, right.pool);
  blend(middle.labor, right.labor);
  blend(middle.slot, right.slot);
  const cuts = pricedCuts(left).map((cut) => ({ ...cut, price: cut.price / 2 }));
  for (const cut of pricedCuts(right)) {
    const same = cuts.find(({ row, num, den }) => row === cut.row && num === cut.num && den === cut.den);
    if (same === undefined) cuts.push({ ...cut, price: cut.price / 2 });
    else same.price += cut.price / 2;
  }
  return { ...middle, ...withCuts(middle.stock.length, cuts) };
}

/** Rounding cuts that the program's solution breaks and that are not among the known ones. */
function brokenCuts(
  compiled: Numbers,
  { columns, tags }: MasterProgram,
  values: readonly number[],
  known: readonly RoundingCut[],
): RoundingCut[] {
  const contested = new Set(tags.flatMap((tag) => (tag.kind === 'stock' ? [tag.row] : [])));
  const had = new Set(known.map(({ row, num, den }) => `${row} ${num}/${den}`));
  const unitsOfRow = new Map<number, Map<number, number>>();
  for (const [index, { order, shipments }] of columns.entries()) {
    const share = values[index]!;
    if (share < 1e-6) continue;
    const start = compiled.lineStart[order]!;
    for (const { node, lines } of shipments) {
      for (const line of lines) {
        const row = stockRow(compiled, node, compiled.lineSku[start + line]!);
        if (!contested.has(row)) continue;
        const bySize = unitsOfRow.get(row) ?? new Map<number, number>();
        unitsOfRow.set(row, bySize);
        const units = compiled.lineUnits[start + line]!;
        bySize.set(units, (bySize.get(units) ?? 0) + share);
      }
    }
  }
  const broken: RoundingCut[] = [];
  for (const [row, bySize] of unitsOfRow) {
    for (const [num, den] of cutFractions) {
      if (had.has(`${row} ${num}/${den}`)) continue;
      const cut = { row, num, den, price: 0 };
      let used = 0;
      for (const [units, share] of bySize) used += Math.floor((units * num) / den) * share;
      if (used > cutLimit(compiled, cut) + 1e-4) broken.push(cut);
    }
  }
  return broken;
}
