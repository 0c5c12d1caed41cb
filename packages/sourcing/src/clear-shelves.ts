import { totalLabor } from './ledger.ts';
import { idleValue, isTradable, keepMoves, makeMove, takeBack, type Former, type Market } from './market.ts';
import { capsHold, leastExcess, rowsOfOffer } from './menus.ts';
import { ordersAt } from './occupants.ts';

export interface ClearingEffort {
  /** Moves that are tried. */
  readonly trials: number;
  /** Orders that may have to leave for one. */
  readonly depth: number;
}

/**
 * Clears shelves for orders: an order takes a plan that would use stock which lies idle, or that it would rather have, and from each row that is then too full others leave, one after the other,
 * whoever loses least for each unit, until all fits. It stays where the draft got cheaper; true where one did.
 *
 * An exchange follows few orders through many rows; this moves many out of one row. A line of several units needs it: of those in its way nobody gains anything by leaving alone.
 */
export function clearShelves(market: Market, effort: ClearingEffort, stop: () => boolean): boolean {
  let gained = false;
  for (const { order, offer } of promisingMoves(market, effort.trials)) {
    if (stop()) return gained;
    if (promiseOf(market, order, offer) > leastExcess && clearFor(market, order, offer, effort.depth)) gained = true;
  }
  return gained;
}

/** An order and an offer of its menu. */
interface Way {
  readonly order: number;
  readonly offer: number;
}

/** The moves by which most could be gained if others could leave for nothing. */
function promisingMoves(market: Market, most: number): Way[] {
  const { menus } = market;
  const found: { readonly order: number; readonly offer: number; readonly promise: number }[] = [];
  for (let offer = 0; offer < menus.order.length; offer++) {
    const order = menus.order[offer]!;
    const promise = isTradable(market, order) ? promiseOf(market, order, offer) : 0;
    if (promise > leastExcess) found.push({ order, offer, promise });
  }
  return found.sort((left, right) => right.promise - left.promise || left.offer - right.offer).slice(0, most);
}

/** What the excess of the order would fall by, and what idle stock its plan would use. */
function promiseOf(market: Market, order: number, offer: number): number {
  return market.excess[order]! - market.menus.excess[offer]! + idleValue(market, offer);
}

/** Gives the order the offer and lets others leave; true where that made the draft cheaper, else all is as it was. */
function clearFor(market: Market, order: number, offer: number, depth: number): boolean {
  const { draft, menus } = market;
  const { ledger, given } = draft;
  const laborBefore = totalLabor(ledger);
  const moved = new Map<number, Former>();
  let cost = 0;
  const move = (each: number, to: number): void => {
    cost += menus.cost[to]! - market.cost[each]!;
    moved.set(each, makeMove(market, each, to));
    given.meter.steps += stepsOfMove;
  };
  const relieve = (row: number): boolean => {
    while (ledger.sharedUsed[row]! > given.compiled.stock[row]!) {
      const way = moved.size > depth ? undefined : cheapestWayOut(market, row, moved);
      if (way === undefined) return false;
      move(way.order, way.offer);
    }
    return true;
  };
  move(order, offer);
  const fits = capsHold(ledger, menus, offer) && rowsOfOffer(given.compiled, menus, offer).every(relieve);
  if (fits && cost + totalLabor(ledger) - laborBefore < -leastGain) {
    keepMoves(market, moved.keys());
    return true;
  }
  for (const former of [...moved.values()].reverse()) takeBack(market, former);
  return false;
}

/** Who leaves the too full row with the least loss at the prices for each unit that is too many, to what others leave free. */
function cheapestWayOut(market: Market, row: number, moved: ReadonlyMap<number, Former>): Way | undefined {
  const { draft, menus, excess, occupants } = market;
  const over = draft.ledger.sharedUsed[row]! - draft.given.compiled.stock[row]!;
  let best: Way | undefined;
  let least = Infinity;
  // Trying an offer changes who is at the row.
  const there = [...ordersAt(occupants, row)];
  for (const order of there) {
    if (moved.has(order) || !isTradable(market, order)) continue;
    for (let offer = menus.first[order]!; offer < menus.first[order + 1]!; offer++) {
      const growth = menus.excess[offer]! - excess[order]!;
      if (growth >= least * over) break;
      const freed = Math.min(over, unitsFreed(market, row, order, offer));
      if (freed <= 0) continue;
      if (growth / freed < least) [best, least] = [{ order, offer }, growth / freed];
      break;
    }
  }
  return best;
}

/** Units of the row that the order would give back with the offer; 0 where the offer does not fit into what others leave. */
function unitsFreed(market: Market, row: number, order: number, offer: number): number {
  const { draft, menus } = market;
  const { ledger, given } = draft;
  const { stock } = given.compiled;
  given.meter.steps += stepsOfMove;
  const used = ledger.sharedUsed[row]!;
  const former = makeMove(market, order, offer);
  const freed = used - ledger.sharedUsed[row]!;
  const rows = rowsOfOffer(given.compiled, menus, offer);
  const fits = capsHold(ledger, menus, offer) && rows.every((each) => each === row || ledger.sharedUsed[each]! <= stock[each]!);
  takeBack(market, former);
  return fits ? freed : 0;
}

/** Least gain that counts as one: sums of decimals are not exact. */
const leastGain = 1e-6;

/** What one move costs in steps of pricing. */
const stepsOfMove = 20;
