import { z } from 'zod';
import { isBanned, type Ban } from './bans.ts';
import { compile, poolsOfChannel, stockRow, type Compiled } from './compile.ts';
import { bookIfFits, emptyLedger, minuteLimit, shipmentMinutes, type Ledger, type Shipment } from './ledger.ts';
import { readShipments } from './plan-shipments.ts';
import type { PlanShipment } from './plan.ts';
import { pathText, SourcingInputError, type InputIssue, type LaborTier, type ProblemNode, type SourcingProblem } from './problem.ts';

const id = z.string();
const shipment = z.strictObject({ node: id, service: id, lines: z.array(z.int().nonnegative()).min(1) });
const override = z.discriminatedUnion('kind', [
  z.strictObject({ id, kind: z.literal('fix'), order: id, shipments: z.array(shipment).min(1) }),
  z.strictObject({ id, kind: z.literal('hold'), order: id }),
  z.strictObject({ id, kind: z.literal('forbid'), order: id, node: id.optional(), service: id.optional() }),
]);
const overrides = z.array(override);

/**
 * A decision that somebody has taken already, known by its id. `fix`: the order ships exactly so (lines in no shipment stay open). `hold`: the order ships nothing now.
 * `forbid`: the order ships nothing from the node, by the service, or from the node by the service.
 */
export type Override = z.infer<typeof override>;

/** What overrides make of a problem. */
export interface Overridden {
  /** The problem of the orders that are still to be decided, with the stock, reservations, caps and minutes that the decided ones leave. */
  readonly problem: SourcingProblem;
  /** The shipments of the fixed orders. */
  readonly decided: readonly PlanShipment[];
  /** By order id. */
  readonly bans: ReadonlyMap<string, readonly Ban[]>;
}

/**
 * Takes the overrides out of the problem.
 *
 * @throws SourcingInputError with the path of each override (from `overrides`) that is unknown in its parts, impossible, or against another one
 */
export function withOverrides(problem: SourcingProblem, given: readonly Override[]): Overridden {
  const parsed = overrides.safeParse(given);
  if (!parsed.success)
    throw new SourcingInputError(parsed.error.issues.map(({ path, message }) => ({ path: pathText(['overrides', ...path]), message })));
  const issues: InputIssue[] = [];
  const refuse: Refuse = (path, message) => issues.push({ path: pathText(['overrides', ...path]), message });
  const compiled = compile(problem);
  const orders = new Map(problem.orders.map((order, index) => [order.id, index]));
  checkReferences(compiled, orders, parsed.data, refuse);
  const bans = bansOf(parsed.data);
  const ledger = emptyLedger(compiled);
  const decidedBy = new Map<string, Override>();
  const decided: PlanShipment[] = [];
  for (const [at, each] of parsed.data.entries()) {
    const order = orders.get(each.order);
    if (each.kind === 'forbid' || order === undefined) continue;
    const other = decidedBy.get(each.order);
    if (other !== undefined) {
      refuse([at, 'order'], `The override ${JSON.stringify(other.id)} has decided about this order already`);
      continue;
    }
    decidedBy.set(each.order, each);
    if (each.kind === 'hold') continue;
    const read = readShipments(compiled, order, each.shipments);
    if (read.kind === 'impossible') refuse([at, 'shipments', ...(read.at === undefined ? [] : [read.at])], read.why);
    else if (!bookIfFits(ledger, order, read.shipments)) refuse([at, 'shipments'], whatIsShort(compiled, ledger, order, read.shipments));
    for (const [number, { node, service, lines }] of each.shipments.entries()) {
      if (isBanned(bans.get(each.order), node, service))
        refuse([at, 'shipments', number], `Another override forbids ${node} by ${service} to this order`);
      decided.push({ order: each.order, node, service, lines: [...lines].sort((left, right) => left - right) });
    }
  }
  if (issues.length > 0) throw new SourcingInputError(issues);
  const left = problem.orders.filter((order) => !decidedBy.has(order.id));
  return {
    problem: { ...problem, orders: left, nodes: problem.nodes.map((node, index) => whatIsLeft(compiled, ledger, node, index)) },
    decided,
    bans,
  };
}

type Refuse = (path: readonly PropertyKey[], message: string) => void;

