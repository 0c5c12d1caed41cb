import { currencyExponent } from '@quartermaster/domain';
import {
  costShares,
  forcedWay,
  planDifference,
  solve,
  SourcingInputError,
  type CostShare,
  type MipSolver,
  type MovedOrder,
  type PlanShipment,
  type SolveResult,
} from '@quartermaster/sourcing';
import type { KeptDecision } from './kept-decision.ts';
import { solverOf } from './replay.ts';

/**
 * What to force: that an order ships from a node, as much of it as the node can, by a service (of ours, `carrier/service`) or the cheapest. What the node cannot ship comes from elsewhere, as is
 * cheapest at the wave's prices, or stays open where that costs less.
 */
export type Forced = { readonly order: string; readonly node: string; readonly service?: string | undefined };

/** What a forced choice would have cost, in minor units of the currency. `change` is `ownChange` and `othersChange` together. */
export type WhyNot = {
  readonly decision: string;
  readonly order: string;
  readonly node: string;
  readonly currency: string;
} & (
  | { readonly kind: 'impossible'; readonly why: string }
  | {
      readonly kind: 'possible';
      /** The forced order's shipments; they are what it ships already where nothing had to be forced. */
      readonly shipments: readonly PlanShipment[];
      /** Of all orders of the wave together. */
      readonly totalMinor: { readonly before: number; readonly after: number };
      readonly changeMinor: number;
      readonly ownChangeMinor: number;
      readonly othersChangeMinor: number;
      /** Orders beside the forced one that ship otherwise now. */
      readonly moved: readonly MovedOrder[];
      readonly method: SolveResult['method'];
      /** How much cheaper the best plan with the choice could be, as a share of its cost. */
      readonly gap: number;
      readonly words: string;
    }
);

/**
 * Decides a recorded wave again with one order forced, everything else as it was: its inputs, options and the other orders' overrides. The total is that of a fresh solve with the choice fixed,
 * because it is one. Writes nothing.
 */
export async function whyNot(decision: KeptDecision, forced: Forced, installed: MipSolver | null): Promise<WhyNot> {
  const { problem, plan } = decision;
  const { order, node, service } = forced;
  const about = { decision: decision.id, order, node, currency: problem.currency };
  const unknown = unknownPart(decision, forced);
  if (unknown !== null) return { ...about, kind: 'impossible', why: unknown };
  const shipments = forcedWay(problem, plan, { order, node, ...(service === undefined ? {} : { service }) });
  if (shipments === null) return { ...about, kind: 'impossible', why: `${node} cannot ship any of it, whoever else lets go` };
  const solved = await solveFixed(decision, order, shipments, installed);
  if (typeof solved === 'string') return { ...about, kind: 'impossible', why: solved };
  const minor = (amount: number) => Math.round(amount * 10 ** currencyExponent(problem.currency));
  const totalMinor = { before: sumOf(costShares(problem, plan), minor), after: sumOf(costShares(problem, solved.plan), minor) };
  const own = [plan, solved.plan].map((each) => minor(costShares(problem, each).find((share) => share.order === order)?.total ?? 0));
  const changeMinor = totalMinor.after - totalMinor.before;
  const ownChangeMinor = (own[1] ?? 0) - (own[0] ?? 0);
  const moved = planDifference(problem, plan, solved.plan).moved.filter((each) => each.order !== order);
  const result = { totalMinor, changeMinor, ownChangeMinor, othersChangeMinor: changeMinor - ownChangeMinor, moved };
  const { method, gap } = solved;
  return {
    ...about,
    kind: 'possible',
    shipments,
    ...result,
    method,
    gap,
    words: wordsOf({ ...about, ...result, shipments, lines: linesOf(decision, order) }),
  };
}

/** The wave solved anew with one order's shipments fixed, or in words why that cannot be. */
export async function solveFixed(
  decision: KeptDecision,
  order: string,
  shipments: readonly PlanShipment[],
  installed: MipSolver | null,
): Promise<SolveResult | string> {
  const solver = solverOf(decision, installed);
  const fix = { id: `why-not ${order}`, kind: 'fix', order, shipments: shipments.map(({ order: _order, ...each }) => each) } as const;
  try {
    return await solve(decision.problem, {
      ...decision.options,
      ...(solver === null ? {} : { solver }),
      overrides: [...decision.overrides.filter((each) => each.order !== order), fix],
    });
  } catch (error) {
    if (!(error instanceof SourcingInputError)) throw error;
    return error.issues.map(({ message }) => message).join('; ');
  }
}

function unknownPart({ id, problem }: KeptDecision, { order, node, service }: Forced): string | null {
  if (!problem.orders.some((each) => each.id === order)) return `the order was not in ${id}`;
  if (!problem.nodes.some((each) => each.id === node))
    return `there was no node ${node} in ${id}: ${problem.nodes.map((each) => each.id).join(', ')}`;
  if (service !== undefined && !problem.services.some((each) => each.id === service))
    return `there was no service ${service} in ${id}: ${problem.services.map((each) => each.id).join(', ')}`;
  return null;
}

function sumOf(shares: readonly CostShare[], minor: (amount: number) => number): number {
  return minor(shares.reduce((sum, { total }) => sum + total, 0));
}

function linesOf({ problem }: KeptDecision, order: string): number {
  return problem.orders.find((each) => each.id === order)?.lines.length ?? 0;
}

function wordsOf(told: {
  readonly currency: string;
  /** How many lines the order had in the wave. */
  readonly lines: number;
  readonly shipments: readonly PlanShipment[];
  readonly changeMinor: number;
  readonly ownChangeMinor: number;
  readonly othersChangeMinor: number;
  readonly moved: readonly MovedOrder[];
}): string {
  const exponent = currencyExponent(told.currency);
  const amount = (value: number) =>
    `${(Math.abs(value) / 10 ** exponent).toFixed(exponent)} ${told.currency} ${value < 0 ? 'less' : 'more'}`;
  const open = told.lines - told.shipments.reduce((sum, { lines }) => sum + lines.length, 0);
  const ships = told.shipments
    .map(({ node, service, lines }) => `${node} by ${service} (${lines.length} of ${told.lines} lines)`)
    .join(' and ');
  const way = `${ships}${open === 0 ? '' : `, ${open} left open and what that costs counted`},`;
  const others = told.moved.length === 0 ? 'no other order moves' : `${told.moved.length} other orders move`;
  return `From ${way} it costs ${amount(told.ownChangeMinor)} itself, the others ${amount(told.othersChangeMinor)} (${others}): all orders together ${amount(told.changeMinor)}.`;
}
