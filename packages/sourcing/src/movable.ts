/**
 * Orders that a step of the search may plan anew: 1 by order number. The others stand still with what they hold, so that steps on disjoint sets of orders that share no limits
 * can be taken apart from one another. Undefined: all orders.
 */
export type Movable = Uint8Array | undefined;

/** True where the order may be planned anew. */
export function mayMove(movable: Movable, order: number): boolean {
  return movable === undefined || movable[order] === 1;
}
