import { CertificateError, readCertificate } from './bound.ts';
import { compile, poolsOf, stockRow, type Compiled } from './compile.ts';
import { ownValue } from './id-record.ts';
import { availableUnits, book, emptyLedger, shipmentMinutes, type Ledger, type Shipment } from './ledger.ts';
import { isExact, placeNode } from './order-table.ts';
import type { SourcingPlan } from './plan.ts';
import { entryValue, firstEntry, priceOrder, restAfterOne, type Priced } from './price.ts';
import { pricer, type Pricer } from './pricer.ts';
import { cutPrice, startPrices, unitPrice, type Prices } from './prices.ts';
import { parsedOnce, type ProblemOrder, type SourcingProblem } from './problem.ts';
import { lanesTo, sourcesOf, type Option, type Source } from './sources.ts';

/** One shipment of an order and what it costs. Labor is its minutes at the minute price of the certificate. */
export interface ExplainedShipment {
  readonly node: string;
  readonly service: string;
  readonly lines: readonly number[];
  readonly deliveryDay: number;
  readonly shipping: number;
  readonly lateness: number;
  readonly labor: number;
  readonly minutes: number;
}

/** A limit that made itself felt: its shadow price per unit, minute or shipment. */
export type Binding =
  | { readonly kind: 'stock'; readonly node: string; readonly sku: string; readonly pricePerUnit: number }
  | { readonly kind: 'labor'; readonly node: string; readonly pricePerMinute: number; readonly firstRate: number }
  | { readonly kind: 'cap'; readonly node: string; readonly service: string; readonly pricePerShipment: number };

/** Why a node ships nothing of the order. `dearerBy` is at the plan's shadow prices; null for an order of too many lines to price exactly. */
export type PassedOver =
  | { readonly node: string; readonly why: 'not-eligible' }
  | { readonly node: string; readonly why: 'no-lane' }
  | { readonly node: string; readonly why: 'not-enough-stock' }
  | { readonly node: string; readonly why: 'too-heavy' }
  | { readonly node: string; readonly why: 'taken-by-others'; readonly dearerBy: number | null }
  | { readonly node: string; readonly why: 'dearer'; readonly dearerBy: number | null };

/** How one order is served, what it costs by term, which limits were felt, and why each other node was passed over. */
export interface OrderExplanation {
  readonly order: string;
  readonly shipments: readonly ExplainedShipment[];
  /** Indexes of the lines that stay open. */
  readonly openLines: readonly number[];
  readonly cost: {
    readonly total: number;
    readonly shipping: number;
    readonly labor: number;
    readonly lateness: number;
    readonly split: number;
    readonly unfilled: number;
  };
  /** What the order's plan costs at the shadow prices above its cheapest plan there: what it gave up for others. Null for an order of too many lines. */
  readonly gaveUp: number | null;
  readonly binding: readonly Binding[];
  readonly passedOver: readonly PassedOver[];
}

/**
 * Explains the orders of a plan, all or some, from problem and plan alone.
 *
 * @throws SourcingInputError where the problem is not valid, CertificateError where the plan's prices are not admissible
 */
export function explainOrders(problem: SourcingProblem, plan: SourcingPlan, orderIds?: readonly string[]): OrderExplanation[] {
  const parsed = parsedOnce(problem);
  const compiled = compile(parsed);
  const prices = plan.certificate === undefined ? startPrices(compiled) : readCertificate(compiled, plan.certificate).prices;
  const view: View = { given: pricer(compiled, { complete: true }), prices, ledger: emptyLedger(compiled), shipmentsOf: new Map() };
  bookPlan(view, plan);
  const wanted = orderIds === undefined ? undefined : new Set(orderIds);
  return parsed.orders.flatMap((order, number) =>
    wanted === undefined || wanted.has(order.id) ? [explainOrder(view, order, number)] : [],
  );
}

interface View {
  readonly given: Pricer;
  readonly prices: Prices;
  readonly ledger: Ledger;
  readonly shipmentsOf: Map<number, Planned[]>;
}

interface Planned extends Shipment {
  readonly option: Option;
  readonly shipping: number;
  readonly lateness: number;
}

