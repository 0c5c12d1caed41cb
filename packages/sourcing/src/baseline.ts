import { compile } from './compile.ts';
import { auditShipments, type CostByTerm } from './cost.ts';
import { emptyDraft, planShipments, type Draft } from './draft.ts';
import { byPriority, plan as planCheapest } from './greedy.ts';
import { shipInFewest, shipNearest } from './nearest-first.ts';
import type { SourcingPlan } from './plan.ts';
import { pricer } from './pricer.ts';
import { startPrices } from './prices.ts';
import { parsedOnce, type SourcingProblem } from './problem.ts';

/** A plan with its cost by term. */
export interface BaselinePlan {
  readonly plan: SourcingPlan;
  readonly cost: CostByTerm;
}

/**
 * Rules that people source by without an optimizer, each a plan for the side-by-side. All keep every hard rule of the contract; what fits nowhere stays open. Orders go one after the other:
 *
 * - `nearest-first`: as they came, from the nearest node that has everything, else split nearest first, line by line. Nearest is fewest transit days, then lane price, then id.
 * - `fewest-splits`: as they came, in as few shipments as stock allows, the nearest nodes first.
 * - `cheapest-first`: as they came, each by its own cheapest plan from what is left, labor at its true cost.
 * - `priority`: the same, dearest late day first, then dearest to leave open.
 *
 * The first two take the cheapest allowed service that keeps the promise, else the fastest.
 */
export const baselines = {
  'nearest-first': (problem) => inSequence(problem, inOrder, shipNearest),
  'fewest-splits': (problem) => inSequence(problem, inOrder, shipInFewest),
  'cheapest-first': (problem) => inSequence(problem, inOrder, shipCheapest),
  priority: (problem) => inSequence(problem, ({ given }) => byPriority(given.compiled), shipCheapest),
} satisfies Record<string, (problem: SourcingProblem) => BaselinePlan>;

export type BaselineName = keyof typeof baselines;

/** The names of the baselines, from the plainest rule to the best. */
export const baselineNames: readonly BaselineName[] = ['nearest-first', 'fewest-splits', 'cheapest-first', 'priority'];

/** The rule of most shops: `baselines['nearest-first']`. */
export function nearestFirst(problem: SourcingProblem): BaselinePlan {
  return baselines['nearest-first'](problem);
}

/** A rule beside a plan: what the rule costs more in all, and as a share of its own cost. */
export interface BaselineComparison {
  readonly name: BaselineName;
  readonly cost: CostByTerm;
  readonly dearerBy: number;
  /** `dearerBy` of what the rule costs: 0.08 means that the plan saves 8 %. */
  readonly saved: number;
}

/**
 * What each rule would cost beside a plan of the same problem.
 *
 * @throws SourcingInputError where the problem is not valid
 */
export function compareBaselines(problem: SourcingProblem, plan: SourcingPlan): BaselineComparison[] {
  const parsed = parsedOnce(problem);
  const { total } = auditShipments(parsed, plan.shipments).cost;
  return baselineNames.map((name) => {
    const { cost } = baselines[name](parsed);
    const dearerBy = cost.total - total;
    return { name, cost, dearerBy, saved: cost.total === 0 ? 0 : dearerBy / cost.total };
  });
}

function inSequence(
  problem: SourcingProblem,
  sequence: (draft: Draft) => Iterable<number>,
  ship: (draft: Draft, order: number) => void,
): BaselinePlan {
  const parsed = parsedOnce(problem);
  const draft = emptyDraft(pricer(compile(parsed)));
  for (const order of sequence(draft)) ship(draft, order);
  const shipments = planShipments(draft);
  const { cost } = auditShipments(parsed, shipments);
  return { plan: { format: 'quartermaster/sourcing-plan@1', problem: parsed.name, shipments, claim: { totalCost: cost.total } }, cost };
}

function inOrder({ plans }: Draft): Iterable<number> {
  return plans.keys();
}

function shipCheapest(draft: Draft, order: number): void {
  planCheapest(draft, order, { prices: startPrices(draft.given.compiled), ledger: draft.ledger, laborBy: 'ledger' });
}
