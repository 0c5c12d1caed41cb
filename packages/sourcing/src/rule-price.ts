import { holdersOf, type Holders } from './alternatives.ts';
import { lagrangianBound, laborProfit } from './bound.ts';
import { poolsOfChannel, stockRow } from './compile.ts';
import { auditShipments } from './cost.ts';
import { isExact } from './order-table.ts';
import { lossOfLeaving, resolveBeside, rivalsOf, whoMustMove, type ResolveOptions } from './neighbourhood.ts';
import { cheapestShipments, orderVariants } from './order-variants.ts';
import type { Certificate, SourcingPlan } from './plan.ts';
import { costAtPrices, namedShipment, planView, type PlanView } from './plan-view.ts';
import { orderBound } from './pricer.ts';
import { parsedOnce, parseProblem, type SourcingProblem } from './problem.ts';
import { orderWithout, rulesOf, ruleWords, withoutRule, type Rule } from './rules.ts';

/** What a rule costs: what all orders together would save without it; below 0 for a node, whose closing costs. */
export interface RulePrice {
  readonly rule: Rule;
  /** By shadow prices alone: right for small changes. */
  readonly estimate: number;
  /** Solved again without the rule; null where only the estimate was asked for. */
  readonly resolved: ResolvedRule | null;
  readonly words: string;
}

/** `saving` was found; what the rule truly costs, optimum against optimum, lies between `atLeast` and `atMost`. */
export interface ResolvedRule {
  readonly saving: number;
  readonly atLeast: number;
  readonly atMost: number;
  /** A plan of the problem without the rule. */
  readonly plan: SourcingPlan;
}

export interface RuleOptions extends ResolveOptions {
  /** Rules to price; default all that the problem has. */
  readonly rules?: readonly Rule[];
  /** How many of them, those with the greatest estimates first, are solved again; default 5. */
  readonly resolve?: number;
}

/**
 * Prices the rules of a problem around a plan, the dearest first: all of them by shadow prices, the first few by solving again without them.
 *
 * @throws SourcingInputError where the problem is not valid, CertificateError where the plan does not fit it
 */
export async function priceRules(problem: SourcingProblem, plan: SourcingPlan, options: RuleOptions = {}): Promise<RulePrice[]> {
  const parsed = parsedOnce(problem);
  const view = planView(parsed, plan);
  const bound = lagrangianBound(view.given, view.prices) - view.idleValue;
  const rules = options.rules ?? rulesOf(parsed);
  const estimates = estimatesOf(view, bound, rules);
  const ranked = rules
    .map((rule, index) => ({ rule, estimate: estimates[index]!, index }))
    .sort((left, right) => Math.abs(right.estimate) - Math.abs(left.estimate) || left.index - right.index);
  const prices: RulePrice[] = [];
  for (const [rank, { rule, estimate }] of ranked.entries()) {
    const resolved = rank < (options.resolve ?? 5) ? await resolveWithout(view, bound, plan, rule, options) : null;
    prices.push({ rule, estimate, resolved, words: wordsOf(parsed, rule, estimate, resolved) });
  }
  return prices;
}