function bookPlan(view: View, plan: SourcingPlan): void {
  const { compiled } = view.given;
  const orderNumber = new Map(compiled.problem.orders.map((order, number) => [order.id, number]));
  for (const shipment of plan.shipments) {
    const order = orderNumber.get(shipment.order);
    const node = compiled.nodeIndex.get(shipment.node);
    const service = compiled.serviceIndex.get(shipment.service);
    if (order === undefined || node === undefined || service === undefined)
      throw new CertificateError(`plan: the shipment of ${shipment.order} does not fit the problem`);
    const option = sourcesOf(compiled, order)
      .find((source) => source.node === node)
      ?.options.find((each) => each.service === service);
    if (option === undefined) throw new CertificateError(`plan: ${shipment.node} cannot ship ${shipment.order} by ${shipment.service}`);
    const planned = plannedShipment(compiled, order, node, option, shipment.lines);
    book(view.ledger, order, planned);
    view.shipmentsOf.set(order, [...(view.shipmentsOf.get(order) ?? []), planned]);
  }
}

function plannedShipment(compiled: Compiled, order: number, node: number, option: Option, lines: readonly number[]): Planned {
  const start = compiled.lineStart[order]!;
  let kg = 0;
  let litres = 0;
  let lateness = 0;
  for (const line of lines) {
    kg += compiled.lineKg[start + line]!;
    litres += compiled.lineLitres[start + line]!;
    lateness += option.lateCost[line]!;
  }
  const shipping = option.price(kg, litres) + option.surcharge;
  const minutes = shipmentMinutes(compiled, order, node, lines);
  return { node, service: option.service, slot: option.slot, lines, cost: shipping + lateness, minutes, option, shipping, lateness };
}

