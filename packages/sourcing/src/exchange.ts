import { laborMeter, type LaborMeter } from './ledger.ts';
import { moveList, type MoveList } from './move-list.ts';
import { arrivals, departures, leavings, isTradable, keepMoves, makeMove, pushRows, takeBack, type Market } from './market.ts';
import { capsHold, leastExcess, pushRowsOfOffer } from './menus.ts';
import { mayStart, type Scope } from './movable.ts';

export interface ExchangeEffort {
  /** Orders that one exchange may move. */
  readonly depth: number;
  /** Moves that are tried at one place of an exchange. */
  readonly width: number;
  /** Moves that are looked at from one start. */
  readonly looks: number;
  /** Orders at a node that are asked to leave where the exchange has brought it more work than it has cheap minutes; default none. */
  readonly relief?: number | undefined;
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
  const exchanger = exchangerOf(market, effort);
  let gained = false;
  const orders = where(excess, (order) => excess[order]! > worth && isTradable(market, order) && mayStart(scope, order));
  for (const order of orders) {
    if (stop()) return gained;
    if (exchangeFrom(exchanger, () => takeBetterOffer(exchanger, order), leastGain, scope.keep)) gained = true;
  }
  const rows = where(
    unused,
    (row) =>
      unused[row]! > worth && draft.ledger.sharedUsed[row]! < stock[row]! && scope.startsAtSku?.(Math.floor(row / nodeCount)) !== false,
  );
  for (const row of rows) {
    if (stop()) return gained;
    if (exchangeFrom(exchanger, () => somebodyTakes(exchanger, row, unused[row]!), leastGain, scope.keep)) gained = true;
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

/** What one look costs in steps of pricing. */
const stepsOfLook = 20;

/** The exchange that is under way in a market, on memory that serves all of them: some hundred thousand are tried in a second, and most end with the first look. */
export interface Exchanger {
  readonly market: Market;
  readonly effort: ExchangeEffort;
  readonly labor: LaborMeter;
  /** By order: 1 where it has moved; the orders that have. */
  readonly hasMoved: Uint8Array;
  readonly moved: number[];
  /** By row: 1 where it was touched, and its unused value before; the rows that were. */
  readonly isTouched: Uint8Array;
  readonly valueBefore: Float64Array;
  readonly touched: number[];
  /** Rows that somebody has come to, and that somebody has left. */
  readonly entered: number[];
  readonly left: number[];
  /** By orders that have moved: what may come next, and room for what else might. */
  readonly lists: { next: MoveList; other: MoveList }[];
  looked: number;
  growth: number;
  cost: number;
  gain: number;
  /** Labor before the exchange: of all nodes, and by node. */
  laborBefore: number;
  readonly minutesBefore: Float64Array;
  readonly costBefore: Float64Array;
  /** Who is asked next to leave an overworked node. */
  nextAsked: number;
}

export function exchangerOf(market: Market, effort: ExchangeEffort): Exchanger {
  const { orderCount, nodeCount, stock } = market.draft.given.compiled;
  return {
    market,
    effort,
    labor: laborMeter(market.draft.ledger),
    hasMoved: new Uint8Array(orderCount),
    moved: [],
    isTouched: new Uint8Array(stock.length),
    valueBefore: new Float64Array(stock.length),
    touched: [],
    entered: [],
    left: [],
    lists: Array.from({ length: effort.depth + 1 }, () => ({ next: moveList(effort.width), other: moveList(effort.width) })),
    looked: 0,
    growth: 0,
    cost: 0,
    gain: 0,
    laborBefore: 0,
    minutesBefore: new Float64Array(nodeCount),
    costBefore: new Float64Array(nodeCount),
    nextAsked: 0,
  };
}

/**
 * Tries exchanges that begin as `start` says: whoever is then in the way moves, and so forth, one way after the other; where that gains too little, somebody may
 * take what was left behind. The first one that makes the draft cheaper by `gain` (negative: dearer by less) stays; else all is as it was.
 *
 * An exchange whose excess has grown by more than the unused value that it takes up cannot end well, and is cut off.
 */
function exchangeFrom(exchanger: Exchanger, start: () => boolean, gain: number, keep: Scope['keep']): boolean {
  begin(exchanger, gain);
  const found = start();
  end(exchanger, found, keep);
  return found;
}

/** `exchangeFrom` an order that takes an offer. */
export function exchangeFromOffer(exchanger: Exchanger, order: number, offer: number, growth: number, gain: number): boolean {
  begin(exchanger, gain);
  const found = follow(exchanger, order, offer, growth);
  end(exchanger, found, undefined);
  return found;
}

function begin(exchanger: Exchanger, gain: number): void {
  const { labor, minutesBefore, costBefore } = exchanger;
  exchanger.laborBefore = labor.total();
  minutesBefore.set(labor.minutes);
  costBefore.set(labor.cost);
  exchanger.looked = 0;
  exchanger.growth = 0;
  exchanger.cost = 0;
  exchanger.gain = gain;
}

function end({ market, moved, hasMoved, touched, isTouched, entered, left }: Exchanger, found: boolean, keep: Scope['keep']): void {
  if (!found) return;
  keepMoves(market, moved);
  // Whoever is told of a change looks for it in the draft.
  keep?.(moved);
  for (const order of moved) hasMoved[order] = 0;
  for (const row of touched) isTouched[row] = 0;
  for (const list of [moved, touched, entered, left]) list.length = 0;
}

/** The order takes an offer that costs less at the prices than its present plan. */
function takeBetterOffer(exchanger: Exchanger, order: number): boolean {
  const { menus, excess } = exchanger.market;
  const now = excess[order]!;
  for (let offer = menus.first[order]!; offer < menus.first[order + 1]!; offer++) {
    if (menus.excess[offer]! >= now - leastExcess) return false;
    if (follow(exchanger, order, offer, menus.excess[offer]! - now)) return true;
  }
  return false;
}

/** Somebody comes to the row whose excess grows by less than `worth`. */
function somebodyTakes(exchanger: Exchanger, row: number, worth: number): boolean {
  const { next } = exchanger.lists[exchanger.moved.length]!;
  arrivals(exchanger.market, row, worth, next);
  return followAny(exchanger, next);
}

function followAny(exchanger: Exchanger, { count, order, offer, growth }: MoveList): boolean {
  for (let at = 0, most = count(); at < most; at++) if (follow(exchanger, order[at]!, offer[at]!, growth[at]!)) return true;
  return false;
}

/** How much the excess may still grow, if all that is left behind finds a user again. */
function allowance({ market: { unused }, gain, growth, touched, valueBefore }: Exchanger): number {
  let most = -gain - growth;
  for (let at = 0; at < touched.length; at++) {
    const row = touched[at]!;
    most += Math.max(0, valueBefore[row]! - Math.max(0, unused[row]!));
  }
  return most;
}

/** The order moves to the offer; false where that cannot end well, and it is back. */
function follow(exchanger: Exchanger, order: number, offer: number, growth: number): boolean {
  const { market, effort, hasMoved, moved, isTouched, touched, entered, left } = exchanger;
  const { menus, draft } = market;
  if (exchanger.looked++ >= effort.looks || hasMoved[order] === 1 || offer === market.taken[order]) return false;
  draft.given.meter.steps += stepsOfLook;
  const [touchedBefore, enteredBefore, leftBefore] = [touched.length, entered.length, left.length];
  pushRows(market, order, left);
  pushRowsOfOffer(draft.given.compiled, menus, offer, entered);
  for (let at = leftBefore; at < left.length; at++) touch(exchanger, left[at]!);
  for (let at = enteredBefore; at < entered.length; at++) touch(exchanger, entered[at]!);
  const former = makeMove(market, order, offer);
  hasMoved[order] = 1;
  moved.push(order);
  const change = menus.cost[offer]! - former.cost;
  exchanger.growth += growth;
  exchanger.cost += change;
  if (allowance(exchanger) > 0 && capsHold(draft.ledger, menus, offer) && goOn(exchanger, leftBefore)) return true;
  exchanger.cost -= change;
  exchanger.growth -= growth;
  hasMoved[order] = 0;
  moved.pop();
  takeBack(market, former);
  for (let at = touchedBefore; at < touched.length; at++) isTouched[touched[at]!] = 0;
  touched.length = touchedBefore;
  entered.length = enteredBefore;
  left.length = leftBefore;
  return false;
}

function touch({ market, isTouched, valueBefore, touched }: Exchanger, row: number): void {
  if (isTouched[row] === 1) return;
  isTouched[row] = 1;
  valueBefore[row] = market.unused[row]!;
  touched.push(row);
}

/** What comes after a move: others leave what is too full; else the exchange ends here if it gained enough, or somebody takes what was left behind, the rows of `left` from `leftFrom` on. */
function goOn(exchanger: Exchanger, leftFrom: number): boolean {
  const { market, effort, moved, labor, gain } = exchanger;
  const departing = exchanger.lists[moved.length]!;
  const isFull = hardestDepartures(exchanger, departing, moved.length < effort.depth);
  if (isFull) return moved.length < effort.depth && followAny(exchanger, departing.next);
  if (exchanger.cost + labor.total() - exchanger.laborBefore < -gain) return true;
  if (moved.length >= effort.depth) return false;
  const row = mostValuable(market, exchanger.left, leftFrom);
  if (effort.relief !== undefined) {
    const { node, overtime } = mostOverworked(exchanger);
    if (overtime > (row < 0 ? leastExcess : market.unused[row]!)) return somebodyLeaves(exchanger, node, effort.relief);
  }
  return row >= 0 && somebodyTakes(exchanger, row, allowance(exchanger));
}

/** The node where the minutes that the exchange has brought cost most above their price. */
function mostOverworked({ market, labor, minutesBefore, costBefore }: Exchanger): { readonly node: number; readonly overtime: number } {
  let node = -1;
  let overtime = 0;
  for (let each = 0; each < costBefore.length; each++) {
    const price = market.prices.labor[each]! * (labor.minutes[each]! - minutesBefore[each]!);
    const above = labor.cost[each]! - costBefore[each]! - price;
    if (above > overtime) [node, overtime] = [each, above];
  }
  return { node, overtime };
}

/** Somebody leaves the node, of so many who are asked in turn. */
function somebodyLeaves(exchanger: Exchanger, node: number, asked: number): boolean {
  const { next } = exchanger.lists[exchanger.moved.length]!;
  const { market, hasMoved } = exchanger;
  exchanger.nextAsked = leavings(market, node, hasMoved, allowance(exchanger), { from: exchanger.nextAsked, count: asked }, next);
  return followAny(exchanger, next);
}

/** Of the rows from `from` on the one with the most value unused; -1 where none has any. */
function mostValuable({ unused }: Market, rows: readonly number[], from: number): number {
  let best = -1;
  let most = 0;
  for (let at = from; at < rows.length; at++) {
    const row = rows[at]!;
    const value = unused[row]!;
    if (value <= leastExcess || (best >= 0 && (value < most || (value === most && row > best)))) continue;
    [best, most] = [row, value];
  }
  return best;
}

/** True where a row is too full; the departures from the one where the cheapest is dearest are then in `lists.next`, if they are asked for. */
function hardestDepartures(exchanger: Exchanger, lists: { next: MoveList; other: MoveList }, asked: boolean): boolean {
  const { market, entered, hasMoved } = exchanger;
  const { ledger, given } = market.draft;
  let dearest = -Infinity;
  let most = NaN;
  for (let at = 0; at < entered.length; at++) {
    const row = entered[at]!;
    if (ledger.sharedUsed[row]! <= given.compiled.stock[row]! || entered.indexOf(row) < at) continue;
    if (!asked) return true;
    if (Number.isNaN(most)) most = allowance(exchanger);
    departures(market, row, hasMoved, most, lists.other);
    const least = lists.other.least();
    if (least <= dearest) continue;
    dearest = least;
    [lists.next, lists.other] = [lists.other, lists.next];
    // Nobody can leave.
    if (least === Infinity) return true;
  }
  return dearest > -Infinity;
}
