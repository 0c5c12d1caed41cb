import type { NumberedBan } from './bans.ts';
import type { EarlierPlan } from './earlier-plan.ts';
import { ownValue } from './id-record.ts';
import { orderNumbers, type OrderNumbers } from './order-numbers.ts';
import type { Lane, LaborTier, ProblemService, SourcingProblem } from './problem.ts';

/** The most lines an order may have to be priced exactly over all subsets of its lines; the same number as the certificate's definition. */
export const maxExactLines = 12;

/** Units that only one channel may take, on top of the shared stock. */
export interface ReservedPool {
  readonly node: number;
  readonly sku: number;
  /** Number of the channel among those with reservations. */
  readonly channel: number;
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
 * The problem by indexes, without its ids: all that pricing and search need. It can be sent to another thread.
 *
 * Nodes, services, demanded SKUs and orders are numbered; lines of all orders lie one after the other.
 * A stock row is `stockRow(compiled, node, sku)`; only SKUs that an order line asks for are numbered.
 */
export interface Numbers extends OrderNumbers {
  readonly nodeCount: number;
  readonly orderCount: number;
  readonly skuCount: number;
  /** Shared units by stock row. */
  readonly stock: Float64Array;
  /** Shared and reserved units by stock row: the right side of a rounding cut. */
  readonly stockWithReserved: Float64Array;
  readonly pools: readonly ReservedPool[];
  /** By channel with reservations and stock row: its pool, or -1. */
  readonly poolRows: readonly Int32Array[];
  readonly slots: readonly Slot[];
  /** The slot of `node * services + service`, or -1 where the service is not capped. */
  readonly slotOf: Int32Array;
  readonly labor: readonly NodeLabor[];
  readonly services: readonly ServiceLimits[];
  readonly zoneCount: number;
  /** By `node * zoneCount + zone`, services in the problem's order. */
  readonly lanes: readonly (readonly LaneOption[])[];
  /** By stock row, where the objective has more than the contract's cost: what a unit that is not used is worth, see `stock-values.ts`. */
  readonly stockValue?: Float64Array;
  /** What was decided before, where the objective charges for changing it. */
  readonly earlier?: EarlierPlan;
  /** By order: what may not carry it. */
  readonly bans?: ReadonlyMap<number, readonly NumberedBan[]>;
}

/** What a service does to the price of weight and volume. */
export type ServiceLimits = Pick<ProblemService, 'litresPerKg' | 'maxKg' | 'parcelMaxKg'>;

/** The numbers of a problem, with the problem that they stand for. */
export interface Compiled extends Numbers {
  readonly problem: SourcingProblem;
  readonly skuIds: readonly string[];
  readonly skuIndex: ReadonlyMap<string, number>;
  readonly nodeIndex: ReadonlyMap<string, number>;
  readonly serviceIndex: ReadonlyMap<string, number>;
  /** Channels with reservations. */
  readonly channelIndex: ReadonlyMap<string, number>;
  readonly channelIds: readonly string[];
  readonly zones: ReadonlyMap<string, number>;
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
  const channelIndex = new Map<string, number>();
  const poolRows: Int32Array[] = [];
  const slots: Slot[] = [];
  const slotOf = new Int32Array(nodeCount * problem.services.length).fill(-1);
  for (const [node, given] of problem.nodes.entries()) {
    for (const [id, units] of Object.entries(given.stock)) {
      const sku = skuIndex.get(id);
      if (sku !== undefined) stock[stockRow({ nodeCount }, node, sku)] = units;
    }
    for (const [id, skus] of Object.entries(given.reserved ?? {})) {
      const channel = channelIndex.get(id) ?? channelIndex.size;
      if (channel === channelIndex.size) {
        channelIndex.set(id, channel);
        poolRows.push(new Int32Array(nodeCount * skuCount).fill(-1));
      }
      for (const [skuId, units] of Object.entries(skus)) {
        const sku = skuIndex.get(skuId);
        if (sku === undefined) continue;
        poolRows[channel]![stockRow({ nodeCount }, node, sku)] = pools.length;
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
  const stockWithReserved = pools.length === 0 ? stock : Float64Array.from(stock);
  for (const pool of pools) stockWithReserved[stockRow({ nodeCount }, pool.node, pool.sku)]! += pool.units;
  const zones = zonesOf(problem);
  return {
    problem,
    nodeCount,
    orderCount: problem.orders.length,
    skuCount,
    skuIds,
    skuIndex,
    nodeIndex,
    serviceIndex,
    channelIndex,
    channelIds: [...channelIndex.keys()],
    stock,
    stockWithReserved,
    pools,
    poolRows,
    slots,
    slotOf,
    labor: problem.nodes.map(({ labor }) => ({
      perShipment: labor.minutesPerShipment,
      perLine: labor.minutesPerLine,
      perUnit: labor.minutesPerUnit,
      tiers: labor.tiers,
    })),
    services: problem.services.map(({ litresPerKg, maxKg, parcelMaxKg }) => ({ litresPerKg, maxKg, parcelMaxKg })),
    zones,
    zoneCount: zones.size,
    lanes: problem.nodes.flatMap((_, node) => lanesFrom(problem, node, zones)),
    ...orderNumbers(problem, { skuIndex, nodeIndex, serviceIndex, channelIndex, zones }),
  };
}

/** Number of the stock row of a SKU at a node: all nodes of a SKU lie together, because they are looked at together. */
export function stockRow(compiled: { readonly nodeCount: number }, node: number, sku: number): number {
  return sku * compiled.nodeCount + node;
}

/** Pools of the order's channel by stock row, where it has reservations. */
export function poolsOf(compiled: Numbers, order: number): Int32Array | undefined {
  const channel = compiled.orderChannel[order]!;
  return channel < 0 ? undefined : compiled.poolRows[channel];
}

/** Pools of a channel by stock row, where it has reservations. */
export function poolsOfChannel({ channelIndex, poolRows }: Compiled, channel: string): Int32Array | undefined {
  return poolRows[channelIndex.get(channel) ?? -1];
}

/** Price of a shipment on a lane: `parcels` parcels share the billable kilograms evenly; Infinity above the last band. */
export function lanePrice(lane: Lane, billableKg: number, parcels: number): number {
  if (lane.bands === undefined) return parcels * (lane.base ?? 0) + (lane.perKg ?? 0) * billableKg;
  const each = billableKg / parcels;
  const band = lane.bands.find(({ upToKg }) => each <= upToKg + weightTolerance);
  return band === undefined ? Infinity : parcels * band.amount;
}

/** Price of `kg` and `litres` by a service on one of its lanes; Infinity where the service does not take them. */
export function shippingPrice(service: ServiceLimits, lane: Lane, kg: number, litres: number): number {
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

/** Zones that lanes lead to, or orders go to. */
function zonesOf(problem: SourcingProblem): Map<string, number> {
  const zones = new Map<string, number>();
  const add = (zone: string): void => void (zones.has(zone) || zones.set(zone, zones.size));
  for (const { lanes } of problem.services) for (const { to } of lanes) add(to);
  for (const { zone } of problem.orders) add(zone);
  return zones;
}

function lanesFrom(problem: SourcingProblem, nodeNumber: number, zones: ReadonlyMap<string, number>): LaneOption[][] {
  const byZone: LaneOption[][] = Array.from({ length: zones.size }, () => []);
  const node = problem.nodes[nodeNumber]!;
  const offered = node.services === undefined ? undefined : new Set(node.services);
  for (const [index, service] of problem.services.entries()) {
    if (offered !== undefined && !offered.has(service.id)) continue;
    const dispatchDay = ownValue(node.dispatchDay, service.id) ?? (problem.decisionMinute <= node.cutoffMinute ? 0 : 1);
    for (const lane of service.lanes) {
      const zone = lane.from === node.zone ? zones.get(lane.to) : undefined;
      if (zone !== undefined) byZone[zone]!.push({ service: index, lane, day: dispatchDay + lane.transitDays });
    }
  }
  return byZone;
}
