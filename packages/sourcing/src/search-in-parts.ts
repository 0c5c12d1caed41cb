import type { Team } from './crew.ts';
import { beginSearch, searchRound, type DividedSearch } from './divided-search.ts';
import { draftCost } from './draft.ts';
import { searchSteps, type Effort } from './effort.ts';
import { isClosed, report, type Incumbent } from './incumbent.ts';
import { breathe, stopper, type Run } from './run.ts';
import type { SearchStep } from './search-place.ts';

/** The search for a plan of a large batch at the incumbent's prices, in rounds of parts that a team shares. The clock is looked at between rounds only, so under a time limit none is begun that took longer than what is left. */
export async function searchInParts(
  run: Run,
  known: Incumbent,
  team: Team,
  { searchParts, neighbourhoods, shares }: Effort,
): Promise<void> {
  const { given, bound } = known;
  const search = await beginSearch(team, given, bound.prices, searchParts);
  keep(run, known, search);
  const stop = stopper(run, given, { steps: searchSteps, until: shares.search });
  const lastMs = new Map<SearchStep, number>();
  const goOn = async (step: SearchStep, most = Infinity): Promise<number> => {
    const begin = run.timeLeftMs();
    const asked = step.kind === 'rebuild' ? { ...step, rounds: Math.min(step.rounds, most) } : step;
    const saved = await searchRound(search, asked, step.kind === 'exchange' ? stepsOfExchanges : stepsOfPart);
    keep(run, known, search);
    await breathe();
    if (begin < Infinity) lastMs.set(step, begin - run.timeLeftMs());
    return saved;
  };
  if (!stop()) await goOn({ kind: 'reoptimize', rounds: 1 });
  const workLimit = run.options.workLimit ?? neighbourhoods;
  const steps = roundsAt(known.cost / given.compiled.orderCount);
  const worth = new Map<SearchStep, number>([[steps[0]!, Infinity]]);
  let deepest = 0;
  for (let done = 0; done < workLimit && !stop() && !isClosed(known);) {
    const step = mostWorth(worth, (each) => run.timeLeftMs() >= (lastMs.get(each) ?? 0));
    if (step === undefined) break;
    const saved = await goOn(step, Math.ceil((workLimit - done) / searchParts));
    if (step.kind === 'rebuild') done += Math.min(step.rounds * searchParts, workLimit - done);
    const here = saved / (step.kind === 'exchange' ? roundsOfExchange : 1);
    worth.set(step, here);
    // A deeper step is tried once the ones before it no longer save twice what it may: half of what the one before it saved at first.
    if (step === steps[deepest] && deepest + 1 < steps.length) worth.set(steps[++deepest]!, here / 2);
  }
  // The sum of what rounds saved is not exact to the last digit.
  known.cost = draftCost(known.best);
}

/** The step that is worth most, of those there is time for; undefined where none is worth anything. */
function mostWorth(worth: ReadonlyMap<SearchStep, number>, isInTime: (step: SearchStep) => boolean): SearchStep | undefined {
  let best: SearchStep | undefined;
  let most = 0;
  for (const [step, here] of worth) {
    if (here <= most || !isInTime(step)) continue;
    best = step;
    most = here;
  }
  return best;
}

/** Most pricing steps of a part of a round: batches of ordinary orders stay far below. */
const stepsOfPart = 2e8;

/** Looks of an exchange are many and count little: so many steps take about a second. */
const stepsOfExchanges = 1e6;

/** Exchanges take about as long as so many rounds of neighbourhoods. */
const roundsOfExchange = 1.5;

/**
 * Rounds of about the same time. Most of the gap is with few orders and rows: small neighbourhoods around them first, then exchanges from them, deeper and deeper.
 * Menus are short: a plan far from the prices is seldom part of a gain.
 */
function roundsAt(meanCost: number): SearchStep[] {
  const menu = { plans: 10, slack: 0.06 * meanCost };
  const worth = 0.02 * meanCost;
  return [
    { kind: 'rebuild', orders: 6, rounds: 5_000 },
    { kind: 'rebuild', orders: 10, rounds: 4_000 },
    { kind: 'exchange', depth: 5, width: 6, looks: 100, worth, menu },
    { kind: 'rebuild', orders: 16, rounds: 2_500 },
    { kind: 'exchange', depth: 8, width: 3, looks: 300, worth, menu },
    { kind: 'rebuild', orders: 24, rounds: 1_500 },
  ];
}

/** The draft of the search is the best plan from its first gain on: no round makes it dearer. */
function keep(run: Run, known: Incumbent, { draft, cost }: DividedSearch): void {
  if (cost < known.cost) {
    known.best = draft;
    known.cost = cost;
    known.method = 'search';
  }
  report(run, known, 'search');
}
