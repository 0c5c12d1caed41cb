import { moneyFromDecimal } from '@quartermaster/domain';
import { costShares, type CostByTerm, type SourcingPlan, type SourcingProblem } from '@quartermaster/sourcing';
import type { FlowSettings } from '../settings.ts';
import { solveWhole } from './whole-kits.ts';

/** By order, what its plan costs beyond its cheapest way, in minor units of the plan's currency. */
export type DearPlans = ReadonlyMap<string, number>;

/**
 * The orders whose plan costs more than the policy leaves to the program (`approvals.planCostsMore`): its freight, lateness and splits, less those of the cheapest way that the same lines would have if every
 * node had them on its shelves and hands to pack them. The cheapest way knows no person's overrides: what an override costs counts. Pure.
 */
export async function dearPlans(
  problem: SourcingProblem,
  plan: SourcingPlan,
  settings: FlowSettings,
  minorPerUnit: number,
): Promise<DearPlans> {
  const limit = settings.approvals.planCostsMore[settings.currency];
  const dear = new Map<string, number>();
  if (limit === undefined) return dear;
  const limitMinor = moneyFromDecimal(limit, settings.currency).minor;
  const minorOf = (cost: CostByTerm) => Math.round((cost.shipping + cost.lateness + cost.split) * minorPerUnit);
  for (const share of costShares(problem, plan)) {
    if (minorOf(share) <= limitMinor) continue;
    const { cost } = await solveWhole(withStockEverywhere(problem, plan, share.order));
    const more = minorOf(share) - minorOf(cost);
    if (more > limitMinor) dear.set(share.order, more);
  }
  return dear;
}

/** The problem of one order's shipped lines alone, of which every node has enough. */
function withStockEverywhere(problem: SourcingProblem, plan: SourcingPlan, id: string): SourcingProblem {
  const shipped = new Set(plan.shipments.flatMap(({ order, lines }) => (order === id ? lines : [])));
  const orders = problem.orders
    .filter((order) => order.id === id)
    .map((order) => ({ ...order, lines: order.lines.filter((_, index) => shipped.has(index)) }));
  const wanted = new Map<string, number>();
  for (const { sku, units } of orders.flatMap(({ lines }) => lines)) wanted.set(sku, (wanted.get(sku) ?? 0) + units);
  return {
    ...problem,
    skus: problem.skus.filter((sku) => wanted.has(sku.id)),
    orders,
    nodes: problem.nodes.map(({ reserved: _reserved, ...node }) => ({
      ...node,
      stock: Object.fromEntries(wanted),
      labor: { ...node.labor, tiers: [{ minutes: null, costPerMinute: 0 }] },
    })),
  };
}
