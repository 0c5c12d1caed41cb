import { maxExactLines, type Compiled, type Numbers } from './compile.ts';
import { calmer, earlierValue } from './earlier-price.ts';
import { bookIfFits, unbook, type Ledger, type Shipment } from './ledger.ts';
import { lineByLineBound, planLongOrder } from './long-order.ts';
import { isExact, lineCountOf, orderTables, type OrderTables, type TableChoice, type TableStore } from './order-table.ts';
import { sourcesOf, type Source } from './sources.ts';
import {
  alternativesOf,
  chosenShipments,
  firstEntry,
  isUnlimited,
  priceOrder,
  pricingRoom,
  shipmentsOf,
  type Priced,
  type PricingRoom,
  type Terms,
} from './price.ts';
import type { Prices } from './prices.ts';

/** What pricing needs: the compiled problem, the tables of its orders, and working memory. One pricer serves one run. */
export interface Pricer<Batch extends Numbers = Compiled> {
  readonly compiled: Batch;
  readonly tables: TableStore;
  readonly tableOf: OrderTables;
  /** Nodes and services of an order that has too many lines for a table. */
  readonly sourcesOf: (order: number) => readonly Source[];
  readonly room: PricingRoom;
  /** Steps of pricing done so far: the measure of work that takes the place of a clock. */
  readonly meter: { steps: number };
}

export function pricer<Batch extends Numbers>(compiled: Batch, choice: TableChoice = {}): Pricer<Batch> {
  const kept = new Map<number, Source[]>();
  const tables = orderTables(compiled, choice);
  return {
    compiled,
    tables,
    tableOf: tables.tableOf,
    sourcesOf: (order) => {
      const known = kept.get(order) ?? sourcesOf(compiled, order);
      kept.set(order, known);
      return known;
    },
    room: pricingRoom(),
    meter: { steps: 0 },
  };
}

/** Prices an order of few enough lines and counts the work; the room then holds its tables. */
export function priceExactly(given: Pricer<Numbers>, priced: Priced): number {
  const { table } = priced;
  const entries = firstEntry(table, table.size) - firstEntry(table, 0);
  given.meter.steps += overhead + entries + powersOfThree[table.lineCount]! * (isUnlimited(table) ? 1 : table.maxShipments);
  return priceOrder(priced, given.room);
}

/** `alternativesOf` of an order of few enough lines; counts the work. */
export function lineAlternatives(given: Pricer<Numbers>, priced: Priced, line: number, endless: Uint8Array, out: Float64Array): number {
  const { table } = priced;
  const entries = firstEntry(table, table.size) - firstEntry(table, 0);
  given.meter.steps += overhead + entries + powersOfThree[table.lineCount - 1]! * (isUnlimited(table) ? 1 : table.maxShipments);
  return alternativesOf(priced, given.room, line, endless, out);
}

/** Pairs of a set of lines and one of its subsets. */
const powersOfThree = Array.from({ length: maxExactLines + 1 }, (_, lines) => 3 ** lines);

/** Steps that any pricing costs besides its loops. */
const overhead = 60;

/** Lower bound of the order's cost at the prices: exact up to `maxExactLines` lines, line by line above. */
export function orderBound(given: Pricer<Numbers>, order: number, prices: Prices): number {
  const { compiled } = given;
  const value = isExact(compiled, order)
    ? priceExactly(given, { compiled, order, table: given.tableOf(order), terms: { prices, laborBy: 'prices' } })
    : lineByLineBound(compiled, order, given.sourcesOf(order), prices).value;
  const before = compiled.earlier === undefined ? undefined : earlierValue(compiled, order, prices);
  return before === undefined ? value : Math.min(before, value + compiled.earlier!.changeCost);
}

/** `orderBound` of each order at prices that stay as they are; `known` are those that are known, NaN for the others. */
export function leastAt(
  given: Pricer<Numbers>,
  prices: Prices,
  known: Float64Array = new Float64Array(given.compiled.orderCount).fill(NaN),
): (order: number) => number {
  return (order) => {
    if (Number.isNaN(known[order])) known[order] = orderBound(given, order, prices);
    return known[order]!;
  };
}

/** The order's plan on the terms: the cheapest one up to `maxExactLines` lines, a good one above; empty where leaving all open is cheapest. */
export function planOrder(given: Pricer<Numbers>, order: number, terms: Terms): readonly Shipment[] {
  const wish = newPlan(given, order, terms);
  return given.compiled.earlier === undefined ? wish : calmer(given.compiled, order, wish, terms);
}

function newPlan(given: Pricer<Numbers>, order: number, terms: Terms): Shipment[] {
  const { compiled } = given;
  if (!isExact(compiled, order)) return planByBins(given, order, terms);
  const priced = { compiled, order, table: given.tableOf(order), terms };
  priceExactly(given, priced);
  const shipments = shipmentsOf(priced, chosenShipments(priced.table, given.room));
  if (terms.ledger === undefined || fitTogether(terms.ledger, order, shipments)) return shipments;
  return planByBins(given, order, terms);
}

function planByBins(given: Pricer<Numbers>, order: number, terms: Terms): Shipment[] {
  const sources = given.sourcesOf(order);
  given.meter.steps += 1_000 * lineCountOf(given.compiled, order) * sources.length;
  return planLongOrder(given.compiled, order, sources, terms);
}

/** Exact pricing looks at each line and shipment alone: lines of one SKU, and shipments from one node, may ask together for more than is left. */
function fitTogether(ledger: Ledger, order: number, shipments: readonly Shipment[]): boolean {
  if (!mayClash(ledger.compiled, order, shipments)) return true;
  if (!bookIfFits(ledger, order, shipments)) return false;
  for (const shipment of shipments) unbook(ledger, order, shipment);
  return true;
}

function mayClash({ lineStart, lineSku }: Numbers, order: number, shipments: readonly Shipment[]): boolean {
  const start = lineStart[order]!;
  return shipments.some(
    ({ node, lines }, index) =>
      shipments.some((other, before) => before < index && other.node === node) ||
      lines.some((line, at) => lines.some((other, before) => before < at && lineSku[start + other] === lineSku[start + line])),
  );
}