function explainOrder(view: View, order: ProblemOrder, number: number): OrderExplanation {
  const { compiled } = view.given;
  const planned = view.shipmentsOf.get(number) ?? [];
  const shipments = planned.map((shipment) => ({
    node: compiled.problem.nodes[shipment.node]!.id,
    service: compiled.problem.services[shipment.service]!.id,
    lines: shipment.lines,
    deliveryDay: shipment.option.deliveryDay,
    shipping: shipment.shipping,
    lateness: shipment.lateness,
    labor: shipment.minutes * view.prices.labor[shipment.node]!,
    minutes: shipment.minutes,
  }));
  const shipped = new Set(planned.flatMap(({ lines }) => lines));
  const openLines = [...order.lines.keys()].filter((line) => !shipped.has(line));
  const terms = {
    shipping: sum(shipments.map(({ shipping }) => shipping)),
    labor: sum(shipments.map(({ labor }) => labor)),
    lateness: sum(shipments.map(({ lateness }) => lateness)),
    split: Math.max(0, shipments.length - 1) * order.splitCost,
    unfilled: sum(openLines.map((line) => order.lines[line]!.unfilledCostPerUnit * order.lines[line]!.units)),
  };
  const cost = { total: terms.shipping + terms.labor + terms.lateness + terms.split + terms.unfilled, ...terms };
  const atPrices = cost.total + sum(planned.map((shipment) => limitedValue(view, number, shipment)));
  const sources = sourcesOf(compiled, number);
  const { best, throughNode } = priceThroughNodes(view, number);
  return {
    order: order.id,
    shipments,
    openLines,
    cost,
    gaveUp: best === null ? null : Math.max(0, atPrices - best),
    binding: bindings(view, number, sources),
    passedOver: passedOver(view, order, number, planned, sources, throughNode, atPrices),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Value at the prices of the stock and the cap that a shipment uses. */
function limitedValue({ given, prices }: View, order: number, { node, slot, lines }: Shipment): number {
  const { compiled } = given;
  const start = compiled.lineStart[order]!;
  const pools = poolsOf(compiled, order);
  let value = slot >= 0 ? prices.slot[slot]! : 0;
  for (const line of lines) {
    const row = stockRow(compiled, node, compiled.lineSku[start + line]!);
    const units = compiled.lineUnits[start + line]!;
    value += units * unitPrice(prices, row, pools) + cutPrice(prices, row, units);
  }
  return value;
}

/** The order's cheapest plan at the prices, and by node the cheapest plan in which the node ships something. */
function priceThroughNodes({ given, prices }: View, order: number): { best: number | null; throughNode: Float64Array | null } {
  const { compiled, room } = given;
  if (!isExact(compiled, order)) return { best: null, throughNode: null };
  const table = given.tableOf(order);
  const priced: Priced = { compiled, order, table, terms: { prices, laborBy: 'prices' } };
  const best = priceOrder(priced, room);
  const rest = restAfterOne(table, room);
  const throughNode = new Float64Array(compiled.nodeCount).fill(Infinity);
  for (let part = 1; part < table.size; part++) {
    for (let entry = firstEntry(table, part); entry < firstEntry(table, part + 1); entry++) {
      const node = placeNode(compiled, table.shelf.place[entry]!);
      throughNode[node] = Math.min(throughNode[node]!, entryValue(priced, entry, part, part) + rest[table.size - 1 - part]!);
    }
  }
  return { best, throughNode };
}

/** Limits with a price among the nodes that could have shipped the order. */
function bindings({ given, prices }: View, order: number, sources: readonly Source[]): Binding[] {
  const { compiled } = given;
  const { problem } = compiled;
  const start = compiled.lineStart[order]!;
  const pools = poolsOf(compiled, order);
  return sources.flatMap(({ node, can, options }): Binding[] => {
    const { id, labor } = problem.nodes[node]!;
    const felt: Binding[] = [];
    const seen = new Set<string>();
    for (const [line, { sku, units }] of problem.orders[order]!.lines.entries()) {
      const row = stockRow(compiled, node, compiled.lineSku[start + line]!);
      const pricePerUnit = unitPrice(prices, row, pools) + cutPrice(prices, row, units) / units;
      if (can[line] !== true || pricePerUnit <= 0 || seen.has(sku)) continue;
      seen.add(sku);
      felt.push({ kind: 'stock', node: id, sku, pricePerUnit });
    }
    const firstRate = labor.tiers[0]!.costPerMinute;
    if (prices.labor[node]! > firstRate) felt.push({ kind: 'labor', node: id, pricePerMinute: prices.labor[node]!, firstRate });
    for (const { slot, service } of options) {
      if (slot >= 0 && prices.slot[slot]! > 0)
        felt.push({ kind: 'cap', node: id, service: problem.services[service]!.id, pricePerShipment: prices.slot[slot]! });
    }
    return felt;
  });
}

function passedOver(
  view: View,
  order: ProblemOrder,
  number: number,
  planned: readonly Planned[],
  sources: readonly Source[],
  throughNode: Float64Array | null,
  atPrices: number,
): PassedOver[] {
  const { compiled } = view.given;
  const used = new Set(planned.map(({ node }) => node));
  return compiled.problem.nodes.flatMap(({ id }, node): PassedOver[] => {
    if (used.has(node)) return [];
    const source = sources.find((each) => each.node === node);
    if (source === undefined) return [{ node: id, why: whyNoSource(compiled, order, number, node) }];
    const through = throughNode === null ? null : throughNode[node]!;
    if (through === Infinity) return [{ node: id, why: 'too-heavy' }];
    const dearerBy = through === null ? null : through - atPrices;
    const left = leftFor(view, number, source);
    return [{ node: id, why: !left || (dearerBy !== null && dearerBy < 0) ? 'taken-by-others' : 'dearer', dearerBy }];
  });
}

function whyNoSource(
  compiled: Compiled,
  order: ProblemOrder,
  number: number,
  node: number,
): 'not-eligible' | 'no-lane' | 'not-enough-stock' {
  const { id } = compiled.problem.nodes[node]!;
  const eligible = order.eligibleNodes?.includes(id) !== false && order.lines.some((line) => line.eligibleNodes?.includes(id) !== false);
  if (!eligible) return 'not-eligible';
  const lanes = lanesTo(compiled, node, number);
  const allowed = lanes.some(({ service }) => order.services?.includes(compiled.problem.services[service]!.id) !== false);
  if (!allowed) return 'no-lane';
  const start = compiled.lineStart[number]!;
  const given = compiled.problem.nodes[node]!;
  const some = order.lines.some((line, index) => {
    const owned = (ownValue(given.stock, line.sku) ?? 0) + (ownValue(ownValue(given.reserved, order.channel), line.sku) ?? 0);
    return line.eligibleNodes?.includes(id) !== false && owned >= compiled.lineUnits[start + index]!;
  });
  return some ? 'not-eligible' : 'not-enough-stock';
}

/** True where the plan leaves the node enough for at least one of the order's lines. */
function leftFor({ given, ledger }: View, order: number, source: Source): boolean {
  const { compiled } = given;
  const start = compiled.lineStart[order]!;
  const pools = poolsOf(compiled, order);
  return source.can.some((can, line) => {
    const row = stockRow(compiled, source.node, compiled.lineSku[start + line]!);
    return can && availableUnits(ledger, row, pools) >= compiled.lineUnits[start + line]!;
  });
}
