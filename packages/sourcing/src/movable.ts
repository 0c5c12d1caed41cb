/**
 * Orders that a step of the search may plan anew: 1 by order number. The others stand still with what they hold, so that steps on disjoint sets of orders that share no limits
 * can be taken apart from one another. Undefined: all orders.
 */
export type Movable = Uint8Array | undefined;

/** True where the order may be planned anew. */
export function mayMove(movable: Movable, order: number): boolean {
  return movable === undefined || movable[order] === 1;
}

/** Which orders a step looks at, and who is told of what it keeps. */
export interface Scope {
  readonly movable?: Movable;
  /** By order: 1 where the step may begin with it; default: all that may move. */
  readonly starts?: Uint8Array;
  /** True where the step may begin with unused units of the SKU; default: everywhere. */
  readonly startsAtSku?: (sku: number) => boolean;
  /** Told of each change that stays, with the orders that it gave a new plan. */
  readonly keep?: (orders: Iterable<number>) => void;
}

/** True where a step may begin with the order. */
export function mayStart({ movable, starts }: Scope, order: number): boolean {
  return mayMove(starts, order) && mayMove(movable, order);
}
