/** Changes of orders' plans to offers of their menus, on memory that is used again and again: the cheapest ones, of equal ones those of the first offers. */
export interface MoveList {
  /** By move: the order, its offer, and by how much its excess grows. */
  readonly order: Int32Array;
  readonly offer: Int32Array;
  readonly growth: Float64Array;
  readonly count: () => number;
  readonly clear: () => void;
  /** Enters the move where it is among the cheapest. */
  readonly insert: (order: number, offer: number, growth: number) => void;
  /** True where so many moves are known that are cheaper than this growth. */
  readonly isTooDear: (growth: number) => boolean;
  /** Growth of the cheapest move; Infinity where there is none. */
  readonly least: () => number;
}

/** A list of at most `width` moves. */
export function moveList(width: number): MoveList {
  const order = new Int32Array(width);
  const offer = new Int32Array(width);
  const growth = new Float64Array(width);
  let count = 0;
  const isAfter = (at: number, its: number, by: number): boolean => growth[at]! > by || (growth[at] === by && offer[at]! > its);
  return {
    order,
    offer,
    growth,
    count: () => count,
    clear: () => {
      count = 0;
    },
    insert: (whose, its, by) => {
      let at = count < width ? count++ : isAfter(width - 1, its, by) ? width - 1 : -1;
      if (at < 0) return;
      for (; at > 0 && isAfter(at - 1, its, by); at--) {
        order[at] = order[at - 1]!;
        offer[at] = offer[at - 1]!;
        growth[at] = growth[at - 1]!;
      }
      order[at] = whose;
      offer[at] = its;
      growth[at] = by;
    },
    isTooDear: (by) => count >= width && by > growth[width - 1]!,
    least: () => (count === 0 ? Infinity : growth[0]!),
  };
}
