import { compile, type Compiled } from '../compile.ts';
import { ownValue } from '../id-record.ts';
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
  const came = unitsThatCame(horizon, nodeIndex);
  const windows = new Map<number, string[]>();
  const there = problem.nodes.map(() => new Map<string, number>());
  const nodes = came.map((units, number) => {
    const stock = there[number % nodeCount]!;
    for (const [sku, more] of units) stock.set(sku, (stock.get(sku) ?? 0) + more);
    return nodeOfDay(horizon, number, Object.fromEntries(stock));
  });
  const compiled = compile({ ...problem, nodes, orders: arrivals.map((arrival) => orderOfDays(horizon, arrival, nodeIndex, windows)) });
  const batchesOf: Batch[][] = compiled.skuIds.map(() => []);
  for (let node = 0; node < nodeCount; node++)
    for (let day = 0; day < days; day++)
      for (const [id, units] of came[day * nodeCount + node]!) {
        const sku = compiled.skuIndex.get(id);
        if (sku !== undefined && units > 0) batchesOf[sku]!.push({ node, day, units });
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

/** By place (`day * nodes + node`): units that come there on the day; on day 0 what the node has, reserved or not. */
function unitsThatCame({ problem, days, receipts }: Horizon, nodeIndex: ReadonlyMap<string, number>): Map<string, number>[] {
  const came = Array.from({ length: days * problem.nodes.length }, () => new Map<string, number>());
  const add = (place: number, sku: string, units: number): void => void came[place]!.set(sku, (came[place]!.get(sku) ?? 0) + units);
  for (const [node, { stock, reserved }] of problem.nodes.entries())
    for (const skus of [stock, ...Object.values(reserved ?? {})]) for (const [id, units] of Object.entries(skus)) add(node, id, units);
  for (const { day, node, sku, units } of receipts) add(day * problem.nodes.length + nodeIndex.get(node)!, sku, units);
  return came;
}

function nodeOfDay({ problem }: Horizon, number: number, stock: ProblemNode['stock']): ProblemNode {
  const day = Math.floor(number / problem.nodes.length);
  const { reserved: _anybody, ...node } = problem.nodes[number % problem.nodes.length]!;
  const usual = problem.decisionMinute <= node.cutoffMinute ? 0 : 1;
  const dispatchDay = Object.fromEntries(problem.services.map(({ id }) => [id, day + (ownValue(node.dispatchDay, id) ?? usual)]));
  return { ...node, id: String(number), dispatchDay, stock };
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
  const placesOf = (nodes: readonly number[]): string[] => {
    const places: string[] = [];
    for (let day = first; day <= last; day++) for (const node of nodes) places.push(String(day * nodeCount + node));
    return places;
  };
  const allPlaces = (): string[] => {
    const window = first * horizon.days + last;
    const known = windows.get(window) ?? placesOf([...nodeIndex.values()]);
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
