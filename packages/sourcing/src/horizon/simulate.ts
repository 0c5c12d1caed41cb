import { auditShipments, type CostByTerm } from '../cost.ts';
import type { PlanShipment } from '../plan.ts';
import type { ProblemOrder, SourcingProblem } from '../problem.ts';
import { lastDayOf, type Arrival, type Horizon, type Receipt } from './horizon.ts';

/** What a policy knows when it decides on a day; days count from this one. */
export interface Today {
  /** Days since the stream began: which one this is, never what later ones bring. */
  readonly day: number;
  /** Days that are left, this one included. */
  readonly days: number;
  /** What is there, and the open orders: those of earlier days first, then as they came in. */
  readonly problem: SourcingProblem;
  /** By order of the problem: how many more days it waits before it is lost; 0 = today or never. */
  readonly patience: readonly number[];
  /** Receipts from tomorrow on. */
  readonly receipts: readonly Receipt[];
}

/** Decides, day after day, what is shipped. */
export interface Policy {
  readonly name: string;
  decide(today: Today): readonly PlanShipment[] | Promise<readonly PlanShipment[]>;
}

/** What a policy paid for a stream. */
export interface Simulation {
  readonly policy: string;
  readonly cost: CostByTerm;
  readonly days: readonly DayResult[];
  /** Stock that is left after the last day, as in a problem. */
  readonly left: readonly { readonly node: string; readonly stock: Readonly<Record<string, number>> }[];
}

export interface DayResult {
  readonly open: number;
  readonly shipments: readonly PlanShipment[];
  readonly cost: CostByTerm;
  readonly lostUnits: number;
}

/** A policy did what the contract forbids. */
export class PolicyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PolicyError';
  }
}

/**
 * Lives through a stream with a policy, day by day, and adds up what really was paid: each day through the same audit as any plan, an unfilled unit when its order is lost.
 *
 * @throws PolicyError where a decision breaks a rule of the contract (stock, services, splits ...) on its day
 */
export async function simulate(stream: Horizon, policy: Policy): Promise<Simulation> {
  const shelves = new Map(stream.problem.nodes.map((node) => [node.id, shelfOf(node)]));
  let open: OpenOrder[] = [];
  const days: DayResult[] = [];
  for (let day = 0; day < stream.days; day++) {
    for (const receipt of stream.receipts) if (receipt.day === day) add(shelves.get(receipt.node)!.shared, receipt.sku, receipt.units);
    open.push(...stream.arrivals.filter((arrival) => arrival.day === day).map((arrival) => openOrder(stream, arrival)));
    const today = todayOf(stream, day, shelves, open);
    const shipments = await policy.decide(today);
    const { errors, cost } = auditShipments(today.problem, shipments);
    if (errors.length > 0) throw new PolicyError(`${policy.name}, day ${day}: ${errors.slice(0, 3).join('; ')}`);
    const split = cost.split + ship(shelves, today.problem, open, shipments);
    const lost = open.filter((order) => !stays(order, day)).flatMap(({ order, left }) => left.map((line) => order.lines[line]!));
    open = open.filter((order) => stays(order, day));
    const unfilled = lost.reduce((sum, line) => sum + line.units * line.unfilledCostPerUnit, 0);
    days.push({
      open: today.problem.orders.length,
      shipments,
      cost: { ...cost, split, unfilled, total: cost.shipping + cost.labor + cost.lateness + split + unfilled },
      lostUnits: lost.reduce((sum, line) => sum + line.units, 0),
    });
  }
  const left = stream.problem.nodes.map(({ id }) => ({ node: id, stock: everything(shelves.get(id)!) }));
  return { policy: policy.name, cost: sumOf(days.map(({ cost }) => cost)), days, left };
}

/** What a node has: units that anybody may take, and reserved ones by channel. */
interface Shelf {
  readonly shared: Map<string, number>;
  readonly reserved: Map<string, Map<string, number>>;
}

function shelfOf({ stock, reserved }: SourcingProblem['nodes'][number]): Shelf {
  return {
    shared: new Map(Object.entries(stock)),
    reserved: new Map(Object.entries(reserved ?? {}).map(([channel, skus]) => [channel, new Map(Object.entries(skus))])),
  };
}

function everything({ shared, reserved }: Shelf): Record<string, number> {
  const all = new Map(shared);
  for (const skus of reserved.values()) for (const [sku, units] of skus) add(all, sku, units);
  return Object.fromEntries(all);
}

