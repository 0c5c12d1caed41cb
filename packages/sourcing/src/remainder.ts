import { ownValue } from './id-record.ts';
import type { PlanShipment } from './plan.ts';
import type { LaborTier, ProblemNode, ProblemOrder, SourcingProblem } from './problem.ts';

/**
 * The problem of some of the orders, with what the shipments of others leave of stock, reservations, caps and minutes.
 * A plan of it beside those shipments is a plan of the whole; the costs of both add up.
 */
export function remainderProblem(
  problem: SourcingProblem,
  orders: readonly ProblemOrder[],
  others: readonly PlanShipment[],
): SourcingProblem {
  return remainderAfter(problem, orders, useByNode(problem, others));
}

/** The same, where what the others take is known already. */
export function remainderAfter(
  problem: SourcingProblem,
  orders: readonly ProblemOrder[],
  usedAt: ReadonlyMap<string, NodeTake>,
): SourcingProblem {
  const wanted = new Set(orders.flatMap(({ lines }) => lines.map(({ sku }) => sku)));
  return {
    ...problem,
    skus: problem.skus.filter(({ id }) => wanted.has(id)),
    nodes: problem.nodes.map((node) => leftAt(node, wanted, usedAt.get(node.id) ?? emptyUse())),
    orders: [...orders],
  };
}

/** What shipments take at one node. */
export interface NodeTake {
  /** Units by SKU and channel. */
  readonly units: Map<string, Map<string, number>>;
  readonly sent: Map<string, number>;
  minutes: number;
}

function emptyUse(): NodeTake {
  return { units: new Map(), sent: new Map(), minutes: 0 };
}

/** What shipments take, by node. */
export function useByNode(problem: SourcingProblem, shipments: readonly PlanShipment[]): Map<string, NodeTake> {
  const orderOf = new Map(problem.orders.map((order) => [order.id, order]));
  const nodeOf = new Map(problem.nodes.map((node) => [node.id, node]));
  const uses = new Map<string, NodeTake>();
  for (const { order: id, node, service, lines } of shipments) {
    const order = orderOf.get(id);
    const labor = nodeOf.get(node)?.labor;
    if (order === undefined || labor === undefined) continue;
    const use = uses.get(node) ?? emptyUse();
    uses.set(node, use);
    use.sent.set(service, (use.sent.get(service) ?? 0) + 1);
    use.minutes += labor.minutesPerShipment;
    for (const line of lines) {
      const { sku, units } = order.lines[line]!;
      const byChannel = use.units.get(sku) ?? new Map<string, number>();
      use.units.set(sku, byChannel.set(order.channel, (byChannel.get(order.channel) ?? 0) + units));
      use.minutes += labor.minutesPerLine + labor.minutesPerUnit * units;
    }
  }
  return uses;
}

function leftAt(node: ProblemNode, wanted: ReadonlySet<string>, use: NodeTake): ProblemNode {
  const reservedOf = (channel: string, sku: string): number => ownValue(ownValue(node.reserved, channel), sku) ?? 0;
  const wantedOf = (units: Readonly<Record<string, number>>): [string, number][] =>
    Object.entries(units).filter(([sku]) => wanted.has(sku));
  const stock = wantedOf(node.stock).map(([sku, units]): [string, number] => {
    let shared = 0;
    for (const [channel, used] of use.units.get(sku) ?? []) shared += Math.max(0, used - reservedOf(channel, sku));
    return [sku, Math.max(0, units - shared)];
  });
  const reserved = Object.entries(node.reserved ?? {}).map(([channel, units]): [string, Record<string, number>] => [
    channel,
    Object.fromEntries(
      wantedOf(units).map(([sku, own]): [string, number] => [sku, Math.max(0, own - (use.units.get(sku)?.get(channel) ?? 0))]),
    ),
  ]);
  const caps = Object.entries(node.maxShipments ?? {}).map(([service, most]): [string, number] => [
    service,
    Math.max(0, most - (use.sent.get(service) ?? 0)),
  ]);
  return {
    ...node,
    stock: Object.fromEntries(stock),
    ...(reserved.length > 0 ? { reserved: Object.fromEntries(reserved) } : {}),
    ...(caps.length > 0 ? { maxShipments: Object.fromEntries(caps) } : {}),
    labor: { ...node.labor, tiers: tiersAfter(node.labor.tiers, use.minutes) },
  };
}

function tiersAfter(tiers: readonly LaborTier[], used: number): LaborTier[] {
  let gone = used;
  const left = tiers.map(({ minutes, costPerMinute }) => {
    if (minutes === null) return { minutes, costPerMinute };
    const taken = Math.min(gone, minutes);
    gone -= taken;
    return { minutes: minutes - taken, costPerMinute };
  });
  const open = left.filter(({ minutes }) => minutes !== 0);
  return open.length > 0 ? open : left.slice(-1);
}
