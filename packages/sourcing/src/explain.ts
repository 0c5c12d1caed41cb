import { choicesOf, holdersOf, type Alternative, type Choices, type Holders } from './alternatives.ts';
import { poolsOf, stockRow, type Compiled } from './compile.ts';
import { ownValue } from './id-record.ts';
import { availableUnits } from './ledger.ts';
import { lanesTo, type Source } from './sources.ts';
import type { SourcingPlan } from './plan.ts';
import { costAtPrices, planView, type CostAtPrices, type PlanView, type PricedShipment } from './plan-view.ts';
import { cutPrice, unitPrice } from './prices.ts';
import type { ProblemOrder, SourcingProblem } from './problem.ts';

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
  /** The same at the shadow prices, with what others lose because this order takes stock and capped shipments. */
  readonly atPrices: CostAtPrices;
  /** What the order's plan costs at the shadow prices above its cheapest plan there: what it gave up for others. Null for an order of too many lines. */
  readonly gaveUp: number | null;
  readonly binding: readonly Binding[];
  readonly passedOver: readonly PassedOver[];
  /** Every node and service that can ship lines of the order, with its cost at the prices and what it lacks; cheapest first. Empty for an order of too many lines. */
  readonly alternatives: readonly Alternative[];
}

/**
 * Explains the orders of a plan, all or some, from problem and plan alone.
 *
 * @throws SourcingInputError where the problem is not valid, CertificateError where the plan's prices are not admissible
 */
export function explainOrders(problem: SourcingProblem, plan: SourcingPlan, orderIds?: readonly string[]): OrderExplanation[] {
  const view = planView(problem, plan);
  const holders = holdersOf(view);
  const wanted = orderIds === undefined ? undefined : new Set(orderIds);
  return view.given.compiled.problem.orders.flatMap((order, number) =>
    wanted === undefined || wanted.has(order.id) ? [explainOrder(view, holders, order, number)] : [],
  );
}

function explainOrder(view: PlanView, holders: Holders, order: ProblemOrder, number: number): OrderExplanation {
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
  const atPrices = costAtPrices(view, number, planned);
  const { shipping, labor, lateness, split, unfilled } = atPrices;
  const sources = view.given.sourcesOf(number);
  const choices = choicesOf(view, holders, number);
  return {
    order: order.id,
    shipments,
    openLines,
    cost: { total: shipping + labor + lateness + split + unfilled, shipping, labor, lateness, split, unfilled },
    atPrices,
    gaveUp: choices === null ? null : Math.max(0, atPrices.total - choices.best),
    binding: bindings(view, number, sources),
    passedOver: passedOver(view, order, number, planned, sources, choices),
    alternatives: [...(choices?.alternatives ?? [])].sort((left, right) => left.dearerBy - right.dearerBy),
  };
}

/** Limits with a price among the nodes that could have shipped the order. */
function bindings({ given, prices }: PlanView, order: number, sources: readonly Source[]): Binding[] {
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
  view: PlanView,
  order: ProblemOrder,
  number: number,
  planned: readonly PricedShipment[],
  sources: readonly Source[],
  choices: Choices | null,
): PassedOver[] {
  const { compiled } = view.given;
  const used = new Set(planned.map(({ node }) => node));
  return compiled.problem.nodes.flatMap(({ id }, node): PassedOver[] => {
    if (used.has(node)) return [];
    const source = sources.find((each) => each.node === node);
    if (source === undefined) return [{ node: id, why: whyNoSource(compiled, order, number, node) }];
    const dearerBy =
      choices === null ? null : Math.min(...choices.alternatives.flatMap((each) => (each.node === id ? [each.dearerBy] : [])));
    if (dearerBy === Infinity) return [{ node: id, why: 'too-heavy' }];
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
function leftFor({ given, ledger }: PlanView, order: number, source: Source): boolean {
  const { compiled } = given;
  const start = compiled.lineStart[order]!;
  const pools = poolsOf(compiled, order);
  return source.can.some((can, line) => {
    const row = stockRow(compiled, source.node, compiled.lineSku[start + line]!);
    return can && availableUnits(ledger, row, pools) >= compiled.lineUnits[start + line]!;
  });
}
