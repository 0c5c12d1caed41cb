import { expand } from './expand.ts';
import type { Horizon } from './horizon.ts';
import { horizonPrices } from './horizon-prices.ts';

/** Nobody pays less for the stream, not even who knows all of it on day 0: the Lagrangian bound of the whole stream as one time-expanded problem. */
export function clairvoyantBound(stream: Horizon, sweeps = 40): number {
  return horizonPrices(expand(stream), sweeps).bound;
}
