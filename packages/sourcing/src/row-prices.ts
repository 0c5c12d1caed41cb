/**
 * A small linear program: each item takes shares of its columns, in all at most one; a column uses rows that have limits; at least cost. Taking nothing costs nothing.
 * Uses of column `c` are those from `firstUse[c]` to before `firstUse[c + 1]`.
 */
export interface RowProgram {
  readonly itemCount: number;
  readonly itemOf: Int32Array;
  readonly cost: Float64Array;
  readonly firstUse: Int32Array;
  readonly row: Int32Array;
  readonly use: Float64Array;
  readonly limit: Float64Array;
}

/**
 * Prices of the rows that are best for the dual of the program, none negative.
 *
 * There are often many such prices. Those of the program with all limits a hair larger are the least ones, with all a hair smaller the greatest; the middle is returned, because
 * corners make coordinate ascent stall.
 */
export function rowPrices(program: RowProgram): Float64Array {
  // The hairs differ from row to row, so that the simplex meets no ties.
  const least = dualsAt(program, (limit, row) => limit * (1 + hair) + 0.1 * hair * (1 + (row % 7)));
  const greatest = dualsAt(program, (limit, row) => Math.max(0, limit * (1 - hair) - 0.1 * hair * (1 + (row % 5))));
  return least.map((price, row) => (price + greatest[row]!) / 2);
}

const hair = 1e-4;
const tolerance = 1e-9;

/** The primal simplex from the empty plan, with the basis inverse written out: programs here have some dozens of rows. */
function dualsAt(program: RowProgram, limitOf: (limit: number, row: number) => number): Float64Array {
  const { itemCount, itemOf, cost, firstUse, row, use, limit } = program;
  const columns = itemOf.length;
  const size = itemCount + limit.length;
  const state: Simplex = {
    size,
    inverse: identity(size),
    basis: Int32Array.from({ length: size }, (_, at) => columns + at),
    isBasic: new Uint8Array(columns + size).fill(1, columns),
    value: Float64Array.from({ length: size }, (_, at) => (at < itemCount ? 1 : limitOf(limit[at - itemCount]!, at - itemCount))),
    dual: new Float64Array(size),
    direction: new Float64Array(size),
  };
  const { isBasic, dual, direction, inverse } = state;
  for (let guard = 0; guard < 40 * size; guard++) {
    let least = -tolerance;
    let entering = -1;
    for (let column = 0; column < columns; column++) {
      if (isBasic[column] === 1) continue;
      let reduced = cost[column]! - dual[itemOf[column]!]!;
      for (let at = firstUse[column]!; at < firstUse[column + 1]!; at++) reduced -= dual[itemCount + row[at]!]! * use[at]!;
      if (reduced < least) {
        least = reduced;
        entering = column;
      }
    }
    for (let at = 0; at < size; at++) {
      if (isBasic[columns + at] === 1 || -dual[at]! >= least) continue;
      least = -dual[at]!;
      entering = columns + at;
    }
    if (entering < 0) break;
    for (let at = 0; at < size; at++) {
      const base = at * size;
      if (entering >= columns) direction[at] = inverse[base + entering - columns]!;
      else {
        let sum = inverse[base + itemOf[entering]!]!;
        for (let each = firstUse[entering]!; each < firstUse[entering + 1]!; each++)
          sum += inverse[base + itemCount + row[each]!]! * use[each]!;
        direction[at] = sum;
      }
    }
    if (!pivot(state, entering, least)) break;
  }
  return Float64Array.from(limit, (_, at) => Math.max(0, -dual[itemCount + at]!));
}

interface Simplex {
  readonly size: number;
  readonly inverse: Float64Array;
  /** Column in the basis at each place; slacks come after the columns. */
  readonly basis: Int32Array;
  readonly isBasic: Uint8Array;
  readonly value: Float64Array;
  readonly dual: Float64Array;
  /** By how much each basic value falls when the entering column rises by one. */
  readonly direction: Float64Array;
}

/** Brings a column of this (negative) reduced cost into the basis; false where nothing stops it, which cannot be as every item is limited. */
function pivot(state: Simplex, entering: number, reduced: number): boolean {
  const { size, inverse, basis, isBasic, value, dual, direction } = state;
  let leaving = -1;
  let step = Infinity;
  for (let at = 0; at < size; at++) {
    const fall = direction[at]!;
    if (fall <= tolerance) continue;
    const most = value[at]! / fall;
    if (most < step - 1e-12 || (most < step + 1e-12 && fall > direction[leaving]!)) {
      step = most;
      leaving = at;
    }
  }
  if (leaving < 0) return false;
  const base = leaving * size;
  const divisor = direction[leaving]!;
  for (let at = 0; at < size; at++) inverse[base + at]! /= divisor;
  for (let at = 0; at < size; at++) {
    const fall = direction[at]!;
    if (at === leaving || fall === 0) continue;
    for (let each = 0; each < size; each++) inverse[at * size + each]! -= fall * inverse[base + each]!;
    value[at] = Math.max(0, value[at]! - fall * step);
  }
  value[leaving] = step;
  for (let at = 0; at < size; at++) dual[at]! += reduced * inverse[base + at]!;
  isBasic[basis[leaving]!] = 0;
  isBasic[entering] = 1;
  basis[leaving] = entering;
  return true;
}

function identity(size: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let at = 0; at < size; at++) matrix[at * size + at] = 1;
  return matrix;
}
