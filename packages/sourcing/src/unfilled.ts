import { holdersOf, lacksOf, type Holders } from './alternatives.ts';
import { compile, poolsOfChannel, stockRow } from './compile.ts';
import { ownCost } from './draft.ts';
import { ownValue } from './id-record.ts';
import { availableUnits, book, bookIfFits, emptyLedger, minuteLimit, shipmentMinutes, totalLabor, unbook } from './ledger.ts';
import { lossOfLeaving } from './neighbourhood.ts';
import { cheapestShipments, mustShip } from './order-variants.ts';
import type { PlanShipment, SourcingPlan } from './plan.ts';
import { costAtPrices, namedShipment, planView, type PlanView } from './plan-view.ts';
import { planOrder, pricer } from './pricer.ts';
import { startPrices } from './prices.ts';
import type { ProblemOrder, SourcingProblem } from './problem.ts';
import { remainderAfter, remainderProblem, useByNode, type NodeTake } from './remainder.ts';
import { rulesOf, ruleWords, withoutRule, type Rule } from './rules.ts';

/** Why a node does not ship a line; `possible` means that it could, and the reason is the order's. A late promise is a cost, never a reason. */
export type LineAtNode =
  | { readonly node: string; readonly why: 'no-stock'; readonly owned: number }
  | { readonly node: string; readonly why: 'not-eligible' | 'no-service' | 'too-heavy' | 'cap' | 'labor' | 'possible' }
  /** Others have the units: whoever would lose least by letting go stands first. */
  | { readonly node: string; readonly why: 'taken'; readonly heldBy: readonly { readonly order: string; readonly loses: number }[] };

/** Why a line stays open: what keeps the node that comes nearest to shipping it, or, where a node could, what keeps the order. */
export type OpenReason = Exclude<LineAtNode['why'], 'possible'> | 'partner-line' | 'max-shipments' | 'dearer-than-waiting';

/** What would ship the line, and how much more (below 0: less) all orders together then cost; the price of more stock itself is not in it. */
export type Remedy = { readonly change: number } & (
  | { readonly kind: 'ship-anyway' }
  | { readonly kind: 'drop-rule'; readonly rule: Rule }
  | { readonly kind: 'more-stock'; readonly node: string; readonly sku: string; readonly units: number }
  /** By shadow prices: others let go; `whatIf` tells it exactly. */
  | { readonly kind: 'take-from-others'; readonly node: string; readonly from: readonly string[] }
);

/** One line that a plan leaves open. */
export interface UnfilledLine {
  readonly order: string;
  readonly line: number;
  readonly sku: string;
  readonly units: number;
  /** What leaving it open costs. */
  readonly cost: number;
  readonly reason: OpenReason;
  /** Lines of the order that must ship with it and cannot. */
  readonly partners: readonly number[];
  readonly nodes: readonly LineAtNode[];
  /** Cheapest first. */
  readonly remedies: readonly Remedy[];
  readonly words: string;
}

/**
 * Tells of every line that a plan leaves open why, and what would ship it.
 *
 * @throws SourcingInputError where the problem is not valid, CertificateError where the plan does not fit it
 */
export function explainUnfilled(problem: SourcingProblem, plan: SourcingPlan, orderIds?: readonly string[]): UnfilledLine[] {
  const view = planView(problem, plan);
  const holders = holdersOf(view);
  const taken = useByNode(view.given.compiled.problem, plan.shipments);
  const wanted = orderIds === undefined ? undefined : new Set(orderIds);
  return view.given.compiled.problem.orders.flatMap((order, number) => {
    if (wanted?.has(order.id) === false) return [];
    const shipped = new Set((view.shipmentsOf.get(number) ?? []).flatMap(({ lines }) => lines));
    if (shipped.size === order.lines.length) return [];
    return explainOrder(view, holders, taken, number, shipped);
  });
}

function explainOrder(
  view: PlanView,
  holders: Holders,
  taken: ReadonlyMap<string, NodeTake>,
  number: number,
  shipped: ReadonlySet<number>,
): UnfilledLine[] {
  const { compiled } = view.given;
  const { problem } = compiled;
  const order = problem.orders[number]!;
  const own = view.shipmentsOf.get(number) ?? [];
  const alone =
    own.length === 0
      ? remainderAfter(problem, [order], taken)
      : remainderProblem(
          problem,
          [order],
          view.shipments.filter((each) => each.order !== order.id),
        );
  for (const shipment of own) unbook(view.ledger, number, shipment);
  const lines = order.lines.map((_, line) => nodesOfLine(view, holders, number, line));
  const found = [...order.lines.keys()]
    .filter((line) => !shipped.has(line))
    .map((line): UnfilledLine => {
      const { sku, units, unfilledCostPerUnit } = order.lines[line]!;
      const nodes = lines[line]!;
      const partners = partnersOf(order, line).filter((each) => lines[each]!.every(({ why }) => why !== 'possible'));
      const known = {
        order: order.id,
        line,
        sku,
        units,
        cost: units * unfilledCostPerUnit,
        partners,
        nodes,
        remedies: remediesOf(view, holders, number, line, alone),
      };
      const reason = reasonOf(order, known, own.length);
      return { ...known, reason, words: wordsOf(problem, { ...known, reason }) };
    });
  for (const shipment of own) book(view.ledger, number, shipment);
  return found;
}

