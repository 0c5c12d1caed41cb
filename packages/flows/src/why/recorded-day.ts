import { currencyExponent, type Instant } from '@quartermaster/domain';
import type { Recipes } from '@quartermaster/inventory';
import type { Override, SourcingPlan, SourcingProblem } from '@quartermaster/sourcing';
import type { FlowSettings } from '../settings.ts';
import { addUnits } from '../stock/stock-view.ts';
import { inParts, noRecipes } from '../waves/kit-parts.ts';
import { waveDecision } from '../waves/baseline.ts';
import { choiceOf, type Choice } from '../waves/comparison.ts';
import { minutesOf, type CostedShipment } from '../waves/day-cost.ts';
import { costedShipments } from '../waves/plan-reading.ts';
import { overridesOf } from '../waves/sourcing-overrides.ts';
import { buildProblem, type Demand, type UnitsAt } from '../waves/sourcing-problem.ts';
import type { SentShipment, WaveFacts } from './wave-facts.ts';

/** A wave of a recorded day as somebody is asked to decide it. */
export type WaveToDecide = { readonly slot: Instant; readonly problem: SourcingProblem; readonly overrides: readonly Override[] };

/** What somebody decided: the plan, and where it is proven, what no plan of the wave costs less than. */
export type DecidedWave = { readonly plan: SourcingPlan; readonly total?: number; readonly bound?: number };

export type Decide = (wave: WaveToDecide) => DecidedWave | Promise<DecidedWave>;

/** A recorded day as it would have gone. */
export type DayRun = {
  readonly choice: Choice;
  /** How much cheaper perfect plans of its waves could at most have been, as a share of the cost; null where nothing was proven. */
  readonly gap: number | null;
  readonly waves: readonly { readonly slot: Instant; readonly orders: number; readonly shipments: number }[];
  /** Its shipments, for comparing two runs. */
  readonly shipments: readonly (CostedShipment & { readonly slot: Instant })[];
};

/** How a day is run: `settings` decide, `ruler` says what lateness, splits and open lines cost, so that runs under several policies are measured alike. */
export type DayRules = {
  readonly settings: FlowSettings;
  readonly ruler: FlowSettings;
  readonly decide: Decide;
  /** Instants of its waves; default those that there were. */
  readonly slots?: readonly Instant[];
};

/**
 * Lives through a recorded day once more, wave by wave, with its own past: what it shipped is gone from its shelves and from its orders, and what the real day shipped in between is there
 * again. Reads nothing and writes nothing; all of it is in `facts`, of which there is at least one.
 */
export async function runDay(
  facts: readonly WaveFacts[],
  { settings, ruler, decide, slots = facts.map(({ slot }) => slot) }: DayRules,
): Promise<DayRun> {
  const minorPerUnit = 10 ** currencyExponent(settings.currency);
  const wanted = new Map<string, Demand>();
  const shipments: (CostedShipment & { slot: Instant })[] = [];
  const waves: DayRun['waves'][number][] = [];
  let total = 0;
  let bound: number | null = 0;
  const recipes = recipesOf(facts);
  for (const slot of slots) {
    const wave = waveAt(facts, slot, recipes);
    for (const demand of wave.demands) wanted.set(demand.key, demand);
    const demands = openDemands(wave.demands, shipments);
    const input = {
      ...wave.facts,
      at: wave.at,
      name: waveDecision(slot),
      recipes,
      demands,
      available: lessTaken(wave.available, shipments, recipes),
      minutesTaken: moreMinutes(wave.minutesTaken, minutesOf(shipments, settings, recipes)),
    };
    const problem = buildProblem({ ...input, settings });
    const decided = await decide({ slot, problem, overrides: overridesOf(wave.facts.overrides, problem, wave.at) });
    const measured = ruler === settings ? problem : buildProblem({ ...input, settings: ruler });
    const costed = costedShipments(measured, decided.plan, demands, { at: wave.at, settings: ruler, minorPerUnit, recipes });
    shipments.push(...costed.map((each) => ({ ...each, slot })));
    waves.push({ slot, orders: problem.orders.length, shipments: costed.length });
    total += decided.total ?? 0;
    bound = decided.bound === undefined || bound === null ? null : bound + decided.bound;
  }
  const gap = bound === null ? null : total === 0 ? 0 : Math.max(0, (total - bound) / total);
  return { choice: choiceOf([...wanted.values()], shipments, ruler, recipes), gap, waves, shipments };
}

/** Kits of a day, as its waves knew them last. */
function recipesOf(facts: readonly WaveFacts[]): Recipes {
  return new Map(facts.flatMap(({ recipes = noRecipes }) => [...recipes]));
}

