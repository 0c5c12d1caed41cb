import { numberedBans } from './bans.ts';
import { compile, type Compiled } from './compile.ts';
import { contestedSkus } from './contested.ts';
import { contractBound, withValuesWhereUsedUp } from './contract-bound.ts';
import { planShipments, type Draft } from './draft.ts';
import { changeCostOf } from './earlier-plan.ts';
import { readIncumbent, type EarlierSolution } from './incumbent-option.ts';
import { withOverrides } from './overrides.ts';
import type { PlanShipment } from './plan.ts';
import { pricer, type Pricer } from './pricer.ts';
import { certificateOf } from './prices.ts';
import type { SourcingProblem } from './problem.ts';
import type { SolveOptions } from './run.ts';
import type { PricedBound } from './shadow-prices.ts';
import { readStockValues, valueOfStockUsed } from './stock-values.ts';
import { pricesFrom } from './warm.ts';

/** What a plan was chosen for: the contract's cost, and what the options of `solve` put on top of it. */
export interface ObjectiveByTerm {
  readonly total: number;
  /** The contract's own cost of the plan. */
  readonly cost: number;
  /** What the stock that it takes would be worth unused, see `SolveOptions.stockValues`. */
  readonly stockValue: number;
  /** What orders pay for having another plan than in the incumbent, see `SolveOptions.incumbent`. */
  readonly change: number;
}

/** What is searched for a problem and the options of its caller. */
export interface Objective {
  /** The contract's problem. */
  readonly problem: SourcingProblem;
  /** The orders that are not decided by overrides, with what these leave, and what is charged beyond the contract's cost. */
  readonly compiled: Compiled;
  /** Shipments that overrides have fixed. */
  readonly decided: readonly PlanShipment[];
  readonly earlier?: EarlierSolution;
  /** The contract's problem by numbers, where nothing is decided by overrides. The same as `compiled` where the objective is the contract's cost. */
  readonly contract?: Compiled;
}

/**
 * Reads what the caller wants beyond the contract's cost.
 *
 * @throws SourcingInputError with paths that start at the name of the option
 */
export function objectiveOf(problem: SourcingProblem, { stockValues, incumbent, overrides }: SolveOptions): Objective {
  const overridden = overrides === undefined || overrides.length === 0 ? undefined : withOverrides(problem, overrides);
  const free = compile(overridden?.problem ?? problem);
  const valued: Compiled = {
    ...free,
    ...(overridden === undefined ? {} : { bans: numberedBans(free, overridden.bans) }),
    ...(stockValues === undefined ? {} : { stockValue: readStockValues(free, stockValues) }),
  };
  const earlier = incumbent === undefined ? undefined : readIncumbent(valued, incumbent);
  const charged = earlier !== undefined && earlier.plan.changeCost > 0;
  return {
    problem,
    compiled: charged ? { ...valued, earlier: earlier.plan } : valued,
    decided: overridden?.decided ?? [],
    ...(earlier === undefined ? {} : { earlier }),
    ...(overridden === undefined ? { contract: stockValues === undefined && !charged ? valued : free } : {}),
  };
}

/** The objective of a draft, whose shipments together with the decided ones are these and cost so much by the contract. */
export function objectiveByTerm(
  objective: Objective,
  options: SolveOptions,
  draft: Draft,
  shipments: readonly PlanShipment[],
  cost: number,
): ObjectiveByTerm {
  const { problem, compiled } = objective;
  const stockValue = options.stockValues === undefined ? 0 : valueOfStockUsed(problem, options.stockValues, shipments);
  const change = draft.plans.reduce((sum, own, order) => sum + changeCostOf(compiled, order, own), changeOfDecided(objective, options));
  return { total: cost + stockValue + change, cost, stockValue, change };
}

/** What decided orders pay for having another plan than in the incumbent. */
function changeOfDecided({ problem, compiled, decided }: Objective, { incumbent }: SolveOptions): number {
  if (incumbent?.changeCost === undefined || compiled.problem === problem) return 0;
  const free = new Set(compiled.problem.orders.map(({ id }) => id));
  const known = new Set(problem.orders.map(({ id }) => id).filter((id) => !free.has(id)));
  const before = byOrder(incumbent.plan.shipments, known);
  const now = byOrder(decided, known);
  let changed = 0;
  for (const [order, own] of before) if (textOf(own) !== textOf(now.get(order) ?? [])) changed++;
  return changed * incumbent.changeCost;
}

function byOrder(shipments: readonly PlanShipment[], orders: ReadonlySet<string>): Map<string, PlanShipment[]> {
  const grouped = new Map<string, PlanShipment[]>();
  for (const shipment of shipments)
    if (orders.has(shipment.order)) grouped.set(shipment.order, [...(grouped.get(shipment.order) ?? []), shipment]);
  return grouped;
}

function textOf(shipments: readonly PlanShipment[]): string {
  const texts = shipments.map(({ node, service, lines }) =>
    JSON.stringify([node, service, [...lines].sort((left, right) => left - right)]),
  );
  return texts.sort().join();
}

/** The draft's shipments and the decided ones; orders and nodes as in the problem, then first line. */
export function allShipments({ problem, decided }: Objective, draft: Draft): PlanShipment[] {
  const shipments = planShipments(draft);
  if (decided.length === 0) return shipments;
  const orders = new Map(problem.orders.map(({ id }, index) => [id, index]));
  const nodes = new Map(problem.nodes.map(({ id }, index) => [id, index]));
  return [...shipments, ...decided].sort(
    (left, right) =>
      orders.get(left.order)! - orders.get(right.order)! ||
      nodes.get(left.node)! - nodes.get(right.node)! ||
      left.lines[0]! - right.lines[0]!,
  );
}

/** A bound on the contract's cost of the whole problem from what was found for the objective. `sweeps` of an ascent come on top. */
export function boundOfContract(
  { problem, compiled, contract, earlier }: Objective,
  given: Pricer,
  { prices }: PricedBound,
  best: Draft,
  sweeps: number,
  stopOf: (priced: Pricer) => () => boolean,
): PricedBound & { readonly compiled: Compiled } {
  const starts = [prices];
  if (compiled.stockValue !== undefined) starts.push(withValuesWhereUsedUp(compiled, prices, compiled.stockValue, best.ledger.sharedUsed));
  if (contract !== undefined) {
    // Before anything was charged for changes, the earlier prices were the contract's.
    if (earlier !== undefined) starts.push(pricesFrom(contract, earlier.certificate, contestedSkus(contract)));
    // The tables are the same where the objective differs by change costs alone.
    const priced = compiled.stockValue === undefined ? { ...given, compiled: contract } : pricer(contract);
    return { ...contractBound(priced, starts, sweeps, stopOf(priced)), compiled: contract };
  }
  const whole = compile(problem);
  const contested = contestedSkus(whole);
  const read = starts.map((each) => pricesFrom(whole, certificateOf(compiled, each), contested));
  const priced = pricer(whole);
  return { ...contractBound(priced, read, sweeps, stopOf(priced)), compiled: whole };
}
