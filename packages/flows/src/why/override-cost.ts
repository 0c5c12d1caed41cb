import { currencyExponent } from '@quartermaster/domain';
import { costShares, type MipSolver, type SourcingPlan } from '@quartermaster/sourcing';
import { solveWhole } from '../waves/whole-kits.ts';
import type { KeptDecision } from './kept-decision.ts';
import { solverOf } from './replay.ts';

/** What a person's override cost the wave that kept it: all orders together, with it less without it, in minor units; below 0 where the wave was better off. */
export type OverrideCost = {
  readonly decision: string;
  readonly override: string;
  readonly order: string;
  readonly currency: string;
  readonly costMinor: number;
  /** Of the wave without it: how much cheaper it could be still, as a share of its cost. */
  readonly gap: number;
  /** How the order would have left without it; empty where it would have waited. */
  readonly instead: readonly { readonly node: string; readonly service: string }[];
};

/** Measures every override of an order in a recorded wave by deciding the wave again without it, everything else as it was. Writes nothing. */
export async function overrideCosts(decision: KeptDecision, order: string, installed: MipSolver | null): Promise<OverrideCost[]> {
  const { problem, plan, overrides, options } = decision;
  const minor = 10 ** currencyExponent(problem.currency);
  const solver = solverOf(decision, installed);
  const totalOf = (each: SourcingPlan) => Math.round(costShares(problem, each).reduce((sum, { total }) => sum + total, 0) * minor);
  const costs: OverrideCost[] = [];
  for (const { id } of overrides.filter((each) => each.order === order)) {
    const rest = overrides.filter((each) => each.id !== id);
    const without = await solveWhole(problem, {
      ...options,
      ...(solver === null ? {} : { solver }),
      ...(rest.length === 0 ? {} : { overrides: rest }),
    });
    costs.push({
      decision: decision.id,
      override: id,
      order,
      currency: problem.currency,
      costMinor: totalOf(plan) - totalOf(without.plan),
      gap: without.gap,
      instead: without.plan.shipments.filter((each) => each.order === order).map(({ node, service }) => ({ node, service })),
    });
  }
  return costs;
}
