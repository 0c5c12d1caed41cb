import { maxExactLines, shippingPrice, stockRow, type Compiled } from './compile.ts';
import { ownValue } from './id-record.ts';
import type { ProblemOrder } from './problem.ts';

/**
 * All single shipments of one order: for each place and each set of its lines (a bit mask) the cheapest service and what it costs before any shadow price.
 *
 * A place is a node, or a node with one capped service: which service is cheapest does not depend on stock or labor prices, only on the price of a cap.
 */
export interface OrderTable {
  readonly lineCount: number;
  /** 2 to the number of lines: masks run from 0 to `size - 1`. */
  readonly size: number;
  readonly placeCount: number;
  readonly placeNode: Int32Array;
  /** The capped slot that a shipment of this place uses, or -1. */
  readonly placeSlot: Int32Array;
  /** Lines that the place can ship at all, as a mask. */
  readonly placeLines: Int32Array;
  /** `place * size + mask`: lane price, surcharge and lateness of the shipment; Infinity where it is impossible. */
  readonly cost: Float64Array;
  readonly service: Uint16Array;
  /** By mask: cost of leaving these lines open. */
  readonly openCost: Float64Array;
  /** By line: the lines that stay open together with it (a bundle, or the whole order when it ships complete). */
  readonly openWith: Int32Array;
  readonly maxShipments: number;
  readonly splitCost: number;
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

/** Tables made on first use and kept while they fit `entryBudget` numbers in all; beyond it they are made anew each time, which is slow but the same. */
export function orderTables(compiled: Compiled, entryBudget = 24_000_000): OrderTables {
  const kept: (OrderTable | undefined)[] = Array.from({ length: compiled.orderCount });
  let left = entryBudget;
  return (order) => {
    const known = kept[order];
    if (known !== undefined) return known;
    const table = buildTable(compiled, order);
    if (left >= table.cost.length) {
      left -= table.cost.length;
      kept[order] = table;
    }
    return table;
  };
}

/** A way from a node to the order: one service on one lane. */
export interface Option {
  readonly service: number;
  readonly slot: number;
  readonly surcharge: number;
  /** By line: days late times the cost of a day. */
  readonly lateCost: readonly number[];
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
  for (const { service, lane, day } of compiled.lanesFrom[node]?.get(order.zone) ?? []) {
    const given = problem.services[service]!;
    if (order.services !== undefined && !order.services.includes(given.id)) continue;
    const daysLate = order.lines.map((_, line) => Math.max(0, day - compiled.linePromise[start + line]!));
    options.push({
      service,
      slot: compiled.slotOf[node * problem.services.length + service]!,
      surcharge: ownValue(order.surcharge, given.id) ?? 0,
      lateCost: daysLate.map((days) => days * order.lateCostPerDay),
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

function buildTable(compiled: Compiled, orderNumber: number): OrderTable {
  const order = compiled.problem.orders[orderNumber]!;
  const start = compiled.lineStart[orderNumber]!;
  const lineCount = order.lines.length;
  const size = 1 << lineCount;
  const kg = subsetSums(lineCount, (line) => compiled.lineKg[start + line]!);
  const litres = subsetSums(lineCount, (line) => compiled.lineLitres[start + line]!);
  const sources = sourcesOf(compiled, orderNumber);
  const places = sources.flatMap((source) => {
    const capped = source.options.filter((option) => option.slot >= 0).map((option) => ({ source, slot: option.slot, options: [option] }));
    const free = source.options.filter((option) => option.slot < 0);
    return free.length > 0 ? [{ source, slot: -1, options: free }, ...capped] : capped;
  });
  const cost = new Float64Array(places.length * size).fill(Infinity);
  const service = new Uint16Array(places.length * size);
  const placeLines = new Int32Array(places.length);
  for (const [place, { source, options }] of places.entries()) {
    for (let line = 0; line < lineCount; line++) if (source.can[line] === true) placeLines[place]! |= 1 << line;
    const possible = placeLines[place]!;
    for (const option of options) {
      let allowed = possible;
      for (let line = 0; line < lineCount; line++) if (option.allowed[line] === false) allowed &= ~(1 << line);
      const late = subsetSums(lineCount, (line) => option.lateCost[line]!);
      for (let mask = allowed; mask > 0; mask = (mask - 1) & allowed) {
        const total = option.price(kg[mask]!, litres[mask]!) + option.surcharge + late[mask]!;
        if (total >= cost[place * size + mask]!) continue;
        cost[place * size + mask] = total;
        service[place * size + mask] = option.service;
      }
    }
  }
  return {
    lineCount,
    size,
    placeCount: places.length,
    placeNode: Int32Array.from(places, ({ source }) => source.node),
    placeSlot: Int32Array.from(places, ({ slot }) => slot),
    placeLines,
    cost,
    service,
    openCost: subsetSums(lineCount, (line) => compiled.lineOpenCost[start + line]!),
    openWith: openTogether(order),
    maxShipments: Math.min(lineCount, order.maxShipments ?? lineCount),
    splitCost: order.splitCost,
  };
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
