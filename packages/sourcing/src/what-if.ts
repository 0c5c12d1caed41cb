import { holdersOf, type Lack } from './alternatives.ts';
import { lagrangianBound } from './bound.ts';
import { auditShipments, type CostByTerm } from './cost.ts';
import { ownCost } from './draft.ts';
import { isExact } from './order-table.ts';
import { resolveBeside, rivalsOf, whoMustMove, type ResolveOptions } from './neighbourhood.ts';
import type { PlanShipment, SourcingPlan } from './plan.ts';
import { costAtPrices, namedShipment, planView, type PlanView, type PricedShipment } from './plan-view.ts';
import { orderBound } from './pricer.ts';
import { parsedOnce, type ProblemOrder, type SourcingProblem } from './problem.ts';
import { cheapestShipments, hasOnePlanWithin, mustShip } from './order-variants.ts';

/** What one order is forced to: these shipments, nothing at all, or as much as possible by a node, a service, or a number of shipments. */
export type Force = { readonly order: string } & (
  | { readonly wait: true }
  | { readonly shipments: readonly Pick<PlanShipment, 'node' | 'service' | 'lines'>[] }
  | { readonly node?: string; readonly service?: string; readonly maxShipments?: number }
);

/** An order whose shipments are others than before. `ownChange` is what it pays more itself, without labor, which is the whole node's. */
export interface MovedOrder {
  readonly order: string;
  readonly before: readonly PlanShipment[];
  readonly after: readonly PlanShipment[];
  readonly ownChange: number;
}

/**
 * What forcing one order does to all. `change` is the cost of the new plan less that of the given one: the changes of the moved orders and `laborChange` add up to it.
 *
 * `certainty`: 'resolved', the neighbourhood was solved again and more orders might do better still; 'proven', nothing can. No plan that obeys the force has a change below `atLeast`.
 */
export type WhatIf =
  | { readonly kind: 'impossible'; readonly lacks: readonly Lack[]; readonly words: string }
  | {
      readonly kind: 'possible';
      readonly certainty: 'resolved' | 'proven';
      readonly change: number;
      readonly atLeast: number;
      /** What shadow prices alone say of the change, before anything is solved again. */
      readonly estimate: number;
      /** What the same effort saves without the force: above 0 where the given plan could be better around here. */
      readonly improvable: number;
      readonly moved: readonly MovedOrder[];
      readonly laborChange: number;
      readonly plan: SourcingPlan;
      readonly cost: CostByTerm;
      readonly words: string;
    };

/**
 * Forces one order of a plan, solves its neighbourhood again, and tells what that costs and who else moves.
 *
 * Those who hold what the forced order needs are let go first, who loses least first; then rivals for contested stock, up to `options.orders`. Everybody else keeps what they have.
 *
 * @throws SourcingInputError where the problem is not valid, CertificateError where the plan does not fit it, RangeError where the order is unknown
 */
export async function whatIf(problem: SourcingProblem, plan: SourcingPlan, force: Force, options: ResolveOptions = {}): Promise<WhatIf> {
  const parsed = parsedOnce(problem);
  const view = planView(parsed, plan);
  const order = parsed.orders.findIndex(({ id }) => id === force.order);
  if (order < 0) throw new RangeError(`There is no order ${JSON.stringify(force.order)}.`);
  const holders = holdersOf(view);
  const forced = forcedShipments(view, order, force);
  if (forced === undefined) return { kind: 'impossible', lacks: [], words: `No way of ${force.order} is as it is forced to be.` };
  const before = auditShipments(parsed, plan.shipments).cost;
  const released = whoMustMove(view, holders, order, forced);
  if (released.lacks.length > 0)
    return { kind: 'impossible', lacks: released.lacks, words: `There is not enough for ${force.order}, even if all others let go.` };
  const most = options.orders ?? 40;
  const around = rivalsOf(view, holders, [order, ...released.orders], Math.max(most, released.orders.length + 1)).filter(
    (each) => each !== order,
  );
  const freed = new Set(around.map((each) => parsed.orders[each]!.id));
  const kept = plan.shipments.filter((each) => each.order !== force.order && !freed.has(each.order));
  const forcedByIds = forced.map(({ node, service, lines }) => ({
    order: force.order,
    node: parsed.nodes[node]!.id,
    service: parsed.services[service]!.id,
    lines: [...lines],
  }));
  const after = await resolveBeside(parsed, freed, [...kept, ...forcedByIds], options);
  const unforced = await resolveBeside(parsed, new Set([...freed, force.order]), kept, options);
  const change = after.cost.total - before.total;
  const improvable = Math.max(0, before.total - unforced.cost.total);
  const atPrices = costAtPrices(view, order, forced).total;
  const wholeBound = lagrangianBound(view.given, view.prices) - view.idleValue;
  const obeying = isExact(view.given.compiled, order) ? atPrices - orderBound(view.given, order, view.prices) : 0;
  const byPrices = Math.min(change, wholeBound + obeying - before.total);
  const isSure =
    after.proven &&
    freed.size === parsed.orders.length - 1 &&
    ('wait' in force || 'shipments' in force || hasOnePlanWithin(view, narrowedOrder(parsed.orders[order]!, force), change - byPrices));
  const atLeast = isSure ? change : byPrices;
  const moved = movedOrders(view, plan.shipments, after.shipments);
  const laborChange = after.cost.labor - before.labor;
  return {
    kind: 'possible',
    certainty: change - atLeast <= 1e-6 * Math.max(1, before.total) ? 'proven' : 'resolved',
    change,
    atLeast,
    estimate: atPrices - costAtPrices(view, order, view.shipmentsOf.get(order) ?? []).total,
    improvable,
    moved,
    laborChange,
    plan: {
      format: 'quartermaster/sourcing-plan@1',
      problem: parsed.name,
      shipments: [...after.shipments],
      claim: { totalCost: after.cost.total },
    },
    cost: after.cost,
    words: wordsOf(parsed, force.order, { change, improvable, moved, laborChange }),
  };
}

