import { compile } from './compile.ts';
import { auditShipments, type CostByTerm } from './cost.ts';
import { emptyDraft, planShipments, type Draft } from './draft.ts';
import { byPriority, plan as planCheapest } from './greedy.ts';
import { shipBySequence, shipInFewest, shipNearest } from './nearest-first.ts';
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
 * - `rule-cascade`: in the sequence of `priority`, each from the first node of the problem that has everything, else split in that sequence; see `ruleCascade` for what it may keep back.
 *
 * The first two and the last take the cheapest allowed service that keeps the promise, else the fastest.
 */
export const baselines = {
  'nearest-first': (problem) => inSequence(problem, inOrder, (draft) => (order) => shipNearest(draft, order)),
  'fewest-splits': (problem) => inSequence(problem, inOrder, (draft) => (order) => shipInFewest(draft, order)),
  'cheapest-first': (problem) => inSequence(problem, inOrder, cheapest),
  priority: (problem) => inSequence(problem, ({ given }) => byPriority(given.compiled), cheapest),
  'rule-cascade': (problem) => ruleCascade(problem),
} satisfies Record<string, (problem: SourcingProblem) => BaselinePlan>;

export type BaselineName = keyof typeof baselines;

/** The names of the baselines, from the plainest rule to the best. */
export const baselineNames: readonly BaselineName[] = ['nearest-first', 'fewest-splits', 'cheapest-first', 'priority', 'rule-cascade'];

/** The rule of most shops: `baselines['nearest-first']`. */
export function nearestFirst(problem: SourcingProblem): BaselinePlan {
  return baselines['nearest-first'](problem);
}

/** How a rule cascade is set up. */
export interface CascadeRules {
  /** Ids of nodes in the sequence in which they are asked; default the problem's. A node that is not named comes last. */
  readonly sequence?: readonly string[];
  /** Units that a node keeps back of a SKU, whoever asks; default 0. */
  readonly safetyStock?: (sku: string, node: string) => number;
}

/** The rule of most order management systems: orders by priority, nodes by a fixed sequence, and at each node a safety stock that no order takes. */
export function ruleCascade(problem: SourcingProblem, { sequence, safetyStock = () => 0 }: CascadeRules = {}): BaselinePlan {
  const parsed = parsedOnce(problem);
  const kept = parsed.nodes.map(({ id, stock }) =>
    Object.fromEntries(Object.entries(stock).map(([sku, units]) => [sku, Math.max(0, units - safetyStock(sku, id))])),
  );
  const places = new Map((sequence ?? parsed.nodes.map(({ id }) => id)).map((id, place) => [id, place]));
  const asked = { ...parsed, nodes: parsed.nodes.map((node, index) => ({ ...node, stock: kept[index]! })) };
  return inSequence(
    asked,
    ({ given }) => byPriority(given.compiled),
    (draft) => (order) => shipBySequence(draft, order, places),
  );
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

/** Gives an order its plan. */
type Ship = (order: number) => void;

function inSequence(problem: SourcingProblem, sequence: (draft: Draft) => Iterable<number>, shipper: (draft: Draft) => Ship): BaselinePlan {
  const parsed = parsedOnce(problem);
  const draft = emptyDraft(pricer(compile(parsed)));
  const ship = shipper(draft);
  for (const order of sequence(draft)) ship(order);
  const shipments = planShipments(draft);
  const { cost } = auditShipments(parsed, shipments);
  return { plan: { format: 'quartermaster/sourcing-plan@1', problem: parsed.name, shipments, claim: { totalCost: cost.total } }, cost };
}

function inOrder({ plans }: Draft): Iterable<number> {
  return plans.keys();
}

/** Each order by its own cheapest plan from what is left. */
function cheapest(draft: Draft): Ship {
  const prices = startPrices(draft.given.compiled);
  return (order) => planCheapest(draft, order, { prices, ledger: draft.ledger, laborBy: 'ledger' });
}
