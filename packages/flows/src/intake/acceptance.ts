import { compareText, type Sku, type StockPosition } from '@quartermaster/domain';
import { openLines, type OrderCase } from '@quartermaster/fulfilment';
import type { Recipes } from '@quartermaster/inventory';
import type { Transaction } from '@quartermaster/journal';
import { actsOn, type FlowContext } from '../context.ts';
import { applyNews } from '../order-cases.ts';
import { asComponents, recipesIn } from '../stock/promisable.ts';
import { knownRecipes } from '../stock/read-facts.ts';
import { plannedUnits, wantedUnits } from '../stock/stock-view.ts';

/**
 * Orders that a channel gives away only to who accepts them, and whose goods are there: all units of all lines, over all nodes, beside what other orders want; kits by their components, so that lines that share one
 * do not each find it free. The older one comes first. Pure.
 */
export function acceptable(positions: readonly StockPosition[], cases: readonly OrderCase[], more: Recipes = new Map()): string[] {
  const waiting = cases
    .filter(waitsForUs)
    .sort((one, other) => compareText(one.order.placedAt, other.order.placedAt) || compareText(one.key, other.key));
  if (waiting.length === 0) return [];
  const recipes = recipesIn(positions, more);
  const wantedOf = (of: readonly OrderCase[]) => asComponents(wantedUnits(of), recipes);
  const free = new Map<Sku, number>();
  const add = (sku: Sku, units: number) => free.set(sku, (free.get(sku) ?? 0) + units);
  for (const { sku, sellable, reserved } of positions) if (!recipes.has(sku)) add(sku, sellable - reserved);
  for (const planned of plannedUnits(cases).values()) for (const [sku, units] of asComponents(planned, recipes)) add(sku, -units);
  for (const [sku, units] of wantedOf(cases.filter((each) => !waiting.includes(each)))) add(sku, -units);
  return waiting.flatMap((each) => {
    const wanted = wantedOf([each]);
    if (openLines(each).length === 0 || [...wanted].some(([sku, units]) => (free.get(sku) ?? 0) < units)) return [];
    for (const [sku, units] of wanted) add(sku, -units);
    return [each.key];
  });
}

/** Accepts what can be accepted now. */
export async function acceptInStock(
  tx: Transaction,
  context: FlowContext,
  positions: readonly StockPosition[],
  cases: readonly OrderCase[],
): Promise<void> {
  const ours = cases.filter(({ scope }) => actsOn(context.settings, scope.connection));
  const keys = new Set(acceptable(positions, cases, await knownRecipes(tx)));
  for (const { key } of ours) if (keys.has(key)) await applyNews(tx, context, key, { kind: 'stock-found' });
}

function waitsForUs({ state, acknowledgement, order, holds }: OrderCase): boolean {
  const otherwiseHeld = holds.some(({ code }) => code !== 'acceptance');
  return state === 'held' && acknowledgement === 'due' && order.acceptance === 'awaited' && !otherwiseHeld;
}
