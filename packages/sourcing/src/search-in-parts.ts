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
  const lastMs = new Map<SearchStep['kind'], number>();
  const goOn = async (step: SearchStep): Promise<number> => {
    const begin = run.timeLeftMs();
    if (stop() || isClosed(known) || begin < (lastMs.get(step.kind) ?? 0)) return 0;
    const saved = await searchRound(search, step, step.kind === 'exchange' ? stepsOfExchanges : stepsOfPart);
    keep(run, known, search);
    await breathe();
    if (begin < Infinity) lastMs.set(step.kind, begin - run.timeLeftMs());
    return saved;
  };
  for (const step of opening) await goOn(step);
  const workLimit = run.options.workLimit ?? neighbourhoods;
  const steps = roundsAt(known.cost / given.compiled.orderCount);
  let idle = 0;
  let lastExchange: number | undefined;
  for (let done = 0, turn = 0; done < workLimit && idle < steps.length && !stop() && !isClosed(known);) {
    const step = steps[turn % steps.length]!;
    const rounds = step.kind === 'rebuild' ? Math.min(step.rounds, Math.ceil((workLimit - done) / searchParts)) : 0;
    const gap = known.cost - known.bound.bound;
    const saved = await goOn(step.kind === 'rebuild' ? { ...step, rounds } : step);
    done += rounds * searchParts;
    idle = saved > 0 ? 0 : idle + 1;
    // Neighbourhoods are quick: they go on while they gain more than exchanges would in their time.
    if (step.kind === 'exchange') lastExchange = saved;
    const worthRepeating = lastExchange === undefined ? shareOfGap * gap : lastExchange / roundsOfExchange;
    if (step.kind !== 'rebuild' || saved < worthRepeating) turn++;
  }
  // The sum of what rounds saved is not exact to the last digit.
  known.cost = draftCost(known.best);
}

/** Most pricing steps of a part of a round: batches of ordinary orders stay far below. */
const stepsOfPart = 2e8;

/** Looks of an exchange are many and count little: so many steps take one or two seconds. */
const stepsOfExchanges = 1e6;

/** Share of the gap that a round of neighbourhoods must save to be followed by one of its kind, as long as it is not known what exchanges save. */
const shareOfGap = 0.03;

/** Exchanges take about as long as so many rounds of neighbourhoods. */
const roundsOfExchange = 5;

const opening: readonly SearchStep[] = [
  { kind: 'reoptimize', rounds: 1 },
  { kind: 'chains', depth: 8, width: 40 },
];

/**
 * Rounds in turn. Most of the gap is with few orders and rows: small neighbourhoods around them first, then exchanges from them, deeper and deeper.
 * Menus are short: a plan far from the prices is seldom part of a gain.
 */
function roundsAt(meanCost: number): SearchStep[] {
  const menu = { plans: 10, slack: 0.06 * meanCost };
  const worth = 0.02 * meanCost;
  const rebuild = (orders: number, rounds: number): SearchStep => ({ kind: 'rebuild', orders, rounds });
  return [
    rebuild(6, 5_000),
    rebuild(10, 4_000),
    { kind: 'exchange', depth: 5, width: 6, looks: 100, worth, menu },
    rebuild(16, 2_500),
    { kind: 'exchange', depth: 8, width: 3, looks: 300, worth, menu },
    rebuild(24, 1_500),
    { kind: 'exchange', depth: 8, width: 3, looks: 1_000, worth, menu },
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