/** By rule: how far the bound falls without it at the same prices. */
function estimatesOf(view: PlanView, bound: number, rules: readonly Rule[]): number[] {
  const { given, prices, ledger } = view;
  const { compiled } = given;
  const { problem } = compiled;
  const orderNumber = new Map(problem.orders.map(({ id }, number) => [id, number]));
  const nodeNumber = compiled.nodeIndex;
  const ofOrders = rules.flatMap((rule) => ('order' in rule ? [{ rule, order: orderNumber.get(rule.order)! }] : []));
  const variants = orderVariants(
    view,
    ofOrders.map(({ rule, order }) => orderWithout(problem.orders[order]!, rule.kind)),
  );
  const savings = ofOrders.map(({ order }, index) => orderBound(given, order, prices) - orderBound(variants.given, index, variants.prices));
  let next = 0;
  return rules.map((rule) => {
    if ('order' in rule) return savings[next++]!;
    const node = nodeNumber.get(rule.node)!;
    switch (rule.kind) {
      case 'reservation': {
        const sku = compiled.skuIndex.get(rule.sku);
        if (sku === undefined) return 0;
        const row = stockRow(compiled, node, sku);
        const pool = poolsOfChannel(compiled, rule.channel)![row]!;
        const idle = Math.max(0, compiled.pools[pool]!.units - ledger.poolUsed[pool]!);
        return idle * Math.max(0, prices.stock[row]! - prices.pool[pool]!);
      }
      case 'cap': {
        const slot = compiled.slotOf[node * problem.services.length + compiled.serviceIndex.get(rule.service)!]!;
        if (prices.slot[slot] === 0) return 0;
        const free = Float64Array.from(prices.slot);
        free[slot] = 0;
        return bound + view.idleValue - lagrangianBound(given, { ...prices, slot: free });
      }
      case 'labor-cap': {
        const last = compiled.labor[node]!.tiers.at(-1)!.costPerMinute;
        if (prices.labor[node]! <= last) return 0;
        const labor = Float64Array.from(prices.labor);
        labor[node] = last;
        return bound + view.idleValue - lagrangianBound(given, { ...prices, labor });
      }
      case 'node':
        return closingEstimate(view, node);
    }
  });
}

/** What leaving a node costs its orders, less what its stock, caps and cheap minutes were worth to all. */
function closingEstimate(view: PlanView, node: number): number {
  const { compiled } = view.given;
  const { prices } = view;
  let saving = laborProfit(compiled, node, prices.labor[node]!);
  for (let sku = 0; sku < compiled.skuCount; sku++) {
    const row = stockRow(compiled, node, sku);
    saving += prices.stock[row]! * compiled.stock[row]!;
  }
  for (const [pool, { node: own, units }] of compiled.pools.entries()) if (own === node) saving += prices.pool[pool]! * units;
  for (const [slot, { node: own, limit }] of compiled.slots.entries()) if (own === node) saving += prices.slot[slot]! * limit;
  for (const [order, shipments] of view.shipmentsOf)
    if (shipments.some((shipment) => shipment.node === node)) saving -= Math.max(0, lossOfLeaving(view, order, new Set([node])));
  return Math.min(0, saving);
}

async function resolveWithout(
  view: PlanView,
  bound: number,
  plan: SourcingPlan,
  rule: Rule,
  options: ResolveOptions,
): Promise<ResolvedRule> {
  const { problem } = view.given.compiled;
  const relaxed = parseProblem(withoutRule(problem, rule));
  const staying = rule.kind === 'node' ? plan.shipments.filter(({ node }) => node !== rule.node) : plan.shipments;
  const moving = new Set(rule.kind === 'node' ? plan.shipments.flatMap(({ node, order }) => (node === rule.node ? [order] : [])) : []);
  const kept = staying.filter(({ order }) => !moving.has(order));
  const without = planView(relaxed, {
    ...plan,
    shipments: kept,
    ...(plan.certificate === undefined ? {} : { certificate: certificateWithout(relaxed, plan.certificate, rule) }),
  });
  const before = auditShipments(problem, plan.shipments).cost.total;
  const boundWithout = lagrangianBound(without.given, without.prices) - without.idleValue;
  const most = Math.max(options.orders ?? 40, moving.size);
  const holders = holdersOf(without);
  const around = new Set(
    rivalsOf(without, holders, seedsOf(withFreeUnits(without, rule), holders, rule, moving, most), most).map(
      (each) => problem.orders[each]!.id,
    ),
  );
  const after = await resolveBeside(
    relaxed,
    around,
    kept.filter(({ order }) => !around.has(order)),
    options,
  );
  // Without any rule but a node the plan is still one, and no dearer.
  const asBefore = rule.kind === 'node' ? Infinity : auditShipments(relaxed, plan.shipments).cost.total;
  const total = Math.min(asBefore, after.cost.total);
  const shipments = asBefore <= after.cost.total ? plan.shipments : after.shipments;
  const floor = rule.kind === 'node' ? Math.max(bound, boundWithout) : boundWithout;
  return {
    saving: before - total,
    atLeast: Math.min(before - total, Math.max(rule.kind === 'node' ? -Infinity : 0, bound - total)),
    atMost: Math.max(before - total, before - floor),
    plan: { format: plan.format, problem: relaxed.name, shipments: [...shipments], claim: { totalCost: total } },
  };
}

