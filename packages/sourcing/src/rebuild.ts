import type { Numbers } from './compile.ts';
import type { ContestedSkus } from './contested.ts';
import { assign, clear, force, ownCost, pricedCost, type Draft } from './draft.ts';
import { totalLabor, type Shipment } from './ledger.ts';
import { mayMove, mayStart, type Movable, type Scope } from './movable.ts';
import { nextRows, obstaclesOf, occupantAt, ordersInTheWay, wishedRows, type Obstacles } from './obstacles.ts';
import { enter, leave } from './occupants.ts';
import { isExact } from './order-table.ts';
import { leastAt, planOrder, type Pricer } from './pricer.ts';
import { startPrices, type Prices } from './prices.ts';
import { seededNumbers } from './random.ts';

/** Effort of a search by tearing down and rebuilding. */
export interface RebuildEffort {
  /** Neighbourhoods that are tried. */
  readonly rounds: number;
  /** Orders torn down at once, at most. */
  readonly orders: number;
  /**
   * True: the neighbourhood of an order is first who is in its way, then also who is in theirs, and the order itself is planned before them. False: any who want the same SKU, in any order.
   * The former finds more at once, and much more where stock lies at many nodes; the latter sees more kinds of changes.
   */
  readonly inTheWay?: boolean;
  /** Start of the shuffle: different numbers try different neighbourhoods. */
  readonly seed: number;
  /** How much dearer a rebuilt neighbourhood may be and still be kept, at first and at the end; 0 keeps only what is cheaper. The cheapest draft met is what remains. */
  readonly patience: { readonly first: number; readonly last: number };
}

/** What all neighbourhoods of a search have in common. */
export interface RebuildGround {
  readonly prices: Prices;
  /** Stock for nothing, and between nothing and its shadow price; minutes at their first rate. */
  readonly zero: Prices;
  readonly guides: readonly Prices[];
  readonly contested: ContestedSkus;
  /** What an order costs at least at the prices. */
  readonly least: (order: number) => number;
}

export function rebuildGround(
  given: Pricer<Numbers>,
  prices: Prices,
  contested: ContestedSkus,
  least = leastAt(given, prices),
): RebuildGround {
  const { compiled } = given;
  const zero = startPrices(compiled);
  const guides = [zero, halfOf(prices, zero), { ...zero, stock: prices.stock, pool: prices.pool, slot: prices.slot }];
  return { prices, zero, guides, contested, least };
}

/**
 * Tears down a few orders that compete for the same stock and plans them anew, one after the other in shuffled order, with stock priced between nothing and its shadow price;
 * keeps what is cheaper; true where anything was. Neighbourhoods start at orders that pay more than their cheapest plan at the prices.
 */
export function rebuildNeighbourhoods(
  draft: Draft<Numbers>,
  ground: RebuildGround,
  effort: RebuildEffort,
  stop: () => boolean,
  scope: Scope = {},
): boolean {
  const { zero, guides, contested } = ground;
  const random = seededNumbers(effort.seed);
  const { first, last } = effort.patience;
  const obstacles = effort.inTheWay === true ? obstaclesOf(draft, ground.prices, scope.movable) : undefined;
  let best = [...draft.plans];
  // Cost above the cheapest draft met so far.
  let offset = 0;
  let gained = false;
  let seeds: number[] = [];
  let at = 0;
  for (let round = 0; round < effort.rounds; round++) {
    if (round % 16 === 0 && stop()) break;
    if (at >= seeds.length) {
      seeds = seedOrders(draft, ground, scope);
      at = 0;
      if (seeds.length === 0) break;
    }
    const seed = seeds[at++]!;
    const orders =
      obstacles === undefined
        ? rivals(draft, contested, new Set([seed]), effort.orders, random, scope.movable)
        : whoIsInTheWay(obstacles, contested, seed, effort.orders, random, scope.movable);
    if (orders.length < 2) continue;
    const patience = first * (last / Math.max(first, 1e-12)) ** (round / effort.rounds);
    const guide = guides[Math.floor(random() * guides.length)]!;
    const most = -Math.log(1 - random()) * patience;
    const sequence = obstacles === undefined ? shuffled(orders, random) : [seed, ...shuffled(orders.slice(1), random)];
    const former = orders.map((order) => draft.plans[order]!);
    const change = rebuild(draft, orders, sequence, guide, zero, most);
    if (change === undefined) continue;
    if (obstacles !== undefined) {
      for (const [index, order] of orders.entries()) leave(obstacles.occupants, order, former[index]!);
      for (const order of orders) enter(obstacles.occupants, order, draft.plans[order]!);
    }
    offset += change;
    scope.keep?.(orders);
    if (offset >= -1e-7) continue;
    gained = true;
    offset = 0;
    if (first > 0) best = [...draft.plans];
  }
  if (offset > 0) restore(draft, best);
  return gained;
}

function restore(draft: Draft<Numbers>, plans: readonly (readonly Shipment[])[]): void {
  const changed = [...plans.keys()].filter((order) => draft.plans[order] !== plans[order]);
  for (const order of changed) clear(draft, order);
  for (const order of changed) force(draft, order, plans[order]!);
}