type WaveState = {
  readonly facts: WaveFacts;
  readonly at: Instant;
  /** With everything open that the real day had shipped by then. */
  readonly demands: readonly Demand[];
  readonly available: UnitsAt;
  readonly minutesTaken: UnitsAt;
};

/** How the day stood at a moment if nothing had been shipped on it: by what was read last before it, or first after it. */
function waveAt(facts: readonly WaveFacts[], slot: Instant, recipes: Recipes): WaveState {
  const first = facts[0];
  const last = facts.findLast((each) => each.slot <= slot) ?? first;
  if (first === undefined || last === undefined) throw new RangeError('a day without waves cannot be run');
  const sent = last.sent.filter((each) => each.slot >= first.slot);
  const known = new Map(
    facts.flatMap((each) => (each.slot <= last.slot ? each.demands.map((demand) => [demand.key, demand] as const) : [])),
  );
  const isRecorded = last.slot === slot;
  const since = isRecorded ? [] : facts.filter((each) => each.slot > last.slot).flatMap(({ demands }) => demands);
  const open = new Map([...last.demands, ...since].map((demand) => [demand.key, demand]));
  const keys = new Set([...open.keys(), ...sent.map(({ order }) => order)]);
  const demands = [...keys].flatMap((key): Demand[] => {
    const demand = open.get(key) ?? known.get(key);
    if (demand === undefined || (!isRecorded && demand.order.placedAt > slot)) return [];
    return [
      {
        ...demand,
        open: withSent(
          open.get(key)?.open ?? [],
          sent.filter(({ order }) => order === key),
        ),
      },
    ];
  });
  const available = unitsOf(last.available);
  for (const { node, lines } of sent) for (const { sku, units } of inParts(lines, recipes)) addUnits(available, node, sku, units);
  const minutesTaken = unitsOf(last.minutesTaken);
  for (const [node, dates] of minutesOf(sent, last.settings, recipes))
    for (const [date, minutes] of dates) addUnits(minutesTaken, node, date, -minutes);
  return {
    facts: last,
    at: isRecorded ? last.at : slot,
    demands: demands.sort(byPlacing),
    available,
    minutesTaken: atLeastNothing(minutesTaken),
  };
}

type Open = Demand['open'];

function withSent(open: Open, sent: readonly SentShipment[]): Open {
  const lines = new Map(open.map((line) => [line.lineId, line]));
  for (const line of sent.flatMap((each) => each.lines))
    lines.set(line.lineId, { ...line, units: line.units + (lines.get(line.lineId)?.units ?? 0) });
  return [...lines.values()];
}

/** What is still open of the orders after the run's own shipments. */
function openDemands(demands: readonly Demand[], shipments: readonly CostedShipment[]): Demand[] {
  const shipped = Map.groupBy(shipments, ({ order }) => order);
  return demands.flatMap((demand): Demand[] => {
    const lines = (shipped.get(demand.key) ?? []).flatMap((each) => each.lines);
    const open = demand.open.flatMap((line) => {
      const units = line.units - lines.filter(({ lineId }) => lineId === line.lineId).reduce((sum, each) => sum + each.units, 0);
      return units <= 0 ? [] : [{ ...line, units }];
    });
    return open.length === 0 ? [] : [{ ...demand, open }];
  });
}

function lessTaken(available: UnitsAt, shipments: readonly CostedShipment[], recipes: Recipes): UnitsAt {
  const units = unitsOf(available);
  for (const { node, lines } of shipments) for (const part of inParts(lines, recipes)) addUnits(units, node, part.sku, -part.units);
  return units;
}

function moreMinutes(taken: UnitsAt, more: UnitsAt): UnitsAt {
  const minutes = unitsOf(taken);
  for (const [node, dates] of more) for (const [date, each] of dates) addUnits(minutes, node, date, each);
  return minutes;
}

function unitsOf(given: UnitsAt): Map<string, Map<string, number>> {
  return new Map([...given].map(([key, values]) => [key, new Map(values)]));
}

/** Sums of parts of minutes do not always come back to nothing. */
function atLeastNothing(given: UnitsAt): UnitsAt {
  return new Map([...given].map(([key, values]) => [key, new Map([...values].map(([date, minutes]) => [date, Math.max(0, minutes)]))]));
}

function byPlacing(a: Demand, b: Demand): number {
  return a.order.placedAt < b.order.placedAt ? -1 : a.order.placedAt > b.order.placedAt ? 1 : a.key < b.key ? -1 : 1;
}
