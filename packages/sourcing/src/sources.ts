import { poolsOf, shippingPrice, stockRow, type LaneOption, type Numbers } from './compile.ts';
import { isBanned } from './bans.ts';
import type { OrderRules } from './order-numbers.ts';

/** A way from a node to the order: one service on one lane. */
export interface Option {
  readonly service: number;
  readonly slot: number;
  readonly surcharge: number;
  /** By line: days late times the cost of a day. */
  readonly lateCost: readonly number[];
  /** By line: what it pays on this way besides the carrier's price: lateness, and the value of its stock where the objective has one. */
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
export function sourcesOf(compiled: Numbers, order: number): Source[] {
  const sources: Source[] = [];
  for (let node = 0; node < compiled.nodeCount; node++) {
    const source = sourceAt(compiled, order, node);
    if (source !== undefined) sources.push(source);
  }
  return sources;
}

/** How a node can ship lines of the order, by any service or by the one that is asked for; undefined where it can ship none. */
export function sourceAt(compiled: Numbers, order: number, node: number, service?: number): Source | undefined {
  const lines = linesOf(compiled, order);
  const can = lines.map((line) => canShip(compiled, order, node, line));
  if (!can.includes(true)) return undefined;
  const options = lanesTo(compiled, node, order).flatMap((option) =>
    service === undefined || option.service === service ? optionOf(compiled, order, node, option, lines) : [],
  );
  return options.length > 0 ? { node, can, options } : undefined;
}

/** Lanes from a node to the order's zone that may carry the order. */
export function lanesTo(compiled: Numbers, node: number, order: number): readonly LaneOption[] {
  const zone = compiled.orderZone[order]!;
  const lanes = zone < 0 ? [] : (compiled.lanes[node * compiled.zoneCount + zone] ?? []);
  const bans = compiled.bans?.get(order);
  return bans === undefined ? lanes : lanes.filter(({ service }) => !isBanned(bans, node, service));
}

/** What the units of a line (by number of the problem) would be worth unused at the node. */
export function valueOfLine({ stockValue, lineUnits, lineSku, nodeCount }: Numbers, node: number, line: number): number {
  return stockValue === undefined ? 0 : lineUnits[line]! * stockValue[stockRow({ nodeCount }, node, lineSku[line]!)]!;
}

/** What a line (by number of the problem) pays besides the carrier's price where the node's shipment arrives on this day: lateness, and the value of its stock where the objective has one. */
export function costOfLine(compiled: Numbers, order: number, node: number, day: number, line: number): number {
  return Math.max(0, day - compiled.linePromise[line]!) * compiled.orderLateCost[order]! + valueOfLine(compiled, node, line);
}

/** True where the line (by number of the problem) may come from the node, and the node owns enough for it alone. */
export function canShip(compiled: Numbers, order: number, node: number, line: number): boolean {
  const rules = compiled.orderRules.get(order);
  if (rules !== undefined && !(mayLeave(rules.nodes, node) && mayLeave(rules.lines[line - compiled.lineStart[order]!]?.nodes, node)))
    return false;
  const row = stockRow(compiled, node, compiled.lineSku[line]!);
  const pools = poolsOf(compiled, order);
  const pool = pools === undefined ? -1 : pools[row]!;
  return compiled.stock[row]! + (pool < 0 ? 0 : compiled.pools[pool]!.units) >= compiled.lineUnits[line]!;
}

function mayLeave(nodes: ReadonlySet<number> | undefined, node: number): boolean {
  return nodes?.has(node) !== false;
}

/** True where the order lets any of its lines travel by the service. */
export function orderAllows(rules: OrderRules | undefined, service: number): boolean {
  return rules?.services?.has(service) !== false;
}

/** True where the line at this position of the order may travel by the service. */
export function lineAllows(rules: OrderRules | undefined, position: number, service: number): boolean {
  return rules?.lines[position]?.services?.has(service) !== false;
}

function optionOf(compiled: Numbers, order: number, node: number, { service, lane, day }: LaneOption, lines: readonly number[]): Option[] {
  const rules = compiled.orderRules.get(order);
  if (!orderAllows(rules, service)) return [];
  const given = compiled.services[service]!;
  const daysLate = lines.map((line) => Math.max(0, day - compiled.linePromise[line]!));
  const lateCost = daysLate.map((days) => days * compiled.orderLateCost[order]!);
  return [
    {
      service,
      slot: compiled.slotOf[node * compiled.services.length + service]!,
      surcharge: rules?.surcharge?.get(service) ?? 0,
      lateCost,
      lineCost: lines.map((line) => costOfLine(compiled, order, node, day, line)),
      daysLate,
      deliveryDay: day,
      allowed: lines.map((_, position) => lineAllows(rules, position, service)),
      price: (kg, litres) => shippingPrice(given, lane, kg, litres),
      leastPrice: lane.bands === undefined ? (lane.base ?? 0) : Math.min(...lane.bands.map((band) => band.amount)),
      perKg: lane.bands === undefined ? (lane.perKg ?? 0) : 0,
      maxKg: given.maxKg ?? Infinity,
      transitDays: lane.transitDays,
    },
  ];
}

function linesOf(compiled: Numbers, order: number): number[] {
  const start = compiled.lineStart[order]!;
  return Array.from({ length: compiled.lineStart[order + 1]! - start }, (_, position) => start + position);
}
