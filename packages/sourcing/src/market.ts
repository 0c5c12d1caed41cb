import { cutLimit } from './bound.ts';
import { poolsOf, stockRow, type Numbers } from './compile.ts';
import { ownCost, pricedCost, type Draft } from './draft.ts';
import { book, unbook, type Shipment } from './ledger.ts';
import { bookOffer, shipmentsOfOffer, type Menus } from './menus.ts';
import type { MoveList } from './move-list.ts';
import { mayMove, type Movable } from './movable.ts';
import { enterLine, leaveLine, occupantsOf, type Occupants } from './occupants.ts';
import { isExact } from './order-table.ts';
import { linePrice, pricedCuts, type Prices } from './prices.ts';

/**
 * A draft at prices: who is where, what else each order could take, and what lies unused. The excess of all orders, the value of what is unused, and what labor costs above its price
 * add up to what the draft is above the bound of the prices.
 */
export interface Market {
  readonly draft: Draft<Numbers>;
  readonly prices: Prices;
  readonly menus: Menus;
  readonly movable: Movable;
  /** By order: what its plan costs without labor, and at the prices above its cheapest one; the offer that it took here, or -1. */
  readonly cost: Float64Array;
  readonly excess: Float64Array;
  readonly taken: Int32Array;
  /** By line: its node, or -1 where it is open. */
  readonly nodeOf: Int32Array;
  readonly occupants: Occupants;
  /** By stock row: what its stock, reservations and cuts are worth at the prices, less what its users pay. Never negative where the row is not too full. */
  readonly unused: Float64Array;
}

/** The market of a draft, with the menus of these prices. While it is used nobody else may change the draft. `least`: what an order costs at least at the prices. */
export function marketOf(draft: Draft<Numbers>, prices: Prices, menus: Menus, least: (order: number) => number, movable?: Movable): Market {
  const { compiled } = draft.given;
  const market: Market = {
    draft,
    prices,
    menus,
    movable,
    cost: new Float64Array(compiled.orderCount),
    excess: new Float64Array(compiled.orderCount),
    taken: new Int32Array(compiled.orderCount).fill(-1),
    nodeOf: new Int32Array(compiled.lineSku.length).fill(-1),
    occupants: occupantsOf(draft, movable),
    unused: compiled.stock.map((stock, row) => prices.stock[row]! * stock),
  };
  for (const [index, { node, sku, units }] of compiled.pools.entries()) {
    const row = stockRow(compiled, node, sku);
    market.unused[row]! += Math.min(prices.pool[index]!, prices.stock[row]!) * units;
  }
  for (const cut of pricedCuts(prices)) market.unused[cut.row]! += cut.price * cutLimit(compiled, cut);
  for (const [order, shipments] of draft.plans.entries()) {
    // Who cannot be traded has no bound to be above.
    const bound = isTradable(market, order) ? least(order) : 0;
    market.cost[order] = ownCost(compiled, order, shipments);
    market.excess[order] = Math.max(0, pricedCost(compiled, order, shipments, prices) - bound);
    standAt(market, order, shipments);
    pay(market, order, 1);
  }
  return market;
}

/** True where the order may move; long orders have no bound to trade by. */
export function isTradable({ draft, movable }: Pick<Market, 'draft' | 'movable'>, order: number): boolean {
  return mayMove(movable, order) && isExact(draft.given.compiled, order);
}

/** Where an order was before it moved. The draft has its shipments until the move is kept. */
export interface Former {
  readonly order: number;
  readonly taken: number;
  readonly cost: number;
  readonly excess: number;
}

/** Gives the order an offer, whether or not it fits. The ledger has it at once; the draft's plan stays what it was, for `takeBack`, until `keepMoves`. */
export function makeMove(market: Market, order: number, offer: number): Former {
  const { draft, menus, nodeOf } = market;
  const { lineStart } = draft.given.compiled;
  const former = { order, taken: market.taken[order]!, cost: market.cost[order]!, excess: market.excess[order]! };
  depart(market, order);
  for (const shipment of draft.plans[order]!) unbook(draft.ledger, order, shipment);
  market.taken[order] = offer;
  market.cost[order] = menus.cost[offer]!;
  market.excess[order] = menus.excess[offer]!;
  for (let line = lineStart[order]!, at = menus.firstNode[offer]!; line < lineStart[order + 1]!; line++, at++)
    nodeOf[line] = menus.nodes[at]!;
  bookOffer(draft.ledger, menus, offer, 1);
  arrive(market, order);
  return former;
}

