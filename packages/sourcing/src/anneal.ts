import { exchangeFromOffer, exchangerOf, type ExchangeEffort } from './exchange.ts';
import { idleValue, type Market } from './market.ts';
import { seededNumbers } from './random.ts';

export interface AnnealEffort {
  /** Moves that are tried. */
  readonly trials: number;
  /** Where time counts, too: how much of it is gone, from 0 to 1, asked for now and then. Patience falls with whichever is further. */
  readonly timeGone?: () => number;
  /** Mean of what an exchange may cost and still be kept, at first and at the end. */
  readonly first: number;
  readonly last: number;
  readonly seed: number;
  readonly exchange: ExchangeEffort;
}

/**
 * Simulated annealing: an order takes a plan at random, whoever is in the way moves, and the exchange stays where it costs no more than a random patience that falls from trial to trial.
 * The draft may end dearer than it began.
 */
export function annealPlans(market: Market, effort: AnnealEffort, stop: () => boolean): void {
  const { menus, excess } = market;
  const random = seededNumbers(effort.seed);
  const countOf = (order: number): number => menus.first[order + 1]! - menus.first[order]!;
  const orders = [...excess.keys()].filter((order) => countOf(order) > 1);
  if (orders.length === 0) return;
  const exchanger = exchangerOf(market, effort.exchange);
  let timeGone = 0;
  for (let trial = 0; trial < effort.trials; trial++) {
    if (trial % 64 === 0 && stop()) return;
    if (trial % 8_192 === 0) timeGone = effort.timeGone?.() ?? 0;
    const order = orders[Math.floor(random() * orders.length)]!;
    // Cheap plans are tried more often.
    const offer = menus.first[order]! + Math.floor(random() ** 2 * countOf(order));
    const patience = -Math.log(1 - random()) * effort.first * (effort.last / effort.first) ** Math.max(timeGone, trial / effort.trials);
    const growth = menus.excess[offer]! - excess[order]!;
    if (growth - idleValue(market, offer) < patience) exchangeFromOffer(exchanger, order, offer, growth, -patience);
  }
}
