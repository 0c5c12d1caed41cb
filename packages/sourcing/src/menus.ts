import { poolsOf, stockRow, type Numbers } from './compile.ts';
import { ownCost, pricedCost } from './draft.ts';
import { plansWithin, type Column } from './enumerate.ts';
import { bookUnits, minuteLimit, type Ledger, type Shipment } from './ledger.ts';
import { linesOf, maskOf } from './line-sets.ts';
import { mayMove, type Movable } from './movable.ts';
import { isExact } from './order-table.ts';
import type { Pricer } from './pricer.ts';
import type { Prices } from './prices.ts';

/** Which plans of an order are on offer: at most so many, none that costs at the prices more than this above its cheapest one. */
export interface MenuSize {
  readonly plans: number;
  readonly slack: number;
  /** Orders with fewer plans than this within the slack have dearer ones on offer, too; default: none has. */
  readonly fewest?: number;
}

/** Excess, or value of unused stock, that is worth a look. */
export const leastExcess = 1e-3;

/**
 * Plans on offer to the orders that may trade, as numbers: objects would take ten times the memory, and most of the time.
 * Offers of an order lie together, cheapest at the prices first. They depend on the prices alone.
 */
export interface Menus {
  /** By order, and once more at the end: its first offer. */
  readonly first: Int32Array;
  /** By offer: its order, what it costs without labor, and what it costs at the prices above its order's cheapest plan. */
  readonly order: Int32Array;
  readonly cost: Float64Array;
  readonly excess: Float64Array;
  /** By offer: where the nodes of its order's lines are. A node is -1 where the line stays open. */
  readonly firstNode: Int32Array;
  readonly nodes: Int32Array;
  /** By offer, and once more at the end: its first shipment. */
  readonly firstShipment: Int32Array;
  readonly shipments: OfferedShipments;
  /** Offers by the stock rows that they use, for rows with a price only: those of a row are from `firstAt[row]` to before `firstAt[row + 1]`. */
  readonly firstAt: Int32Array;
  readonly at: Int32Array;
}

/** The numbers of a `Shipment`; `lines` is a bit mask. */
interface OfferedShipments {
  readonly node: Int32Array;
  readonly service: Int32Array;
  readonly slot: Int32Array;
  readonly lines: Int32Array;
  readonly cost: Float64Array;
  readonly minutes: Float64Array;
}

/** Menus of all orders that may move and have a bound to trade by; fewer plans than asked for where many lie near. `least`: what an order costs at least at the prices. */
export function menusOf(
  given: Pricer<Numbers>,
  prices: Prices,
  size: MenuSize,
  least: (order: number) => number,
  movable?: Movable,
): Menus {
  const { compiled } = given;
  const first = new Int32Array(compiled.orderCount + 1);
  const offers = { order: growingIntegers(), cost: growingFloats(), excess: growingFloats(), firstNode: growingIntegers() };
  const nodes = growingIntegers();
  const firstShipment = growingIntegers();
  const columns = { node: growingIntegers(), service: growingIntegers(), slot: growingIntegers(), lines: growingIntegers() };
  const amounts = { cost: growingFloats(), minutes: growingFloats() };
  for (let order = 0; order < compiled.orderCount; order++) {
    first[order] = offers.order.length();
    if (!mayMove(movable, order) || !isExact(compiled, order)) continue;
    const lineCount = compiled.lineStart[order + 1]! - compiled.lineStart[order]!;
    for (const { shipments, excess } of nearPlans(given, order, prices, size, least(order))) {
      offers.order.push(order);
      offers.cost.push(ownCost(compiled, order, shipments));
      offers.excess.push(excess);
      offers.firstNode.push(nodes.length());
      firstShipment.push(columns.node.length());
      for (let line = 0; line < lineCount; line++) nodes.push(shipments.find(({ lines }) => lines.includes(line))?.node ?? -1);
      for (const { node, service, slot, lines, cost, minutes } of shipments) {
        columns.node.push(node);
        columns.service.push(service);
        columns.slot.push(slot);
        columns.lines.push(maskOf(lines));
        amounts.cost.push(cost);
        amounts.minutes.push(minutes);
      }
    }
  }
  first[compiled.orderCount] = offers.order.length();
  firstShipment.push(columns.node.length());
  const listed = {
    first,
    order: offers.order.all(),
    cost: offers.cost.all(),
    excess: offers.excess.all(),
    firstNode: offers.firstNode.all(),
    nodes: nodes.all(),
    firstShipment: firstShipment.all(),
    shipments: {
      node: columns.node.all(),
      service: columns.service.all(),
      slot: columns.slot.all(),
      lines: columns.lines.all(),
      cost: amounts.cost.all(),
      minutes: amounts.minutes.all(),
    },
  };
  return { ...listed, ...byRow(compiled, prices, listed) };
}

function nearPlans(
  given: Pricer<Numbers>,
  order: number,
  prices: Prices,
  { plans, slack, fewest = 0 }: MenuSize,
  least: number,
): Pick<Column, 'shipments' | 'excess'>[] {
  let found: Column[] | undefined;
  for (let within = slack; found === undefined && within > leastExcess; within /= 2)
    found = plansWithin(given, order, prices, within, plans);
  for (let within = 1.5 * slack; (found?.length ?? plans) < fewest && within <= mostSlack * slack; within *= 1.5) {
    const more = plansWithin(given, order, prices, within, plans);
    if (more === undefined) break;
    found = more;
  }
  return (found ?? [])
    .map(({ shipments }) => ({ shipments, excess: Math.max(0, pricedCost(given.compiled, order, shipments, prices) - least) }))
    .sort((left, right) => left.excess - right.excess);
}

