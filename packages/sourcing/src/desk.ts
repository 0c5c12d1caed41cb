import { compile, laborCost, poolsOf, stockRow, type Compiled, type LaneOption } from './compile.ts';
import { readCertificate } from './bound.ts';
import type { CostByTerm } from './cost.ts';
import { ownCost } from './draft.ts';
import { valueOnTerms } from './earlier-price.ts';
import { plansWithin } from './enumerate.ts';
import { bookIfFits, emptyLedger, unbook, type Ledger, type Shipment } from './ledger.ts';
import { isExact } from './order-table.ts';
import { orderNumbers } from './order-numbers.ts';
import { readShipments } from './plan-shipments.ts';
import type { Certificate, PlanShipment } from './plan.ts';
import { firstEntry, pricingRoom, shipmentsOf, type Terms } from './price.ts';
import { planOrder, pricer, type Pricer } from './pricer.ts';
import { linePrice, withLaborRates, type Prices } from './prices.ts';
import { lanesTo } from './sources.ts';
import { knownIds, parsedOnce, parseOrder, SourcingInputError, type ProblemOrder, type SourcingProblem } from './problem.ts';

/** One way to ship an order now, or to leave it open. */
export interface Quote {
  readonly shipments: readonly PlanShipment[];
  /** Lines that stay open. */
  readonly openLines: readonly number[];
  /** Day on which the last shipment arrives, relative to the planning day; undefined where nothing is shipped. */
  readonly deliveryDay: number | undefined;
  /** Shipped lines that arrive after their promise. */
  readonly lateLines: readonly number[];
  /** By the contract; labor is what the order adds to the minutes that are placed already. */
  readonly cost: CostByTerm;
  /** What the stock that it takes is worth to others, at the desk's prices. */
  readonly stockValue: number;
  /** Cost, stock value, and where the desk's prices ask for more than the labor's cost or for a capped shipment, that. The best alternative has the least. */
  readonly total: number;
  /** True where no alternative with a lower total leaves fewer or as few lines open and arrives as early. */
  readonly efficient: boolean;
}

/** What became of an order at the desk. */
export type Placement = { readonly kind: 'placed'; readonly alternative: Quote } | { readonly kind: 'unavailable'; readonly why: string };

export interface DeskOptions {
  /** Shadow prices that what is taken now is charged for: the certificate of the last wave's plan, or of a look ahead. Without it every unit is free. */
  readonly prices?: Certificate | undefined;
  /** Shipments of the problem's orders that have been decided already, for example those of the last plan. */
  readonly placed?: readonly PlanShipment[];
}

/** Prices and places single orders against what the orders placed before have left. All its state is what is placed. */
export interface SourcingDesk {
  /**
   * What can be done with the order now, cheapest total first: the best for every day of delivery, the best with each service alone, each node that can ship all of it, and leaving it open.
   *
   * @throws SourcingInputError with the path of the order's field that is not valid
   */
  quote(order: ProblemOrder): Quote[];
  /**
   * Books the order: by the best alternative, or by the shipments of the given one as far as they are still possible.
   *
   * @throws SourcingInputError where the order is not valid, or one with its id is placed
   */
  place(order: ProblemOrder, chosen?: Pick<Quote, 'shipments'>): Placement;
  /** Gives back what the order has taken; false where no order of this id is placed. */
  release(orderId: string): boolean;
}

/**
 * Opens a desk for single orders between two waves: stock, reservations, caps and labor are those of the problem, for all its SKUs.
 *
 * @throws SourcingInputError where the problem is not valid, or shipments that are placed do not fit (paths from `placed`)
 */
export function sourcingDesk(problem: SourcingProblem, options: DeskOptions = {}): SourcingDesk {
  const parsed = parsedOnce(problem);
  const desk = openDesk(parsed, options.prices ?? {});
  const ids = knownIds(parsed);
  placeAll(desk, options.placed ?? []);
  return {
    quote: (order) => alternatives(desk, forOrder(desk, parseOrder(order, ids))),
    place: (order, chosen) => place(desk, parseOrder(order, ids), chosen),
    release: (orderId) => {
      const known = desk.placed.get(orderId);
      if (known === undefined) return false;
      for (const shipment of known.shipments) unbook(ledgerOf(desk, known.compiled), 0, shipment);
      return desk.placed.delete(orderId);
    },
  };
}

interface Desk {
  readonly base: Compiled;
  readonly prices: Prices;
  readonly ledger: Ledger;
  readonly room: Pricer['room'];
  readonly skus: ReadonlyMap<string, SourcingProblem['skus'][number]>;
  readonly placed: Map<string, { readonly compiled: Compiled; readonly shipments: readonly Shipment[] }>;
  /** By zone and by what is left of them: the lanes to it. */
  readonly lanes: Map<string, Map<string, Compiled['lanes']>>;
}

