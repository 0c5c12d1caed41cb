import { currencyExponent } from '@quartermaster/domain';
import {
  costShares,
  explainUnfilled,
  planDifference,
  type CostShare,
  type LineAtNode,
  type MipSolver,
  type MovedOrder,
  type Override,
  type PlanShipment,
  type ProblemOrder,
  type SolveResult,
  type SourcingProblem,
} from '@quartermaster/sourcing';
import { linesTogether } from '../waves/kit-parts.ts';
import { solveWhole } from '../waves/whole-kits.ts';
import type { KeptDecision } from './kept-decision.ts';
import { solverOf } from './replay.ts';

/**
 * What to force: that an order ships from a node, as many of its units as the node can whoever else lets go, by a service (of ours, `carrier/service`) or the cheapest. Lines that the node cannot ship
 * come from elsewhere or stay open, as is best for all orders together.
 */
export type Forced = { readonly order: string; readonly node: string; readonly service?: string | undefined };

/** What a forced choice would have cost, in minor units of the currency. `changeMinor` is `ownChangeMinor` and `othersChangeMinor` together. */
export type WhyNot = {
  readonly decision: string;
  readonly order: string;
  readonly node: string;
  readonly currency: string;
} & (
  | { readonly kind: 'impossible'; readonly why: string }
  | {
      readonly kind: 'possible';
      /** The lines that are forced to the node, by their place in the order. */
      readonly forcedLines: readonly number[];
      /** The order's shipments, those of its other lines too. */
      readonly shipments: readonly PlanShipment[];
      /** Of all orders of the wave together. */
      readonly totalMinor: BeforeAndAfter;
      /** Of the order itself: its part of both totals. */
      readonly ownMinor: BeforeAndAfter;
      readonly changeMinor: number;
      readonly ownChangeMinor: number;
      /** What the choice moves to the other orders. */
      readonly othersChangeMinor: number;
      /** Orders beside the forced one that ship otherwise now. */
      readonly moved: readonly MovedOrder[];
      readonly method: SolveResult['method'];
      /** How much cheaper the best plan with the choice could be, as a share of its cost: proven. */
      readonly gap: number;
      readonly words: string;
    }
);

type BeforeAndAfter = { readonly before: number; readonly after: number };

/**
 * Decides a recorded wave again with one order forced, everything else as it was: its inputs, options, engine and the other orders' overrides; of the order's own, what forbids something else
 * holds. The total is that of a fresh solve with the choice fixed, because it is one: how the order's lines ship is open but for the node. Writes nothing.
 */
export async function whyNot(decision: KeptDecision, forced: Forced, installed: MipSolver | null): Promise<WhyNot> {
  const { problem, plan } = decision;
  const { order, node } = forced;
  const about = { decision: decision.id, order, node, currency: problem.currency };
  const wanted = problem.orders.find(({ id }) => id === order);
  const unknown = unknownPart(decision, forced);
  if (wanted === undefined || unknown !== null) return { ...about, kind: 'impossible', why: unknown ?? '' };
  const lines = linesTogether(wanted);
  const overrides = decision.overrides.filter((each) => each.order !== order || !isAgainst(each, forced));
  const able = await ableLines(problem, wanted, forced, overrides);
  if (able.lines.length === 0) return { ...about, kind: 'impossible', why: `${node} cannot ship any of it, ${able.why}` };
  const solved = await solveForced({ ...decision, overrides }, forcedOrder(problem, wanted, forced, able.lines), installed);
  const shipments = solved.plan.shipments.filter((each) => each.order === order);
  if (!able.lines.every((line) => shipments.some((each) => each.lines.includes(line)))) {
    const some = `${node} can ship ${linesAmong(lines, able.lines)} of its ${lines.length} lines`;
    return { ...about, kind: 'impossible', why: `${some}, and it ships complete or not at all: the others cannot ship beside them` };
  }
  const minor = (amount: number) => Math.round(amount * 10 ** currencyExponent(problem.currency));
  const [was, is] = [costShares(problem, plan), costShares(problem, solved.plan)];
  const ownOf = (shares: readonly CostShare[]) => minor(shares.find((share) => share.order === order)?.total ?? 0);
  const totalMinor = { before: sumOf(was, minor), after: sumOf(is, minor) };
  const ownMinor = { before: ownOf(was), after: ownOf(is) };
  const changeMinor = totalMinor.after - totalMinor.before;
  const ownChangeMinor = ownMinor.after - ownMinor.before;
  const moved = planDifference(problem, plan, solved.plan).moved.filter((each) => each.order !== order);
  const result = { totalMinor, ownMinor, changeMinor, ownChangeMinor, othersChangeMinor: changeMinor - ownChangeMinor, moved };
  const { method, gap } = solved;
  const words = wordsOf({ ...about, ...result, shipments, lines });
  return { ...about, kind: 'possible', forcedLines: able.lines, shipments, ...result, method, gap, words };
}

/** Whether what a person decided about the order leaves no room for the force. */
function isAgainst(override: Override, { node, service }: Forced): boolean {
  if (override.kind !== 'forbid') return true;
  return (override.node ?? node) === node && (override.service === undefined || override.service === service);
}

