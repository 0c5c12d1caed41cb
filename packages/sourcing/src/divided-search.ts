import { constructBy, type Regrets } from './construct.ts';
import { shareOut, tellHelpers, type Team } from './crew.ts';
import { draftCost, clear, force, ownCost, type Draft } from './draft.ts';
import { totalLabor, withinLimits } from './ledger.ts';
import { packPlans, unpackPlans, type OrderPlan } from './packed-plans.ts';
import type { Pricer } from './pricer.ts';
import { setPrices, type Prices } from './prices.ts';
import type { SearchPlace, SearchStep } from './search-place.ts';
import { perform, type Done, type Job } from './work.ts';

/** A search in rounds, each in parts that do not see one another, so that several threads can work on them. The draft is the same with any number of them. */
export interface DividedSearch {
  readonly team: Team;
  /** What all parts have agreed on. Feasible, and no dearer from round to round. */
  readonly draft: Draft;
  readonly place: SearchPlace;
  readonly parts: number;
  round: number;
  cost: number;
}

/** Orders of one job of regrets. */
const ordersOfJob = 8_192;

/** Begins a search with the price-directed plan of `construct`. */
export async function beginSearch(team: Team, given: Pricer, prices: Prices, parts: number): Promise<DividedSearch> {
  const { place } = team;
  const { orderCount } = given.compiled;
  // The free prices have no place for cuts and need none.
  setPrices(
    place.board,
    prices.cut.length === place.board.cut.length ? prices : { ...prices, cut: new Float64Array(place.board.cut.length) },
  );
  const done = await shareOut(
    team,
    Array.from({ length: Math.ceil(orderCount / ordersOfJob) }, (_, at) => ({
      kind: 'regrets',
      first: at * ordersOfJob,
      end: Math.min(orderCount, (at + 1) * ordersOfJob),
    })),
  );
  const { least, regret } = joined(done, orderCount);
  const begin: Job = { kind: 'begin', least };
  perform(place, begin);
  const search = place.search;
  if (search === undefined) throw new Error('A search has not begun.');
  const { ledger, plans } = search.draft;
  const draft = constructBy(regret, given, search.ground.prices, { draft: { given, ledger, plans }, movable: undefined });
  const all = plans.flatMap((shipments, order) => (shipments.length === 0 ? [] : [{ order, shipments }]));
  await tellHelpers(team, [begin, { kind: 'plans', plans: packPlans(all) }]);
  return { team, draft, place: search, parts, round: 0, cost: draftCost(draft) };
}

function joined(done: readonly Done[], orderCount: number): Regrets {
  const all = { least: new Float64Array(orderCount), regret: new Float64Array(orderCount) };
  let at = 0;
  for (const { regrets } of done) {
    if (regrets === undefined) continue;
    all.least.set(regrets.least, at);
    all.regret.set(regrets.regret, at);
    at += regrets.least.length;
  }
  return all;
}

/** One round: each part does the step on its own, then what they found is joined, part by part. What it saved; 0 where nothing. */
export async function searchRound(search: DividedSearch, step: SearchStep, steps: number): Promise<number> {
  const { team, draft, parts } = search;
  const round = ++search.round;
  const minutes = draft.ledger.minutes.slice();
  const jobs = Array.from({ length: parts }, (_, part): Job => ({ kind: 'search', round, part, parts, step, steps, minutes }));
  const done = await shareOut(team, jobs);
  let saved = 0;
  const changed = new Set<number>();
  for (const { changes = [] } of done) {
    for (const packed of changes) {
      const plans = unpackPlans(packed);
      const change = join(draft, plans);
      if (change === 0) continue;
      saved -= change;
      for (const { order } of plans) changed.add(order);
    }
  }
  const accepted = Array.from(changed, (order) => ({ order, shipments: draft.plans[order]! }));
  search.cost -= saved;
  if (team.helpers.size > 0 && accepted.length > 0) await tellHelpers(team, [{ kind: 'plans', plans: packPlans(accepted) }]);
  return saved;
}

/** Changes the draft where that keeps all limits and makes it cheaper: parts that know nothing of one another may take the same minutes. What it costs more; 0 where all stays as it was. */
export function join(draft: Draft, changes: readonly OrderPlan[]): number {
  const { ledger, plans, given } = draft;
  const former = changes.map(({ order }) => ({ order, shipments: plans[order]! }));
  const before = totalLabor(ledger);
  const enter = (those: readonly OrderPlan[]): number => {
    for (const { order } of those) clear(draft, order);
    let own = 0;
    for (const { order, shipments } of those) {
      force(draft, order, shipments);
      own += ownCost(given.compiled, order, shipments);
    }
    return own;
  };
  const ownBefore = former.reduce((sum, { order, shipments }) => sum + ownCost(given.compiled, order, shipments), 0);
  const change = enter(changes) - ownBefore + totalLabor(ledger) - before;
  const fits = changes.every(({ order, shipments }) => shipments.every((shipment) => withinLimits(ledger, order, shipment)));
  if (fits && change < -leastGain) return change;
  enter(former);
  return 0;
}

/** Least gain that counts as one: sums of decimals are not exact. */
const leastGain = 1e-6;
