import { compareText, instantOf, epochMs, type Instant } from '@quartermaster/domain';
import { isLive, physicalLines, type OrderCase, type ShipmentDraft } from '@quartermaster/fulfilment';
import type { Recipes } from '@quartermaster/inventory';
import { z } from 'zod';
import { minutesOf, type CostedShipment } from './day-cost.ts';
import { inParts, noRecipes } from './kit-parts.ts';
import { costedShipments } from './plan-reading.ts';
import { buildProblem, type Demand, type ProblemInput, type UnitsAt } from './sourcing-problem.ts';
import { addUnits } from '../stock/stock-view.ts';
import { planByRule, type UsualRule } from './usual-rules.ts';

/** Kind of the decisions and records of waves. */
export const waveKind = 'wave';

/** A wave as the rest of the journal refers to it: by its slot. */
export const waveDecision = (slot: Instant): string => `${waveKind}:${slot}`;

const baselineShipmentSchema = z.object({
  order: z.string(),
  node: z.string(),
  lines: z.array(z.object({ lineId: z.string(), sku: z.string(), units: z.int() })),
  dispatchDate: z.string(),
  shippingMinor: z.int(),
  latenessMinor: z.int(),
  slot: z.string(),
});
export type BaselineShipment = z.infer<typeof baselineShipmentSchema>;

/** What the usual rule would have shipped at the waves of the compared time, and the orders that our own waves shipped of. */
export const baselineSchema = z.object({
  shipments: z.array(baselineShipmentSchema),
  sourced: z.array(z.object({ order: z.string(), slot: z.string() })).default([]),
});
export type Baseline = z.infer<typeof baselineSchema>;

/** Plan and baseline are compared over the waves of this time: longer, and two histories drift apart that no measure joins. An order that we shipped of earlier is history for both. */
const comparedMs = 48 * 3_600_000;

export function comparedSince(slot: Instant): Instant {
  return instantOf(epochMs(slot) - comparedMs);
}

/**
 * What a usual rule does at the same wave: with the same orders and stock, but with its own past. Its stock is what is there now, plus what
 * our shipments of the compared time took, less what its own took: so it never ships more than was physically there. `cases` are at least the active ones and those of `sourced`;
 * `planned` are the orders that the plan of this wave ships of.
 */
export function baselineWave(
  rule: UsualRule,
  before: Baseline,
  input: Omit<ProblemInput, 'demands' | 'minutesTaken'> & {
    readonly cases: readonly OrderCase[];
    readonly planned: Iterable<string>;
    readonly slot: Instant;
    readonly minorPerUnit: number;
  },
): Baseline {
  const since = comparedSince(input.slot);
  const wanted = new Set(input.cases.filter((each) => !isCancelled(each) && isCompared(each, since)).map((each) => each.key));
  const kept = before.shipments.filter((shipment) => shipment.slot >= since && wanted.has(shipment.order));
  const demands = baselineDemands(input.cases, kept, since);
  const problem = buildProblem({
    ...input,
    name: `${input.name}, ${rule}`,
    demands,
    available: asIfShipped(input, kept, since),
    minutesTaken: minutesOf(kept, input.settings, input.recipes),
  });
  const plan = planByRule(rule, problem, input.settings);
  const added = costedShipments(problem, plan, demands, input).map((shipment) => ({
    ...shipment,
    lines: [...shipment.lines],
    slot: input.slot,
  }));
  const sourced = [
    ...before.sourced.filter(({ slot }) => slot >= since),
    ...[...input.planned].map((order) => ({ order, slot: input.slot })),
  ];
  return { shipments: [...kept, ...added], sourced };
}

/** The baseline beside a sourcing between the waves: the usual rule decides at the waves alone, and is told which orders it is measured on. */
export function baselineBetween(before: Baseline, slot: Instant, planned: Iterable<string>): Baseline {
  return { ...before, sourced: [...before.sourced, ...[...planned].map((order) => ({ order, slot }))] };
}

/** Orders over which plan and baseline are measured: they may be shipped, and neither has shipped of them before the compared time. */
export function takesPart(each: OrderCase, since: Instant): boolean {
  return (
    each.holds.length === 0 && (each.state === 'open' || each.state === 'committed' || each.state === 'shipped') && isCompared(each, since)
  );
}

/** Our own shipments of the compared time, in the same measure. */
export function comparedShipments(cases: readonly OrderCase[], since: Instant): CostedShipment[] {
  return cases.flatMap((each) =>
    each.shipments
      .filter((shipment) => isLive(shipment) && shipment.plannedBy >= waveDecision(since))
      .map((shipment) => costedDraft(each.key, shipment)),
  );
}

/** A shipment of an order as far as its cost was estimated. */
export function costedDraft(
  order: string,
  { node, lines, dispatchDate, estimate }: Pick<ShipmentDraft, 'node' | 'lines' | 'dispatchDate' | 'estimate'>,
): CostedShipment {
  const { shipping = 0, lateness = 0 } = estimate.minorByTerm;
  return { order, node, lines, dispatchDate, shippingMinor: shipping, latenessMinor: lateness };
}

/** Units per order and line that shipments hold. */
export function unitsByLine(shipments: readonly Pick<CostedShipment, 'order' | 'lines'>[]): Map<string, Map<string, number>> {
  const held = new Map<string, Map<string, number>>();
  for (const { order, lines } of shipments) for (const line of lines) addUnits(held, order, line.lineId, line.units);
  return held;
}

function baselineDemands(cases: readonly OrderCase[], kept: readonly BaselineShipment[], since: Instant): Demand[] {
  const held = unitsByLine(kept);
  return cases
    .filter((each) => takesPart(each, since))
    .sort((a, b) => compareText(a.order.placedAt, b.order.placedAt) || compareText(a.key, b.key))
    .map((each) => ({
      key: each.key,
      channel: each.scope.connection,
      order: each.order,
      open: physicalLines(each.order).flatMap((line) => {
        const units = line.quantity - (held.get(each.key)?.get(line.id) ?? 0);
        return line.sku === null || units <= 0 ? [] : [{ lineId: line.id, sku: line.sku, units }];
      }),
    }));
}

function asIfShipped(
  { available, cases, recipes = noRecipes }: { available: UnitsAt; cases: readonly OrderCase[]; recipes?: Recipes },
  kept: readonly BaselineShipment[],
  since: Instant,
): UnitsAt {
  const units = new Map([...available].map(([node, skus]) => [node, new Map(skus)]));
  for (const { node, lines } of comparedShipments(cases, since))
    for (const part of inParts(lines, recipes)) addUnits(units, node, part.sku, part.units);
  for (const { node, lines } of kept) for (const part of inParts(lines, recipes)) addUnits(units, node, part.sku, -part.units);
  return units;
}

function isCancelled(each: OrderCase): boolean {
  return each.state === 'cancelled' || each.state === 'cancelling';
}

function isCompared(each: OrderCase, since: Instant): boolean {
  return each.shipments.every((shipment) => shipment.plannedBy >= waveDecision(since));
}