/** The lines that the node can ship together when all others let go whom no person has fixed; in words, why none, where there are none. */
async function ableLines(
  problem: SourcingProblem,
  order: ProblemOrder,
  forced: Forced,
  overrides: readonly Override[],
): Promise<{ readonly lines: readonly number[]; readonly why: string }> {
  const firm = new Set(overrides.flatMap((each) => (each.kind === 'fix' ? [each.order] : [])));
  const every = { ...forcedOrder(problem, order, forced, [...order.lines.keys()]), shipComplete: false };
  const alone = { ...problem, orders: problem.orders.flatMap((each) => (each === order ? [every] : firm.has(each.id) ? [each] : [])) };
  const left = overrides.filter((each) => each.order === order.id || firm.has(each.order));
  const { plan } = await solveWhole(alone, left.length === 0 ? {} : { overrides: left });
  const lines = plan.shipments.flatMap((each) => (each.order === order.id ? each.lines : [])).sort((one, other) => one - other);
  if (lines.length > 0) return { lines, why: '' };
  const reasons = explainUnfilled(alone, plan, [order.id]).flatMap(({ sku, nodes }) => {
    const why = nodes.find(({ node }) => node === forced.node)?.why;
    return why === undefined ? [] : [`${sku}: ${lackWords[why]}`];
  });
  return { lines, why: `whoever else lets go (${[...new Set(reasons)].join('; ')})` };
}

const lackWords: Readonly<Record<LineAtNode['why'], string>> = {
  'no-stock': 'it has not enough',
  'not-eligible': 'it may not ship it',
  'no-service': 'no allowed service goes there',
  'too-heavy': 'too heavy for its services',
  taken: 'a person gave it to another order',
  cap: 'it may send no more shipments',
  labor: 'no working hours are left',
  possible: 'the order or a person does not let it',
};

/** The order with some lines that ship from the node, whatever that costs anybody. */
function forcedOrder(problem: SourcingProblem, order: ProblemOrder, { node, service }: Forced, lines: readonly number[]): ProblemOrder {
  const only = (ids: readonly string[] | undefined, id: string) => (ids?.includes(id) === false ? [] : [id]);
  const unfilledCostPerUnit = whateverItCosts(problem);
  return {
    ...order,
    lines: order.lines.map((line, at) =>
      lines.includes(at)
        ? {
            ...line,
            unfilledCostPerUnit,
            eligibleNodes: only(line.eligibleNodes, node),
            ...(service === undefined ? {} : { services: only(line.services, service) }),
          }
        : line,
    ),
  };
}

/** More than all orders together pay when nothing ships at all, and a hundred times that. */
function whateverItCosts({ orders }: SourcingProblem): number {
  const open = orders.flatMap(({ lines }) => lines.map(({ units, unfilledCostPerUnit }) => units * unfilledCostPerUnit));
  return Math.min(mostCost, Math.ceil(100 * open.reduce((sum, cost) => sum + cost, 1_000)));
}

/** What a problem takes for a cost. */
const mostCost = 1e15;

/** The wave solved anew, as it was, with one of its orders in another version. */
async function solveForced(
  { problem, options, overrides, engine }: KeptDecision,
  order: ProblemOrder,
  installed: MipSolver | null,
): Promise<SolveResult> {
  const solver = solverOf({ engine }, installed);
  const orders = problem.orders.map((each) => (each.id === order.id ? order : each));
  return solveWhole(
    { ...problem, orders },
    { ...options, ...(solver === null ? {} : { solver }), ...(overrides.length === 0 ? {} : { overrides }) },
  );
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

/** How many of the wanted lines have a part among these. */
function linesAmong(wanted: readonly (readonly number[])[], numbers: readonly number[]): number {
  return wanted.filter((parts) => parts.some((part) => numbers.includes(part))).length;
}

function wordsOf(told: {
  readonly currency: string;
  /** The lines that the order had in the wave, by the numbers of their parts. */
  readonly lines: readonly (readonly number[])[];
  readonly shipments: readonly PlanShipment[];
  readonly changeMinor: number;
  readonly ownChangeMinor: number;
  readonly othersChangeMinor: number;
  readonly moved: readonly MovedOrder[];
}): string {
  const exponent = currencyExponent(told.currency);
  const amount = (value: number) =>
    `${(Math.abs(value) / 10 ** exponent).toFixed(exponent)} ${told.currency} ${value < 0 ? 'less' : 'more'}`;
  const wanted = told.lines.length;
  const open = wanted - told.shipments.reduce((sum, { lines }) => sum + linesAmong(told.lines, lines), 0);
  const ships = told.shipments
    .map(({ node, service, lines }) => `${node} by ${service} (${linesAmong(told.lines, lines)} of ${wanted} lines)`)
    .join(' and ');
  const way = `${ships}${open === 0 ? '' : `, ${open} left open and what that costs counted`},`;
  const others = told.moved.length === 0 ? 'no other order moves' : `${told.moved.length} other orders move`;
  return `From ${way} it costs ${amount(told.ownChangeMinor)} itself, the others ${amount(told.othersChangeMinor)} (${others}): all orders together ${amount(told.changeMinor)}.`;
}
