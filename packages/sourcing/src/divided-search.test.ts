import { expect, test } from 'vitest';
import { compile } from './compile.ts';
import { alone, dismiss, teamOf, type Crew, type Team } from './crew.ts';
import { beginSearch, join, searchRound } from './divided-search.ts';
import { draftCost, emptyDraft, force, type Draft } from './draft.ts';
import { exampleProblem } from './example-problem.ts';
import { withinLimits } from './ledger.ts';
import { packPlans, unpackPlans } from './packed-plans.ts';
import { planOrder, pricer, type Pricer } from './pricer.ts';
import { startPrices } from './prices.ts';
import type { SearchStep } from './search-place.ts';
import { shadowPrices } from './shadow-prices.ts';
import { madeUpBatch } from './testing/made-up-batch.ts';
import { threads } from './threads.ts';

const batch = compile(madeUpBatch(120));
const division = { stages: 3, parts: 2 };
const { prices } = shadowPrices(pricer(batch), { sweeps: 6, cutSweeps: 2 });
const steps: readonly SearchStep[] = [
  { kind: 'reoptimize', rounds: 1 },
  { kind: 'rebuild', orders: 6, rounds: 40 },
  { kind: 'exchange', depth: 5, width: 4, looks: 100, menu: { plans: 10, slack: 3 } },
  { kind: 'rebuild', orders: 4, rounds: 40 },
];

/** What the search comes to round by round, in two parts. */
async function searched(team: Team, given: Pricer): Promise<{ draft: Draft; costs: number[] }> {
  const search = await beginSearch(team, given, prices, 2);
  const costs = [draftCost(search.draft)];
  for (const step of steps) {
    await searchRound(search, step, 1e9);
    costs.push(draftCost(search.draft));
  }
  dismiss(team);
  return { draft: search.draft, costs };
}

async function searchedBy(crew: Crew): Promise<{ draft: Draft; costs: number[] }> {
  const { given, team } = teamOf(batch, crew, () => prices, division);
  return searched(team, given);
}

const given = pricer(batch);
const byNobodyElse = await searched(alone(given, prices, division), given);

test.each([1, 2])('the plan is the same to the last digit with %i helping threads as with none', async (helpers) => {
  const { draft, costs } = await searchedBy(threads(helpers));
  expect({ plans: draft.plans, costs }).toEqual({ plans: byNobodyElse.draft.plans, costs: byNobodyElse.costs });
});

test.each([1, 2, 3, 4, 5])('a thread that dies at its list of jobs number %i costs nothing but time', async (fatal) => {
  const crew: Crew = {
    helpers: 1,
    start: (shared) => {
      const helper = threads(1).start(shared);
      let lists = 0;
      const perform: typeof helper.perform = async (jobs) => {
        const answer = helper.perform(jobs);
        if (++lists === fatal) helper.dismiss();
        return answer;
      };
      return { ...helper, perform };
    },
  };
  expect((await searchedBy(crew)).draft.plans).toEqual(byNobodyElse.draft.plans);
});

test('no round makes the plan dearer, and some make it cheaper', () => {
  const { costs } = byNobodyElse;
  expect(costs).toEqual([...costs].sort((left, right) => right - left));
  expect(costs.at(-1)).toBeLessThan(costs[0]!);
});

test('what parts found apart breaks no limit together', () => {
  const { ledger, plans } = byNobodyElse.draft;
  expect(plans.every((shipments, order) => shipments.every((shipment) => withinLimits(ledger, order, shipment)))).toBe(true);
});

/** Both orders would have Vienna's only lamp. */
function bothWantTheLamp(): { draft: Draft; wishes: { order: number; shipments: Draft['plans'][number] }[] } {
  const compiled = compile(exampleProblem());
  const draft = emptyDraft(pricer(compiled));
  const wishes = [0, 1].map((order) => ({
    order,
    shipments: planOrder(draft.given, order, { prices: startPrices(compiled), laborBy: 'prices' }),
  }));
  return { draft, wishes };
}

test('of two changes that take the same unit the second one is refused', () => {
  const { draft, wishes } = bothWantTheLamp();
  expect(wishes.map((wish) => join(draft, [wish]) < 0)).toEqual([true, false]);
  expect(draft.plans[1]).toEqual([]);
});

test('a change that saves nothing any more is refused', () => {
  const { draft, wishes } = bothWantTheLamp();
  force(draft, 0, wishes[0]!.shipments);
  expect(join(draft, [wishes[0]!])).toBe(0);
});

test('plans come out of their package as they went in', () => {
  const plans = byNobodyElse.draft.plans.map((shipments, order) => ({ order, shipments }));
  expect(unpackPlans(packPlans(plans))).toEqual(plans);
});
