import { addDays, daysBetween, localDate, type Instant } from '@quartermaster/domain';
import type { JournalReader } from '@quartermaster/journal';
import { engineVersion, type ProblemOrder, type SourcingProblem, type StockValues } from '@quartermaster/sourcing';
import { forecastFromOrders, valueOfStock } from '@quartermaster/sourcing/horizon';
import type { FlowSettings } from '../settings.ts';
import { keptDecision } from '../why/kept-decision.ts';
import { factsOfDay } from '../why/wave-facts.ts';
import { waveKind } from './baseline.ts';
import { partsOf } from './kit-parts.ts';
import { buildProblem, type Demand, type ProblemInput } from './sourcing-problem.ts';

/** What a wave knows of the past: new orders by day, the last day first, and what the wave before said that stock is worth. */
export type Past = { readonly days: readonly (readonly Demand[])[]; readonly before: StockValues };

/** Reads the orders that came in on past days, from what their waves read. Null where the policy does not look ahead. */
export async function readPast(journal: JournalReader, settings: FlowSettings, at: Instant): Promise<Past | null> {
  const { lookAhead } = settings.sourcing;
  if (lookAhead === null) return null;
  const today = localDate(at, settings.zone);
  const seen = new Set<string>();
  const days: Demand[][] = [];
  return journal.read(async (tx) => {
    for (let back = lookAhead.historyDays; back >= 1; back--) {
      const facts = await factsOfDay(tx, addDays(today, -back));
      const fresh = facts.flatMap(({ demands }) => demands).filter(({ key }) => !seen.has(key) && seen.add(key));
      if (facts.length > 0) days.unshift(fresh);
    }
    const latest = await tx.decisions.latest(waveKind);
    const last = latest === null ? null : await keptDecision(tx, latest.id);
    return { days, before: last?.engine?.version === engineVersion ? (last.options.stockValues ?? {}) : {} };
  });
}

/**
 * What a unit that the wave does not take is worth, by node and SKU of its problem, in whole units of the currency. Pure: the same past and problem give the same values, and the wave's decision
 * keeps them. Undefined where there is no past to look ahead from.
 */
export function valuesAhead(problem: SourcingProblem, input: Omit<ProblemInput, 'name'>, past: Past | null): StockValues | undefined {
  const { lookAhead } = input.settings.sourcing;
  if (past === null || lookAhead === null || past.days.every((day) => day.length === 0) || problem.orders.length === 0) return undefined;
  const known = new Set(problem.skus.map(({ id }) => id));
  const open = new Set(problem.orders.map(({ id }) => id));
  const history = past.days.map((day) => day.flatMap((demand) => (open.has(demand.key) ? [] : withSkus(demand, known, input.recipes))));
  // One problem with everybody in it has the lanes to all of them.
  const wide = buildProblem({ ...input, name: problem.name, demands: [...input.demands, ...history.flat()] });
  const orders = new Map(wide.orders.map((order) => [order.id, order]));
  const outlook = { ...wide, nodes: problem.nodes, orders: problem.orders };
  const byDay = history.map((day) => day.flatMap((demand) => asOnItsDay(orders.get(demand.key), demand, input)));
  const { days, samples } = lookAhead;
  return valueOfStock(
    { problem: outlook, days, receipts: [], patience: problem.orders.map(() => days - 1) },
    forecastFromOrders({ ...outlook, orders: [] }, byDay, days - 1),
    { samples, sweeps: 2, before: ofNodes(past.before, problem) },
  );
}

/** An order of the past as far as it wants what is asked for today; the rest tells nothing about it. */
function withSkus(demand: Demand, known: ReadonlySet<string>, recipes: ProblemInput['recipes']): Demand[] {
  const open = demand.open.filter((line) => partsOf([line], recipes).every(({ sku }) => known.has(sku)));
  return open.length === 0 ? [] : [{ ...demand, open }];
}

/** Promises of the past, counted from the day on which the order came in. */
function asOnItsDay(
  order: ProblemOrder | undefined,
  { order: { placedAt } }: Demand,
  { at, settings }: Omit<ProblemInput, 'name'>,
): ProblemOrder[] {
  if (order === undefined) return [];
  const age = daysBetween(localDate(placedAt, settings.zone), localDate(at, settings.zone));
  return [{ ...order, promiseDay: order.promiseDay + age }];
}

function ofNodes(values: StockValues, { nodes }: SourcingProblem): StockValues {
  const known = new Set(nodes.map(({ id }) => id));
  return Object.fromEntries(Object.entries(values).filter(([node]) => known.has(node)));
}
