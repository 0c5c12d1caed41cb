import type { ContestedSkus } from './contested.ts';
import { cutLimit } from './bound.ts';
import { poolsOf, stockRow, type Numbers } from './compile.ts';
import { clear, force, ownCost, pricedCost, type Draft } from './draft.ts';
import { plansWithin } from './enumerate.ts';
import type { Shipment } from './ledger.ts';
import { mayMove, type Movable } from './movable.ts';
import { isExact } from './order-table.ts';
import { leastAt } from './pricer.ts';
import { linePrice, pricedCuts, type Prices } from './prices.ts';

/** Which plans of an order are on offer: at most so many, none that costs at the prices more than this above its cheapest one. */
export interface MenuSize {
  readonly plans: number;
  readonly slack: number;
}

/** A plan of an order, and what it takes up. Line by line: its stock row, its units, and what it pays for them at the prices. */
export interface Offer {
  readonly shipments: readonly Shipment[];
  /** Without labor. */
  readonly cost: number;
  /** What it costs at the prices above its order's cheapest plan. */
  readonly excess: number;
  readonly rows: readonly number[];
  readonly units: readonly number[];
  readonly values: readonly number[];
}

/** A change of one order's plan; its excess grows by `growth`. */
export interface Move {
  readonly order: number;
  readonly offer: Offer;
  readonly growth: number;
}

/**
 * A draft at prices: who is where, what else each order could take, and what lies unused. The excess of all orders, the value of what is unused, and what labor costs above its price
 * add up to what the draft is above the bound of the prices.
 */
export interface Market {
  readonly draft: Draft<Numbers>;
  readonly prices: Prices;
  readonly contested: ContestedSkus;
  readonly movable: Movable;
  readonly size: MenuSize;
  /** What an order costs at least at the prices. */
  readonly least: (order: number) => number;
  readonly present: Offer[];
  /** By order, as far as they are kept. */
  readonly menus: Map<number, readonly Offer[]>;
  /** Offers on the menus that are kept. */
  offers: number;
  /** Orders that use a stock row. */
  readonly occupants: Map<number, Set<number>>;
  /** By stock row: what its stock, reservations and cuts are worth at the prices, less what its users pay. Never negative where the row is not too full. */
  readonly unused: Float64Array;
}

/** Offers that a market keeps: some hundred bytes each. Ten thousand orders have about as many. */
const mostOffers = 200_000;

/** Excess, or value of unused stock, that is worth a look. */
export const leastExcess = 1e-3;

/** The market of a draft. While it is used the draft must be changed by `place` only. */
export function marketOf(
  draft: Draft<Numbers>,
  prices: Prices,
  contested: ContestedSkus,
  size: MenuSize,
  movable?: Movable,
  least = leastAt(draft.given, prices),
): Market {
  const { compiled } = draft.given;
  const market: Market = {
    draft,
    prices,
    contested,
    movable,
    size,
    least,
    present: [],
    menus: new Map(),
    offers: 0,
    occupants: new Map(),
    unused: compiled.stock.map((stock, row) => prices.stock[row]! * stock),
  };
  for (const [index, { node, sku, units }] of compiled.pools.entries()) {
    const row = stockRow(compiled, node, sku);
    market.unused[row]! += Math.min(prices.pool[index]!, prices.stock[row]!) * units;
  }
  for (const cut of pricedCuts(prices)) market.unused[cut.row]! += cut.price * cutLimit(compiled, cut);
  for (let order = 0; order < compiled.orderCount; order++) {
    market.present.push(offerOf(market, order, draft.plans[order]!));
    enter(market, order);
  }
  return market;
}

/** True where the order may move; long orders have no bound to trade by. */
export function isTradable({ draft, movable }: Market, order: number): boolean {
  return mayMove(movable, order) && isExact(draft.given.compiled, order);
}

/** Gives the order another plan, whether or not it fits. */
export function place(market: Market, order: number, offer: Offer): void {
  leave(market, order);
  clear(market.draft, order);
  market.present[order] = offer;
  force(market.draft, order, offer.shipments);
  enter(market, order);
}