/** Undoes a move. */
export function takeBack(market: Market, { order, taken, cost, excess }: Former): void {
  const { draft, menus } = market;
  depart(market, order);
  bookOffer(draft.ledger, menus, market.taken[order]!, -1);
  market.taken[order] = taken;
  market.cost[order] = cost;
  market.excess[order] = excess;
  standAt(market, order, draft.plans[order]!);
  for (const shipment of draft.plans[order]!) book(draft.ledger, order, shipment);
  arrive(market, order);
}

/** The orders keep the offers that they took. */
export function keepMoves({ draft, menus, taken }: Market, orders: Iterable<number>): void {
  for (const order of orders) draft.plans[order] = shipmentsOfOffer(menus, taken[order]!);
}

/** Moves of others to a row with unused units whose excess grows by less than `worth`; the cheapest ones. */
export function arrivals({ draft, menus, excess, nodeOf }: Market, row: number, worth: number, moves: MoveList): void {
  const { compiled } = draft.given;
  const { nodeCount, lineStart, lineSku, lineUnits } = compiled;
  const node = row % nodeCount;
  const sku = (row - node) / nodeCount;
  const left = compiled.stockWithReserved[row]! - draft.ledger.sharedUsed[row]!;
  moves.clear();
  for (let index = menus.firstAt[row]!; index < menus.firstAt[row + 1]!; index++) {
    const offer = menus.at[index]!;
    const order = menus.order[offer]!;
    const growth = menus.excess[offer]! - excess[order]!;
    if (growth >= worth || moves.isTooDear(growth)) continue;
    let fits = false;
    let here = false;
    for (let line = lineStart[order]!; line < lineStart[order + 1]!; line++) {
      if (lineSku[line] !== sku) continue;
      if (nodeOf[line] === node) here = true;
      if (lineUnits[line]! <= left) fits = true;
    }
    if (fits && !here) moves.insert(order, offer, growth);
  }
}

/** Moves of orders that have not moved yet from a row, where their excess grows by less than `most`; the cheapest ones. */
export function departures(
  { draft, menus, excess, nodeOf, occupants }: Market,
  row: number,
  hasMoved: Uint8Array,
  most: number,
  moves: MoveList,
): void {
  const { nodeCount, lineStart, lineSku, lineUnits, lineOrder } = draft.given.compiled;
  const node = row % nodeCount;
  const sku = (row - node) / nodeCount;
  moves.clear();
  let seen = -1;
  for (let each = occupants.first[row]!; each >= 0; each = occupants.next[each]!) {
    const order = lineOrder[each]!;
    if (order === seen || hasMoved[order] === 1) continue;
    seen = order;
    const first = lineStart[order]!;
    const end = lineStart[order + 1]!;
    let here = 0;
    for (let line = first; line < end; line++) if (lineSku[line] === sku && nodeOf[line] === node) here += lineUnits[line]!;
    for (let offer = menus.first[order]!; offer < menus.first[order + 1]!; offer++) {
      const growth = menus.excess[offer]! - excess[order]!;
      if (growth >= most || moves.isTooDear(growth)) break;
      let there = 0;
      for (let line = first, at = menus.firstNode[offer]!; line < end; line++, at++)
        if (menus.nodes[at] === node && lineSku[line] === sku) there += lineUnits[line]!;
      if (there < here) moves.insert(order, offer, growth);
    }
  }
}

/**
 * Moves away from a node of `count` orders there that have not moved yet, in turn from the order `from` on, each to its cheapest offer elsewhere where its excess grows by less than `most`.
 * Answers the order to go on from.
 */
