import { cutLimit, laborProfit, resourceValue } from './bound.ts';
import { laborCost, stockRow } from './compile.ts';
import { auditShipments, type CostByTerm } from './cost.ts';
import { isExact } from './order-table.ts';
import { cutsOfRow } from './prices.ts';
import type { SourcingPlan } from './plan.ts';
import { costAtPrices, planView, type PlanView } from './plan-view.ts';
import { orderBound } from './pricer.ts';
import type { LaborTier, SourcingProblem } from './problem.ts';

/** What a whole plan costs, which limits made it cost that, and where its distance from the bound lies. */
export interface PlanExplanation {
  readonly cost: CostByTerm;
  /** What the plan's certificate proves; without a certificate, what each order costs at least by itself. */
  readonly bound: number;
  /** Limits with a price, those first that are worth most in all. */
  readonly binding: readonly PlanBinding[];
  readonly gap: GapByCause;
}

/** A limit with a shadow price: `worth` is the price times the limit, `used` of `limit` is taken by the plan. */
export type PlanBinding = { readonly price: number; readonly used: number; readonly limit: number; readonly worth: number } & (
  | { readonly kind: 'stock'; readonly node: string; readonly sku: string }
  | { readonly kind: 'reservation'; readonly node: string; readonly sku: string; readonly channel: string }
  | { readonly kind: 'cap'; readonly node: string; readonly service: string }
  /** Minutes dearer than the first rate; `limit` is the end of the tier that they end in, `rate` what a minute costs there. */
  | { readonly kind: 'labor'; readonly node: string; readonly rate: number }
);

/** Cost less bound, exactly: every part is at least 0, and they add up. */
export interface GapByCause {
  readonly total: number;
  /** Orders that pay more at the prices than their cheapest plan there. */
  readonly gaveUp: number;
  /** The same of orders with too many lines to be bounded exactly: mostly the bound's weakness. */
  readonly longOrders: number;
  /** Stock, reservations, caps and rounding cuts that have a price and are not used up. */
  readonly idle: number;
  /** Minutes whose price is not the rate of the tier that they end in. */
  readonly labor: number;
}

/**
 * Explains a plan as a whole, from problem and plan alone.
 *
 * @throws SourcingInputError where the problem is not valid, CertificateError where the plan does not fit it
 */
export function explainPlan(problem: SourcingProblem, plan: SourcingPlan): PlanExplanation {
  const view = planView(problem, plan);
  const { compiled } = view.given;
  const { cost } = auditShipments(compiled.problem, plan.shipments);
  const parts = { gaveUp: 0, longOrders: 0, idle: resourceValue(compiled, view.prices) + view.idleValue, labor: 0 };
  for (let order = 0; order < compiled.orderCount; order++) {
    const { total, stock, cap } = costAtPrices(view, order, view.shipmentsOf.get(order) ?? []);
    parts[isExact(compiled, order) ? 'gaveUp' : 'longOrders'] += total - orderBound(view.given, order, view.prices);
    parts.idle -= stock + cap;
  }
  for (let node = 0; node < compiled.nodeCount; node++) {
    const price = view.prices.labor[node]!;
    const minutes = view.ledger.minutes[node]!;
    const profit = laborProfit(compiled, node, price);
    parts.idle -= profit;
    parts.labor += laborCost(compiled.labor[node]!.tiers, minutes) - price * minutes + profit;
  }
  const total = parts.gaveUp + parts.longOrders + parts.idle + parts.labor;
  return { cost, bound: cost.total - total, binding: planBindings(view), gap: { total, ...parts } };
}

function planBindings(view: PlanView): PlanBinding[] {
  const { given, prices, ledger } = view;
  const { compiled } = given;
  const { problem } = compiled;
  const felt: PlanBinding[] = [];
  for (let node = 0; node < compiled.nodeCount; node++) {
    const { id } = problem.nodes[node]!;
    for (let sku = 0; sku < compiled.skuCount; sku++) {
      const row = stockRow(compiled, node, sku);
      let worth = prices.stock[row]! * compiled.stock[row]!;
      for (const cut of cutsOfRow(prices, row)) worth += cut.price * cutLimit(compiled, cut);
      const limit = compiled.stock[row]!;
      if (prices.stock[row]! <= 0 && worth <= 0) continue;
      const price = limit > 0 ? worth / limit : prices.stock[row]!;
      felt.push({ kind: 'stock', node: id, sku: compiled.skuIds[sku]!, price, used: ledger.sharedUsed[row]!, limit, worth });
    }
    const { tiers } = compiled.labor[node]!;
    const price = prices.labor[node]!;
    if (price <= tiers[0]!.costPerMinute) continue;
    const used = ledger.minutes[node]!;
    const { limit, rate } = tierOf(tiers, used);
    felt.push({ kind: 'labor', node: id, price, rate, used, limit, worth: (price - tiers[0]!.costPerMinute) * used });
  }
  for (const [pool, { node, sku, channel, units }] of compiled.pools.entries()) {
    const price = Math.min(prices.pool[pool]!, prices.stock[stockRow(compiled, node, sku)]!);
    if (price <= 0) continue;
    const used = Math.min(units, ledger.poolUsed[pool]!);
    felt.push({
      kind: 'reservation',
      node: problem.nodes[node]!.id,
      sku: compiled.skuIds[sku]!,
      channel: compiled.channelIds[channel]!,
      price,
      used,
      limit: units,
      worth: price * units,
    });
  }
  for (const [slot, { node, service, limit }] of compiled.slots.entries()) {
    const price = prices.slot[slot]!;
    if (price <= 0) continue;
    const ids = { node: problem.nodes[node]!.id, service: problem.services[service]!.id };
    felt.push({ kind: 'cap', ...ids, price, used: ledger.slotUsed[slot]!, limit, worth: price * limit });
  }
  return felt.sort((left, right) => right.worth - left.worth);
}

/** The tier that so many minutes end in. */
function tierOf(tiers: readonly LaborTier[], minutes: number): { limit: number; rate: number } {
  let end = 0;
  for (const { minutes: length, costPerMinute } of tiers) {
    end += length ?? Infinity;
    if (minutes <= end) return { limit: end, rate: costPerMinute };
  }
  return { limit: end, rate: tiers.at(-1)!.costPerMinute };
}
