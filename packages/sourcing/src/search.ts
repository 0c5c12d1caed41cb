import { contestedSkus } from './contested.ts';
import { construct } from './construct.ts';
import type { Draft } from './draft.ts';
import { searchSteps, type Effort } from './effort.ts';
import { exchangePlans } from './exchange.ts';
import { ejectionChains, reoptimizeOrders } from './improve.ts';
import { isClosed, report, take, type Incumbent } from './incumbent.ts';
import { rebuildNeighbourhoods } from './rebuild.ts';
import { breathe, stopper, type Run } from './run.ts';

/** The search for a plan at the incumbent's prices: construction, order by order, chains, neighbourhoods, exact exchanges. Each step ends with a plan no dearer than it began with. */
export async function searchPlan(run: Run, known: Incumbent, effort: Effort): Promise<void> {
  const draft = await priceDirectedPlan(run, known, effort);
  await rebuildAll(run, known, draft, effort);
  await exchangeAll(run, known, draft, effort);
}

const chainRounds = 3;

async function priceDirectedPlan(run: Run, known: Incumbent, { shares }: Effort): Promise<Draft> {
  const { given } = known;
  const stop = stopper(run, given, { steps: searchSteps, until: shares.construct });
  const { prices } = known.bound;
  const draft = construct(given, prices);
  take(known, draft);
  report(run, known, 'construct');
  reoptimizeOrders(draft, 4, stop);
  take(known, draft);
  report(run, known, 'construct');
  for (let round = 0; round < chainRounds && !stop(); round++) {
    const gained = ejectionChains(draft, prices, { depth: 8, width: 40 }, stop);
    reoptimizeOrders(draft, 2, stop);
    take(known, draft);
    await breathe();
    if (!gained) break;
  }
  report(run, known, 'construct');
  return draft;
}

const slice = 2_000;
const neighbourhoodSizes = [6, 10, 16, 24];

async function rebuildAll(run: Run, known: Incumbent, draft: Draft, { neighbourhoods, patience, shares }: Effort): Promise<void> {
  const { given } = known;
  const contested = contestedSkus(given.compiled);
  const stop = stopper(run, given, { steps: searchSteps, until: shares.search });
  const workLimit = run.options.workLimit ?? neighbourhoods;
  let idle = 0;
  for (let done = 0, turn = 0; done < workLimit && idle < neighbourhoodSizes.length && !stop() && !isClosed(known); done += slice, turn++) {
    const orders = neighbourhoodSizes[turn % neighbourhoodSizes.length]!;
    const gained = rebuildNeighbourhoods(
      draft,
      known.bound.prices,
      contested,
      { rounds: Math.min(slice, workLimit - done), orders, seed: turn + 1, patience: patienceAt(patience, done / workLimit) },
      stop,
    );
    idle = gained ? 0 : idle + 1;
    take(known, draft);
    report(run, known, 'search');
    await breathe();
  }
  reoptimizeOrders(draft, 2, stop);
  take(known, draft);
}

/** Patience falls to a hundredth in the course of the search. */
function patienceAt(first: number, progress: number): { first: number; last: number } {
  const here = first * 0.01 ** progress;
  return { first: here, last: here * 0.8 };
}

/** Neighbourhoods of more than some fourteen orders are cut off before they end, of fewer there is less to gain (measured on 10,000 orders with scarce stock). */
const exchange = { seeds: 1_000, orders: 14, plans: 40, looks: 5_000 };
const exchangeRounds = 4;

async function exchangeAll(run: Run, known: Incumbent, draft: Draft, { shares }: Effort): Promise<void> {
  const stop = stopper(run, known.given, { steps: searchSteps, until: shares.search });
  for (let round = 0; round < exchangeRounds && !stop() && !isClosed(known); round++) {
    const gained = exchangePlans(draft, known.bound.prices, exchange, stop);
    take(known, draft);
    report(run, known, 'search');
    await breathe();
    if (!gained) return;
  }
}
