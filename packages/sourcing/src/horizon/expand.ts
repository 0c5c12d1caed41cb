import { compile, stockRow, type Compiled } from '../compile.ts';
import type { ProblemNode, ProblemOrder } from '../problem.ts';
import { lastDayOf, type Arrival, type Horizon } from './horizon.ts';

/** Units of one SKU that come to a node on a day (day 0: what it has); orders from that day on may take them. */
export interface Batch {
  readonly node: number;
  readonly day: number;
  readonly units: number;
}

/**
 * A horizon as one sourcing problem whose nodes are node and day together: number `day * nodes + node`, leaving on that day, with that day's labor and caps.
 *
 * Only stock is different: the days of a node share its batches. What the days up to a receipt take together is at most what has come in by then (cumulative rows); the same said
 * per batch: each unit shipped comes from a batch that is there on its day. Reservations are left out: any order may take those units, so a bound stays a bound.
 */
export interface Expanded {
  readonly compiled: Compiled;
  readonly nodeCount: number;
  readonly days: number;
  /** By SKU of the compiled problem: its batches by node, then day. */
  readonly batchesOf: readonly (readonly Batch[])[];
  /** By order: the days on which it may ship. */
  readonly firstDay: Int32Array;
  readonly lastDay: Int32Array;
}

export function expand(horizon: Horizon): Expanded {
  const { problem, days, arrivals } = horizon;
  const nodeCount = problem.nodes.length;
  const nodeIndex = new Map(problem.nodes.map(({ id }, index) => [id, index]));
  const skuIndex = new Map(problem.skus.map(({ id }, index) => [id, index]));
  const units = arrivedUnits(horizon, nodeIndex, skuIndex);
  const windows = new Map<number, string[]>();
  const compiled = compile({
    ...problem,
    nodes: Array.from({ length: days * nodeCount }, (_, number) => nodeOfDay(horizon, number)),
    orders: arrivals.map((arrival) => orderOfDays(horizon, arrival, nodeIndex, windows)),
  });
  const batchesOf = compiled.skuIds.map((id): Batch[] => {
    const known = units.get(skuIndex.get(id) ?? -1) ?? [];
    const batches: Batch[] = [];
    for (let node = 0; node < nodeCount; node++) {
      for (let day = 0; day < days; day++) {
        const came = known[day * nodeCount + node] ?? 0;
        if (came > 0) batches.push({ node, day, units: came });
      }
    }
    return batches;
  });
  for (const [sku, batches] of batchesOf.entries())
    for (const { node, day, units: came } of batches)
      for (let later = day; later < days; later++) {
        const row = stockRow(compiled, later * nodeCount + node, sku);
        compiled.stock[row]! += came;
        compiled.stockWithReserved[row]! += came;
      }
  return {
    compiled,
    nodeCount,
    days,
    batchesOf,
    firstDay: Int32Array.from(arrivals, ({ day }) => day),
    lastDay: Int32Array.from(arrivals, (arrival) => lastDayOf(horizon, arrival)),
  };
}

/** By SKU of the problem: units by `day * nodes + node`. */
function arrivedUnits(
  { problem, days, receipts }: Horizon,
  nodeIndex: ReadonlyMap<string, number>,
  skuIndex: ReadonlyMap<string, number>,
): Map<number, Float64Array> {
  const nodeCount = problem.nodes.length;
  const bySku = new Map<number, Float64Array>();
  const add = (id: string, place: number, units: number): void => {
    const sku = skuIndex.get(id) ?? -1;
    const known = bySku.get(sku) ?? new Float64Array(days * nodeCount);
    known[place]! += units;
    bySku.set(sku, known);
  };
  for (const [node, { stock, reserved }] of problem.nodes.entries())
    for (const skus of [stock, ...Object.values(reserved ?? {})]) for (const [id, units] of Object.entries(skus)) add(id, node, units);
  for (const { day, node, sku, units } of receipts) add(sku, day * nodeCount + (nodeIndex.get(node) ?? -1), units);
  return bySku;
}

function nodeOfDay({ problem }: Horizon, number: number): ProblemNode {
  const day = Math.floor(number / problem.nodes.length);
  const { reserved: _, ...node } = problem.nodes[number % problem.nodes.length]!;
  const usual = problem.decisionMinute <= node.cutoffMinute ? 0 : 1;
  const dispatchDay = Object.fromEntries(
    problem.services.map(({ id }) => [
      id,
      day + (node.dispatchDay !== undefined && Object.hasOwn(node.dispatchDay, id) ? node.dispatchDay[id]! : usual),
    ]),
  );
  return { ...node, id: String(number), dispatchDay, stock: {} };
}

function orderOfDays(
  horizon: Horizon,
  arrival: Arrival,
  nodeIndex: ReadonlyMap<string, number>,
  windows: Map<number, string[]>,
): ProblemOrder {
  const { order, day: first } = arrival;
  const last = lastDayOf(horizon, arrival);
  const nodeCount = nodeIndex.size;
  const placesOf = (nodes: Iterable<number>): string[] => {
    const places: string[] = [];
    for (let day = first; day <= last; day++) for (const node of nodes) places.push(String(day * nodeCount + node));
    return places;
  };
  const allPlaces = (): string[] => {
    const window = first * horizon.days + last;
    const known = windows.get(window) ?? placesOf(nodeIndex.values());
    windows.set(window, known);
    return known;
  };
  const placesOfIds = (ids: readonly string[]): string[] => placesOf(ids.map((id) => nodeIndex.get(id) ?? -1));
  return {
    ...order,
    promiseDay: order.promiseDay + first,
    eligibleNodes: order.eligibleNodes === undefined ? allPlaces() : placesOfIds(order.eligibleNodes),
    lines: order.lines.map((line) => ({
      ...line,
      ...(line.promiseDay === undefined ? {} : { promiseDay: line.promiseDay + first }),
      ...(line.eligibleNodes === undefined ? {} : { eligibleNodes: placesOfIds(line.eligibleNodes) }),
    })),
  };
}
