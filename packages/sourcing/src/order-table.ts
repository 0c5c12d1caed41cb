import { maxExactLines, shippingPrice, stockRow, type Compiled } from './compile.ts';
import { ownValue } from './id-record.ts';
import type { ProblemOrder } from './problem.ts';

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
  /** By entry: lane price, surcharge, lateness, and the value of the stock that it takes. */
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
export function placeNode(compiled: Compiled, place: number): number {
  return place < compiled.nodeCount ? place : compiled.slots[place - compiled.nodeCount]!.node;
}

/** The capped slot that a shipment of the place uses, or -1. */
export function placeSlot(compiled: Compiled, place: number): number {
  return place < compiled.nodeCount ? -1 : place - compiled.nodeCount;
}

/** Gives the table of an order of at most `maxExactLines` lines. */
export type OrderTables = (order: number) => OrderTable;

/** True where the order has few enough lines for exact pricing. */
export function isExact(compiled: Compiled, order: number): boolean {
  return lineCountOf(compiled, order) <= maxExactLines;
}

export function lineCountOf(compiled: Compiled, order: number): number {
  return compiled.lineStart[order + 1]! - compiled.lineStart[order]!;
}

export interface TableChoice {
  /** Entries that are kept; tables beyond it are made anew each time, which is slow but the same. Default 24 million. */
  readonly entryBudget?: number;
  /** Keep also shipments that cost more than leaving their lines open. */
  readonly complete?: boolean;
}