export function leavings(
  { draft, menus, excess, nodeOf }: Market,
  node: number,
  hasMoved: Uint8Array,
  most: number,
  { from, count }: { readonly from: number; readonly count: number },
  moves: MoveList,
): number {
  const { orderCount, lineStart } = draft.given.compiled;
  moves.clear();
  let order = from;
  // Where few orders are at the node, looking for all of them would take longer than they save.
  for (let seen = 0, found = 0; seen < Math.min(orderCount, mostSeen * count) && found < count; seen++) {
    order = order + 1 < orderCount ? order + 1 : 0;
    if (hasMoved[order] === 1 || !isAmong(nodeOf, node, lineStart[order]!, lineStart[order + 1]!)) continue;
    found++;
    const lines = lineStart[order + 1]! - lineStart[order]!;
    for (let offer = menus.first[order]!; offer < menus.first[order + 1]!; offer++) {
      const growth = menus.excess[offer]! - excess[order]!;
      if (growth >= most) break;
      if (isAmong(menus.nodes, node, menus.firstNode[offer]!, menus.firstNode[offer]! + lines)) continue;
      moves.insert(order, offer, growth);
      break;
    }
  }
  return order;
}

/** For each order that is asked so many are looked at. */
const mostSeen = 10;

function isAmong(values: Int32Array, value: number, first: number, end: number): boolean {
  for (let at = first; at < end; at++) if (values[at] === value) return true;
  return false;
}

/** Adds the stock rows of the order's present plan to the list, line by line. */
export function pushRows({ draft, nodeOf }: Market, order: number, rows: number[]): void {
  const { compiled } = draft.given;
  for (let line = compiled.lineStart[order]!; line < compiled.lineStart[order + 1]!; line++)
    if (nodeOf[line]! >= 0) rows.push(stockRow(compiled, nodeOf[line]!, compiled.lineSku[line]!));
}

/** What the idle stock is worth that the offer would use. */
export function idleValue({ draft, menus, unused }: Market, offer: number): number {
  const { nodeCount, lineStart, lineSku } = draft.given.compiled;
  const end = lineStart[menus.order[offer]! + 1]!;
  let value = 0;
  for (let line = lineStart[menus.order[offer]!]!, at = menus.firstNode[offer]!; line < end; line++, at++) {
    const node = menus.nodes[at]!;
    if (node >= 0) value += Math.max(0, unused[lineSku[line]! * nodeCount + node]!);
  }
  return value;
}

function standAt({ draft, nodeOf }: Market, order: number, shipments: readonly Shipment[]): void {
  const { lineStart } = draft.given.compiled;
  const first = lineStart[order]!;
  nodeOf.fill(-1, first, lineStart[order + 1]);
  for (const { node, lines } of shipments) for (const line of lines) nodeOf[first + line] = node;
}

function arrive(market: Market, order: number): void {
  pay(market, order, 1);
  const { compiled } = market.draft.given;
  for (let line = compiled.lineStart[order]!; line < compiled.lineStart[order + 1]!; line++)
    if (market.nodeOf[line]! >= 0) enterLine(market.occupants, stockRow(compiled, market.nodeOf[line]!, compiled.lineSku[line]!), line);
}

function depart(market: Market, order: number): void {
  pay(market, order, -1);
  const { compiled } = market.draft.given;
  for (let line = compiled.lineStart[order]!; line < compiled.lineStart[order + 1]!; line++)
    if (market.nodeOf[line]! >= 0) leaveLine(market.occupants, stockRow(compiled, market.nodeOf[line]!, compiled.lineSku[line]!), line);
}

/** The order's present plan pays for its rows; with the sign -1 it gets it back. */
function pay({ draft, prices, nodeOf, unused }: Market, order: number, sign: 1 | -1): void {
  const { compiled } = draft.given;
  const pools = poolsOf(compiled, order);
  for (let line = compiled.lineStart[order]!; line < compiled.lineStart[order + 1]!; line++) {
    if (nodeOf[line]! < 0) continue;
    const row = stockRow(compiled, nodeOf[line]!, compiled.lineSku[line]!);
    unused[row]! -= sign * linePrice(prices, row, pools, compiled.lineUnits[line]!);
  }
}