function openDesk(problem: SourcingProblem, certificate: Certificate): Desk {
  // Only SKUs that an order asks for are numbered: this one asks for all.
  const lines = problem.skus.map(({ id }) => ({ sku: id, units: 1, unfilledCostPerUnit: 0 }));
  const all = { id: '', channel: '', zone: '', promiseDay: 0, lateCostPerDay: 0, splitCost: 0, lines };
  const base = { ...compile({ ...problem, orders: [all] }), problem };
  return {
    base,
    prices: withLaborRates(base, readCertificate(base, certificate).prices),
    ledger: emptyLedger(base),
    room: pricingRoom(),
    skus: new Map(problem.skus.map((sku) => [sku.id, sku])),
    placed: new Map(),
    lanes: new Map(),
  };
}

/** The desk's numbers with one order, which is number 0. */
function forOrder({ base, skus }: Desk, order: ProblemOrder): Compiled {
  const problem = { ...base.problem, skus: order.lines.map(({ sku }) => skus.get(sku)!), orders: [order] };
  return { ...base, ...orderNumbers(problem, base), problem, orderCount: 1 };
}

function ledgerOf({ ledger }: Desk, compiled: Compiled): Ledger {
  return { ...ledger, compiled };
}

function placeAll(desk: Desk, shipments: readonly PlanShipment[]): void {
  const orders = new Map(desk.base.problem.orders.map((order) => [order.id, order]));
  const byOrder = new Map<string, { readonly at: number; readonly own: PlanShipment[] }>();
  for (const [at, shipment] of shipments.entries()) {
    const known = byOrder.get(shipment.order);
    if (known === undefined) byOrder.set(shipment.order, { at, own: [shipment] });
    else known.own.push(shipment);
  }
  for (const [id, { at, own }] of byOrder) {
    const order = orders.get(id);
    if (order === undefined)
      throw new SourcingInputError([{ path: `placed[${at}].order`, message: `Unknown order ${JSON.stringify(id)}` }]);
    const placement = place(desk, order, { shipments: own });
    if (placement.kind === 'unavailable') throw new SourcingInputError([{ path: `placed[${at}]`, message: placement.why }]);
  }
}

function place(desk: Desk, order: ProblemOrder, chosen?: Pick<Quote, 'shipments'>): Placement {
  if (desk.placed.has(order.id))
    throw new SourcingInputError([{ path: 'id', message: `The order ${JSON.stringify(order.id)} is placed already` }]);
  const compiled = forOrder(desk, order);
  const read = readShipments(compiled, 0, chosen?.shipments ?? alternatives(desk, compiled)[0]!.shipments);
  if (read.kind === 'impossible') return { kind: 'unavailable', why: read.why };
  const alternative = told(desk, compiled, read.shipments);
  if (!bookIfFits(ledgerOf(desk, compiled), 0, read.shipments))
    return { kind: 'unavailable', why: 'What the alternative needs has been taken by others' };
  desk.placed.set(order.id, { compiled, shipments: read.shipments });
  return { kind: 'placed', alternative: { ...alternative, efficient: true } };
}

type Told = Omit<Quote, 'efficient'>;

function alternatives(desk: Desk, compiled: Compiled): Quote[] {
  const found = new Map<string, Told>();
  const offer = (shipments: readonly Shipment[]): void => {
    const each = told(desk, compiled, shipments);
    found.set(JSON.stringify(each.shipments), each);
  };
  offer([]);
  const ways = waysTo(compiled);
  for (const day of new Set(ways.map((way) => way.day))) offer(cheapest(desk, compiled, `day ${day}`, (way) => way.day <= day));
  for (const service of new Set(ways.map((way) => way.service)))
    offer(cheapest(desk, compiled, `service ${service}`, (way) => way.service === service));
  for (const shipments of fromOneNode(desk, compiled)) offer(shipments);
  const sorted = [...found].sort(([left, { total: first }], [right, { total: second }]) => first - second || (left < right ? -1 : 1));
  return withEfficiency(sorted.map(([, each]) => each));
}

/** All lanes to the order's zone. */
function waysTo(compiled: Compiled): LaneOption[] {
  return compiled.problem.nodes.flatMap((_, node) => lanesTo(compiled, node, 0));
}

/** The order's cheapest plan by some of the ways from what is left; nothing shipped where that is cheaper or nothing fits. `key` names the choice of ways. */
function cheapest(desk: Desk, order: Compiled, key: string, allowed: (way: LaneOption) => boolean): readonly Shipment[] {
  const compiled = { ...order, lanes: lanesOf(desk, order, key, allowed) };
  const given: Pricer = { ...pricer(compiled, { entryBudget: -1 }), room: desk.room };
  const terms = termsOf(desk, compiled);
  const ledger = ledgerOf(desk, compiled);
  const wish = planOrder(given, 0, terms);
  if (fits(ledger, wish)) return wish;
  // Two lines of one SKU, or two shipments of one node, may each fit and not both.
  if (!isExact(compiled, 0)) return [];
  const near = plansWithin(given, 0, desk.prices, Infinity, mostPlans) ?? [];
  const fitting = near.map(({ shipments }) => shipments).filter((shipments) => fits(ledger, shipments));
  const values = new Map(fitting.map((shipments) => [shipments, valueOnTerms(compiled, 0, shipments, terms)]));
  return fitting.sort((left, right) => values.get(left)! - values.get(right)!)[0] ?? [];
}

