import { currencyExponent } from '@quartermaster/domain';
import { physicalLines, type OrderCase } from '@quartermaster/fulfilment';
import { flattened, type Recipes } from '@quartermaster/inventory';
import type { ReadTransaction } from '@quartermaster/journal';
import { costShares, type CostShare, type SourcingPlan, type SourcingProblem } from '@quartermaster/sourcing';
import { proposedPlans } from '../maturity/approvals.ts';
import type { FlowSettings } from '../settings.ts';
import { knownRecipes } from '../stock/read-facts.ts';
import { keptDecision } from '../why/kept-decision.ts';
import { baselineSchema, comparedShipments, comparedSince, costedDraft, takesPart, unitsByLine } from './baseline.ts';
import { costOf, type CostedShipment, type CostMinor } from './day-cost.ts';
import { linesTogether } from './kit-parts.ts';
import { unfilledCostPerUnit, type Demand } from './sourcing-problem.ts';
import { planByRule, type UsualRule } from './usual-rules.ts';
import { baselineKind, type WaveRecord } from './wave.ts';

export type Choice = {
  readonly cost: CostMinor;
  readonly shipments: number;
  readonly splitOrders: number;
  readonly lateOrders: number;
  readonly unfilledLines: number;
};

/**
 * What plan and rules are measured over. `days`: the compared days, each with its own past; the plan is what was done, and `proposed` shipments that wait for a person's word as if they had it.
 * `last-wave`: nothing of it was done, so each is what it makes of the orders, stock and prices of the last wave. `nothing`: nothing is decided, and there are no figures.
 */
export type Measured = { readonly by: 'days'; readonly proposed: number } | { readonly by: 'last-wave' } | { readonly by: 'nothing' };

/** What the plan costs and what the usual rules would have cost. Money in minor units of the plan's currency. */
export type Comparison = {
  readonly measured: Measured;
  readonly plan: Choice;
  /** What nearest first would have cost: the first of the rules. */
  readonly baseline: Choice;
  /** What each of the usual rules would have cost. */
  readonly rules: Readonly<Record<UsualRule, Choice>>;
  /** How much cheaper a perfect plan could at most have been, over all measured waves, as a fraction of the cost. */
  readonly gap: number;
  readonly labels: { readonly count: number; readonly spentMinor: number };
};

/** The comparison as of the last of `waves`, by the step that sourcing stood at then. `cases` are at least those that take part in the compared days. */
export async function comparisonOf(
  tx: ReadTransaction,
  cases: readonly OrderCase[],
  waves: readonly WaveRecord[],
  settings: FlowSettings,
): Promise<Comparison> {
  const compared = await comparedBy(tx, cases, waves, settings);
  const labels = cases.flatMap((each) => each.shipments.flatMap((shipment) => shipment.labels));
  return {
    ...compared,
    baseline: compared.rules['nearest-first'],
    labels: { count: labels.length, spentMinor: labels.reduce((sum, { label }) => sum + label.price.minor, 0) },
  };
}

type Compared = Pick<Comparison, 'measured' | 'plan' | 'rules' | 'gap'>;

async function comparedBy(
  tx: ReadTransaction,
  cases: readonly OrderCase[],
  waves: readonly WaveRecord[],
  settings: FlowSettings,
): Promise<Compared> {
  const last = waves.at(-1);
  if (last?.maturity === 'observe') return { measured: { by: 'nothing' }, plan: noChoice, rules: await byRule(() => noChoice), gap: 0 };
  return last?.maturity === 'shadow' ? overLastWave(tx, last, settings) : overDays(tx, cases, waves, settings);
}

async function overLastWave(tx: ReadTransaction, last: WaveRecord, settings: FlowSettings): Promise<Compared> {
  const decision = await keptDecision(tx, last.slot);
  if (decision === null) return { measured: { by: 'nothing' }, plan: noChoice, rules: await byRule(() => noChoice), gap: 0 };
  const { problem, plan } = decision;
  const rules = await byRule((rule) => choiceOfPlan(problem, planByRule(rule, problem, settings)));
  return { measured: { by: 'last-wave' }, plan: choiceOfPlan(problem, plan), rules, gap: gapOf([last]) };
}

async function overDays(
  tx: ReadTransaction,
  cases: readonly OrderCase[],
  waves: readonly WaveRecord[],
  settings: FlowSettings,
): Promise<Compared> {
  const since = comparedSince(waves.at(-1)?.slot ?? '1970-01-01T00:00:00.000Z');
  const taking = cases.filter((each) => takesPart(each, since));
  const wanted = wantsOf(taking);
  const recipes = flattened(await knownRecipes(tx));
  const known = new Set(taking.map(({ key }) => key));
  const proposed = (await proposedPlans(tx))
    .filter(({ about }) => known.has(about))
    .flatMap(({ about, shipments }) => shipments.map((each) => costedDraft(about, each)));
  const rules = await byRule(async (rule) => {
    const kept = await tx.records.get(baselineKind, rule, baselineSchema);
    return choiceOf(wanted, kept?.body.shipments ?? [], settings, recipes);
  });
  return {
    measured: { by: 'days', proposed: proposed.length },
    plan: choiceOf(wanted, [...comparedShipments(taking, since), ...proposed], settings, recipes),
    rules,
    gap: gapOf(waves.filter((wave) => wave.slot >= since)),
  };
}

