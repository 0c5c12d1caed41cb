import { stockRow, type Numbers } from './compile.ts';
import type { Draft } from './draft.ts';
import type { Shipment } from './ledger.ts';
import { mayMove, type Movable } from './movable.ts';

/**
 * Who uses which stock row, in the order in which they came. Lists that are linked by number of the line: a set for each row would take up more than the plans themselves.
 * Rows that nobody used at first have no list: whoever comes there is not looked for.
 */
export interface Occupants {
  readonly compiled: Numbers;
  /** By row: its first and last line; `nobody` where the list is empty, `noList` where there is none. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** By line: its neighbours in the list of its row, or `nobody`. */
  readonly next: Int32Array;
  readonly previous: Int32Array;
  /** By line: 1 where it is in a list. */
  readonly listed: Uint8Array;
}

const nobody = -1;
const noList = -2;

/** The movable orders of a draft by the stock rows that they use. */
export function occupantsOf(draft: Draft<Numbers>, movable: Movable): Occupants {
  const { compiled } = draft.given;
  const lineCount = compiled.lineSku.length;
  const occupants: Occupants = {
    compiled,
    first: new Int32Array(compiled.stock.length).fill(noList),
    last: new Int32Array(compiled.stock.length),
    next: new Int32Array(lineCount),
    previous: new Int32Array(lineCount),
    listed: new Uint8Array(lineCount),
  };
  for (const [order, shipments] of draft.plans.entries()) {
    if (!mayMove(movable, order)) continue;
    visit(compiled, order, shipments, (row) => {
      if (occupants.first[row] === noList) occupants.first[row] = nobody;
    });
    enter(occupants, order, shipments);
  }
  return occupants;
}

/** The order comes to the rows of its shipments. */
export function enter({ compiled, first, last, next, previous, listed }: Occupants, order: number, shipments: readonly Shipment[]): void {
  visit(compiled, order, shipments, (row, line) => {
    if (first[row] === noList) return;
    const before = first[row] === nobody ? nobody : last[row]!;
    if (before === nobody) first[row] = line;
    else next[before] = line;
    previous[line] = before;
    next[line] = nobody;
    last[row] = line;
    listed[line] = 1;
  });
}

/** The order leaves the rows of its shipments. */
export function leave({ compiled, first, last, next, previous, listed }: Occupants, order: number, shipments: readonly Shipment[]): void {
  visit(compiled, order, shipments, (row, line) => {
    if (listed[line] === 0) return;
    listed[line] = 0;
    const before = previous[line]!;
    const after = next[line]!;
    if (before === nobody) first[row] = after;
    else next[before] = after;
    if (after === nobody) last[row] = before;
    else previous[after] = before;
  });
}

/** The orders of a row, each once: lines of one order come one after the other. Nobody may come or go meanwhile. */
export function* ordersAt({ compiled, first, next }: Occupants, row: number): Generator<number> {
  let seen = nobody;
  for (let line = first[row]!; line >= 0; line = next[line]!) {
    const order = compiled.lineOrder[line]!;
    if (order !== seen) yield order;
    seen = order;
  }
}

function visit(compiled: Numbers, order: number, shipments: readonly Shipment[], each: (row: number, line: number) => void): void {
  const start = compiled.lineStart[order]!;
  for (const { node, lines } of shipments)
    for (const line of lines) each(stockRow(compiled, node, compiled.lineSku[start + line]!), start + line);
}
