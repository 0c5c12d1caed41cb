import { safetyStockOf } from '@quartermaster/inventory';
import { baselines, nearestFirst, ruleCascade, type SourcingPlan, type SourcingProblem } from '@quartermaster/sourcing';
import type { FlowSettings } from '../settings.ts';
import { planWhole } from './whole-kits.ts';

/** The rules that people source by without an optimizer, beside which every report shows ours: by the name of their record. */
export const usualRules = ['nearest-first', 'rule-cascade', 'fewest-splits'] as const;
export type UsualRule = (typeof usualRules)[number];

/**
 * What a usual rule makes of a problem. `nearest-first`: first come, first served, from the nearest node. `rule-cascade`: by priority, from the nodes in the sequence of the settings, none of
 * which gives away its safety stock. `fewest-splits`: first come, first served, in as few parcels as can be, from the nearest nodes. Under each of them a kit leaves from one node, as it does under the optimizer.
 */
export function planByRule(rule: UsualRule, problem: SourcingProblem, settings: Pick<FlowSettings, 'nodes' | 'safetyStock'>): SourcingPlan {
  return planWhole(problem, (each) => ruled(rule, each, settings));
}

function ruled(rule: UsualRule, problem: SourcingProblem, settings: Pick<FlowSettings, 'nodes' | 'safetyStock'>): SourcingPlan {
  switch (rule) {
    case 'nearest-first':
      return nearestFirst(problem).plan;
    case 'fewest-splits':
      return baselines['fewest-splits'](problem).plan;
    case 'rule-cascade': {
      const sequence = settings.nodes.map(({ id }) => id);
      return ruleCascade(problem, { sequence, safetyStock: (sku, node) => safetyStockOf(settings.safetyStock, sku, node) }).plan;
    }
  }
}