/** The whole order from each node that can ship it in one piece for less than it costs to leave it open. */
function fromOneNode(desk: Desk, compiled: Compiled): (readonly Shipment[])[] {
  if (!isExact(compiled, 0)) return [];
  const table = pricer(compiled, { entryBudget: -1 }).tableOf(0);
  const all = table.size - 1;
  const found: (readonly Shipment[])[] = [];
  for (let entry = firstEntry(table, all); entry < firstEntry(table, all + 1); entry++) {
    const shipments = shipmentsOf({ compiled, order: 0, table }, [{ entry, mask: all }]);
    if (fits(ledgerOf(desk, compiled), shipments)) found.push(shipments);
  }
  return found;
}

/** Plans of one order that are looked through where the cheapest one does not fit. */
const mostPlans = 5_000;

function lanesOf({ base, lanes }: Desk, order: Compiled, key: string, allowed: (way: LaneOption) => boolean): Compiled['lanes'] {
  const { zone } = order.problem.orders[0]!;
  let ofZone = lanes.get(zone);
  if (ofZone === undefined) lanes.set(zone, (ofZone = new Map()));
  let some = ofZone.get(key);
  if (some === undefined) {
    const number = order.orderZone[0]!;
    some = base.lanes.map((options, at) => (at % base.zoneCount === number ? options.filter(allowed) : []));
    ofZone.set(key, some);
  }
  return some;
}

function termsOf(desk: Desk, compiled: Compiled): Terms {
  return { prices: desk.prices, ledger: ledgerOf(desk, compiled), laborBy: 'dearer' };
}

function fits(ledger: Ledger, shipments: readonly Shipment[]): boolean {
  if (!bookIfFits(ledger, 0, shipments)) return false;
  for (const shipment of shipments) unbook(ledger, 0, shipment);
  return true;
}

function told(desk: Desk, compiled: Compiled, shipments: readonly Shipment[]): Told {
  const { problem } = compiled;
  const order = problem.orders[0]!;
  const pools = poolsOf(compiled, 0);
  const shipped = new Set(shipments.flatMap(({ lines }) => lines));
  const lateLines: number[] = [];
  let deliveryDay: number | undefined;
  let shipping = 0;
  let lateness = 0;
  let stockValue = 0;
  const minutes = new Map<number, number>();
  for (const shipment of shipments) {
    const { day } = lanesTo(compiled, shipment.node, 0).find(({ service }) => service === shipment.service)!;
    deliveryDay = Math.max(day, deliveryDay ?? day);
    let late = 0;
    for (const line of shipment.lines) {
      const days = Math.max(0, day - compiled.linePromise[line]!);
      if (days > 0) lateLines.push(line);
      late += days * order.lateCostPerDay;
      stockValue += linePrice(desk.prices, stockRow(compiled, shipment.node, compiled.lineSku[line]!), pools, compiled.lineUnits[line]!);
    }
    lateness += late;
    shipping += shipment.cost - late;
    minutes.set(shipment.node, (minutes.get(shipment.node) ?? 0) + shipment.minutes);
  }
  let labor = 0;
  for (const [node, added] of minutes) {
    const used = Math.max(0, desk.ledger.minutes[node]!);
    const { tiers } = compiled.labor[node]!;
    labor += laborCost(tiers, used + added) - laborCost(tiers, used);
  }
  const openLines = order.lines.flatMap((_, line) => (shipped.has(line) ? [] : [line]));
  const unfilled = openLines.reduce((sum, line) => sum + compiled.lineOpenCost[line]!, 0);
  const split = Math.max(0, shipments.length - 1) * order.splitCost;
  return {
    shipments: shipments.map(({ node, service, lines }) => ({
      order: order.id,
      node: problem.nodes[node]!.id,
      service: problem.services[service]!.id,
      lines: [...lines],
    })),
    openLines,
    deliveryDay,
    lateLines: lateLines.sort((left, right) => left - right),
    cost: { total: ownCost(compiled, 0, shipments) + labor, shipping, labor, lateness, split, unfilled },
    stockValue,
    total: valueOnTerms(compiled, 0, shipments, termsOf(desk, compiled)),
  };
}

/** From the cheapest on: whoever leaves more open or arrives no earlier than a cheaper one is not efficient. */
function withEfficiency(sorted: readonly Told[]): Quote[] {
  return sorted.map((each, at) => {
    const beaten = sorted
      .slice(0, at)
      .some((other) => other.openLines.length <= each.openLines.length && (other.deliveryDay ?? 0) <= (each.deliveryDay ?? 0));
    return { ...each, efficient: !beaten };
  });
}
