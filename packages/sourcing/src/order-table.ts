import { maxExactLines, shippingPrice, type LaneOption, type Numbers } from './compile.ts';
import { canShip, lanesTo, lineAllows, orderAllows, valueOfLine } from './sources.ts';

/**
 * All single shipments of one order that can be part of a cheapest plan: for each set of its lines (a bit mask) the places that can ship it, cheapest first, each with its cheapest service.
 *
 * A place is a node, or a node with one capped service: which service is cheapest does not depend on stock or labor prices, only on the price of a cap.
 * Prices only add, so whoever looks for the cheapest shipment of a mask may stop at the first entry whose `least` is not below the best one found.
 */
export interface OrderTable {
  readonly lineCount: number;
  /** 2 to the number of lines: masks run from 0 to `size - 1`. */
  readonly size: number;
  /** Shelf that holds the numbers; those of a mask are at `firstMask + mask`. */
  readonly shelf: Shelf;
  readonly firstMask: number;
  /** By line: the lines that stay open together with it (a bundle, or the whole order when it ships complete). */
  readonly openWith: Int32Array;
  readonly maxShipments: number;
  readonly splitCost: number;
}

/** Numbers of many orders one after the other: an array of its own for each order would cost more than what is in it. */
export interface Shelf {
  /** By mask: cost of leaving these lines open. */
  readonly openCost: Float64Array;
  /** By mask: units of these lines. */
  readonly units: Float64Array;
  /** By mask: its first entry; its last one is before the first of the next mask. */
  readonly firstEntry: Int32Array;
  /** By entry: lane price, surcharge and lateness. */
  readonly cost: Float64Array;
  /** By entry: the same with its minutes at the node's lowest rate, below which they never are. */
  readonly least: Float64Array;
  /** By entry: number of the place, see `placeNode`. */
  readonly place: Uint16Array;
  readonly service: Uint16Array;
  masks: number;
  entries: number;
}

/** Node of a place: the first places are the nodes, then come the capped slots. */
export function placeNode(compiled: Numbers, place: number): number {
  return place < compiled.nodeCount ? place : compiled.slots[place - compiled.nodeCount]!.node;
}

/** The capped slot that a shipment of the place uses, or -1. */
export function placeSlot(compiled: Numbers, place: number): number {
  return place < compiled.nodeCount ? -1 : place - compiled.nodeCount;
}

/** Gives the table of an order of at most `maxExactLines` lines. */
export type OrderTables = (order: number) => OrderTable;

/** True where the order has few enough lines for exact pricing. */
export function isExact(compiled: Numbers, order: number): boolean {
  return lineCountOf(compiled, order) <= maxExactLines;
}

export function lineCountOf(compiled: Numbers, order: number): number {
  return compiled.lineStart[order + 1]! - compiled.lineStart[order]!;
}

export interface TableChoice {
  /** Entries that are kept; tables beyond it are made anew each time, which is slow but the same. Default 24 million. */
  readonly entryBudget?: number;
  /** Keep also shipments that cost more than leaving their lines open. */
  readonly complete?: boolean;
}

/** Tables made on first use. */
export function orderTables(compiled: Numbers, choice: TableChoice = {}): OrderTables {
  const { entryBudget = 24_000_000, complete = false } = choice;
  const kept: (OrderTable | undefined)[] = Array.from({ length: compiled.orderCount });
  const room = tableRoom(compiled);
  let shelf = newShelf(0, 0);
  let left = entryBudget;
  return (order) => {
    const known = kept[order];
    if (known !== undefined) return known;
    fillRoom(compiled, order, complete, room);
    if (left < room.entries) return onShelf(compiled, order, newShelf(room.size, room.entries), room);
    left -= room.entries;
    if (shelf.masks + room.size >= shelf.openCost.length || shelf.entries + room.entries > shelf.cost.length)
      shelf = newShelf(Math.max(room.size, masksOfShelf), Math.max(room.entries, entriesOfShelf));
    return (kept[order] = onShelf(compiled, order, shelf, room));
  };
}

const masksOfShelf = 1 << 15;
const entriesOfShelf = 1 << 18;

function newShelf(masks: number, entries: number): Shelf {
  return {
    openCost: new Float64Array(masks + 1),
    units: new Float64Array(masks + 1),
    firstEntry: new Int32Array(masks + 2),
    cost: new Float64Array(entries),
    least: new Float64Array(entries),
    place: new Uint16Array(entries),
    service: new Uint16Array(entries),
    masks: 0,
    entries: 0,
  };
}

/** Working memory in which a table is made before its place on a shelf is known: reused from order to order. */
interface TableRoom {
  readonly placeCount: number;
  size: number;
  entries: number;
  kg: Float64Array;
  litres: Float64Array;
  openCost: Float64Array;
  units: Float64Array;
  late: Float64Array;
  limit: Float64Array;
  /** By mask: what the place that is looked at charges, and by which service. */
  offer: Float64Array;
  offerService: Uint16Array;
  /** By `mask * placeCount + at`: the entries of a mask. */
  cost: Float64Array;
  least: Float64Array;
  place: Uint16Array;
  service: Uint16Array;
  /** By mask: how many entries it has. */
  count: Int32Array;
}