/** Half of the prices of stock, reservations and caps; all else as where nothing has a price. */
function halfOf(prices: Prices, zero: Prices): Prices {
  const half = (price: number): number => price * 0.5;
  return { ...zero, stock: prices.stock.map(half), pool: prices.pool.map(half), slot: prices.slot.map(half) };
}

/** Orders whose plan costs more at the prices than their cheapest one, most first. */
function seedOrders(draft: Draft<Numbers>, { prices, least }: RebuildGround, scope: Scope): number[] {
  const { given } = draft;
  const excess = draft.plans.map((shipments, order) => {
    return isExact(given.compiled, order) && mayStart(scope, order)
      ? pricedCost(given.compiled, order, shipments, prices) - least(order)
      : 0;
  });
  return [...excess.keys()].filter((order) => excess[order]! > 1e-3).sort((left, right) => excess[right]! - excess[left]! || left - right);
}

/** The orders and others that want one of the contested SKUs of the first ones. */
function rivals(
  draft: Draft<Numbers>,
  contested: ContestedSkus,
  orders: Set<number>,
  most: number,
  random: () => number,
  movable: Movable,
): number[] {
  for (let guard = 0; guard < 3 * most && orders.size < most; guard++) {
    const rival = rivalOf(draft, contested, oneOfTheFirst(orders, random), random);
    // Long orders are dear to plan anew; they take their turn when every order is reoptimized.
    if (rival !== undefined && isExact(draft.given.compiled, rival) && mayMove(movable, rival)) orders.add(rival);
  }
  return [...orders];
}

function oneOfTheFirst(orders: ReadonlySet<number>, random: () => number): number {
  return [...orders][Math.floor(random() * Math.min(orders.size, 3))]!;
}

/** Somebody who wants one of the order's SKUs, where that is contested. */
function rivalOf(draft: Draft<Numbers>, contested: ContestedSkus, order: number, random: () => number): number | undefined {
  const { compiled } = draft.given;
  const first = compiled.lineStart[order]!;
  const line = first + Math.floor(random() * (compiled.lineStart[order + 1]! - first));
  const lines = contested.get(compiled.lineSku[line]!)?.lines;
  return lines === undefined ? undefined : compiled.lineOrder[lines[Math.floor(random() * lines.length)]!]!;
}

/** The order, who must leave for it to have its wish, and then in equal parts who is in the way of these and who wants the same SKUs. */
function whoIsInTheWay(
  obstacles: Obstacles,
  contested: ContestedSkus,
  seed: number,
  most: number,
  random: () => number,
  movable: Movable,
): number[] {
  const { draft } = obstacles;
  const orders = new Set([seed]);
  const wishes = new Map([[seed, wishedRows(obstacles, seed)]]);
  for (const order of ordersInTheWay(obstacles, seed, wishes.get(seed)!, random)) if (orders.size < most) orders.add(order);
  for (let guard = 0; guard < 3 * most && orders.size < most; guard++) {
    const from = oneOfTheFirst(orders, random);
    if (random() < 0.5) {
      const rows = wishes.get(from) ?? nextRows(obstacles, from);
      wishes.set(from, rows);
      const row = rows[Math.floor(random() * rows.length)];
      const other = row === undefined ? undefined : occupantAt(obstacles, row, random);
      if (other !== undefined) orders.add(other);
    } else {
      const rival = rivalOf(draft, contested, from, random);
      if (rival !== undefined && isExact(draft.given.compiled, rival) && mayMove(movable, rival)) orders.add(rival);
    }
  }
  return [...orders];
}

/** Plans the orders anew in the sequence; how much dearer they are now, or undefined where that is too much and all is as it was. */
function rebuild(
  draft: Draft<Numbers>,
  orders: readonly number[],
  sequence: readonly number[],
  guide: Prices,
  zero: Prices,
  patience: number,
): number | undefined {
  const { compiled } = draft.given;
  const former = orders.map((order) => draft.plans[order]!);
  const costOf = (): number => orders.reduce((sum, order) => sum + ownCost(compiled, order, draft.plans[order]!), totalLabor(draft.ledger));
  const before = costOf();
  for (const order of orders) clear(draft, order);
  for (const order of sequence) replan(draft, order, guide);
  for (const order of sequence) {
    const shipments = draft.plans[order]!;
    clear(draft, order);
    const again = planOrder(draft.given, order, { prices: zero, ledger: draft.ledger, laborBy: 'ledger' });
    if (!assign(draft, order, again)) force(draft, order, shipments);
  }
  const change = costOf() - before;
  if (change < patience - 1e-7) return change;
  for (const order of orders) clear(draft, order);
  for (const [index, order] of orders.entries()) force(draft, order, former[index]!);
  return undefined;
}

function replan(draft: Draft<Numbers>, order: number, guide: Prices): void {
  const shipments: readonly Shipment[] = planOrder(draft.given, order, { prices: guide, ledger: draft.ledger, laborBy: 'ledger' });
  assign(draft, order, shipments);
}

function shuffled(orders: readonly number[], random: () => number): number[] {
  const sequence = [...orders];
  for (let last = sequence.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [sequence[last], sequence[other]] = [sequence[other]!, sequence[last]!];
  }
  return sequence;
}