/** Lines that ship with this one or not at all. */
function partnersOf({ shipComplete, lines }: ProblemOrder, line: number): number[] {
  const bundle = lines[line]!.bundle;
  return [...lines.keys()].filter(
    (each) => each !== line && (shipComplete === true || (bundle !== undefined && lines[each]!.bundle === bundle)),
  );
}

function nodesOfLine(view: PlanView, holders: Holders, order: number, line: number): LineAtNode[] {
  return view.given.compiled.problem.nodes.map((_, node) => lineAtNode(view, holders, order, line, node));
}

/** Why a node does not ship a line; the ledger is without the order itself. */
function lineAtNode({ given, ledger, ...view }: PlanView, holders: Holders, number: number, line: number, node: number): LineAtNode {
  const { compiled } = given;
  const { problem } = compiled;
  const order = problem.orders[number]!;
  const { sku, units, eligibleNodes } = order.lines[line]!;
  const { id, stock, reserved } = problem.nodes[node]!;
  const owned = (ownValue(stock, sku) ?? 0) + (ownValue(ownValue(reserved, order.channel), sku) ?? 0);
  if (owned < units) return { node: id, why: 'no-stock', owned };
  if (order.eligibleNodes?.includes(id) === false || eligibleNodes?.includes(id) === false) return { node: id, why: 'not-eligible' };
  const at = compiled.lineStart[number]! + line;
  const options =
    given
      .sourcesOf(number)
      .find((source) => source.node === node)
      ?.options.filter(({ allowed }) => allowed[line] === true) ?? [];
  if (options.length === 0) return { node: id, why: 'no-service' };
  const able = options.filter(({ price }) => price(compiled.lineKg[at]!, compiled.lineLitres[at]!) < Infinity);
  if (able.length === 0) return { node: id, why: 'too-heavy' };
  const row = stockRow(compiled, node, compiled.lineSku[at]!);
  if (availableUnits(ledger, row, poolsOfChannel(compiled, order.channel)) < units) {
    const heldBy = (holders.ofRow.get(row) ?? [])
      .filter((each) => each !== number)
      .map((each) => ({ each, loses: lossOfLeaving({ given, ledger, ...view }, each, new Set([node])) }))
      .sort((left, right) => left.loses - right.loses || left.each - right.each)
      .map(({ each, loses }) => ({ order: problem.orders[each]!.id, loses }));
    return { node: id, why: 'taken', heldBy };
  }
  if (able.every(({ slot }) => slot >= 0 && ledger.slotUsed[slot]! >= compiled.slots[slot]!.limit)) return { node: id, why: 'cap' };
  const full = ledger.minutes[node]! + shipmentMinutes(compiled, number, node, [line]) > minuteLimit(compiled, node);
  return { node: id, why: full ? 'labor' : 'possible' };
}

/** From the least to the most that is in the way. */
const nearestFirst: readonly LineAtNode['why'][] = [
  'possible',
  'labor',
  'cap',
  'taken',
  'too-heavy',
  'no-service',
  'not-eligible',
  'no-stock',
];

function reasonOf(
  order: ProblemOrder,
  { nodes, partners, remedies }: Pick<UnfilledLine, 'nodes' | 'partners' | 'remedies'>,
  shipments: number,
): OpenReason {
  const nearest = nearestFirst.find((why) => nodes.some((each) => each.why === why)) ?? 'no-stock';
  if (nearest !== 'possible') return nearest;
  if (partners.length > 0) return 'partner-line';
  if (remedies.some(({ kind }) => kind === 'ship-anyway'))
    return shipments >= (order.maxShipments ?? Infinity) ? 'max-shipments' : 'dearer-than-waiting';
  return order.maxShipments === undefined ? 'partner-line' : 'max-shipments';
}

/** Everything that alone would ship the line, cheapest first. `alone` is the problem of the order with what others leave. */
function remediesOf(view: PlanView, holders: Holders, number: number, line: number, alone: SourcingProblem): Remedy[] {
  const { problem } = view.given.compiled;
  const { sku, units } = problem.orders[number]!.lines[line]!;
  const now = orderCost(
    alone,
    view.shipments.filter(({ order }) => order === problem.orders[number]!.id),
  );
  const changeIn = (changed: SourcingProblem): { change: number }[] => {
    const cost = costWithLine(changed, line);
    return cost === undefined ? [] : [{ change: cost - now }];
  };
  const asIs = changeIn(alone);
  const others = asIs.length > 0 ? [] : rulesOf(alone).filter(({ kind }) => kind !== 'node' && kind !== 'promise');
  const remedies: Remedy[] = [
    ...asIs.map(({ change }): Remedy => ({ kind: 'ship-anyway', change })),
    ...others.flatMap((rule) => changeIn(withoutRule(alone, rule)).map(({ change }): Remedy => ({ kind: 'drop-rule', rule, change }))),
    ...alone.nodes.flatMap(({ id: node }) =>
      asIs.length > 0
        ? []
        : changeIn(withMoreStock(alone, node, sku, units)).map(({ change }): Remedy => ({ kind: 'more-stock', node, sku, units, change })),
    ),
    ...takeFromOthers(view, holders, number, line),
  ];
  return remedies.sort((left, right) => left.change - right.change);
}

