import {
  baselines,
  solve,
  type Override,
  type PlanShipment,
  type ProblemNode,
  type ProblemOrder,
  type SolveOptions,
  type SolveResult,
  type SourcingPlan,
  type SourcingProblem,
} from '@quartermaster/sourcing';
import { linesTogether } from './kit-parts.ts';

// A kit leaves from one node: it is one line of the ERP's order, and a line has one delivery. The optimizer knows that the parts of a kit go all or none, not that they go from one node; so where a plan
// divides a kit, the kit is given a node, and it is planned again.

/** Nodes that may have the lines of a kit from now on, one or none: by order and line. */
type Pins = ReadonlyMap<string, ReadonlyMap<number, readonly string[]>>;

const noPins: Pins = new Map();

/** After so many plans every kit has its node: the one more is the last. */
const mostPlans = 4;

/** What of a time limit the first plan may take where kits may have to be planned again. */
const firstShare = 0.75;

/**
 * Solves a problem such that every kit leaves from one node, or waits. Where a plan divides a kit, it is given the node that makes it whole for least of what the other orders leave, else of what there is at
 * all, else none; then everything is planned again, at most four times. Bound, gap and certificate are those of the plans that may divide kits, so they hold. Without kits it is `solve`.
 */
export async function solveWhole(problem: SourcingProblem, options: SolveOptions = {}): Promise<SolveResult> {
  if (!hasKits(problem)) return solve(problem, options);
  const { timeLimitMs, now = () => performance.now(), overrides = [] } = options;
  const since = timeLimitMs === undefined ? 0 : now();
  const within = (share: number) => (timeLimitMs === undefined ? {} : { timeLimitMs: Math.max(1, timeLimitMs * share - (now() - since)) });
  const first = await solve(problem, { ...options, ...within(firstShare) });
  let [last, pins] = [first, noPins];
  for (let round = 1; round <= mostPlans; round++) {
    const more = morePins(problem, last.plan, pins, { overrides, all: round === mostPlans });
    if (more === null) break;
    pins = more;
    last = await solve(pinned(problem, pins), { incumbent: { plan: last.plan }, ...options, ...within(1) });
  }
  return last === first ? first : boundedBy(first, last);
}

/** A rule's plan such that every kit leaves from one node, or waits; found as `solveWhole` finds it. */
export function planWhole(problem: SourcingProblem, planOf: (problem: SourcingProblem) => SourcingPlan): SourcingPlan {
  let [plan, pins] = [planOf(problem), noPins];
  for (let round = 1; round <= mostPlans; round++) {
    const more = morePins(problem, plan, pins, { overrides: [], all: round === mostPlans });
    if (more === null) return plan;
    pins = more;
    plan = planOf(pinned(problem, pins));
  }
  return plan;
}

/** Whether a plan ships a kit from several nodes. */
export function dividesKit(problem: SourcingProblem, plan: Pick<SourcingPlan, 'shipments'>): boolean {
  const shipments = Map.groupBy(plan.shipments, ({ order }) => order);
  return problem.orders.some((order) => kitsOf(order).some((kit) => nodesOf(kit, shipments.get(order.id) ?? []).size > 1));
}

type Which = { readonly overrides: readonly Override[]; readonly all: boolean };

/** The pins with those of kits that the plan divides (or of `all` that have none yet); null where there is nothing to pin. */
function morePins(problem: SourcingProblem, plan: SourcingPlan, pins: Pins, { overrides, all }: Which): Pins | null {
  const decided = new Set(overrides.flatMap((each) => (each.kind === 'forbid' ? [] : [each.order])));
  const shipments = Map.groupBy(plan.shipments, ({ order }) => order);
  if (!dividesKit(problem, plan)) return null;
  const taken = takenOf(problem, plan);
  const more = new Map<string, ReadonlyMap<number, readonly string[]>>();
  for (const order of problem.orders) {
    if (decided.has(order.id)) continue;
    const own = shipments.get(order.id) ?? [];
    const known = pins.get(order.id) ?? new Map<number, readonly string[]>();
    const kits = kitsOf(order).filter(([line = 0]) => !known.has(line));
    const homeless = kits.filter((kit) => nodesOf(kit, own).size > 1 || (all && nodesOf(kit, own).size === 0));
    const atHome = all ? kits.filter((kit) => nodesOf(kit, own).size === 1) : [];
    if (homeless.length + atHome.length === 0) continue;
    taken.take(order, own, -1);
    const nodes = nodesFor(problem, order, homeless, { taken, overrides });
    taken.take(order, nodes.shipments, 1);
    const fresh = [...nodes.of, ...atHome.map((kit) => [kit, [...nodesOf(kit, own)]] as const)];
    more.set(order.id, new Map([...known, ...fresh.flatMap(([kit, at]) => kit.map((line) => [line, at] as const))]));
  }
  return more.size === 0 ? null : new Map([...pins, ...more]);
}