/** Tables made on first use. */
export function orderTables(compiled: Compiled, choice: TableChoice = {}): OrderTables {
  const { entryBudget = 24_000_000, complete = false } = choice;
  const kept: (OrderTable | undefined)[] = Array.from({ length: compiled.orderCount });
  let shelf = newShelf(0, 0);
  let left = entryBudget;
  return (order) => {
    const known = kept[order];
    if (known !== undefined) return known;
    const size = 1 << lineCountOf(compiled, order);
    const most = size * (compiled.nodeCount + compiled.slots.length);
    if (left < 0) return buildTable(compiled, order, newShelf(size, most), complete);
    if (shelf.masks + size >= shelf.openCost.length || shelf.entries + most > shelf.cost.length)
      shelf = newShelf(Math.max(size, masksOfShelf), Math.max(most, entriesOfShelf));
    const before = shelf.entries;
    const table = buildTable(compiled, order, shelf, complete);
    left -= shelf.entries - before;
    kept[order] = table;
    return table;
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

/** A way from a node to the order: one service on one lane. */
export interface Option {
  readonly service: number;
  readonly slot: number;
  readonly surcharge: number;
  /** By line: days late times the cost of a day. */
  readonly lateCost: readonly number[];
  /** By line: `lateCost`, and what its units would be worth unused. */
  readonly lineCost: readonly number[];
  /** By line: days of delivery after its promise. */
  readonly daysLate: readonly number[];
  readonly deliveryDay: number;
  /** By line: may it travel by this service? */
  readonly allowed: readonly boolean[];
  readonly price: (kg: number, litres: number) => number;
  /** Fixed part that any shipment on this way pays at least. */
  readonly leastPrice: number;
  /** Part that grows with each kilogram. */
  readonly perKg: number;
  readonly maxKg: number;
  readonly transitDays: number;
}

/** A node that can ship lines of an order, and how. */
export interface Source {
  readonly node: number;
  /** By line: eligible here, and the node owns enough for this line alone. */
  readonly can: readonly boolean[];
  readonly options: readonly Option[];
}

/** Nodes that can ship at least one line of the order, with their services; by node, services in the problem's order. */
export function sourcesOf(compiled: Compiled, orderNumber: number): Source[] {
  const { problem } = compiled;
  const order = problem.orders[orderNumber]!;
  const start = compiled.lineStart[orderNumber]!;
  const pools = compiled.poolOfChannel.get(order.channel);
  const eligible = nodeSet(compiled, order.eligibleNodes);
  const lineNodes = order.lines.map((line) => nodeSet(compiled, line.eligibleNodes));
  const sources: Source[] = [];
  for (let node = 0; node < compiled.nodeCount; node++) {
    if (eligible !== undefined && !eligible.has(node)) continue;
    const can = order.lines.map((_, line) => {
      if (lineNodes[line]?.has(node) === false) return false;
      const row = stockRow(compiled, node, compiled.lineSku[start + line]!);
      const pool = pools === undefined ? -1 : pools[row]!;
      return compiled.stock[row]! + (pool < 0 ? 0 : compiled.pools[pool]!.units) >= compiled.lineUnits[start + line]!;
    });
    if (!can.includes(true)) continue;
    const options = optionsOf(compiled, order, start, node);
    if (options.length > 0) sources.push({ node, can, options });
  }
  return sources;
}

function nodeSet(compiled: Compiled, ids: readonly string[] | undefined): Set<number> | undefined {
  return ids === undefined ? undefined : new Set(ids.map((id) => compiled.nodeIndex.get(id) ?? -1));
}

function optionsOf(compiled: Compiled, order: ProblemOrder, start: number, node: number): Option[] {
  const { problem } = compiled;
  const options: Option[] = [];
  const worth = compiled.stockValue === undefined ? undefined : valueOfLines(compiled, order, start, node, compiled.stockValue);
  for (const { service, lane, day } of compiled.lanesFrom[node]?.get(order.zone) ?? []) {
    const given = problem.services[service]!;
    if (order.services !== undefined && !order.services.includes(given.id)) continue;
    const daysLate = order.lines.map((_, line) => Math.max(0, day - compiled.linePromise[start + line]!));
    const lateCost = daysLate.map((days) => days * order.lateCostPerDay);
    options.push({
      service,
      slot: compiled.slotOf[node * problem.services.length + service]!,
      surcharge: ownValue(order.surcharge, given.id) ?? 0,
      lateCost,
      lineCost: worth === undefined ? lateCost : lateCost.map((cost, line) => cost + worth[line]!),
      daysLate,
      deliveryDay: day,
      allowed: order.lines.map((line) => line.services === undefined || line.services.includes(given.id)),
      price: (kg, litres) => shippingPrice(given, lane, kg, litres),
      leastPrice: lane.bands === undefined ? (lane.base ?? 0) : Math.min(...lane.bands.map((band) => band.amount)),
      perKg: lane.bands === undefined ? (lane.perKg ?? 0) : 0,
      maxKg: given.maxKg ?? Infinity,
      transitDays: lane.transitDays,
    });
  }
  return options;
}

function valueOfLines(compiled: Compiled, order: ProblemOrder, start: number, node: number, stockValue: Float64Array): number[] {
  return order.lines.map(({ units }, line) => units * stockValue[stockRow(compiled, node, compiled.lineSku[start + line]!)]!);
}

/** Puts an order's table on the shelf. */
function buildTable(compiled: Compiled, orderNumber: number, shelf: Shelf, complete: boolean): OrderTable {
  const order = compiled.problem.orders[orderNumber]!;
  const start = compiled.lineStart[orderNumber]!;
  const lineCount = order.lines.length;
  const size = 1 << lineCount;
  const firstMask = shelf.masks;
  shelf.masks += size;
  const kg = subsetSums(lineCount, (line) => compiled.lineKg[start + line]!);
  const litres = subsetSums(lineCount, (line) => compiled.lineLitres[start + line]!);
  shelf.openCost.set(
    subsetSums(lineCount, (line) => compiled.lineOpenCost[start + line]!),
    firstMask,
  );
  shelf.units.set(
    subsetSums(lineCount, (line) => compiled.lineUnits[start + line]!),
    firstMask,
  );
  const openWith = openTogether(order);
  const table = {
    lineCount,
    size,
    shelf,
    firstMask,
    openWith,
    maxShipments: Math.min(lineCount, order.maxShipments ?? lineCount),
    splitCost: order.splitCost,
  };
  const offers = sourcesOf(compiled, orderNumber).flatMap((source) => offersOf(compiled, source, table, kg, litres));
  const found: Found[] = [];
  for (let mask = 0; mask < size; mask++) {
    shelf.firstEntry[firstMask + mask] = shelf.entries;
    if (mask === 0) continue;
    found.length = 0;
    // Lines that may stay open for themselves are never shipped for more than that costs.
    const limit = !complete && mayStayOpen(openWith, mask) ? shelf.openCost[firstMask + mask]! : Infinity;
    for (const { place, node, cost, service } of offers) {
      const own = cost[mask]!;
      if (own === Infinity) continue;
      const least = own + leastLabor(compiled, node, mask, shelf.units[firstMask + mask]!);
      if (least < limit) found.push({ place, cost: own, least, service: service[mask]! });
    }
    found.sort((left, right) => left.least - right.least || left.place - right.place);
    for (const entry of found) {
      shelf.cost[shelf.entries] = entry.cost;
      shelf.least[shelf.entries] = entry.least;
      shelf.place[shelf.entries] = entry.place;
      shelf.service[shelf.entries] = entry.service;
      shelf.entries++;
    }
  }
  shelf.firstEntry[firstMask + size] = shelf.entries;
  return table;
}

interface Found {
  readonly place: number;
  readonly cost: number;
  readonly least: number;
  readonly service: number;
}

/** What a place charges for each mask, and by which service; Infinity where it ships none of it. */
interface Offer {
  readonly place: number;
  readonly node: number;
  readonly cost: Float64Array;
  readonly service: Uint16Array;
}

function offersOf(
  compiled: Compiled,
  source: Source,
  table: Pick<OrderTable, 'lineCount' | 'size'>,
  kg: Float64Array,
  litres: Float64Array,
): Offer[] {
  const { lineCount, size } = table;
  let possible = 0;
  for (let line = 0; line < lineCount; line++) if (source.can[line] === true) possible |= 1 << line;
  const offers: Offer[] = [];
  for (const option of source.options) {
    const place = option.slot < 0 ? source.node : compiled.nodeCount + option.slot;
    let offer = offers.find((each) => each.place === place);
    if (offer === undefined) {
      offer = { place, node: source.node, cost: new Float64Array(size).fill(Infinity), service: new Uint16Array(size) };
      offers.push(offer);
    }
    let allowed = possible;
    for (let line = 0; line < lineCount; line++) if (option.allowed[line] === false) allowed &= ~(1 << line);
    for (let mask = allowed; mask > 0; mask = (mask - 1) & allowed) {
      let total = option.price(kg[mask]!, litres[mask]!) + option.surcharge;
      for (let line = 0; line < lineCount; line++) if (((mask >> line) & 1) === 1) total += option.lineCost[line]!;
      if (total >= offer.cost[mask]!) continue;
      offer.cost[mask] = total;
      offer.service[mask] = option.service;
    }
  }
  return offers;
}

/** True where every line of the mask stays open with lines of the mask only. */
function mayStayOpen(openWith: Int32Array, mask: number): boolean {
  for (let rest = mask; rest > 0; rest &= rest - 1) if ((openWith[31 - Math.clz32(rest & -rest)]! & ~mask) !== 0) return false;
  return true;
}

/** Cost of a shipment's minutes at the lowest rate of the node. */
function leastLabor(compiled: Compiled, node: number, mask: number, units: number): number {
  const labor = compiled.labor[node]!;
  return labor.tiers[0]!.costPerMinute * (labor.perShipment + labor.perLine * linesIn(mask) + labor.perUnit * units);
}

/** Number of lines in a mask. */
export function linesIn(mask: number): number {
  let count = 0;
  for (let rest = mask; rest > 0; rest &= rest - 1) count++;
  return count;
}

/** By mask: the sum over its lines, added from the first line up. */
function subsetSums(lineCount: number, value: (line: number) => number): Float64Array {
  const sums = new Float64Array(1 << lineCount);
  for (let line = 0; line < lineCount; line++) {
    const bit = 1 << line;
    const own = value(line);
    for (let rest = 0; rest < bit; rest++) sums[bit | rest] = sums[rest]! + own;
  }
  return sums;
}

function openTogether(order: ProblemOrder): Int32Array {
  const all = (1 << order.lines.length) - 1;
  if (order.shipComplete === true) return new Int32Array(order.lines.length).fill(all);
  const bundles = new Map<string, number>();
  for (const [line, { bundle }] of order.lines.entries())
    if (bundle !== undefined) bundles.set(bundle, (bundles.get(bundle) ?? 0) | (1 << line));
  return Int32Array.from(order.lines, ({ bundle }, line) => (bundle === undefined ? 1 << line : (bundles.get(bundle) ?? 1 << line)));
}
