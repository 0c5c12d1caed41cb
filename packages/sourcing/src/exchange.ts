import { totalLabor } from './ledger.ts';
import { arrivals, betterOffers, departures, isTradable, keepMoves, makeMove, rowsOf, takeBack, type Market, type Move } from './market.ts';
import { capsHold, leastExcess, rowsOfOffer } from './menus.ts';
import { mayStart, type Scope } from './movable.ts';

export interface ExchangeEffort {
  /** Orders that one exchange may move. */
  readonly depth: number;
  /** Moves that are tried at one place of an exchange. */
  readonly width: number;
  /** Moves that are looked at from one start. */
  readonly looks: number;
  /** Excess, or value of unused units, that is worth a start; default: any. */
  readonly worth?: number;
}

/**
 * Exchanges the plans of some orders at once, starting where the gap is: an order that pays more than its cheapest plan at the prices takes a cheaper one, or somebody takes priced
 * stock that lies unused. True where anything was gained.
 */
export function exchangePlans(market: Market, effort: ExchangeEffort, stop: () => boolean, scope: Scope = {}): boolean {
  const { draft, excess, unused } = market;
  const { nodeCount, stock } = draft.given.compiled;
  const { worth = leastExcess } = effort;
  let gained = false;
  const orders = where(excess, (order) => excess[order]! > worth && isTradable(market, order) && mayStart(scope, order));
  for (const order of orders) {
    if (stop()) return gained;
    if (exchangeFrom(market, betterOffers(market, order), effort, leastGain, scope.keep)) gained = true;
  }
  const rows = where(
    unused,
    (row) =>
      unused[row]! > worth && draft.ledger.sharedUsed[row]! < stock[row]! && scope.startsAtSku?.(Math.floor(row / nodeCount)) !== false,
  );
  for (const row of rows) {
    if (stop()) return gained;
    if (exchangeFrom(market, arrivals(market, row, unused[row]!, effort.width), effort, leastGain, scope.keep)) gained = true;
  }
  return gained;
}

/** The indexes that the test lets through, largest value first. */
function where(values: Float64Array, test: (index: number) => boolean): number[] {
  const found: number[] = [];
  for (let index = 0; index < values.length; index++) if (test(index)) found.push(index);
  return found.sort((left, right) => values[right]! - values[left]! || left - right);
}

/** Least gain that counts as one: sums of decimals are not exact. */
const leastGain = 1e-6;

/**
 * Tries exchanges that begin with one of the moves: whoever is then in the way moves, and so forth, one way after the other; where that gains too little, somebody may
 * take what was left behind. The first one that makes the draft cheaper by `gain` (negative: dearer by less) stays; else all is as it was.
 *
 * An exchange whose excess has grown by more than the unused value that it takes up cannot end well, and is cut off.
 */
export function exchangeFrom(
  market: Market,
  starts: readonly Move[],
  { depth, width, looks }: ExchangeEffort,
  gain: number,
  keep?: Scope['keep'],
): boolean {
  const { draft, menus, unused } = market;
  const { ledger, given } = draft;
  const { stock } = given.compiled;
  const laborBefore = totalLabor(ledger);
  const moved = new Set<number>();
  /** By row that was touched: its unused value before. */
  const before = new Map<number, number>();
  const entered: number[] = [];
  let looked = 0;
  let growth = 0;
  let cost = 0;

  /** How much the excess may still grow, if all that is left behind finds a user again. */
  function allowance(): number {
    let most = -gain - growth;
    for (const [row, value] of before) most += Math.max(0, value - Math.max(0, unused[row]!));
    return most;
  }

  function follow(move: Move): boolean {
    const { order, offer } = move;
    if (looked++ >= looks || moved.has(order) || offer === market.taken[order]) return false;
    given.meter.steps += stepsOfLook;
    const left = rowsOf(market, order);
    const rows = rowsOfOffer(given.compiled, menus, offer);
    const fresh = [...left, ...rows].filter((row) => !before.has(row));
    for (const row of fresh) before.set(row, unused[row]!);
    const mark = entered.length;
    entered.push(...rows);
    const former = makeMove(market, move);
    moved.add(order);
    growth += move.growth;
    const change = menus.cost[offer]! - former.cost;
    cost += change;
    if (allowance() > 0 && capsHold(ledger, menus, offer) && goOn(left)) return true;
    cost -= change;
    growth -= move.growth;
    moved.delete(order);
    takeBack(market, former);
    entered.length = mark;
    for (const row of fresh) before.delete(row);
    return false;
  }

  function goOn(leftBehind: readonly number[]): boolean {
    const full = new Set(entered.filter((row) => ledger.sharedUsed[row]! > stock[row]!));
    if (full.size > 0) return moved.size < depth && hardestDepartures(full).some(follow);
    if (cost + totalLabor(ledger) - laborBefore < -gain) return true;
    if (moved.size >= depth) return false;
    const [row] = leftBehind
      .filter((each) => unused[each]! > leastExcess)
      .sort((one, other) => unused[other]! - unused[one]! || one - other);
    return row !== undefined && arrivals(market, row, allowance(), width).some(follow);
  }

  /** Departures from the row where the cheapest one is dearest. */
  function hardestDepartures(full: ReadonlySet<number>): readonly Move[] {
    const most = allowance();
    let hardest: readonly Move[] = [];
    let dearest = -Infinity;
    for (const row of full) {
      const moves = departures(market, row, moved, most, width);
      const least = moves[0]?.growth ?? Infinity;
      if (least > dearest) [hardest, dearest] = [moves, least];
    }
    return hardest;
  }

  if (!starts.some(follow)) return false;
  keepMoves(market, moved);
  keep?.(moved);
  return true;
}

/** What one look costs in steps of pricing. */
const stepsOfLook = 20;
