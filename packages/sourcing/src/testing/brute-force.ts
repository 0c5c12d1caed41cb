import { ownValue } from '../id-record.ts';
import type { PlanShipment } from '../plan.ts';
import type { LaborTier, Lane, ProblemNode, ProblemOrder, ProblemService, SourcingProblem } from '../problem.ts';

// The contract read a third time, slowly and by itself: neither the solver's arithmetic nor the verifier's. Laws hold both against it.

/** One plan of one order: its shipments, what they cost without labor, and what they take. */
export interface OrderPlan {
  readonly order: ProblemOrder;
  readonly shipments: readonly PlanShipment[];
  /** Shipping, surcharges, lateness, splits and open lines. */
  readonly cost: number;
  readonly takes: readonly Taking[];
}

interface Taking {
  readonly node: ProblemNode;
  readonly service: string;
  readonly minutes: number;
  readonly units: readonly { readonly sku: string; readonly units: number }[];
}

/** The least cost of any feasible plan of the whole problem, by trying all that could be it. */
export function leastCostByForce(problem: SourcingProblem): number {
  const choices = problem.orders.map((order) =>
    everyPlan(problem, order)
      .map((plan) => ({
        plan,
        least: plan.cost + sum(plan.takes.map(({ node, minutes }) => minutes * node.labor.tiers[0]!.costPerMinute)),
      }))
      .sort((left, right) => left.least - right.least),
  );
  // Labor rates never fall: no minute costs less than at the first rate.
  const leastFrom = choices.map((_, from) => sum(choices.slice(from).map((own) => own[0]!.least)));
  let best = Infinity;
  const chosen: OrderPlan[] = [];
  const choose = (order: number, least: number): void => {
    const own = choices[order];
    if (own === undefined) {
      best = Math.min(best, costOf(problem, chosen));
      return;
    }
    for (const choice of own) {
      const lower = least + choice.least + (leastFrom[order + 1] ?? 0);
      if (lower >= best - 1e-9) return;
      chosen.push(choice.plan);
      if (brokenLimits(problem, chosen).length === 0) choose(order + 1, least + choice.least);
      chosen.pop();
    }
  };
  choose(0, 0);
  return best;
}

/** What is wrong with shipments, in words, and what they cost. */
export function judgeByForce(problem: SourcingProblem, shipments: readonly PlanShipment[]): { faults: string[]; cost: number } {
  const plans: OrderPlan[] = [];
  for (const order of problem.orders) {
    const own = shipments.filter((shipment) => shipment.order === order.id);
    const plan = planOf(problem, order, own);
    if (plan === undefined) return { faults: [`no plan of ${order.id} looks like this`], cost: Infinity };
    plans.push(plan);
  }
  return { faults: brokenLimits(problem, plans), cost: costOf(problem, plans) };
}

/** Every plan of an order that its own rules allow, the empty one included. */
export function everyPlan(problem: SourcingProblem, order: ProblemOrder): OrderPlan[] {
  const places = problem.nodes.flatMap(({ id: node }) => problem.services.map(({ id: service }) => ({ order: order.id, node, service })));
  let found: PlanShipment[][] = [[]];
  for (const line of order.lines.keys()) {
    const allowed = places.filter(
      (place) => planOf(problem, { ...order, shipComplete: false }, [{ ...place, lines: [line] }], true) !== undefined,
    );
    found = found.flatMap((plan) => [
      plan,
      ...plan.map((_, chosen) => plan.map((other, index) => (index === chosen ? { ...other, lines: [...other.lines, line] } : other))),
      ...allowed.map((place) => [...plan, { ...place, lines: [line] }]),
    ]);
  }
  return found.flatMap((shipments) => planOf(problem, order, shipments) ?? []);
}

/** The order's shipments as a plan; undefined where they break a rule of the order. `inPart` forgives open lines of bundles. */
function planOf(problem: SourcingProblem, order: ProblemOrder, shipments: readonly PlanShipment[], inPart = false): OrderPlan | undefined {
  if (order.maxShipments !== undefined && shipments.length > order.maxShipments) return undefined;
  const where = new Map<number, PlanShipment>();
  for (const shipment of shipments) {
    if (shipment.lines.length === 0) return undefined;
    for (const line of shipment.lines) {
      if (where.has(line) || order.lines[line] === undefined) return undefined;
      where.set(line, shipment);
    }
  }
  if (!inPart) {
    if (order.shipComplete === true && where.size > 0 && where.size < order.lines.length) return undefined;
    for (const [one, { bundle }] of order.lines.entries())
      for (const [other, line] of order.lines.entries())
        if (bundle !== undefined && line.bundle === bundle && where.has(one) !== where.has(other)) return undefined;
  }
  let cost = shipments.length > 1 ? order.splitCost * (shipments.length - 1) : 0;
  for (const [line, { unfilledCostPerUnit, units }] of order.lines.entries()) if (!where.has(line)) cost += unfilledCostPerUnit * units;
  const takes: Taking[] = [];
  for (const shipment of shipments) {
    const shipped = costOfShipment(problem, order, shipment);
    if (shipped === undefined) return undefined;
    cost += shipped.cost;
    takes.push(shipped.taking);
  }
  return { order, shipments, cost, takes };
}

