import { allHasLeft, openLines, physicalLines, type OrderCase } from './order-case.ts';
import { hasLeft, isLive } from './shipment.ts';

/** The classes of a day's summary; each order is in exactly one. */
export const figureClasses = ['shipped', 'partial', 'backordered', 'held', 'cancelled', 'exceptions', 'open'] as const;
export type FigureClass = (typeof figureClasses)[number];

/**
 * The class of an order in a day's summary: the first of these that is true of it.
 *
 * - `cancelled`: it is cancelled or being cancelled, whatever of it has left.
 * - `shipped`: every unit of its physical lines has left; lines without stock do not count.
 * - `exceptions`: it has an open exception of a blocking kind ({@link exceptionKinds}); the caller knows.
 * - `held`: a hold stands, before or after the commitment.
 * - `partial`: something has left, the rest has no node, and nothing is under way.
 * - `backordered`: committed, nothing has left, nothing is under way, and lines have no node: nothing could be sourced.
 * - `open`: everything else, on its way or to be sourced.
 */
export function figures(given: OrderCase, hasOpenException: boolean): FigureClass {
  const { state, shipments } = given;
  if (state === 'cancelled' || state === 'cancelling') return 'cancelled';
  if (state === 'shipped' || (physicalLines(given.order).length > 0 && allHasLeft(given))) return 'shipped';
  if (hasOpenException) return 'exceptions';
  if (given.holds.length > 0) return 'held';
  const underWay = shipments.some((shipment) => isLive(shipment) && !hasLeft(shipment));
  if (state !== 'committed' || underWay || openLines(given).length === 0) return 'open';
  return shipments.some(hasLeft) ? 'partial' : 'backordered';
}