function tableRoom({ nodeCount, slots }: Numbers): TableRoom {
  const none = new Float64Array(0);
  return {
    placeCount: nodeCount + slots.length,
    size: 0,
    entries: 0,
    kg: none,
    litres: none,
    openCost: none,
    units: none,
    late: none,
    limit: none,
    offer: none,
    offerService: new Uint16Array(0),
    cost: none,
    least: none,
    place: new Uint16Array(0),
    service: new Uint16Array(0),
    count: new Int32Array(0),
  };
}

function enlarge(room: TableRoom, size: number): void {
  room.size = size;
  if (room.kg.length >= size) return;
  for (const name of ['kg', 'litres', 'openCost', 'units', 'late', 'limit', 'offer'] as const) room[name] = new Float64Array(size);
  room.count = new Int32Array(size);
  room.offerService = new Uint16Array(size);
  room.cost = new Float64Array(size * room.placeCount);
  room.least = new Float64Array(size * room.placeCount);
  room.place = new Uint16Array(size * room.placeCount);
  room.service = new Uint16Array(size * room.placeCount);
}

/** Makes an order's table in the room. */
function fillRoom(compiled: Numbers, order: number, complete: boolean, room: TableRoom): void {
  const start = compiled.lineStart[order]!;
  const lineCount = lineCountOf(compiled, order);
  const size = 1 << lineCount;
  enlarge(room, size);
  room.count.fill(0, 0, size);
  subsetSums(room.kg, lineCount, compiled.lineKg, start);
  subsetSums(room.litres, lineCount, compiled.lineLitres, start);
  subsetSums(room.openCost, lineCount, compiled.lineOpenCost, start);
  subsetSums(room.units, lineCount, compiled.lineUnits, start);
  const openWith = openTogether(compiled, order);
  const { limit } = room;
  // Lines that may stay open for themselves are never shipped for more than that costs.
  for (let mask = 0; mask < size; mask++) limit[mask] = !complete && mayStayOpen(openWith, mask) ? room.openCost[mask]! : Infinity;
  for (let node = 0; node < compiled.nodeCount; node++) addOffers(compiled, order, node, lineCount, room);
  room.entries = 0;
  for (let mask = 0; mask < size; mask++) room.entries += room.count[mask]!;
}

/** Enters what the node charges for each set of lines: the cheapest of its services that are not capped, and each capped one. */
function addOffers(compiled: Numbers, order: number, node: number, lineCount: number, room: TableRoom): void {
  const start = compiled.lineStart[order]!;
  const lanes = lanesTo(compiled, node, order);
  if (lanes.length === 0) return;
  let possible = 0;
  for (let line = 0; line < lineCount; line++) if (canShip(compiled, order, node, start + line)) possible |= 1 << line;
  if (possible === 0) return;
  const { offer } = room;
  offer.fill(Infinity, 0, room.size);
  for (const option of lanes) {
    const slot = compiled.slotOf[node * compiled.services.length + option.service]!;
    if (slot < 0) offerMasks(compiled, order, node, option, possible, room);
  }
  enterOffers(compiled, node, node, possible, room);
  for (const option of lanes) {
    const slot = compiled.slotOf[node * compiled.services.length + option.service]!;
    if (slot < 0) continue;
    offer.fill(Infinity, 0, room.size);
    offerMasks(compiled, order, node, option, possible, room);
    enterOffers(compiled, node, compiled.nodeCount + slot, possible, room);
  }
}

/** Lowers the offers of all sets of lines that may travel by the service to its price. */
function offerMasks(
  compiled: Numbers,
  order: number,
  node: number,
  { service, lane, day }: LaneOption,
  possible: number,
  room: TableRoom,
): void {
  const { kg, litres, late, offer, offerService } = room;
  const rules = compiled.orderRules.get(order);
  if (!orderAllows(rules, service)) return;
  const start = compiled.lineStart[order]!;
  const given = compiled.services[service]!;
  const surcharge = rules?.surcharge?.get(service) ?? 0;
  const lateCost = compiled.orderLateCost[order]!;
  const lineCount = lineCountOf(compiled, order);
  let allowed = possible;
  late[0] = 0;
  for (let line = 0; line < lineCount; line++) {
    const bit = 1 << line;
    if (rules !== undefined && !lineAllows(rules, line, service)) allowed &= ~bit;
    const own = Math.max(0, day - compiled.linePromise[start + line]!) * lateCost + valueOfLine(compiled, node, start + line);
    for (let rest = 0; rest < bit; rest++) late[bit | rest] = late[rest]! + own;
  }
  for (let mask = allowed; mask > 0; mask = (mask - 1) & allowed) {
    const total = shippingPrice(given, lane, kg[mask]!, litres[mask]!) + surcharge + late[mask]!;
    if (total >= offer[mask]!) continue;
    offer[mask] = total;
    offerService[mask] = service;
  }
}

