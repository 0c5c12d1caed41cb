import { laborCost, poolsOf, stockRow, type Numbers } from './compile.ts';
import { pricedCost } from './draft.ts';
import { bookIfFits, unbook, type Ledger, type Shipment } from './ledger.ts';
import type { Terms } from './price.ts';
import { linePrice, type Prices } from './prices.ts';

/** An order's earlier plan at the prices; undefined where it has none. */
export function earlierValue(compiled: Numbers, order: number, prices: Prices): number | undefined {
  const before = compiled.earlier?.plans[order];
  return before === undefined ? undefined : pricedCost(compiled, order, before, prices);
}

/** The cheaper one of an order's earlier plan and another on the terms; ties stay with what was. */
export function calmer(compiled: Numbers, order: number, wish: readonly Shipment[], terms: Terms): readonly Shipment[] {
  const before = compiled.earlier?.plans[order];
  if (before === undefined || (terms.ledger !== undefined && !fits(terms.ledger, order, before))) return wish;
  return valueOnTerms(compiled, order, before, terms) <= valueOnTerms(compiled, order, wish, terms) ? before : wish;
}

/** `lineAlternatives` with the change cost on all that is new, and the earlier plan beside it. */
export function orEarlier(
  compiled: Numbers,
  order: number,
  position: number,
  prices: Prices,
  endless: Uint8Array,
  free: number,
  byNode: Float64Array,
): number {
  const { earlier } = compiled;
  const before = earlier?.plans[order];
  if (earlier === undefined || before === undefined) return free;
  for (const node of byNode.keys()) byNode[node]! += earlier.changeCost;
  const value = pricedCost(compiled, order, before, prices);
  const node = before.find(({ lines }) => lines.includes(position))?.node;
  if (node === undefined || endless[node] === 1) return Math.min(free + earlier.changeCost, value);
  const line = compiled.lineStart[order]! + position;
  const own = linePrice(prices, stockRow(compiled, node, compiled.lineSku[line]!), poolsOf(compiled, order), compiled.lineUnits[line]!);
  byNode[node] = Math.min(byNode[node]!, value - own);
  return free + earlier.changeCost;
}

function fits(ledger: Ledger, order: number, shipments: readonly Shipment[]): boolean {
  if (!bookIfFits(ledger, order, shipments)) return false;
  for (const shipment of shipments) unbook(ledger, order, shipment);
  return true;
}

/** What a plan costs on the terms, the change from the earlier one included. */
export function valueOnTerms(compiled: Numbers, order: number, shipments: readonly Shipment[], { prices, ledger, laborBy }: Terms): number {
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
