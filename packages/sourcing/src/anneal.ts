import { exchangeFrom, type ExchangeEffort } from './exchange.ts';
import { isTradable, menuOf, type Market } from './market.ts';
import { seededNumbers } from './random.ts';

export interface AnnealEffort {
  /** Moves that are tried. */
  readonly trials: number;
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
  const { present, unused } = market;
  const random = seededNumbers(effort.seed);
  const orders = [...present.keys()].filter((order) => isTradable(market, order) && menuOf(market, order).length > 1);
  if (orders.length === 0) return;
  for (let trial = 0; trial < effort.trials; trial++) {
    if (trial % 64 === 0 && stop()) return;
    const order = orders[Math.floor(random() * orders.length)]!;
    const menu = menuOf(market, order);
    // Cheap plans are tried more often.
    const offer = menu[Math.floor(random() ** 2 * menu.length)]!;
    const patience = -Math.log(1 - random()) * effort.first * (effort.last / effort.first) ** (trial / effort.trials);
    const growth = offer.excess - present[order]!.excess;
    if (growth - offer.rows.reduce((sum, row) => sum + Math.max(0, unused[row]!), 0) < patience)
      exchangeFrom(market, [{ order, offer, growth }], effort.exchange, -patience);
  }
}
