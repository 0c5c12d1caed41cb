import { contestedSkus, type ContestedSkus } from './contested.ts';
import { construct } from './construct.ts';
import type { Draft } from './draft.ts';
import { searchSteps, type Effort } from './effort.ts';
import { annealPlans } from './anneal.ts';
import { clearShelves } from './clear-shelves.ts';
import { exchangePlans } from './exchange.ts';
import { marketOf } from './market.ts';
import { menusOf } from './menus.ts';
import { ejectionChains, reoptimizeOrders } from './improve.ts';
import { isClosed, report, take, type Incumbent } from './incumbent.ts';
import type { Scope } from './movable.ts';
import { leastAt } from './pricer.ts';
import { rebuildGround, rebuildNeighbourhoods, type RebuildGround } from './rebuild.ts';
import { breathe, stopper, type Run } from './run.ts';

/** The search for a plan at the incumbent's prices: construction, order by order, chains, neighbourhoods, exact exchanges. Each step ends with a plan no dearer than it began with. */
export async function searchPlan(run: Run, known: Incumbent, effort: Effort, start?: SearchStart): Promise<void> {
  const least = leastAt(known.given, known.bound.prices);
  const scope: Scope = start === undefined ? {} : { starts: start.touched };
  const draft = await priceDirectedPlan(run, known, least, effort, scope, start?.draft);
  const contested = start?.contested ?? contestedSkus(known.given.compiled);
  await rebuildAll(run, known, rebuildGround(known.given, known.bound.prices, contested, least), draft, effort, scope);
  await trade(run, known, least, draft, effort, scope);
}

/** A draft to start from instead of constructing one, and the orders that may be better off with another plan: those are planned anew first, and they alone trade. */
export interface SearchStart {
  readonly draft: Draft;
  readonly touched: Uint8Array;
  readonly contested: ContestedSkus;
}

type Least = ReturnType<typeof leastAt>;

async function priceDirectedPlan(
  run: Run,
  known: Incumbent,
  least: Least,
  { shares, reoptimizations, chainRounds }: Effort,
  scope: Scope,
  start?: Draft,
): Promise<Draft> {
  const { given } = known;
  const stop = stopper(run, given, { steps: searchSteps, until: shares.construct });
  const { prices } = known.bound;
  const draft = start ?? construct(given, prices);
  take(known, draft);
  report(run, known, 'construct');
  reoptimizeOrders(draft, reoptimizations.first, stop, scope);
  take(known, draft);
  report(run, known, 'construct');
  for (let round = 0; round < chainRounds && !stop(); round++) {
    const gained = ejectionChains(draft, prices, { depth: 8, width: 40 }, stop, scope.starts, least);
    reoptimizeOrders(draft, 2, stop, scope);
    take(known, draft);
    await breathe();
    if (!gained) break;
  }
  report(run, known, 'construct');
  return draft;
}

const slice = 2_000;
const neighbourhoodSizes = [6, 10, 16, 24];

async function rebuildAll(
  run: Run,
  known: Incumbent,
  ground: RebuildGround,
  draft: Draft,
  { neighbourhoods, inTheWay, patience, reoptimizations, shares }: Effort,
  scope: Scope,
): Promise<void> {
  const { given } = known;
  const stop = stopper(run, given, { steps: searchSteps, until: shares.rebuild });
  const workLimit = run.options.workLimit ?? neighbourhoods;
  const mean = meanCost(known);
  let idle = 0;
  for (let done = 0, turn = 0; done < workLimit && idle < neighbourhoodSizes.length && !stop() && !isClosed(known); done += slice, turn++) {
    const orders = neighbourhoodSizes[turn % neighbourhoodSizes.length]!;
    const gained = rebuildNeighbourhoods(
      draft,
      ground,
      {
        rounds: Math.min(slice, workLimit - done),
        orders,
        // An order of several large lines comes to its wish only where all who are in its way leave at once; among those who want the same SKU at random they hardly ever come together.
        inTheWay: inTheWay && turn % 2 === 1,
        seed: turn + 1,
        patience: patienceAt(patience * mean, done / workLimit),
      },
      stop,
    );
    idle = gained ? 0 : idle + 1;
    take(known, draft);
    report(run, known, 'search');
    await breathe();
  }
  reoptimizeOrders(draft, reoptimizations.rebuilt, stop, scope);
  take(known, draft);
}

