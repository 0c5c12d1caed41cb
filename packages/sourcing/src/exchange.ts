import { cutLimit, laborProfit } from './bound.ts';
import { laborCost, stockRow } from './compile.ts';
import { withoutRows } from './construct.ts';
import { clear, force, ownCost, pricedCost, type Draft } from './draft.ts';
import { plansWithin } from './enumerate.ts';
import { book, totalLabor, unbook, withinLimits, type Shipment } from './ledger.ts';
import { mayMove, type Movable } from './movable.ts';
import { isExact } from './order-table.ts';
import { orderBound, planOrder } from './pricer.ts';
import { cutPrice, cutsOfRow, type Prices } from './prices.ts';

export interface ExchangeEffort {
  /** Orders that start a neighbourhood, at most. */
  readonly seeds: number;
  /** Orders of one neighbourhood. */
  readonly orders: number;
  /** Plans of one order that are tried. */
  readonly plans: number;
  /** Plans that are looked at in one neighbourhood, over all its orders. */
  readonly looks: number;
}

/**
 * Exchanges the plans of some orders at once, exactly: an order that pays more than its cheapest plan at the prices, those who stand in its way, and those in theirs get the best
 * plans together that the rest leaves them. True where anything was gained.
 *
 * What a plan costs above its order's cheapest one at the prices, its excess, adds up to what the draft is above the bound, together with what priced limits leave unused. So a set of plans
 * whose excess alone reaches what the neighbourhood now loses cannot be cheaper, and most of the search is cut off.
 */
export function exchangePlans(draft: Draft, prices: Prices, effort: ExchangeEffort, stop: () => boolean, movable?: Movable): boolean {
  const market = marketOf(draft, prices, movable);
  const seeds = [...market.excess.keys()]
    .filter((order) => market.excess[order]! > leastExcess && mayMove(movable, order))
    .sort((left, right) => market.excess[right]! - market.excess[left]! || left - right)
    .slice(0, effort.seeds);
  let gained = false;
  for (const seed of seeds) {
    if (stop()) break;
    if (market.excess[seed]! > leastExcess && improve(market, neighbourhood(market, seed, effort.orders), effort)) gained = true;
  }
  return gained;
}

/** Excess that is worth a look. */
const leastExcess = 1e-3;
/** Least gain that counts as one: sums of decimals are not exact. */
const leastGain = 1e-6;

/** The draft at the prices: who is where, and what each pays above its cheapest plan. */
interface Market {
  readonly draft: Draft;
  readonly prices: Prices;
  readonly movable: Movable;
  readonly least: Float64Array;
  readonly excess: Float64Array;
  /** Orders that use a stock row. */
  readonly occupants: Map<number, Set<number>>;
}

function marketOf(draft: Draft, prices: Prices, movable: Movable): Market {
  const { compiled } = draft.given;
  const least = new Float64Array(compiled.orderCount);
  const market: Market = { draft, prices, movable, least, excess: new Float64Array(compiled.orderCount), occupants: new Map() };
  for (let order = 0; order < compiled.orderCount; order++) {
    if (isExact(compiled, order)) least[order] = orderBound(draft.given, order, prices);
    settle(market, order);
  }
  return market;
}

/** Enters an order's plan. */
function settle({ draft, prices, least, excess, occupants }: Market, order: number): void {
  const { compiled } = draft.given;
  const shipments = draft.plans[order]!;
  if (isExact(compiled, order)) excess[order] = pricedCost(compiled, order, shipments, prices) - least[order]!;
  for (const row of rowsOf(draft, order, shipments)) {
    const known = occupants.get(row);
    if (known === undefined) occupants.set(row, new Set([order]));
    else known.add(order);
  }
}

function leave({ draft, occupants }: Market, order: number): void {
  for (const row of rowsOf(draft, order, draft.plans[order]!)) occupants.get(row)?.delete(order);
}

function rowsOf({ given }: Draft, order: number, shipments: readonly Shipment[]): number[] {
  const { compiled } = given;
  const start = compiled.lineStart[order]!;
  return shipments.flatMap(({ node, lines }) => lines.map((line) => stockRow(compiled, node, compiled.lineSku[start + line]!)));
}

/** The order, those on the rows that it would like to have, those on the rows that these would move to, and so on: whoever loses least by moving comes first. */
function neighbourhood({ draft, prices, occupants, movable }: Market, seed: number, most: number): number[] {
  const { given } = draft;
  const { compiled } = given;
  const orders = new Set([seed]);
  const wanted = new Set<number>();
  for (const order of orders) {
    const wish = withoutRows(prices, [...wanted], () => planOrder(given, order, { prices, laborBy: 'prices' }));
    const own = rowsOf(draft, order, draft.plans[order]!);
    for (const row of rowsOf(draft, order, wish)) {
      if (own.includes(row) || wanted.has(row)) continue;
      wanted.add(row);
      const rivals = [...(occupants.get(row) ?? [])]
        .filter((other) => !orders.has(other) && isExact(compiled, other) && mayMove(movable, other))
        .slice(0, mostRivals);
      const losses = rivals.map((other) => {
        const elsewhere = withoutRows(prices, [row], () => orderBound(given, other, prices));
        return { other, loss: elsewhere - pricedCost(compiled, other, draft.plans[other]!, prices) };
      });
      losses.sort((left, right) => left.loss - right.loss || left.other - right.other);
      for (const { other } of losses.slice(0, order === seed ? 5 : 3)) if (orders.size < most) orders.add(other);
    }
    if (orders.size >= most) break;
  }
  return [...orders];
}

