import type { Ban } from './bans.ts';
import type { EarlierPlan } from './earlier-plan.ts';
import { ownValue } from './id-record.ts';
import type { Lane, LaborTier, ProblemService, SourcingProblem } from './problem.ts';

/** The most lines an order may have to be priced exactly over all subsets of its lines; the same number as the certificate's definition. */
export const maxExactLines = 12;

/** Units that only one channel may take, on top of the shared stock. */
export interface ReservedPool {
  readonly node: number;
  readonly sku: number;
  readonly channel: string;
  readonly units: number;
}

/** Shipments that may leave a node by a service with a cap. */
export interface Slot {
  readonly node: number;
  readonly service: number;
  readonly limit: number;
}

/** One way from a node to a zone: service, lane, and the day of delivery. */
export interface LaneOption {
  readonly service: number;
  readonly lane: Lane;
  readonly day: number;
}

/** Labor of a node: minutes a shipment takes, and the rising rates of its day. */
export interface NodeLabor {
  readonly perShipment: number;
  readonly perLine: number;
  readonly perUnit: number;
  readonly tiers: readonly LaborTier[];
}

/**
 * The problem by indexes: nodes, services, demanded SKUs and orders are numbered; lines of all orders lie one after the other.
 * A stock row is `stockRow(compiled, node, sku)`; only SKUs that an order line asks for are numbered.
 */
export interface Compiled {
  readonly problem: SourcingProblem;
  readonly nodeCount: number;
  readonly orderCount: number;
  readonly skuCount: number;
  readonly skuIds: readonly string[];
  readonly skuIndex: ReadonlyMap<string, number>;
  readonly nodeIndex: ReadonlyMap<string, number>;
  readonly serviceIndex: ReadonlyMap<string, number>;
  /** Shared units by stock row. */
  readonly stock: Float64Array;
  /** Shared and reserved units by stock row: the right side of a rounding cut. */
  readonly stockWithReserved: Float64Array;
  readonly pools: readonly ReservedPool[];
  /** By channel with reservations: the pool of a stock row, or -1. */
  readonly poolOfChannel: ReadonlyMap<string, Int32Array>;
  readonly slots: readonly Slot[];
  /** The slot of `node * services + service`, or -1 where the service is not capped. */
  readonly slotOf: Int32Array;
  readonly labor: readonly NodeLabor[];
  readonly lanesFrom: readonly ReadonlyMap<string, readonly LaneOption[]>[];
  /** Lines of order `o`: `lineStart[o]` up to, not including, `lineStart[o + 1]`. */
  readonly lineStart: Int32Array;
  readonly lineSku: Int32Array;
  readonly lineUnits: Float64Array;
  readonly lineKg: Float64Array;
  readonly lineLitres: Float64Array;
  readonly linePromise: Float64Array;
  /** Cost of leaving the whole line open. */
  readonly lineOpenCost: Float64Array;
  /** Order of a line. */
  readonly lineOrder: Int32Array;
  /** By stock row, where the objective has more than the contract's cost: what a unit that is not used is worth, see `stock-values.ts`. */
  readonly stockValue?: Float64Array;
  /** What was decided before, where the objective charges for changing it. */
  readonly earlier?: EarlierPlan;
  /** By order id: what may not carry it. */
  readonly bans?: ReadonlyMap<string, readonly Ban[]>;
}

/** Numbers the problem's nodes, services, demanded SKUs and lines. */
export function compile(problem: SourcingProblem): Compiled {
  const nodeIndex = indexOf(problem.nodes);
  const serviceIndex = indexOf(problem.services);
  const { skuIds, skuIndex } = demandedSkus(problem);
  const skuCount = skuIds.length;
  const nodeCount = problem.nodes.length;
  const stock = new Float64Array(nodeCount * skuCount);
  const pools: ReservedPool[] = [];
  const poolOfChannel = new Map<string, Int32Array>();
  const slots: Slot[] = [];
  const slotOf = new Int32Array(nodeCount * problem.services.length).fill(-1);
  for (const [node, given] of problem.nodes.entries()) {
    for (const [id, units] of Object.entries(given.stock)) {
      const sku = skuIndex.get(id);
      if (sku !== undefined) stock[stockRow({ nodeCount }, node, sku)] = units;
    }
    for (const [channel, skus] of Object.entries(given.reserved ?? {})) {
      let rows = poolOfChannel.get(channel);
      if (rows === undefined) poolOfChannel.set(channel, (rows = new Int32Array(nodeCount * skuCount).fill(-1)));
      for (const [id, units] of Object.entries(skus)) {
        const sku = skuIndex.get(id);
        if (sku === undefined) continue;
        rows[stockRow({ nodeCount }, node, sku)] = pools.length;
        pools.push({ node, sku, channel, units });
      }
    }
    for (const [id, limit] of Object.entries(given.maxShipments ?? {})) {
      const service = serviceIndex.get(id);
      if (service === undefined) continue;
      slotOf[node * problem.services.length + service] = slots.length;
      slots.push({ node, service, limit });
    }
  }
  const stockWithReserved = Float64Array.from(stock);
  for (const pool of pools)
    stockWithReserved[stockRow({ nodeCount }, pool.node, pool.sku)] =
      (stockWithReserved[stockRow({ nodeCount }, pool.node, pool.sku)] ?? 0) + pool.units;
  return {
    problem,
    nodeCount,
    orderCount: problem.orders.length,
    skuCount,
    skuIds,
    skuIndex,
    nodeIndex,
    serviceIndex,
    stock,
    stockWithReserved,
    pools,
    poolOfChannel,
    slots,
    slotOf,
    labor: problem.nodes.map(({ labor }) => ({
      perShipment: labor.minutesPerShipment,
      perLine: labor.minutesPerLine,
      perUnit: labor.minutesPerUnit,
      tiers: labor.tiers,
    })),
    lanesFrom: problem.nodes.map((_, node) => lanesFrom(problem, node)),
    ...compileLines(problem, skuIndex),
  };
}

