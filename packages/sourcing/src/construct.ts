import { stockRow, type Numbers } from './compile.ts';
import { emptyDraft, pricedCost, type Draft } from './draft.ts';
import { plan } from './greedy.ts';
import type { Shipment } from './ledger.ts';
import { mayMove, type Movable } from './movable.ts';
import { orderBound, planOrder, type Pricer } from './pricer.ts';
import type { Prices } from './prices.ts';

/** Where a construction begins: what the draft holds stays, and the movable orders, which must hold nothing yet, are planned. */
export interface Foundation {
  readonly draft: Draft;
  readonly movable: Movable;
}

/**
 * A plan from shadow prices: each order takes its cheapest plan at the prices from what is left, the orders that would lose most by waiting first.
 */
export function construct(given: Pricer, prices: Prices, { draft, movable }: Foundation = fromNothing(given)): Draft {
  const regret = regrets(given, prices, 0, given.compiled.orderCount, movable).regret;
  return constructBy(regret, given, prices, { draft, movable });
}

/** The same, where the regrets are known. */
export function constructBy(
  regret: Float64Array,
  given: Pricer,
  prices: Prices,
  { draft, movable }: Foundation = fromNothing(given),
): Draft {
  const sequence = [...regret.keys()]
    .filter((order) => mayMove(movable, order))
    .sort((left, right) => regret[right]! - regret[left]! || left - right);
  for (const order of sequence) plan(draft, order, { prices, ledger: draft.ledger, laborBy: 'dearer' });
  return draft;
}

function fromNothing(given: Pricer): Foundation {
  return { draft: emptyDraft(given), movable: undefined };
}

/** By order from `first` to before `end`. */
export interface Regrets {
  /** What it costs at least at the prices. */
  readonly least: Float64Array;
  /** How much dearer its plan gets at the prices when the scarce rows of its cheapest plan are gone. */
  readonly regret: Float64Array;
}

export function regrets(given: Pricer<Numbers>, prices: Prices, first: number, end: number, movable?: Movable): Regrets {
  const regret = new Float64Array(end - first);
  const least = new Float64Array(end - first);
  for (let order = first; order < end; order++) {
    if (!mayMove(movable, order)) continue;
    const wish = planOrder(given, order, { prices, laborBy: 'prices' });
    const rows = scarceRows(given, order, wish, prices);
    const value = rows.length === 0 ? pricedCost(given.compiled, order, wish, prices) : orderBound(given, order, prices);
    least[order - first] = value;
    if (rows.length === 0) continue;
    regret[order - first] = withoutRows(prices, rows, () => orderBound(given, order, prices)) - value;
  }
  return { least, regret };
}

/** Rows with a price that the shipments use. */
export function scarceRows({ compiled }: Pricer<Numbers>, order: number, shipments: readonly Shipment[], prices: Prices): number[] {
  const start = compiled.lineStart[order]!;
  return shipments.flatMap(({ node, lines }) =>
    lines
      .map((line) => stockRow(compiled, node, compiled.lineSku[start + line]!))
      .filter((row) => prices.stock[row]! > 0 || prices.hasCuts[row] === 1),
  );
}

/** Does something while the rows cost more than anything. */
export function withoutRows<Result>(prices: Prices, rows: readonly number[], action: () => Result): Result {
  const known = rows.map((row) => prices.stock[row]!);
  for (const row of rows) prices.stock[row] = forbidding;
  try {
    return action();
  } finally {
    for (const [index, row] of rows.entries()) prices.stock[row] = known[index]!;
  }
}

const forbidding = 1e9;