/** What lies between two plans of a problem: `change` is the cost of the second less that of the first, and the moved orders' own changes and the labor add up to it. */
export interface PlanDifference {
  readonly change: number;
  readonly moved: readonly MovedOrder[];
  readonly laborChange: number;
}

/**
 * Compares two plans of a problem, order by order.
 *
 * @throws SourcingInputError where the problem is not valid, CertificateError where a plan does not fit it
 */
export function planDifference(problem: SourcingProblem, before: SourcingPlan, after: SourcingPlan): PlanDifference {
  const view = planView(problem, before);
  planView(problem, after);
  const [was, is] = [before, after].map(({ shipments }) => auditShipments(view.given.compiled.problem, shipments).cost);
  return {
    change: is!.total - was!.total,
    moved: movedOrders(view, before.shipments, after.shipments),
    laborChange: is!.labor - was!.labor,
  };
}

/** The shipments that the force means: the cheapest at the prices that obey it; undefined where there are none. */
function forcedShipments(view: PlanView, order: number, force: Force): PricedShipment[] | undefined {
  const { compiled } = view.given;
  if ('wait' in force) return [];
  if ('shipments' in force) {
    const named = force.shipments.map((each) => namedShipment(compiled, order, each));
    return named.some((each) => each === undefined) ||
      auditShipments(
        { ...compiled.problem },
        force.shipments.map((each) => ({ ...each, order: force.order, lines: [...each.lines] })),
      ).errors.length > 0
      ? undefined
      : named.flatMap((each) => each ?? []);
  }
  const narrowed = narrowedOrder(compiled.problem.orders[order]!, force);
  const shipments = cheapestShipments(view, narrowed);
  return shipments.length === 0 ? undefined : shipments.map((each) => namedShipment(compiled, order, each)!);
}

/** A force that leaves a choice. */
type OpenForce = Extract<Force, { readonly node?: string }>;

/** The order with only what the force allows, shipped as far as possible. */
function narrowedOrder(given: ProblemOrder, { node, service, maxShipments }: OpenForce): ProblemOrder {
  const narrowed = {
    ...given,
    ...(node === undefined ? {} : { eligibleNodes: given.eligibleNodes?.includes(node) === false ? [] : [node] }),
    ...(service === undefined ? {} : { services: given.services?.includes(service) === false ? [] : [service] }),
    ...(maxShipments === undefined ? {} : { maxShipments: Math.min(maxShipments, given.maxShipments ?? Infinity) }),
  };
  return mustShip(narrowed, () => true);
}

function movedOrders({ given }: PlanView, before: readonly PlanShipment[], after: readonly PlanShipment[]): MovedOrder[] {
  const { compiled } = given;
  const [was, is] = [byOrder(before), byOrder(after)];
  return compiled.problem.orders.flatMap(({ id }, order): MovedOrder[] => {
    const [old, now] = [was.get(id) ?? [], is.get(id) ?? []];
    if (sameShipments(old, now)) return [];
    const costOf = (shipments: readonly PlanShipment[]): number =>
      ownCost(
        compiled,
        order,
        shipments.map((each) => namedShipment(compiled, order, each)!),
      );
    return [{ order: id, before: old, after: now, ownChange: costOf(now) - costOf(old) }];
  });
}

function byOrder(shipments: readonly PlanShipment[]): Map<string, PlanShipment[]> {
  const found = new Map<string, PlanShipment[]>();
  for (const shipment of shipments) found.set(shipment.order, [...(found.get(shipment.order) ?? []), shipment]);
  return found;
}

function sameShipments(left: readonly PlanShipment[], right: readonly PlanShipment[]): boolean {
  return left.length === right.length && left.every((one) => right.some((other) => sameShipment(one, other)));
}

function sameShipment(left: PlanShipment, right: PlanShipment): boolean {
  const lines = new Set(left.lines);
  return (
    left.node === right.node &&
    left.service === right.service &&
    left.lines.length === right.lines.length &&
    right.lines.every((line) => lines.has(line))
  );
}

const mostTold = 5;

function wordsOf(
  { currency }: SourcingProblem,
  forced: string,
  {
    change,
    improvable,
    moved,
    laborChange,
  }: Pick<Extract<WhatIf, { kind: 'possible' }>, 'change' | 'improvable' | 'moved' | 'laborChange'>,
): string {
  const money = (amount: number): string => `${Math.abs(amount).toFixed(2)} ${currency} ${amount < 0 ? 'less' : 'more'}`;
  const way = (shipments: readonly PlanShipment[]): string =>
    shipments.length === 0 ? 'waits' : `ships from ${shipments.map(({ node, service }) => `${node} by ${service}`).join(' and ')}`;
  const others = moved.filter(({ order }) => order !== forced);
  const own = moved.find(({ order }) => order === forced);
  const told = [...(own === undefined ? [] : [own]), ...others.slice(0, mostTold)].map(
    ({ order, after, ownChange }) => `${order} ${way(after)} and pays ${money(ownChange)}`,
  );
  if (others.length > mostTold) told.push(`${others.length - mostTold} more orders move`);
  if (Math.abs(laborChange) >= 0.005) told.push(`labor costs ${money(laborChange)}`);
  const aside = improvable < 0.005 ? '' : ` Without the force the same effort finds a plan that costs ${money(-improvable)}.`;
  return `All orders together cost ${money(change)}${told.length === 0 ? '' : `: ${told.join('; ')}`}.${aside}`;
}