/** How far the plans of an order that has few of them may lie, in slacks: its stock may be worth that much to somebody else. */
const mostSlack = 20;

type RowsOfOffers = Pick<Menus, 'order' | 'firstNode' | 'nodes'>;

/** The rows of an offer, line by line, without open lines. */
export function rowsOfOffer(compiled: Numbers, menus: RowsOfOffers, offer: number): number[] {
  const rows: number[] = [];
  pushRowsOfOffer(compiled, menus, offer, rows);
  return rows;
}

/** Adds the rows of an offer to the list. */
export function pushRowsOfOffer(compiled: Numbers, { order, firstNode, nodes }: RowsOfOffers, offer: number, rows: number[]): void {
  const end = compiled.lineStart[order[offer]! + 1]!;
  for (let line = compiled.lineStart[order[offer]!]!, at = firstNode[offer]!; line < end; line++, at++)
    if (nodes[at]! >= 0) rows.push(stockRow(compiled, nodes[at]!, compiled.lineSku[line]!));
}

function byRow(compiled: Numbers, prices: Prices, listed: RowsOfOffers): Pick<Menus, 'firstAt' | 'at'> {
  const offers = listed.order.length;
  const firstAt = new Int32Array(compiled.stock.length + 1);
  const visit = (each: (row: number, offer: number) => void): void => {
    for (let offer = 0; offer < offers; offer++) {
      const rows = rowsOfOffer(compiled, listed, offer);
      for (const [index, row] of rows.entries())
        if ((prices.stock[row]! > 0 || prices.hasCuts[row] === 1) && rows.indexOf(row) === index) each(row, offer);
    }
  };
  visit((row) => firstAt[row + 1]!++);
  for (let row = 0; row < compiled.stock.length; row++) firstAt[row + 1]! += firstAt[row]!;
  const next = firstAt.slice();
  const at = new Int32Array(firstAt.at(-1)!);
  visit((row, offer) => (at[next[row]!++] = offer));
  return { firstAt, at };
}

/** The shipments of an offer. */
export function shipmentsOfOffer({ firstShipment, shipments }: Menus, offer: number): Shipment[] {
  const { node, service, slot, lines, cost, minutes } = shipments;
  const first = firstShipment[offer]!;
  return Array.from({ length: firstShipment[offer + 1]! - first }, (_, at) => ({
    node: node[first + at]!,
    service: service[first + at]!,
    slot: slot[first + at]!,
    lines: linesOf(lines[first + at]!),
    cost: cost[first + at]!,
    minutes: minutes[first + at]!,
  }));
}

/** Books the shipments of an offer whether or not they fit; with the sign -1 takes them back. */
export function bookOffer(ledger: Ledger, { order, firstShipment, shipments }: Menus, offer: number, sign: 1 | -1): void {
  const { compiled } = ledger;
  const start = compiled.lineStart[order[offer]!]!;
  const pools = poolsOf(compiled, order[offer]!);
  for (let each = firstShipment[offer]!; each < firstShipment[offer + 1]!; each++) {
    const node = shipments.node[each]!;
    for (let rest = shipments.lines[each]!; rest > 0; rest &= rest - 1) {
      const line = start + 31 - Math.clz32(rest & -rest);
      bookUnits(ledger, stockRow(compiled, node, compiled.lineSku[line]!), pools, sign * compiled.lineUnits[line]!);
    }
    ledger.minutes[node]! += sign * shipments.minutes[each]!;
    if (shipments.slot[each]! >= 0) ledger.slotUsed[shipments.slot[each]!]! += sign;
  }
}

/** True where neither a cap nor the minutes of a node that the offer uses are passed. */
export function capsHold(ledger: Ledger, { firstShipment, shipments }: Menus, offer: number): boolean {
  const { compiled } = ledger;
  for (let each = firstShipment[offer]!; each < firstShipment[offer + 1]!; each++) {
    const slot = shipments.slot[each]!;
    if (slot >= 0 && ledger.slotUsed[slot]! > compiled.slots[slot]!.limit) return false;
    if (ledger.minutes[shipments.node[each]!]! > minuteLimit(compiled, shipments.node[each]!)) return false;
  }
  return true;
}

/** A list of numbers that grows in an array of a fixed type. */
interface Growing<Numbers> {
  readonly push: (value: number) => void;
  readonly length: () => number;
  readonly all: () => Numbers;
}

function growingIntegers(): Growing<Int32Array> {
  return growing(Int32Array);
}

function growingFloats(): Growing<Float64Array> {
  return growing(Float64Array);
}

/** A room that moves to another is gone at once; copies would wait for the garbage collection, all of them together. */
function growing<Kind extends Int32Array | Float64Array>(kind: {
  new (room: ArrayBuffer): Kind;
  readonly BYTES_PER_ELEMENT: number;
}): Growing<Kind> {
  let room = new ArrayBuffer(1_024 * kind.BYTES_PER_ELEMENT);
  let values = new kind(room);
  let length = 0;
  const resize = (size: number): Kind => {
    room = room.transfer(size * kind.BYTES_PER_ELEMENT);
    return new kind(room);
  };
  return {
    push: (value) => {
      if (length === values.length) values = resize(2 * length);
      values[length++] = value;
    },
    length: () => length,
    all: () => resize(length),
  };
}