/** What an order costs on the mean. */
function meanCost({ given, cost }: Incumbent): number {
  return cost / given.compiled.orderCount;
}

/** Patience falls to a hundredth in the course of the search. */
function patienceAt(first: number, progress: number): { first: number; last: number } {
  const here = first * 0.01 ** progress;
  return { first: here, last: here * 0.8 };
}

/** Exchanges among few orders find most and are quick to try; longer chains come last. */
const exchanges = [
  { depth: 5, width: 6, looks: 300 },
  { depth: 5, width: 6, looks: 300 },
  { depth: 8, width: 3, looks: 1_000 },
];

/** Between two annealings all ways of many orders are tried: those that cannot end well are cut off so early that this takes a small part of the time. */
const longExchange = { depth: 12, width: 6, looks: 5_000 };

/** So many others leave for one at most: few lines have more units. */
const clearing = { depth: 12 };

/** Patience at the end is a share of what an order costs on the mean, so that it means the same in every currency. */
const coldest = 0.0025;
/** Every other annealing begins so much warmer: what the others cannot leave, it can. */
const reheating = 4;
const shortExchange = { depth: 5, width: 4, looks: 20 };

/** Exchanges count few steps for their time: so many take some milliseconds. */
const stepsOfALook = 20_000;

async function trade(
  run: Run,
  known: Incumbent,
  least: Least,
  draft: Draft,
  { neighbourhoods, menu, clearings, annealing, reoptimizations, shares }: Effort,
  scope: Scope,
): Promise<void> {
  const { given, bound } = known;
  const stop = stopper(run, given, { steps: searchSteps, until: shares.search, look: stepsOfALook });
  const workLimit = run.options.workLimit ?? neighbourhoods;
  if (workLimit === 0 || stop() || isClosed(known)) return;
  const mean = meanCost(known);
  const menus = menusOf(given, bound.prices, { ...menu, slack: menu.slack * mean }, least, scope.starts);
  const market = marketOf(draft, bound.prices, menus, least, scope.starts);
  clearShelves(market, { ...clearing, trials: clearings }, stop);
  take(known, draft);
  const { relief } = annealing;
  const all = annealing.trials * workLimit;
  const trials = Math.min(all, trialsOfCycle * given.compiled.orderCount);
  for (let cycle = 0; cycle * trials < all && !isClosed(known) && !stop(); cycle++) {
    const heat = cycle % 2 === 1 ? reheating : 1;
    const patience = { first: heat * annealing.patience * mean, last: coldest * mean };
    const timeGone = timeUntil(run, shares.search);
    annealPlans(market, { ...patience, seed: cycle + 1, trials, timeGone, exchange: { ...shortExchange, relief } }, stop);
    clearShelves(market, { ...clearing, trials: clearings }, stop);
    take(known, draft);
    // In a large batch they take too long.
    if (clearings > 0) exchangePlans(market, { ...longExchange, relief }, stop);
    take(known, draft);
    report(run, known, 'search');
    await breathe();
  }
  for (const effort of exchanges) {
    exchangePlans(market, effort, stop);
    take(known, draft);
    report(run, known, 'search');
    await breathe();
    if (stop()) return;
  }
  reoptimizeOrders(draft, reoptimizations.last, stop, scope);
  take(known, draft);
}

/** Trials of one annealing for each order. One that falls slower finds little more; another after it does. */
const trialsOfCycle = 200;

/** How much is gone of the time between now and a share of the limit, less a little for the exchanges at the end. */
function timeUntil(run: Run, share: number): () => number {
  const begin = run.spentShare();
  const time = Math.max(1e-9, 0.95 * (share - begin));
  return () => Math.min(1, (run.spentShare() - begin) / time);
}