/** Number of the stock row of a SKU at a node: all nodes of a SKU lie together, because they are looked at together. */
export function stockRow(compiled: { readonly nodeCount: number }, node: number, sku: number): number {
  return sku * compiled.nodeCount + node;
}

/** Price of a shipment on a lane: `parcels` parcels share the billable kilograms evenly; Infinity above the last band. */
export function lanePrice(lane: Lane, billableKg: number, parcels: number): number {
  if (lane.bands === undefined) return parcels * (lane.base ?? 0) + (lane.perKg ?? 0) * billableKg;
  const each = billableKg / parcels;
  const band = lane.bands.find(({ upToKg }) => each <= upToKg + weightTolerance);
  return band === undefined ? Infinity : parcels * band.amount;
}

/** Price of `kg` and `litres` by a service on one of its lanes; Infinity where the service does not take them. */
export function shippingPrice(service: ProblemService, lane: Lane, kg: number, litres: number): number {
  if (service.maxKg !== undefined && kg > service.maxKg + weightTolerance) return Infinity;
  const parcels = service.parcelMaxKg === undefined ? 1 : Math.max(1, Math.ceil(kg / service.parcelMaxKg - weightTolerance));
  const volumetric = service.litresPerKg === undefined || service.litresPerKg === 0 ? 0 : litres / service.litresPerKg;
  return lanePrice(lane, Math.max(kg, volumetric), parcels);
}

/** Cost of `minutes` of labor through the tiers; Infinity over a finite last tier. */
export function laborCost(tiers: readonly LaborTier[], minutes: number): number {
  let cost = 0;
  let left = minutes;
  for (const tier of tiers) {
    const take = tier.minutes === null ? left : Math.min(left, tier.minutes);
    cost += take * tier.costPerMinute;
    left -= take;
    if (left <= 0) return cost;
  }
  return left > minuteTolerance ? Infinity : cost;
}

/** Minutes over a finite last tier that are still no violation: sums of decimals are not exact. */
export const minuteTolerance = 1e-6;

const weightTolerance = 1e-9;

function indexOf(items: readonly { readonly id: string }[]): Map<string, number> {
  return new Map(items.map(({ id }, index) => [id, index]));
}

function demandedSkus(problem: SourcingProblem): { skuIds: string[]; skuIndex: Map<string, number> } {
  const skuIds: string[] = [];
  const skuIndex = new Map<string, number>();
  for (const order of problem.orders) {
    for (const { sku } of order.lines) {
      if (skuIndex.has(sku)) continue;
      skuIndex.set(sku, skuIds.length);
      skuIds.push(sku);
    }
  }
  return { skuIds, skuIndex };
}

function lanesFrom(problem: SourcingProblem, nodeNumber: number): Map<string, LaneOption[]> {
  const byZone = new Map<string, LaneOption[]>();
  const node = problem.nodes[nodeNumber];
  if (node === undefined) return byZone;
  const offered = node.services === undefined ? undefined : new Set(node.services);
  for (const [index, service] of problem.services.entries()) {
    if (offered !== undefined && !offered.has(service.id)) continue;
    const dispatchDay = ownValue(node.dispatchDay, service.id) ?? (problem.decisionMinute <= node.cutoffMinute ? 0 : 1);
    for (const lane of service.lanes) {
      if (lane.from !== node.zone) continue;
      const options = byZone.get(lane.to) ?? [];
      options.push({ service: index, lane, day: dispatchDay + lane.transitDays });
      byZone.set(lane.to, options);
    }
  }
  return byZone;
}

/** The lines of the problem's orders by indexes. */
export function compileLines(problem: SourcingProblem, skuIndex: ReadonlyMap<string, number>) {
  const weights = new Map(problem.skus.map((sku) => [sku.id, sku]));
  const lineCount = problem.orders.reduce((sum, order) => sum + order.lines.length, 0);
  const lineStart = new Int32Array(problem.orders.length + 1);
  const lineSku = new Int32Array(lineCount);
  const lineUnits = new Float64Array(lineCount);
  const lineKg = new Float64Array(lineCount);
  const lineLitres = new Float64Array(lineCount);
  const linePromise = new Float64Array(lineCount);
  const lineOpenCost = new Float64Array(lineCount);
  const lineOrder = new Int32Array(lineCount);
  let at = 0;
  for (const [index, order] of problem.orders.entries()) {
    lineStart[index] = at;
    for (const line of order.lines) {
      const sku = weights.get(line.sku);
      lineSku[at] = skuIndex.get(line.sku) ?? 0;
      lineUnits[at] = line.units;
      lineKg[at] = (sku?.weightKg ?? 0) * line.units;
      lineLitres[at] = (sku?.volumeL ?? 0) * line.units;
      linePromise[at] = line.promiseDay ?? order.promiseDay;
      lineOpenCost[at] = line.unfilledCostPerUnit * line.units;
      lineOrder[at] = index;
      at++;
    }
  }
  lineStart[problem.orders.length] = at;
  return { lineStart, lineSku, lineUnits, lineKg, lineLitres, linePromise, lineOpenCost, lineOrder };
}