/** The certificate's prices as far as they are admissible without the rule. */
function certificateWithout(relaxed: SourcingProblem, certificate: Certificate, rule: Rule): Certificate {
  const nodes = new Map(relaxed.nodes.map((node) => [node.id, node]));
  const laborPrices = Object.entries(certificate.laborPrices ?? {}).map(([id, price]): [string, number] => {
    const last = nodes.get(id)?.labor.tiers.at(-1);
    return [id, rule.kind === 'labor-cap' && rule.node === id && last !== undefined ? Math.min(price, last.costPerMinute) : price];
  });
  return {
    ...certificate,
    laborPrices: Object.fromEntries(laborPrices),
    roundingCuts: (certificate.roundingCuts ?? []).filter(({ node }) => nodes.has(node)),
  };
}

/** The view with a dropped reservation's units for nothing: at their price nobody would gain by them. */
function withFreeUnits(view: PlanView, rule: Rule): PlanView {
  const { compiled } = view.given;
  const sku = rule.kind === 'reservation' ? compiled.skuIndex.get(rule.sku) : undefined;
  if (rule.kind !== 'reservation' || sku === undefined) return view;
  const stock = Float64Array.from(view.prices.stock);
  stock[stockRow(compiled, compiled.nodeIndex.get(rule.node)!, sku)] = 0;
  return { ...view, prices: { ...view.prices, stock } };
}

/** The order of the rule and those who hold what it would rather have, or those that must move and half of the room for those that gain most at the prices. */
function seedsOf(view: PlanView, holders: Holders, rule: Rule, moving: ReadonlySet<string>, most: number): number[] {
  const { given, prices, shipmentsOf } = view;
  const { compiled } = given;
  const { orders } = compiled.problem;
  if ('order' in rule) {
    const order = orders.findIndex(({ id }) => id === rule.order);
    const wish = cheapestShipments(view, orders[order]!).flatMap((each) => namedShipment(compiled, order, each) ?? []);
    return [order, ...whoMustMove(view, holders, order, wish).orders];
  }
  const gains = [...orders.keys()]
    .filter((order) => isExact(compiled, order) && !moving.has(orders[order]!.id))
    .map((order) => ({ order, gain: costAtPrices(view, order, shipmentsOf.get(order) ?? []).total - orderBound(given, order, prices) }))
    .filter(({ gain }) => gain > 1e-6)
    .sort((left, right) => right.gain - left.gain || left.order - right.order);
  return [
    ...[...orders.keys()].filter((order) => moving.has(orders[order]!.id)),
    ...gains.slice(0, Math.ceil(most / 2)).map(({ order }) => order),
  ];
}

function wordsOf({ currency }: SourcingProblem, rule: Rule, estimate: number, resolved: ResolvedRule | null): string {
  const saving = resolved?.saving ?? estimate;
  const way = saving < 0 ? 'more' : 'less';
  const money = (amount: number): string => ((saving < 0 ? -1 : 1) * amount + 0).toFixed(2).replace(/^-0\.00$/, '0.00');
  const ends = resolved === null ? [] : [money(resolved.atLeast), money(resolved.atMost)];
  if (saving < 0) ends.reverse();
  const sure =
    resolved === null ? 'an estimate by shadow prices' : ends[0] === ends[1] ? 'proven' : `surely between ${ends.join(' and ')} ${way}`;
  return `Without ${ruleWords(rule)} all orders together cost ${money(saving)} ${currency} ${way} (${sure}).`;
}
