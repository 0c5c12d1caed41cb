import type { Sku, StockPosition } from '@quartermaster/domain';
import { openLines, type OrderCase } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import { actsOn, type FlowContext } from '../context.ts';
import { applyNews } from '../order-cases.ts';
import { availableForOrders, wantedUnits } from '../stock/stock-view.ts';

/**
 * Orders that a channel gives away only to who accepts them, and whose goods are there: all units of all lines, over all nodes, beside what other orders want. The older one comes first. Pure.
 */
export function acceptable(positions: readonly StockPosition[], cases: readonly OrderCase[]): string[] {
  const waiting = cases
    .filter(waitsForUs)
    .sort((one, other) => compare(one.order.placedAt, other.order.placedAt) || compare(one.key, other.key));
  if (waiting.length === 0) return [];
  const free = new Map<Sku, number>();
  const add = (sku: Sku, units: number) => free.set(sku, (free.get(sku) ?? 0) + units);
  for (const skus of availableForOrders(positions, cases).values()) for (const [sku, units] of skus) add(sku, units);
  for (const [sku, units] of wantedUnits(cases.filter((each) => !waiting.includes(each)))) add(sku, -units);
  return waiting.flatMap((each) => {
    const wanted = wantedUnits([each]);
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
  const keys = new Set(acceptable(positions, cases));
  for (const { key } of ours) if (keys.has(key)) await applyNews(tx, context, key, { kind: 'stock-found' });
}

function waitsForUs({ state, acknowledgement, order, holds }: OrderCase): boolean {
  const otherwiseHeld = holds.some(({ code }) => code !== 'acceptance');
  return state === 'held' && acknowledgement === 'due' && order.acceptance === 'awaited' && !otherwiseHeld;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