async function byRule(choose: (rule: UsualRule) => Choice | Promise<Choice>): Promise<Comparison['rules']> {
  return {
    'nearest-first': await choose('nearest-first'),
    'rule-cascade': await choose('rule-cascade'),
    'fewest-splits': await choose('fewest-splits'),
  };
}

/** Costs are of whole minor units, and their rounding may leave the bound above them. */
function gapOf(waves: readonly WaveRecord[]): number {
  const cost = waves.reduce((sum, wave) => sum + wave.costMinor.total, 0);
  const proven = waves.reduce((sum, wave) => sum + wave.boundMinor, 0);
  return cost === 0 ? 0 : Math.max(0, (cost - proven) / cost);
}

const noChoice: Choice = {
  cost: { total: 0, shipping: 0, labor: 0, lateness: 0, split: 0, unfilled: 0 },
  shipments: 0,
  splitOrders: 0,
  lateOrders: 0,
  unfilledLines: 0,
};

/** What a plan of a wave comes to in the wave's own prices. */
function choiceOfPlan(problem: SourcingProblem, { shipments, ...plan }: SourcingPlan): Choice {
  const shares = costShares(problem, { ...plan, shipments });
  const minorPerUnit = 10 ** currencyExponent(problem.currency);
  const term = (of: (share: CostShare) => number) => Math.round(shares.reduce((sum, share) => sum + of(share), 0) * minorPerUnit);
  const terms = {
    shipping: term(({ shipping }) => shipping),
    labor: term(({ labor }) => labor),
    lateness: term(({ lateness }) => lateness),
    split: term(({ split }) => split),
    unfilled: term(({ unfilled }) => unfilled),
  };
  const byOrder = Map.groupBy(shipments, ({ order }) => order);
  const isOpen = (order: string, parts: readonly number[]) =>
    !(byOrder.get(order) ?? []).some(({ lines }) => parts.some((part) => lines.includes(part)));
  return {
    cost: { total: Object.values(terms).reduce((sum, each) => sum + each, 0), ...terms },
    shipments: shipments.length,
    splitOrders: [...byOrder.values()].filter((several) => several.length > 1).length,
    lateOrders: shares.filter(({ lateness }) => lateness > 0).length,
    unfilledLines: problem.orders.reduce((sum, each) => sum + linesTogether(each).filter((parts) => isOpen(each.id, parts)).length, 0),
  };
}

/** Orders with what of them had to be shipped, in the words of a wave. */
function wantsOf(cases: readonly OrderCase[]): Demand[] {
  return cases.map(({ key, scope, order }) => ({
    key,
    channel: scope.connection,
    order,
    open: physicalLines(order).flatMap(({ id, sku, quantity }) =>
      sku === null || quantity <= 0 ? [] : [{ lineId: id, sku, units: quantity }],
    ),
  }));
}

/** What shipments come to beside what was wanted, whoever chose them: the one measure for the plan, for the usual rules and for days that are played again. */
export function choiceOf(wanted: readonly Demand[], chosen: readonly CostedShipment[], settings: FlowSettings, recipes?: Recipes): Choice {
  const keys = new Set(wanted.map((each) => each.key));
  const shipments = chosen.filter((shipment) => keys.has(shipment.order));
  const minorPerUnit = 10 ** currencyExponent(settings.currency);
  const held = unitsByLine(shipments);
  const perOrder = Map.groupBy(shipments, (shipment) => shipment.order);
  const open = wanted.flatMap(({ key, order, open: lines }) =>
    lines.flatMap(({ lineId, units: ordered }) => {
      const units = ordered - (held.get(key)?.get(lineId) ?? 0);
      const line = order.lines.find(({ id }) => id === lineId);
      return line === undefined || units <= 0 ? [] : [units * unfilledCostPerUnit(line, settings.sourcing) * minorPerUnit];
    }),
  );
  return {
    cost: costOf(
      shipments,
      open.reduce((sum, cost) => sum + cost, 0),
      settings,
      minorPerUnit,
      recipes,
    ),
    shipments: shipments.length,
    splitOrders: [...perOrder.values()].filter((several) => several.length > 1).length,
    lateOrders: [...perOrder.values()].filter((several) => several.some((shipment) => shipment.latenessMinor > 0)).length,
    unfilledLines: open.length,
  };
}