/** Enters the offers of a place that may be part of a cheapest plan; cheapest first, then by place. */
function enterOffers(compiled: Numbers, node: number, at: number, possible: number, room: TableRoom): void {
  const { placeCount, count, cost, least, place, service, offer, offerService, limit } = room;
  const labor = compiled.labor[node]!;
  const rate = labor.tiers[0]!.costPerMinute;
  for (let mask = possible; mask > 0; mask = (mask - 1) & possible) {
    const own = offer[mask]!;
    if (own === Infinity) continue;
    const from = own + rate * (labor.perShipment + labor.perLine * linesIn(mask) + labor.perUnit * room.units[mask]!);
    if (!(from < limit[mask]!)) continue;
    const first = mask * placeCount;
    let spot = first + count[mask]!++;
    for (; spot > first && (least[spot - 1]! > from || (least[spot - 1] === from && place[spot - 1]! > at)); spot--) {
      cost[spot] = cost[spot - 1]!;
      least[spot] = least[spot - 1]!;
      place[spot] = place[spot - 1]!;
      service[spot] = service[spot - 1]!;
    }
    cost[spot] = own;
    least[spot] = from;
    place[spot] = at;
    service[spot] = offerService[mask]!;
  }
}

/** Copies the table in the room to the shelf. */
function onShelf(compiled: Numbers, order: number, shelf: Shelf, room: TableRoom): OrderTable {
  const { size, placeCount, count } = room;
  const firstMask = shelf.masks;
  shelf.masks += size;
  shelf.openCost.set(room.openCost.subarray(0, size), firstMask);
  shelf.units.set(room.units.subarray(0, size), firstMask);
  for (let mask = 0; mask < size; mask++) {
    shelf.firstEntry[firstMask + mask] = shelf.entries;
    for (let from = mask * placeCount, end = from + count[mask]!; from < end; from++) {
      const to = shelf.entries++;
      shelf.cost[to] = room.cost[from]!;
      shelf.least[to] = room.least[from]!;
      shelf.place[to] = room.place[from]!;
      shelf.service[to] = room.service[from]!;
    }
  }
  shelf.firstEntry[firstMask + size] = shelf.entries;
  return tableOn(compiled, order, shelf, firstMask);
}

/** The order's table that lies at this place of a shelf. */
function tableOn(compiled: Numbers, order: number, shelf: Shelf, firstMask: number): OrderTable {
  const lineCount = lineCountOf(compiled, order);
  return {
    lineCount,
    size: 1 << lineCount,
    shelf,
    firstMask,
    openWith: openTogether(compiled, order),
    maxShipments: Math.min(lineCount, compiled.orderMaxShipments[order]!),
    splitCost: compiled.orderSplitCost[order]!,
  };
}

/** True where every line of the mask stays open with lines of the mask only. */
function mayStayOpen(openWith: Int32Array, mask: number): boolean {
  for (let rest = mask; rest > 0; rest &= rest - 1) if ((openWith[31 - Math.clz32(rest & -rest)]! & ~mask) !== 0) return false;
  return true;
}

/** Number of lines in a mask. */
export function linesIn(mask: number): number {
  let count = 0;
  for (let rest = mask; rest > 0; rest &= rest - 1) count++;
  return count;
}

/** By mask: the sum over its lines, added from the first line up. */
function subsetSums(sums: Float64Array, lineCount: number, values: Float64Array, start: number): void {
  sums[0] = 0;
  for (let line = 0; line < lineCount; line++) {
    const bit = 1 << line;
    const own = values[start + line]!;
    for (let rest = 0; rest < bit; rest++) sums[bit | rest] = sums[rest]! + own;
  }
}

/** By number of lines: each line stays open for itself, as nearly everywhere. */
const openAlone = Array.from({ length: maxExactLines + 1 }, (_, lineCount) =>
  Int32Array.from({ length: lineCount }, (_each, line) => 1 << line),
);

function openTogether(compiled: Numbers, order: number): Int32Array {
  const lineCount = lineCountOf(compiled, order);
  if (compiled.orderComplete[order] === 1) return new Int32Array(lineCount).fill((1 << lineCount) - 1);
  const rules = compiled.orderRules.get(order)?.lines;
  if (rules === undefined || rules.every(({ bundle }) => bundle === undefined)) return openAlone[lineCount]!;
  return Int32Array.from(rules, ({ bundle }, line) =>
    rules.reduce((mask, other, at) => (at === line || (bundle !== undefined && other.bundle === bundle) ? mask | (1 << at) : mask), 0),
  );
}
