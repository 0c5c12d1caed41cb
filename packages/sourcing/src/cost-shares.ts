import { laborCost } from './compile.ts';
import type { CostByTerm } from './cost.ts';
import { planView } from './plan-view.ts';
import type { SourcingPlan } from './plan.ts';
import type { SourcingProblem } from './problem.ts';

/** What one order has of a plan's cost, in the problem's currency. */
export interface CostShare extends CostByTerm {
  readonly order: string;
}

/**
 * Divides what a plan costs among its orders, in the problem's sequence: every term, and so the total, adds up to the plan's. What an order causes alone is its own (shipping, lateness, splits,
 * open lines); the labor of a node, whose rates rise with its minutes, is divided by the minutes that each order takes there. That is what a plan costs, not what another one would save:
 * for that there are the shadow prices of `explainOrders`, and `whatIf`.
 *
 * @throws SourcingInputError where the problem is not valid, CertificateError where the plan does not fit it
 */
export function costShares(problem: SourcingProblem, plan: SourcingPlan): CostShare[] {
  const { given, ledger, shipmentsOf } = planView(problem, plan);
  const { compiled } = given;
  const rates = compiled.problem.nodes.map((_, node) => {
    const minutes = ledger.minutes[node]!;
    return minutes === 0 ? 0 : laborCost(compiled.labor[node]!.tiers, minutes) / minutes;
  });
  return compiled.problem.orders.map(({ id, lines, splitCost }, order) => {
    const shipments = shipmentsOf.get(order) ?? [];
    const open = new Set(lines.keys());
    for (const shipment of shipments) for (const line of shipment.lines) open.delete(line);
    const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
    const terms = {
      shipping: sum(shipments.map((each) => each.shipping)),
      labor: sum(shipments.map((each) => each.minutes * rates[each.node]!)),
      lateness: sum(shipments.map((each) => each.lateness)),
      split: Math.max(0, shipments.length - 1) * splitCost,
      unfilled: sum([...open].map((line) => compiled.lineOpenCost[compiled.lineStart[order]! + line]!)),
    };
    return { order: id, total: sum(Object.values(terms)), ...terms };
  });
}