/** The order's plans on offer, cheapest at the prices first; fewer where many lie near. */
export function menuOf(market: Market, order: number): readonly Offer[] {
  const known = market.menus.get(order);
  if (known !== undefined) return known;
  const { draft, prices, size } = market;
  let found: ReturnType<typeof plansWithin>;
  for (let slack = size.slack; found === undefined && slack > leastExcess; slack /= 2)
    found = plansWithin(draft.given, order, prices, slack, size.plans);
  const menu = (found ?? []).map(({ shipments }) => offerOf(market, order, shipments)).sort((left, right) => left.excess - right.excess);
  // Menus depend on the prices alone and can be made again: of a large batch all together would take more than its tables.
  if (market.offers > mostOffers) {
    market.menus.clear();
    market.offers = 0;
  }
  market.menus.set(order, menu);
  market.offers += menu.length;
  return menu;
}

/** The order's plans that cost less at the prices than its present one. */
export function betterOffers(market: Market, order: number): Move[] {
  const now = market.present[order]!.excess;
  return menuOf(market, order)
    .filter(({ excess }) => excess < now - leastExcess)
    .map((offer) => ({ order, offer, growth: offer.excess - now }));
}

/** Moves of others to a row with unused units whose excess grows by less than `worth`. */
export function arrivals(market: Market, row: number, worth: number, width: number): Move[] {
  const { draft, contested, present } = market;
  const { compiled } = draft.given;
  const left = compiled.stockWithReserved[row]! - draft.ledger.sharedUsed[row]!;
  const moves: Move[] = [];
  const seen = new Set<number>();
  for (const line of contested.get(Math.floor(row / compiled.nodeCount))?.lines ?? []) {
    const order = compiled.lineOrder[line]!;
    if (seen.has(order) || !isTradable(market, order) || compiled.lineUnits[line]! > left) continue;
    seen.add(order);
    if (present[order]!.rows.includes(row)) continue;
    for (const offer of menuOf(market, order)) {
      const growth = offer.excess - present[order]!.excess;
      if (growth < worth && offer.rows.includes(row)) moves.push({ order, offer, growth });
    }
  }
  return cheapest(moves, width);
}

/** Moves of orders that have not moved yet from a row, where their excess grows by less than `most`. */
export function departures(market: Market, row: number, moved: ReadonlySet<number>, most: number, width: number): Move[] {
  const { present, occupants } = market;
  const moves: Move[] = [];
  for (const order of occupants.get(row) ?? []) {
    if (moved.has(order) || !isTradable(market, order)) continue;
    const now = present[order]!;
    const here = unitsOn(now, row);
    for (const offer of menuOf(market, order)) {
      const growth = offer.excess - now.excess;
      if (growth >= most) break;
      if (unitsOn(offer, row) < here) moves.push({ order, offer, growth });
    }
  }
  return cheapest(moves, width);
}

function offerOf(market: Market, order: number, shipments: readonly Shipment[]): Offer {
  const { prices } = market;
  const { compiled } = market.draft.given;
  const start = compiled.lineStart[order]!;
  const pools = poolsOf(compiled, order);
  const rows: number[] = [];
  const units: number[] = [];
  const values: number[] = [];
  for (const { node, lines } of shipments) {
    for (const line of lines) {
      const row = stockRow(compiled, node, compiled.lineSku[start + line]!);
      rows.push(row);
      units.push(compiled.lineUnits[start + line]!);
      values.push(linePrice(prices, row, pools, compiled.lineUnits[start + line]!));
    }
  }
  // Who cannot be traded has no bound to be above.
  const least = isTradable(market, order) ? market.least(order) : 0;
  const excess = Math.max(0, pricedCost(compiled, order, shipments, prices) - least);
  return { shipments, cost: ownCost(compiled, order, shipments), excess, rows, units, values };
}

function enter({ present, occupants, unused }: Market, order: number): void {
  const { rows, values } = present[order]!;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    unused[row]! -= values[at]!;
    const known = occupants.get(row);
    if (known === undefined) occupants.set(row, new Set([order]));
    else known.add(order);
  }
}

function leave({ present, occupants, unused }: Market, order: number): void {
  const { rows, values } = present[order]!;
  for (let at = 0; at < rows.length; at++) {
    unused[rows[at]!]! += values[at]!;
    occupants.get(rows[at]!)?.delete(order);
  }
}

function unitsOn({ rows, units }: Offer, row: number): number {
  let sum = 0;
  for (let at = 0; at < rows.length; at++) if (rows[at] === row) sum += units[at]!;
  return sum;
}

function cheapest(moves: Move[], most: number): Move[] {
  return moves.sort((left, right) => left.growth - right.growth || left.order - right.order).slice(0, most);
}