/** Numbers of the lines of each kit that takes from several shelves. */
function kitsOf(order: ProblemOrder): number[][] {
  if (order.lines.every(({ ext }) => ext === undefined)) return [];
  return linesTogether(order).filter((lines) => lines.length > 1);
}

function hasKits({ orders }: SourcingProblem): boolean {
  return orders.some((order) => kitsOf(order).length > 0);
}

function nodesOf(kit: readonly number[], shipments: readonly PlanShipment[]): Set<string> {
  return new Set(shipments.flatMap(({ node, lines }) => (lines.some((line) => kit.includes(line)) ? [node] : [])));
}

function pinned(problem: SourcingProblem, pins: Pins): SourcingProblem {
  return {
    ...problem,
    orders: problem.orders.map((order) => {
      const nodes = pins.get(order.id);
      if (nodes === undefined) return order;
      return {
        ...order,
        lines: order.lines.map((line, number) => {
          const at = nodes.get(number);
          return at === undefined ? line : { ...line, eligibleNodes: [...at] };
        }),
      };
    }),
  };
}

type Chosen = {
  readonly of: readonly (readonly [kit: readonly number[], nodes: readonly string[]])[];
  /** What the order then takes. */
  readonly shipments: readonly PlanShipment[];
};

/**
 * The node of each kit of an order: planned alone, at the least cost, each kit as one thing that a node has where it has all of its parts. First of what others leave, then of what there is; a kit that no node
 * can make gets none.
 */
function nodesFor(
  problem: SourcingProblem,
  order: ProblemOrder,
  kits: readonly number[][],
  { taken, overrides }: { readonly taken: Taken; readonly overrides: readonly Override[] },
): Chosen {
  const inKit = new Set(kits.flat());
  const groups = linesTogether(order).flatMap((lines) => (inKit.has(lines[0] ?? -1) ? [lines] : lines.map((line) => [line])));
  const planned = (free: Free) => {
    const alone = aloneWith(problem, order, groups, { free, overrides });
    return baselines['cheapest-first'](alone).plan.shipments.map((each) => ({
      ...each,
      lines: each.lines.flatMap((at) => groups[at] ?? []),
    }));
  };
  const left = planned((node, sku) => taken.left(node, sku, order.channel));
  const missing = kits.some((kit) => nodesOf(kit, left).size === 0);
  const owned = missing ? planned((node, sku) => ownedUnits(node, sku, order.channel)) : left;
  const of = kits.map((kit) => {
    const here = nodesOf(kit, left);
    return [kit, [...(here.size > 0 ? here : nodesOf(kit, owned))]] as const;
  });
  return { of, shipments: left };
}

type Free = (node: ProblemNode, sku: string) => number;