function add(units: Map<string, number>, sku: string, more: number): void {
  units.set(sku, (units.get(sku) ?? 0) + more);
}

interface OpenOrder {
  readonly order: ProblemOrder;
  readonly day: number;
  readonly lastDay: number;
  /** Lines that are not shipped yet. */
  left: readonly number[];
  shipments: number;
}

function openOrder(stream: Horizon, arrival: Arrival): OpenOrder {
  const { order, day } = arrival;
  return { order, day, lastDay: lastDayOf(stream, arrival), left: [...order.lines.keys()], shipments: 0 };
}

function todayOf(stream: Horizon, day: number, shelves: ReadonlyMap<string, Shelf>, open: readonly OpenOrder[]): Today {
  const nodes = stream.problem.nodes.map((node) => {
    const { shared, reserved } = shelves.get(node.id)!;
    const ofChannels = Object.fromEntries([...reserved].map(([channel, skus]) => [channel, Object.fromEntries(skus)]));
    return { ...node, stock: Object.fromEntries(shared), ...(node.reserved === undefined ? {} : { reserved: ofChannels }) };
  });
  return {
    day,
    days: stream.days - day,
    problem: { ...stream.problem, name: `${stream.problem.name}, day ${day}`, nodes, orders: open.map((each) => remainder(each, day)) },
    patience: open.map(({ lastDay }) => lastDay - day),
    receipts: stream.receipts.filter((receipt) => receipt.day > day).map((receipt) => ({ ...receipt, day: receipt.day - day })),
  };
}

/** What is left of an order on a day: its open lines, promised that many days sooner. */
function remainder({ order, day: first, left, shipments }: OpenOrder, day: number): ProblemOrder {
  const waited = day - first;
  if (waited === 0) return order;
  return {
    ...order,
    promiseDay: order.promiseDay - waited,
    ...(order.maxShipments === undefined ? {} : { maxShipments: order.maxShipments - shipments }),
    lines: left.map((index) => {
      const line = order.lines[index]!;
      return line.promiseDay === undefined ? line : { ...line, promiseDay: line.promiseDay - waited };
    }),
  };
}

/** Books the day's shipments; returned is what orders that had a shipment on an earlier day pay for one more. */
function ship(
  shelves: ReadonlyMap<string, Shelf>,
  problem: SourcingProblem,
  open: readonly OpenOrder[],
  shipments: readonly PlanShipment[],
): number {
  const numberOf = new Map(problem.orders.map(({ id }, index) => [id, index]));
  const shipped = new Map<number, Set<number>>();
  let again = 0;
  for (const { order: id, node, lines } of shipments) {
    const at = numberOf.get(id)!;
    const { channel, splitCost, lines: given } = problem.orders[at]!;
    for (const index of lines) take(shelves.get(node)!, channel, given[index]!.sku, given[index]!.units);
    const known = shipped.get(at);
    if (known === undefined && open[at]!.shipments > 0) again += splitCost;
    shipped.set(at, new Set([...(known ?? []), ...lines]));
  }
  for (const { order: id } of shipments) open[numberOf.get(id)!]!.shipments++;
  for (const [at, lines] of shipped) open[at]!.left = open[at]!.left.filter((_, index) => !lines.has(index));
  return again;
}

/** A channel takes its reservation first. */
function take({ shared, reserved }: Shelf, channel: string, sku: string, units: number): void {
  const own = reserved.get(channel);
  const first = Math.min(units, own?.get(sku) ?? 0);
  if (own !== undefined && first > 0) add(own, sku, -first);
  if (units > first) add(shared, sku, first - units);
}

function stays({ order, lastDay, left, shipments }: OpenOrder, day: number): boolean {
  return lastDay > day && left.length > 0 && shipments < (order.maxShipments ?? Infinity);
}

function sumOf(costs: readonly CostByTerm[]): CostByTerm {
  const sum = (term: (cost: CostByTerm) => number): number => costs.reduce((total, cost) => total + term(cost), 0);
  return {
    total: sum(({ total }) => total),
    shipping: sum(({ shipping }) => shipping),
    labor: sum(({ labor }) => labor),
    lateness: sum(({ lateness }) => lateness),
    split: sum(({ split }) => split),
    unfilled: sum(({ unfilled }) => unfilled),
  };
}