/** Occupants of one row that are weighed. */
const mostRivals = 40;

interface Offer {
  readonly shipments: readonly Shipment[];
  readonly excess: number;
}

/** Gives the orders their best plans together; true where they are cheaper. */
function improve(market: Market, orders: readonly number[], effort: ExchangeEffort): boolean {
  const { draft, excess } = market;
  const former = orders.map((order) => draft.plans[order]!);
  const now = orders.reduce((sum, order) => sum + excess[order]!, 0);
  const menus = orders.map((order) => menuOf(market, order, now + spareExcess, effort.plans));
  const limit = now + unusedValue(market, orders, menus);
  const before = costOf(draft, orders, former);
  for (const order of orders) {
    leave(market, order);
    clear(draft, order);
  }
  const best = bestTogether(draft, orders, menus, { cost: before - leastGain, limit, looks: effort.looks });
  for (const [at, order] of orders.entries()) {
    force(draft, order, (best ?? former)[at]!);
    settle(market, order);
  }
  return best !== undefined;
}

/** Plans this much above what the neighbourhood pays in excess may still come with less unused stock. */
const spareExcess = 0.5;

/** The order's plans within this excess, or within what leaves few enough of them; its present plan is always there. Cheapest first. */
function menuOf({ draft, prices, excess }: Market, order: number, within: number, most: number): Offer[] {
  let found: Offer[] | undefined;
  for (let slack = within; found === undefined && slack > leastExcess; slack /= 2)
    found = plansWithin(draft.given, order, prices, slack, most);
  return [...(found ?? []), { shipments: draft.plans[order]!, excess: excess[order]! }].sort((left, right) => left.excess - right.excess);
}

/** What the priced limits that any of the plans could use are worth unused: the most that the orders can win besides their excess. */
function unusedValue({ draft, prices, occupants }: Market, orders: readonly number[], menus: readonly (readonly Offer[])[]): number {
  const { given, ledger } = draft;
  const { compiled } = given;
  const rows = new Set<number>();
  const nodes = new Set<number>();
  for (const [at, menu] of menus.entries()) {
    for (const { shipments } of menu) {
      for (const row of rowsOf(draft, orders[at]!, shipments)) if (prices.stock[row]! > 0 || prices.hasCuts[row] === 1) rows.add(row);
      for (const { node } of shipments) nodes.add(node);
    }
  }
  let value = 0;
  for (const row of rows) {
    value += prices.stock[row]! * Math.max(0, compiled.stockWithReserved[row]! - ledger.sharedUsed[row]!);
    if (prices.hasCuts[row] !== 1) continue;
    for (const cut of cutsOfRow(prices, row)) value += cut.price * cutLimit(compiled, cut);
    for (const order of occupants.get(row) ?? []) {
      const start = compiled.lineStart[order]!;
      for (const { node, lines } of draft.plans[order]!)
        for (const line of lines)
          if (stockRow(compiled, node, compiled.lineSku[start + line]!) === row)
            value -= cutPrice(prices, row, compiled.lineUnits[start + line]!);
    }
  }
  for (const node of nodes) {
    const minutes = Math.max(0, ledger.minutes[node]!);
    value +=
      laborCost(compiled.labor[node]!.tiers, minutes) + laborProfit(compiled, node, prices.labor[node]!) - prices.labor[node]! * minutes;
  }
  for (const [index, slot] of compiled.slots.entries()) value += prices.slot[index]! * Math.max(0, slot.limit - ledger.slotUsed[index]!);
  return value;
}

function costOf(draft: Draft, orders: readonly number[], plans: readonly (readonly Shipment[])[]): number {
  return plans.reduce((sum, shipments, at) => sum + ownCost(draft.given.compiled, orders[at]!, shipments), totalLabor(draft.ledger));
}

/** Depth first through the menus; undefined where nothing cheaper than `cost` was found. The ledger is left as it was. */
function bestTogether(
  draft: Draft,
  orders: readonly number[],
  menus: readonly (readonly Offer[])[],
  start: { readonly cost: number; readonly limit: number; readonly looks: number },
): (readonly Shipment[])[] | undefined {
  const { given, ledger } = draft;
  const chosen: (readonly Shipment[])[] = [];
  let { cost, limit, looks } = start;
  let best: (readonly Shipment[])[] | undefined;

  function visit(excess: number): void {
    const at = chosen.length;
    if (at === orders.length) {
      const total = costOf(draft, orders, chosen);
      if (total >= cost) return;
      limit -= cost - total;
      cost = total;
      best = [...chosen];
      return;
    }
    const order = orders[at]!;
    for (const { shipments, excess: own } of menus[at]!) {
      if (excess + own >= limit || looks-- <= 0) return;
      given.meter.steps += stepsOfLook;
      let booked = 0;
      while (booked < shipments.length) {
        const shipment = shipments[booked++]!;
        book(ledger, order, shipment);
        if (!withinLimits(ledger, order, shipment)) {
          booked = -booked;
          break;
        }
      }
      if (booked >= 0) {
        chosen.push(shipments);
        visit(excess + own);
        chosen.pop();
      }
      for (let back = Math.abs(booked) - 1; back >= 0; back--) unbook(ledger, order, shipments[back]!);
    }
  }

  visit(0);
  return best;
}

/** What one look costs in steps of pricing. */
const stepsOfLook = 20;