/** The problem of one order, in which every group of lines is one line, and nodes have of it what is free of all of its parts. */
function aloneWith(
  problem: SourcingProblem,
  order: ProblemOrder,
  groups: readonly number[][],
  { free, overrides }: { readonly free: Free; readonly overrides: readonly Override[] },
): SourcingProblem {
  const weights = new Map(problem.skus.map((sku) => [sku.id, sku]));
  const forbidden = overrides.flatMap((each) => (each.kind === 'forbid' && each.order === order.id ? [each] : []));
  const isForbidden = (from: string, service: string) =>
    forbidden.some((each) => (each.node ?? from) === from && (each.service ?? service) === service);
  const things = groups.map((group, index) => {
    const lines = group.flatMap((number) => order.lines[number] ?? []);
    const sum = (of: (line: ProblemOrder['lines'][number]) => number) => lines.reduce((total, line) => total + of(line), 0);
    const {
      sku: _sku,
      units: _units,
      ext: _ext,
      eligibleNodes: _nodes,
      ...first
    } = lines[0] ?? { sku: '', units: 1, unfilledCostPerUnit: 0 };
    const nodes = lines.flatMap(({ eligibleNodes }) => (eligibleNodes === undefined ? [] : [eligibleNodes]));
    const unfilledCostPerUnit = sum((line) => line.units * line.unfilledCostPerUnit);
    return {
      lines,
      sku: {
        id: String(index),
        weightKg: sum((line) => line.units * (weights.get(line.sku)?.weightKg ?? 0)),
        volumeL: sum((line) => line.units * (weights.get(line.sku)?.volumeL ?? 0)),
      },
      line: {
        ...first,
        sku: String(index),
        units: 1,
        unfilledCostPerUnit,
        ...(nodes.length === 0 ? {} : { eligibleNodes: (nodes[0] ?? []).filter((node) => nodes.every((each) => each.includes(node))) }),
      },
    };
  });
  return {
    ...problem,
    skus: things.map(({ sku }) => sku),
    nodes: problem.nodes.map(({ reserved: _reserved, ...node }) => ({
      ...node,
      stock: Object.fromEntries(
        things.flatMap(({ sku, lines }) => (lines.every((line) => free(node, line.sku) >= line.units) ? [[sku.id, 1]] : [])),
      ),
    })),
    services: problem.services.map((service) => ({
      ...service,
      lanes: service.lanes.filter(({ from, to }) => to === order.zone && !isForbidden(from, service.id)),
    })),
    orders: [{ ...order, lines: things.map(({ line }) => line) }],
  };
}

/** What a plan takes from shelves, and what that leaves to a channel. */
type Taken = {
  readonly take: (order: ProblemOrder, shipments: readonly PlanShipment[], times: 1 | -1) => void;
  readonly left: (node: ProblemNode, sku: string, channel: string) => number;
};

function takenOf(problem: SourcingProblem, plan: SourcingPlan): Taken {
  const units = new Map<string, Map<string, number>>();
  const take: Taken['take'] = ({ channel, lines }, shipments, times) => {
    for (const { node, lines: numbers } of shipments)
      for (const line of numbers.flatMap((number) => lines[number] ?? [])) {
        const key = JSON.stringify([node, line.sku]);
        const of = units.get(key) ?? new Map<string, number>();
        units.set(key, of.set(channel, (of.get(channel) ?? 0) + times * line.units));
      }
  };
  const orders = new Map(problem.orders.map((order) => [order.id, order]));
  for (const shipment of plan.shipments) {
    const order = orders.get(shipment.order);
    if (order !== undefined) take(order, [shipment], 1);
  }
  return {
    take,
    left(node, sku, channel) {
      let shared = ownedUnits(node, sku, null);
      const own = ownedUnits(node, sku, channel) - shared;
      const users = units.get(JSON.stringify([node.id, sku])) ?? new Map<string, number>();
      for (const [user, used] of users) shared -= Math.max(0, used - (ownedUnits(node, sku, user) - ownedUnits(node, sku, null)));
      return shared + Math.max(0, own - (users.get(channel) ?? 0));
    },
  };
}

/** Units that a node has for all channels, and with what it keeps for one. */
function ownedUnits({ stock, reserved }: ProblemNode, sku: string, channel: string | null): number {
  const valueOf = <Value>(record: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined =>
    record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
  return (valueOf(stock, sku) ?? 0) + (channel === null ? 0 : (valueOf(valueOf(reserved, channel), sku) ?? 0));
}

/** The last plan with what the first one proved: no plan costs less, whether it divides kits or not. */
function boundedBy(first: SolveResult, last: SolveResult): SolveResult {
  const { total } = last.objective;
  const bound = Math.min(first.bound, total);
  const gap = total === 0 ? 0 : (total - bound) / total;
  const { claim, certificate } = first.plan;
  const lowerBound = Math.min(claim?.lowerBound ?? 0, last.cost.total);
  const { certificate: _certificate, ...plan } = last.plan;
  return {
    ...last,
    plan: { ...plan, claim: { ...claim, totalCost: last.cost.total, lowerBound }, ...(certificate === undefined ? {} : { certificate }) },
    bound,
    certifiedBound: Math.min(first.certifiedBound, last.cost.total),
    gap,
    method: last.method === 'exact' && gap > 1e-9 ? 'search' : last.method,
    reasons: [
      'the best plan found divided kits over nodes: each of those was given one node, and the bound is that of plans that may divide them',
      ...last.reasons.map((reason) => `with these nodes: ${reason}`),
    ],
  };
}
