import type { Compiled } from './compile.ts';
import { assign, clear, emptyDraft, type Draft } from './draft.ts';
import type { Shipment } from './ledger.ts';
import { planOrder, type Pricer } from './pricer.ts';
import { startPrices } from './prices.ts';
import type { Terms } from './price.ts';

/** Orders one after the other, dearest to disappoint first, each by its own cheapest plan from what is left. */
export function greedy(given: Pricer): Draft {
  const draft = emptyDraft(given);
  const prices = startPrices(given.compiled);
  for (const order of byPriority(given.compiled)) plan(draft, order, { prices, ledger: draft.ledger, laborBy: 'ledger' });
  return draft;
}

/** Gives an order without shipments the cheapest plan on the terms that really fits; what the pricing overlooked (two lines of one SKU) falls back to its shipments one by one. */
export function plan(draft: Draft, order: number, terms: Terms): void {
  const shipments = planOrder(draft.given, order, terms);
  if (!assign(draft, order, shipments)) assign(draft, order, largestFitting(draft, order, shipments));
}

/** Orders by what a late day costs, then by what an open order costs, then by number. */
export function byPriority(compiled: Compiled): number[] {
  const { problem } = compiled;
  const open = problem.orders.map((order) => order.lines.reduce((sum, line) => sum + line.units * line.unfilledCostPerUnit, 0));
  return [...problem.orders.keys()].sort(
    (left, right) =>
      problem.orders[right]!.lateCostPerDay - problem.orders[left]!.lateCostPerDay || open[right]! - open[left]! || left - right,
  );
}

function largestFitting(draft: Draft, order: number, shipments: readonly Shipment[]): Shipment[] {
  const given = draft.given.compiled.problem.orders[order]!;
  if (given.shipComplete === true || given.lines.some(({ bundle }) => bundle !== undefined)) return [];
  const fitting: Shipment[] = [];
  for (const shipment of shipments) {
    const more = [...fitting, shipment];
    if (!assign(draft, order, more)) continue;
    fitting.push(shipment);
    clear(draft, order);
  }
  return fitting;
}
