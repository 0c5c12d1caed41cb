import type { Numbers } from './compile.ts';
import { ownCost, pricedCost } from './draft.ts';
import { samePlan } from './earlier-plan.ts';
import type { Shipment } from './ledger.ts';
import type { OrderTable } from './order-table.ts';
import {
  entryValue,
  fillHandleLayer,
  firstEntry,
  isUnlimited,
  openCost,
  priceOrder,
  shipmentsOf,
  type Choice,
  type Priced,
  type PricingRoom,
} from './price.ts';
import type { Pricer } from './pricer.ts';
import type { Prices } from './prices.ts';

/** One plan of an order: a column of the master program. */
export interface Column {
  readonly order: number;
  readonly shipments: readonly Shipment[];
  /** Cost without labor and without shadow prices. */
  readonly cost: number;
  /** What it costs at the prices above the order's cheapest plan. */
  readonly excess: number;
}

/**
 * All plans of an order that cost at the prices at most `slack` more than its cheapest one, but for plans that another of them replaces at no loss; undefined where there are more than `most`.
 * Sums of decimals are not exact: a little more than `slack` is let through.
 */
export function plansWithin(given: Pricer<Numbers>, order: number, prices: Prices, slack: number, most: number): Column[] | undefined {
  const { compiled, room } = given;
  const table = given.tableOf(order);
  const priced: Priced = { compiled, order, table, terms: { prices, laborBy: 'prices' } };
  const value = priceOrder(priced, room);
  if (!isUnlimited(table)) fillHandleLayer(table, room, table.maxShipments);
  const before = compiled.earlier?.plans[order];
  const change = before === undefined ? 0 : compiled.earlier!.changeCost;
  const earlier = before === undefined ? Infinity : pricedCost(compiled, order, before, prices);
  const least = Math.min(value + change, earlier);
  const limit = least + slack + 1e-7 * Math.max(1, Math.abs(least));
  const search: Search = { priced, table, room, limit: limit - change, most, chosen: [], found: [] };
  if (!extend(search, table.size - 1, table.maxShipments, 0)) return undefined;
  const columns = search.found.map(({ choices, total }) => {
    const shipments = shipmentsOf(priced, choices);
    return { order, shipments, cost: ownCost(compiled, order, shipments), excess: Math.max(0, total + change - least) };
  });
  if (before === undefined || earlier > limit) return withoutReplaceable(columns);
  // The earlier plan is the only one that changes nothing: it comes once, and by itself.
  const others = columns.filter(({ shipments }) => !samePlan(before, shipments));
  return withoutReplaceable([...others, { order, shipments: before, cost: ownCost(compiled, order, before), excess: earlier - least }]);
}

interface Search {
  readonly priced: Priced;
  readonly table: OrderTable;
  readonly room: PricingRoom;
  readonly limit: number;
  readonly most: number;
  readonly chosen: Choice[];
  readonly found: { choices: Choice[]; total: number }[];
}

/** Handles the first line of `set` in every way that can still end within the limit; false where there are too many plans. */
function extend(search: Search, set: number, left: number, cost: number): boolean {
  const { table, room, chosen, found } = search;
  const refund = chosen.length > 0 ? table.splitCost : 0;
  if (set === 0) {
    if (cost - refund > search.limit) return true;
    found.push({ choices: [...chosen], total: cost - refund });
    return found.length <= search.most;
  }
  // The first shipment pays no split cost: until one is chosen the completion may get it back.
  const layer = isUnlimited(table) ? 0 : left;
  if (cost + room.handle[layer]![set]! - table.splitCost > search.limit) return true;
  const low = set & -set;
  const together = table.openWith[31 - Math.clz32(low)]!;
  if ((together & set) === together && !extend(search, set ^ together, left, cost + openCost(table, together))) return false;
  if (left === 0) return true;
  const next = isUnlimited(table) ? 0 : left - 1;
  const others = set ^ low;
  for (let part = others; ; part = (part - 1) & others) {
    const mask = part | low;
    const rest = room.handle[next]![set ^ mask]!;
    if (cost + room.best[mask]! + rest <= search.limit) {
      const end = firstEntry(table, mask + 1);
      for (let entry = firstEntry(table, mask); entry < end; entry++) {
        const total = cost + entryValue(search.priced, entry, mask, mask) + table.splitCost;
        if (total + rest - table.splitCost > search.limit) continue;
        chosen.push({ entry, mask });
        const fine = extend(search, set ^ mask, left - 1, total);
        chosen.pop();
        if (!fine) return false;
      }
    }
    if (part === 0) return true;
  }
}

/** Drops a plan that takes the same lines from the same nodes and the same caps as another, with at least its cost and minutes. */
function withoutReplaceable(columns: readonly Column[]): Column[] {
  if (columns.length < 2) return [...columns];
  const kept = new Map<string, Column[]>();
  for (const column of [...columns].sort((left, right) => left.excess - right.excess)) {
    const key = useKey(column.shipments);
    const same = kept.get(key);
    if (same === undefined) {
      kept.set(key, [column]);
      continue;
    }
    const minutes = minutesOf(column.shipments);
    if (!same.some((other) => other.cost <= column.cost && minutesOf(other.shipments) <= minutes)) same.push(column);
  }
  return [...kept.values()].flat();
}

/** The node of each line, empty where it stays open, and the caps. */
function useKey(shipments: readonly Shipment[]): string {
  const nodes: number[] = [];
  const slots: number[] = [];
  for (const { node, slot, lines } of shipments) {
    for (const line of lines) nodes[line] = node;
    if (slot >= 0) slots.push(slot);
  }
  return `${nodes.join()}/${slots.sort((left, right) => left - right).join()}`;
}

function minutesOf(shipments: readonly Shipment[]): number {
  return shipments.reduce((sum, { minutes }) => sum + minutes, 0);
}
