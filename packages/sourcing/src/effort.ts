import type { MenuSize } from './menus.ts';

/** Shares of a time limit at which the steps of the method must have ended; what comes after the search is the proof's. */
export interface TimeShares {
  readonly prices: number;
  readonly construct: number;
  /** Neighbourhoods; what is left until the end of the search is the exchanges'. */
  readonly rebuild: number;
  readonly search: number;
}

export interface AnnealingEffort {
  /** Trials for each neighbourhood. */
  readonly trials: number;
  /** How much dearer an exchange may make the plan and still be kept, at first, as a share of what an order costs on the mean. */
  readonly patience: number;
  /** As of an exchange. */
  readonly relief?: number | undefined;
}

/** How much of each step a batch of this many orders gets. Without a clock only the counts matter. */
export interface Effort {
  readonly sweeps: number;
  readonly cutSweeps: number;
  /** Steps of all prices together, after the sweeps. */
  readonly volumeRounds: number;
  /** Rounds in which each order is planned anew at true marginal cost, at most: of the first plan, of the rebuilt one, and at the end. */
  readonly reoptimizations: { readonly first: number; readonly rebuilt: number; readonly last: number };
  /** Rounds of ejection chains at most. */
  readonly chainRounds: number;
  /** Neighbourhoods that the search rebuilds. */
  readonly neighbourhoods: number;
  /** Every other turn looks at who is in the way of an order, instead of at those who want the same. */
  readonly inTheWay: boolean;
  /** Plans that are traded. `slack` is a share of what an order costs on the mean. */
  readonly menu: MenuSize;
  /** Moves for which shelves are cleared, before the annealing and after it. */
  readonly clearings: number;
  readonly annealing: AnnealingEffort;
  /** False leaves out the proof of a small batch, which would take longer than there is time. */
  readonly proof: boolean;
  /** False leaves out the integer program over all orders, which a few changed orders do not pay for. */
  readonly polish: boolean;
  /** How much dearer a rebuilt neighbourhood may be and still be kept, at the begin of the search, as a share of what an order costs on the mean; 0: only cheaper ones are kept. */
  readonly patience: number;
  readonly shares: TimeShares;
  /** Parts of a search that several threads can work on; 1: the search is not divided. */
  readonly searchParts: number;
}

/** Most pricing steps of a stage. Batches of ordinary orders stay far below; orders of ten and more lines each cost a million steps. */
export const ascentSteps = 6e9;
export const searchSteps = 2e9;

/** Below this many orders the search is over before dividing it has paid. */
const leastOrdersForParts = 30_000;

/** Proofs of a thousand orders take three to seven seconds: in less than this for each order the time is better spent on the plan. */
const msOfProof = 4;

/** Exchanges of a small batch: warmer, and work is handed on from nodes that have too much of it. */
const smallAnnealing = { patience: 0.12, relief: 12 };

/** A cold start's effort. The time limit decides what is done with the time alone. */
export function effortFor(orderCount: number, hasSolver: boolean, timeLimitMs = Infinity): Effort {
  const isSmall = orderCount <= 3_000;
  const isHurried = isSmall && timeLimitMs < msOfProof * orderCount;
  const proof = hasSolver && timeLimitMs >= msOfProof * orderCount;
  // The proof of a hundred orders finds in less time what more neighbourhoods would.
  const perOrder = !hasSolver ? 20 : proof && orderCount <= 200 ? 3 : 10;
  return {
    sweeps: orderCount <= 2_000 ? 40 : orderCount <= 20_000 ? 16 : 5,
    cutSweeps: orderCount <= 2_000 ? 6 : orderCount <= 20_000 ? 4 : 1,
    // Each round prices all orders: of a large batch sweeps make more of the time.
    volumeRounds: orderCount < leastOrdersForParts ? 120 : 0,
    reoptimizations: { first: 4, rebuilt: 2, last: 2 },
    // In the same time exchanges find more than chains and neighbourhoods.
    chainRounds: isHurried ? 0 : 3,
    proof,
    // A solver goes on where the neighbourhoods end.
    polish: orderCount < leastOrdersForParts,
    // A search in parts is over when its time is, or its rounds gain nothing.
    neighbourhoods:
      orderCount >= leastOrdersForParts
        ? 4 * orderCount
        : Math.min(40_000, Math.max(Math.min(10_000, perOrder * orderCount), Math.floor((hasSolver ? 1.2 : 2) * orderCount))),
    inTheWay: isSmall,
    // Of more plans there is little to gain.
    menu: { plans: 30, slack: 0.3, fewest: isSmall ? 12 : 0 },
    clearings: isSmall ? 20_000 : 0,
    // Where there is no time for a proof the annealing may use what there is: its patience falls with the clock, too.
    annealing: isSmall ? { ...smallAnnealing, trials: !proof && timeLimitMs < Infinity ? 600 : 15 } : { patience: 0.08, trials: 15 },
    patience: isSmall ? 0.15 : 0,
    searchParts: orderCount < leastOrdersForParts ? 1 : 2,
    shares: isSmall
      ? { prices: 0.3, construct: 0.4, rebuild: proof ? 0.5 : isHurried ? 0 : 0.7, search: proof ? 0.6 : 1 }
      : { prices: 0.4, construct: 0.6, rebuild: 1, search: 1 },
  };
}

/** What a warm start needs after a change that these orders may feel: prices and plan are near to where they belong. */
export function warmEffort(cold: Effort, touched: Uint8Array): Effort {
  const orders = touched.reduce((sum, each) => sum + each, 0);
  return {
    ...cold,
    sweeps: 3,
    cutSweeps: 3,
    volumeRounds: 0,
    // What chains would find the exchanges find, too, and each round is over all orders that may feel the change.
    reoptimizations: { first: 1, rebuilt: 0, last: 1 },
    chainRounds: 0,
    // The first ones find nearly all that there is to find after a small change.
    neighbourhoods: Math.min(cold.neighbourhoods, Math.max(200, Math.ceil(0.2 * orders))),
    patience: 0,
    menu: { plans: 12, slack: 0.1 },
    clearings: 0,
    annealing: { patience: 0.08, trials: 15 },
    polish: false,
  };
}
