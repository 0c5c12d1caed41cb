import { laborCost, type Compiled } from './compile.ts';
import { pricedCost } from './draft.ts';
import { bookIfFits, unbook, type Ledger, type Shipment } from './ledger.ts';
import type { Terms } from './price.ts';
import type { Prices } from './prices.ts';

/** An order's earlier plan at the prices; undefined where it has none. */
export function earlierValue(compiled: Compiled, order: number, prices: Prices): number | undefined {
  const before = compiled.earlier?.plans[order];
  return before === undefined ? undefined : pricedCost(compiled, order, before, prices);
}

/** The cheaper one of an order's earlier plan and another on the terms; ties stay with what was. */
export function calmer(compiled: Compiled, order: number, wish: readonly Shipment[], terms: Terms): readonly Shipment[] {
  const before = compiled.earlier?.plans[order];
  if (before === undefined || (terms.ledger !== undefined && !fits(terms.ledger, order, before))) return wish;
  return valueOnTerms(compiled, order, before, terms) <= valueOnTerms(compiled, order, wish, terms) ? before : wish;
}

function fits(ledger: Ledger, order: number, shipments: readonly Shipment[]): boolean {
  if (!bookIfFits(ledger, order, shipments)) return false;
  for (const shipment of shipments) unbook(ledger, order, shipment);
  return true;
}

/** What a plan costs on the terms, the change from the earlier one included. */
export function valueOnTerms(
  compiled: Compiled,
  order: number,
  shipments: readonly Shipment[],
  { prices, ledger, laborBy }: Terms,
): number {
  let value = pricedCost(compiled, order, shipments, prices);
  if (ledger === undefined || laborBy === 'prices') return value;
  const added = new Map<number, number>();
  for (const { node, minutes } of shipments) added.set(node, (added.get(node) ?? 0) + minutes);
  for (const [node, minutes] of added) {
    const used = Math.max(0, ledger.minutes[node]!);
    const { tiers } = compiled.labor[node]!;
    const beyond = laborCost(tiers, used + minutes) - laborCost(tiers, used) - prices.labor[node]! * minutes;
    value += laborBy === 'ledger' ? beyond : Math.max(0, beyond);
  }
  return value;
}