function costOfShipment(
  problem: SourcingProblem,
  order: ProblemOrder,
  shipment: PlanShipment,
): { cost: number; taking: Taking } | undefined {
  const node = problem.nodes.find(({ id }) => id === shipment.node);
  const service = problem.services.find(({ id }) => id === shipment.service);
  const lane = service?.lanes.find(({ from, to }) => from === node?.zone && to === order.zone);
  if (node === undefined || service === undefined || lane === undefined) return undefined;
  const lists = [order.eligibleNodes, ...shipment.lines.map((line) => order.lines[line]!.eligibleNodes)];
  if (lists.some((list) => list !== undefined && !list.includes(node.id))) return undefined;
  const offers = [node.services, order.services, ...shipment.lines.map((line) => order.lines[line]!.services)];
  if (offers.some((list) => list !== undefined && !list.includes(service.id))) return undefined;
  const leaves = ownValue(node.dispatchDay, service.id) ?? (problem.decisionMinute > node.cutoffMinute ? 1 : 0);
  const arrives = leaves + lane.transitDays;
  let [kg, litres, units, late] = [0, 0, 0, 0];
  for (const index of shipment.lines) {
    const line = order.lines[index]!;
    const sku = problem.skus.find(({ id }) => id === line.sku)!;
    kg += line.units * sku.weightKg;
    litres += line.units * sku.volumeL;
    units += line.units;
    const promised = line.promiseDay === undefined ? order.promiseDay : line.promiseDay;
    if (arrives > promised) late += (arrives - promised) * order.lateCostPerDay;
  }
  const carriage = carriageOf(service, lane, kg, litres);
  if (carriage === undefined) return undefined;
  const { minutesPerShipment, minutesPerLine, minutesPerUnit } = node.labor;
  return {
    cost: carriage + (ownValue(order.surcharge, service.id) ?? 0) + late,
    taking: {
      node,
      service: service.id,
      minutes: minutesPerShipment + minutesPerLine * shipment.lines.length + minutesPerUnit * units,
      units: shipment.lines.map((line) => ({ sku: order.lines[line]!.sku, units: order.lines[line]!.units })),
    },
  };
}

/** Parcels are counted one by one, bands tried one by one. */
function carriageOf(service: ProblemService, lane: Lane, kg: number, litres: number): number | undefined {
  const hair = 1e-9;
  if (service.maxKg !== undefined && kg - hair > service.maxKg) return undefined;
  let parcels = 1;
  if (service.parcelMaxKg !== undefined) while (kg / service.parcelMaxKg - hair > parcels) parcels++;
  const billable = service.litresPerKg === undefined || service.litresPerKg === 0 ? kg : Math.max(kg, litres / service.litresPerKg);
  if (lane.bands === undefined) return lane.base! * parcels + lane.perKg! * billable;
  for (const { upToKg, amount } of lane.bands) if (billable / parcels - hair <= upToKg) return amount * parcels;
  return undefined;
}

/** Limits that several orders share and that the plans together break: stock with reservations, caps, minutes. */
function brokenLimits(problem: SourcingProblem, plans: readonly OrderPlan[]): string[] {
  const broken: string[] = [];
  for (const node of problem.nodes) {
    const here = plans.flatMap(({ order, takes }) => takes.filter((taking) => taking.node === node).map((taking) => ({ order, taking })));
    if (here.length === 0) continue;
    for (const sku of new Set(here.flatMap(({ taking }) => taking.units.map((taken) => taken.sku)))) {
      let shared = 0;
      for (const channel of new Set(here.map(({ order }) => order.channel))) {
        const wanted = sum(
          here
            .filter(({ order }) => order.channel === channel)
            .flatMap(({ taking }) => taking.units.filter((taken) => taken.sku === sku).map(({ units }) => units)),
        );
        const reserved = ownValue(ownValue(node.reserved, channel), sku) ?? 0;
        if (wanted > reserved) shared += wanted - reserved;
      }
      if (shared > (ownValue(node.stock, sku) ?? 0)) broken.push(`stock of ${sku} at ${node.id}`);
    }
    for (const [service, limit] of Object.entries(node.maxShipments ?? {}))
      if (here.filter(({ taking }) => taking.service === service).length > limit) broken.push(`cap of ${service} at ${node.id}`);
    if (priceOfMinutes(node.labor.tiers, sum(here.map(({ taking }) => taking.minutes))) === undefined) broken.push(`minutes of ${node.id}`);
  }
  return broken;
}

function costOf(problem: SourcingProblem, plans: readonly OrderPlan[]): number {
  let cost = sum(plans.map((plan) => plan.cost));
  for (const node of problem.nodes) {
    const minutes = sum(plans.flatMap(({ takes }) => takes.filter((taking) => taking.node === node).map((taking) => taking.minutes)));
    cost += priceOfMinutes(node.labor.tiers, minutes) ?? Infinity;
  }
  return cost;
}

function priceOfMinutes(tiers: readonly LaborTier[], minutes: number): number | undefined {
  const [tier, ...dearer] = tiers;
  if (minutes <= 1e-6 && tier === undefined) return 0;
  if (tier === undefined) return undefined;
  if (tier.minutes === null || minutes <= tier.minutes) return minutes * tier.costPerMinute;
  const beyond = priceOfMinutes(dearer, minutes - tier.minutes);
  return beyond === undefined ? undefined : tier.minutes * tier.costPerMinute + beyond;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