function takeFromOthers(view: PlanView, holders: Holders, number: number, line: number): Remedy[] {
  const { compiled } = view.given;
  const order = compiled.problem.orders[number]!;
  const wish = cheapestShipments(
    view,
    mustShip(order, (each) => each === line),
  ).flatMap((each) => namedShipment(compiled, number, each) ?? []);
  const from = wish.find(({ lines }) => lines.includes(line));
  if (from === undefined) return [];
  const lacks = lacksOf(view, holders, number, wish);
  if (lacks.length === 0) return [];
  const change = costAtPrices(view, number, wish).total - costAtPrices(view, number, view.shipmentsOf.get(number) ?? []).total;
  const names = new Set(lacks.flatMap((lack) => (lack.kind === 'labor' ? [] : lack.heldBy)));
  return names.size === 0 ? [] : [{ kind: 'take-from-others', node: compiled.problem.nodes[from.node]!.id, from: [...names], change }];
}

function withMoreStock(problem: SourcingProblem, node: string, sku: string, units: number): SourcingProblem {
  return {
    ...problem,
    nodes: problem.nodes.map((each) =>
      each.id === node
        ? { ...each, stock: Object.fromEntries(new Map(Object.entries(each.stock)).set(sku, (ownValue(each.stock, sku) ?? 0) + units)) }
        : each,
    ),
  };
}

/** Own cost and labor of a problem's only order with these shipments. */
function orderCost(alone: SourcingProblem, shipments: readonly PlanShipment[]): number {
  const compiled = compile(alone);
  const ledger = emptyLedger(compiled);
  const empty = totalLabor(ledger);
  const priced = shipments.flatMap((each) => namedShipment(compiled, 0, each) ?? []);
  for (const shipment of priced) book(ledger, 0, shipment);
  return ownCost(compiled, 0, priced) + totalLabor(ledger) - empty;
}

/** The cheapest plan of a problem's only order that ships the line; undefined where none does. */
function costWithLine(alone: SourcingProblem, line: number): number | undefined {
  const forced = compile({ ...alone, orders: alone.orders.map((order) => mustShip(order, (each) => each === line)) });
  const ledger = emptyLedger(forced);
  const shipments = planOrder(pricer(forced, { complete: true, entryBudget: -1 }), 0, {
    prices: startPrices(forced),
    ledger,
    laborBy: 'ledger',
  });
  if (!shipments.some(({ lines }) => lines.includes(line)) || !bookIfFits(ledger, 0, shipments)) return undefined;
  return ownCost(compile(alone), 0, shipments) + totalLabor(ledger);
}

const reasonWords: Readonly<Record<OpenReason, string>> = {
  'no-stock': 'no node has enough',
  'not-eligible': 'the nodes that have it may not ship it',
  'no-service': 'no allowed service goes there from the nodes that have it',
  'too-heavy': 'it is too heavy for the services from the nodes that have it',
  cap: 'the nodes that have it may send no more shipments',
  labor: 'the nodes that have it have no working hours left',
  taken: 'others have it who would lose more',
  'partner-line': 'it ships only together with lines that cannot ship',
  'max-shipments': 'the order may have no further shipment',
  'dearer-than-waiting': 'shipping it costs more than waiting',
};

function wordsOf(
  { currency }: SourcingProblem,
  { order, line, sku, units, cost, reason, nodes, remedies }: Omit<UnfilledLine, 'words'>,
): string {
  const names = nodes.flatMap((each) =>
    each.why === 'taken' ? each.heldBy.slice(0, 1).map((holder) => `${each.node}: ${holder.order}`) : [],
  );
  const detail = reason === 'taken' && names.length > 0 ? ` (${names.slice(0, 3).join(', ')})` : '';
  const [best] = remedies;
  const told = `${units} × ${sku} of ${order} (line ${line + 1}) waits, which costs ${cost.toFixed(2)} ${currency}: ${reasonWords[reason]}${detail}.`;
  if (best === undefined) return `${told} No single change would ship it.`;
  return `${told} ${remedyWords(best)}, all orders together would cost ${Math.abs(best.change).toFixed(2)} ${currency} ${best.change < 0 ? 'less' : 'more'}.`;
}

function remedyWords(remedy: Remedy): string {
  switch (remedy.kind) {
    case 'ship-anyway':
      return 'Shipped anyway';
    case 'drop-rule':
      return `Without ${ruleWords(remedy.rule)}`;
    case 'more-stock':
      return `With ${remedy.units} more at ${remedy.node}`;
    case 'take-from-others':
      return `Taken from ${remedy.from.join(', ')} (an estimate by shadow prices)`;
  }
}
