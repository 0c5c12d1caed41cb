import type { Compiled } from './compile.ts';
import type { Shipment } from './ledger.ts';
import { lineByLineBound, planLongOrder } from './long-order.ts';
import { isExact, orderTables, sourcesOf, type OrderTables, type Source } from './order-table.ts';
import { chosenShipments, priceOrder, pricingRoom, shipmentsOf, type PricingRoom, type Terms } from './price.ts';
import type { Prices } from './prices.ts';

/** What pricing needs: the compiled problem, the tables of its orders, and working memory. One pricer serves one run. */
export interface Pricer {
  readonly compiled: Compiled;
  readonly tableOf: OrderTables;
  /** Nodes and services of an order that has too many lines for a table. */
  readonly sourcesOf: (order: number) => readonly Source[];
  readonly room: PricingRoom;
}

export function pricer(compiled: Compiled): Pricer {
  const kept = new Map<number, Source[]>();
  return {
    compiled,
    tableOf: orderTables(compiled),
    sourcesOf: (order) => {
      const known = kept.get(order) ?? sourcesOf(compiled, order);
      kept.set(order, known);
      return known;
    },
    room: pricingRoom(),
  };
}

/** Lower bound of the order's cost at the prices: exact up to `maxExactLines` lines, line by line above. */
export function orderBound(given: Pricer, order: number, prices: Prices): number {
  const { compiled } = given;
  if (!isExact(compiled, order)) return lineByLineBound(compiled, order, given.sourcesOf(order), prices).value;
  return priceOrder(compiled, order, given.tableOf(order), { prices, laborBy: 'prices' }, given.room);
}

/** The order's plan on the terms: the cheapest one up to `maxExactLines` lines, a good one above; empty where leaving all open is cheapest. */
export function planOrder(given: Pricer, order: number, terms: Terms): Shipment[] {
  const { compiled } = given;
  if (!isExact(compiled, order)) return planLongOrder(compiled, order, given.sourcesOf(order), terms);
  const table = given.tableOf(order);
  priceOrder(compiled, order, table, terms, given.room);
  return shipmentsOf(compiled, order, table, chosenShipments(table, given.room));
}
