import { stockRow, type Numbers } from './compile.ts';
import type { Draft } from './draft.ts';
import type { Shipment } from './ledger.ts';
import { mayMove, type Movable } from './movable.ts';

/** Who uses which stock row, in the order in which they came. Lists that are linked by number of the line: a set for each row would take up more than the plans themselves. */
export interface Occupants {
  readonly compiled: Numbers;
  /** By row: its first and last line; `first` is -1 where the list is empty. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** By line: its neighbours in the list of its row, or -1. */
  readonly next: Int32Array;
  readonly previous: Int32Array;
}

/** The movable orders of a draft by the stock rows that they use. */
export function occupantsOf(draft: Draft<Numbers>, movable: Movable): Occupants {
  const { compiled } = draft.given;
  const lineCount = compiled.lineSku.length;
  const occupants: Occupants = {
    compiled,
    first: new Int32Array(compiled.stock.length).fill(-1),
    last: new Int32Array(compiled.stock.length),
    next: new Int32Array(lineCount),
    previous: new Int32Array(lineCount),
  };
  for (const [order, shipments] of draft.plans.entries()) if (mayMove(movable, order)) enter(occupants, order, shipments);
  return occupants;
}

/** The order comes to the rows of its shipments. */
export function enter(occupants: Occupants, order: number, shipments: readonly Shipment[]): void {
  visit(occupants.compiled, order, shipments, (row, line) => enterLine(occupants, row, line));
}

/** The order leaves the rows of its shipments, where it must be. */
export function leave(occupants: Occupants, order: number, shipments: readonly Shipment[]): void {
  visit(occupants.compiled, order, shipments, (row, line) => leaveLine(occupants, row, line));
}

export function enterLine({ first, last, next, previous }: Occupants, row: number, line: number): void {
  const before = first[row]! < 0 ? -1 : last[row]!;
  if (before < 0) first[row] = line;
  else next[before] = line;
  previous[line] = before;
  next[line] = -1;
  last[row] = line;
}

export function leaveLine({ first, last, next, previous }: Occupants, row: number, line: number): void {
  const before = previous[line]!;
  const after = next[line]!;
  if (before < 0) first[row] = after;
  else next[before] = after;
  if (after < 0) last[row] = before;
  else previous[after] = before;
}

/** The orders of a row, each once: lines of one order come one after the other. Nobody may come or go meanwhile. */
export function* ordersAt({ compiled, first, next }: Occupants, row: number): Generator<number> {
  let seen = -1;
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
