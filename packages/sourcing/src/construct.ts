import { stockRow } from './compile.ts';
import { emptyDraft, type Draft } from './draft.ts';
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
  const regret = regrets(given, prices, movable);
  const sequence = [...regret.keys()]
    .filter((order) => mayMove(movable, order))
    .sort((left, right) => regret[right]! - regret[left]! || left - right);
  for (const order of sequence) plan(draft, order, { prices, ledger: draft.ledger, laborBy: 'dearer' });
  return draft;
}

function fromNothing(given: Pricer): Foundation {
  return { draft: emptyDraft(given), movable: undefined };
}

/** By order: how much dearer its plan gets at the prices when the scarce rows of its cheapest plan are gone. */
function regrets(given: Pricer, prices: Prices, movable: Movable): Float64Array {
  const { compiled } = given;
  const regret = new Float64Array(compiled.orderCount);
  for (let order = 0; order < compiled.orderCount; order++) {
    if (!mayMove(movable, order)) continue;
    const wish = planOrder(given, order, { prices, laborBy: 'prices' });
    const rows = scarceRows(given, order, wish, prices);
    if (rows.length === 0) continue;
    const value = orderBound(given, order, prices);
    regret[order] = withoutRows(prices, rows, () => orderBound(given, order, prices)) - value;
  }
  return regret;
}

/** Rows with a price that the shipments use. */
export function scarceRows({ compiled }: Pricer, order: number, shipments: readonly Shipment[], prices: Prices): number[] {
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
