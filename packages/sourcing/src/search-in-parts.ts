import type { Team } from './crew.ts';
import { beginSearch, searchRound, type DividedSearch } from './divided-search.ts';
import { draftCost } from './draft.ts';
import { searchSteps, type Effort } from './effort.ts';
import { isClosed, report, type Incumbent } from './incumbent.ts';
import { stopper, type Run } from './run.ts';
import type { SearchStep } from './search-place.ts';

declare const process: any;
const E = process.env;
const plan: SearchStep[] = E.PLAN ? JSON.parse(E.PLAN) : [
  { kind: 'reoptimize', rounds: 1 },
  { kind: 'chains', depth: 8, width: 40 },
  { kind: 'chains', depth: 8, width: 40 },
];
const cycle: SearchStep[] = E.CYCLE ? JSON.parse(E.CYCLE) : [6, 10, 16, 24].map((orders) => ({ kind: 'rebuild', orders, rounds: 1e6 }));
const steps = Number(E.STEPS ?? 2e7);

export async function searchInParts(run: Run, known: Incumbent, team: Team, { searchParts, shares }: Effort): Promise<void> {
  const { given, bound } = known;
  const search = await beginSearch(team, given, bound.prices, searchParts);
  keep(run, known, search);
  const stop = stopper(run, given, { steps: searchSteps * 5, until: shares.search });
  for (const step of plan) {
    if (stop()) break;
    const t = performance.now(); const m = given.meter.steps;
    const saved = await searchRound(search, step, 1e9);
    if (E.TRACE) console.log('  ', search.round, JSON.stringify(step), saved.toFixed(1), 'ms', (performance.now() - t).toFixed(0), 'Msteps', ((given.meter.steps - m) / 1e6).toFixed(1));
    keep(run, known, search);
  }
  for (let turn = 0; !stop() && !isClosed(known); turn++) {
    const t = performance.now(); const m = given.meter.steps;
    const step = cycle[turn % cycle.length]!;
    const saved = await searchRound(search, step, steps);
    if (E.TRACE) console.log('  ', search.round, JSON.stringify(step), saved.toFixed(1), 'ms', (performance.now() - t).toFixed(0), 'Msteps', ((given.meter.steps - m) / 1e6).toFixed(1));
    keep(run, known, search);
  }
  known.cost = draftCost(search.draft);
}

/** The draft of the search is the best plan from now on; no round makes it dearer. */
function keep(run: Run, known: Incumbent, { draft, cost }: DividedSearch): void {
  if (known.best !== draft && cost >= known.cost) return;
  known.best = draft;
  known.cost = cost;
  known.method = 'search';
  report(run, known, 'search');
}