function checkReferences(
  { nodeIndex, serviceIndex }: Compiled,
  orders: ReadonlyMap<string, number>,
  given: readonly Override[],
  refuse: Refuse,
): void {
  const ids = new Set<string>();
  for (const [at, each] of given.entries()) {
    if (ids.has(each.id)) refuse([at, 'id'], `Duplicate id ${JSON.stringify(each.id)}`);
    ids.add(each.id);
    if (!orders.has(each.order)) refuse([at, 'order'], `Unknown order ${JSON.stringify(each.order)}`);
    if (each.kind !== 'forbid') continue;
    if (each.node === undefined && each.service === undefined) refuse([at], 'What is forbidden is a node, a service, or both');
    if (each.node !== undefined && !nodeIndex.has(each.node)) refuse([at, 'node'], `Unknown node ${JSON.stringify(each.node)}`);
    if (each.service !== undefined && !serviceIndex.has(each.service))
      refuse([at, 'service'], `Unknown service ${JSON.stringify(each.service)}`);
  }
}

function bansOf(given: readonly Override[]): Map<string, Ban[]> {
  const bans = new Map<string, Ban[]>();
  for (const each of given) if (each.kind === 'forbid') bans.set(each.order, [...(bans.get(each.order) ?? []), each]);
  return bans;
}

/** In words, why shipments that are possible for the order alone do not fit into what the ledger leaves. */
function whatIsShort(compiled: Compiled, ledger: Ledger, order: number, shipments: readonly Shipment[]): string {
  const { nodes, services } = compiled.problem;
  const channel = compiled.problem.orders[order]!.channel;
  const slots = new Map<number, number>();
  const minutes = new Map<number, number>();
  for (const { node, service, slot, lines } of shipments) {
    const sent = (slots.get(slot) ?? 0) + 1;
    slots.set(slot, sent);
    if (slot >= 0 && ledger.slotUsed[slot]! + sent > compiled.slots[slot]!.limit)
      return `${nodes[node]!.id} may send no more than ${compiled.slots[slot]!.limit} shipments by ${services[service]!.id}`;
    const added = (minutes.get(node) ?? 0) + shipmentMinutes(compiled, order, node, lines);
    minutes.set(node, added);
    if (ledger.minutes[node]! + added > minuteLimit(compiled, node)) return `${nodes[node]!.id} has not enough minutes of labor left`;
  }
  const { lines } = compiled.problem.orders[order]!;
  const asked = shipments.map(
    ({ node, lines: own }) => `${own.map((line) => `${lines[line]!.units} ${lines[line]!.sku}`).join(', ')} from ${nodes[node]!.id}`,
  );
  return `Not enough stock is left for the channel ${channel}: ${asked.join('; ')}`;
}

/** The node with what the ledger leaves of its stock, reservations, caps and cheapest minutes. */
function whatIsLeft(compiled: Compiled, ledger: Ledger, node: ProblemNode, index: number): ProblemNode {
  const less = (units: Readonly<Record<string, number>>, used: (sku: number) => number): Record<string, number> =>
    Object.fromEntries(
      Object.entries(units).map(([skuId, count]) => {
        const sku = compiled.skuIndex.get(skuId);
        return [skuId, sku === undefined ? count : Math.max(0, count - used(sku))];
      }),
    );
  return {
    ...node,
    stock: less(node.stock, (sku) => ledger.sharedUsed[stockRow(compiled, index, sku)]!),
    ...(node.reserved === undefined
      ? {}
      : {
          reserved: Object.fromEntries(
            Object.entries(node.reserved).map(([channel, units]) => [
              channel,
              less(units, (sku) => ledger.poolUsed[poolsOfChannel(compiled, channel)![stockRow(compiled, index, sku)]!]!),
            ]),
          ),
        }),
    ...(node.maxShipments === undefined
      ? {}
      : {
          maxShipments: Object.fromEntries(
            Object.entries(node.maxShipments).map(([service, limit]) => [
              service,
              limit - ledger.slotUsed[compiled.slotOf[index * compiled.problem.services.length + compiled.serviceIndex.get(service)!]!]!,
            ]),
          ),
        }),
    labor: { ...node.labor, tiers: tiersAfter(node.labor.tiers, ledger.minutes[index]!) },
  };
}

/** The tiers behind the first `minutes`; a finite last tier stays, be it of nothing. */
function tiersAfter(tiers: readonly LaborTier[], minutes: number): LaborTier[] {
  let used = minutes;
  const left = tiers.flatMap((tier): LaborTier[] => {
    if (tier.minutes === null) return [tier];
    const taken = Math.min(used, tier.minutes);
    used -= taken;
    return taken < tier.minutes ? [{ ...tier, minutes: tier.minutes - taken }] : [];
  });
  return left.length > 0 ? left : [{ ...tiers.at(-1)!, minutes: 0 }];
}
