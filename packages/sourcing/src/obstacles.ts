import { stockRow, type Numbers } from './compile.ts';
import { withoutRows } from './construct.ts';
import type { Draft } from './draft.ts';
import type { Shipment } from './ledger.ts';
import { occupantsOf, ordersAt, type Occupants } from './occupants.ts';
import type { Movable } from './movable.ts';
import { isExact } from './order-table.ts';
import { planOrder } from './pricer.ts';
import type { Prices } from './prices.ts';

/** Who is in whose way in a draft: which rows an order would rather use at the prices, and who uses them. */
export interface Obstacles {
  readonly draft: Draft<Numbers>;
  readonly prices: Prices;
  readonly occupants: Occupants;
}

export function obstaclesOf(draft: Draft<Numbers>, prices: Prices, movable: Movable): Obstacles {
  return { draft, prices, occupants: occupantsOf(draft, movable) };
}

/** The rows of the order's cheapest plan at the prices. */
export function wishedRows({ draft, prices }: Obstacles, order: number): number[] {
  return rowsOf(draft, order, planOrder(draft.given, order, { prices, laborBy: 'prices' }));
}

/** The rows of the order's cheapest plan at the prices that uses none of its present ones: where it would go if it had to leave. */
export function nextRows(obstacles: Obstacles, order: number): number[] {
  const { draft, prices } = obstacles;
  return withoutRows(prices, rowsOf(draft, order, draft.plans[order]!), () => wishedRows(obstacles, order));
}

/** Orders that must leave the rows for the order to fit there, of each row some that lie together, from a random one on. */
export function ordersInTheWay(obstacles: Obstacles, order: number, rows: readonly number[], random: () => number): number[] {
  const { given, ledger } = obstacles.draft;
  const { compiled } = given;
  const found: number[] = [];
  for (const row of rows) {
    const there = occupantsAt(obstacles, row);
    const first = Math.floor(random() * there.length);
    let over = ledger.sharedUsed[row]! - compiled.stock[row]! + unitsOf(compiled, order, row);
    for (let at = 0; at < there.length && over > 0; at++) {
      const each = there[(first + at) % there.length]!;
      found.push(each);
      over -= unitsOf(compiled, each, row);
    }
  }
  return found;
}

/** One of the orders that use the row; undefined where nobody does. */
export function occupantAt(obstacles: Obstacles, row: number, random: () => number): number | undefined {
  const there = occupantsAt(obstacles, row);
  return there[Math.floor(random() * there.length)];
}

/** Long orders are dear to plan anew; they take their turn when every order is reoptimized. */
function occupantsAt({ draft, occupants }: Obstacles, row: number): number[] {
  return [...ordersAt(occupants, row)].filter((order) => isExact(draft.given.compiled, order));
}

/** Units that the order wants of the row's SKU. */
function unitsOf({ nodeCount, lineStart, lineSku, lineUnits }: Numbers, order: number, row: number): number {
  const sku = Math.floor(row / nodeCount);
  let units = 0;
  for (let line = lineStart[order]!; line < lineStart[order + 1]!; line++) if (lineSku[line] === sku) units += lineUnits[line]!;
  return units;
}

function rowsOf({ given: { compiled } }: Draft<Numbers>, order: number, shipments: readonly Shipment[]): number[] {
  const start = compiled.lineStart[order]!;
  return shipments.flatMap(({ node, lines }) => lines.map((line) => stockRow(compiled, node, compiled.lineSku[start + line]!)));
}
