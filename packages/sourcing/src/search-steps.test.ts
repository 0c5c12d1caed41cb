import { expect, test } from 'vitest';
import { annealPlans } from './anneal.ts';
import { compile } from './compile.ts';
import { contestedSkus } from './contested.ts';
import { construct } from './construct.ts';
import { draftCost, emptyDraft, force, type Draft } from './draft.ts';
import { exampleNode, exampleProblem } from './example-problem.ts';
import { exchangePlans } from './exchange.ts';
import { reoptimizeOrders } from './improve.ts';
import { withinLimits } from './ledger.ts';
import { marketOf, type Market } from './market.ts';
import { menusOf } from './menus.ts';
import { nextRows, obstaclesOf, ordersInTheWay, wishedRows } from './obstacles.ts';
import { polishPlan } from './polish.ts';
import type { Movable } from './movable.ts';
import { leastAt, planOrder, pricer } from './pricer.ts';
import { rebuildGround, rebuildNeighbourhoods } from './rebuild.ts';
import { firstBound, shadowPrices } from './shadow-prices.ts';
import { checkedValues, objectiveOf } from './solver-answer.ts';
import type { MipSolver } from './solver-port.ts';

/** Vienna's only lamp is with A1, who came first; A2, who would save a shipment with it, has one from Berlin. */
function firstComeDraft(): { draft: Draft; prices: ReturnType<typeof firstBound>['prices'] } {
  const given = pricer(compile(exampleProblem()));
  const draft = emptyDraft(given);
  const own = firstBound(given).prices;
  for (const order of [0, 1]) force(draft, order, planOrder(given, order, { prices: own, ledger: draft.ledger, laborBy: 'ledger' }));
  return { draft, prices: shadowPrices(given, { sweeps: 20, cutSweeps: 0 }).prices };
}

const effort = { depth: 4, width: 4, looks: 100 };
const menu = { plans: 20, slack: 20 };
const marketAt = (draft: Draft, prices: ReturnType<typeof firstBound>['prices'], movable?: Movable): Market => {
  const least = leastAt(draft.given, prices);
  return marketOf(draft, prices, menusOf(draft.given, prices, menu, least, movable), least, movable);
};
const never = (): boolean => false;
const nodesOf = (draft: Draft): string[] =>
  draft.plans.map((shipments) => shipments.map(({ node }) => draft.given.compiled.problem.nodes[node]!.id).join());

test('first come, first served is what the steps below start from', () => {
  const { draft } = firstComeDraft();
  expect(nodesOf(draft)[0]).toBe('vienna');
});

test('prices give the last lamp to the order that would lose most by waiting, although it came second', () => {
  const { draft, prices } = firstComeDraft();
  expect(nodesOf(construct(draft.given, prices))).toEqual(['berlin', 'vienna']);
});

test('an order that may not move keeps what it holds when the others are constructed', () => {
  const { draft, prices } = firstComeDraft();
  const foundation = emptyDraft(draft.given);
  force(foundation, 0, draft.plans[0]!);
  expect(nodesOf(construct(draft.given, prices, { draft: foundation, movable: Uint8Array.of(0, 1) }))[0]).toBe('vienna');
});

test('one order after the other finds no way to hand the lamp on', () => {
  const { draft } = firstComeDraft();
  const before = nodesOf(draft);
  reoptimizeOrders(draft, 4, never);
  expect(nodesOf(draft)).toEqual(before);
});

test('an exchange hands the lamp on: one order takes it, and who is in the way moves', () => {
  const { draft, prices } = firstComeDraft();
  exchangePlans(marketAt(draft, prices), effort, never);
  expect(nodesOf(draft)).toEqual(['berlin', 'vienna']);
});

test('whoever is told of an exchange finds it in the draft already', () => {
  const { draft, prices } = firstComeDraft();
  const seen: string[][] = [];
  exchangePlans(marketAt(draft, prices), effort, never, { keep: () => seen.push(nodesOf(draft)) });
  expect(seen.at(-1)).toEqual(['berlin', 'vienna']);
});

test('an exchange leaves alone who may not move, and then changes nothing', () => {
  const { draft, prices } = firstComeDraft();
  const before = nodesOf(draft);
  exchangePlans(marketAt(draft, prices, Uint8Array.of(0, 1)), effort, never);
  expect(nodesOf(draft)).toEqual(before);
});

test('who has the lamp is in the way of who wishes it, and would go where there is another one', () => {
  const { draft, prices } = firstComeDraft();
  const { nodeCount, problem, skuIds } = draft.given.compiled;
  const placeOf = (row: number): string => `${skuIds[Math.floor(row / nodeCount)]} of ${problem.nodes[row % nodeCount]!.id}`;
  const obstacles = obstaclesOf(draft, prices, undefined);
  const wish = wishedRows(obstacles, 1);
  expect(wish.map(placeOf)).toContain('lamp of vienna');
  expect(ordersInTheWay(obstacles, 1, wish, () => 0)).toEqual([0]);
  expect(nextRows(obstacles, 0).map(placeOf)).toEqual(['lamp of berlin']);
});

test('an order and who is in its way, torn down and planned anew, hand the lamp on', () => {
  const { draft, prices } = firstComeDraft();
  const ground = rebuildGround(draft.given, prices, contestedSkus(draft.given.compiled));
  rebuildNeighbourhoods(draft, ground, { rounds: 10, orders: 2, inTheWay: true, seed: 1, patience: { first: 0, last: 0 } }, never);
  expect(nodesOf(draft)).toEqual(['berlin', 'vienna']);
});

/** Vienna has lamps for both, but cheap minutes for one: A1 is there, and A2, to whom Berlin is dearer than to A1, is in Berlin. */
function overworkedDraft(): { draft: Draft; prices: ReturnType<typeof firstBound>['prices'] } {
  const problem = exampleProblem((raw) => {
    const vienna = exampleNode('vienna', 'AT', { mug: 5, lamp: 5 });
    vienna.labor.tiers = [
      { minutes: 4.5, costPerMinute: 0.4 },
      { minutes: null, costPerMinute: 100 },
    ];
    raw.nodes[0] = vienna;
  });
  const given = pricer(compile(problem));
  const { prices } = firstBound(given);
  const draft = emptyDraft(given);
  for (const order of [0, 1]) force(draft, order, planOrder(given, order, { prices, ledger: draft.ledger, laborBy: 'ledger' }));
  return { draft, prices };
}

test('an exchange hands work on: who brings a node more than its cheap minutes sends somebody else away', () => {
  const { draft, prices } = overworkedDraft();
  expect(nodesOf(draft)).toEqual(['vienna', 'berlin']);
  exchangePlans(marketAt(draft, prices), { ...effort, relief: 5 }, never);
  expect(nodesOf(draft)).toEqual(['berlin', 'vienna']);
});

test('where nobody is asked to leave an overworked node, such work stays where it is', () => {
  const { draft, prices } = overworkedDraft();
  exchangePlans(marketAt(draft, prices), effort, never);
  expect(nodesOf(draft)).toEqual(['vienna', 'berlin']);
});

test('an exchange that gains nothing is undone to the last unit', () => {
  const { draft, prices } = firstComeDraft();
  const market = marketAt(draft, prices);
  exchangePlans(market, effort, never);
  const ledger = structuredClone({ ...draft.ledger, compiled: undefined });
  exchangePlans(market, effort, never);
  expect({ ...draft.ledger, compiled: undefined }).toEqual(ledger);
});

test('annealing never leaves a limit broken, however patient it is', () => {
  const { draft, prices } = firstComeDraft();
  const market = marketAt(draft, prices);
  annealPlans(market, { trials: 200, first: 9, last: 9, seed: 1, exchange: effort }, never);
  expect(draft.plans.every((shipments, order) => shipments.every((shipment) => withinLimits(draft.ledger, order, shipment)))).toBe(true);
});

test('annealing takes the same way from the same seed', () => {
  const costs = [1, 1].map((seed) => {
    const { draft, prices } = firstComeDraft();
    const market = marketAt(draft, prices);
    annealPlans(market, { trials: 50, first: 3, last: 1, seed, exchange: effort }, never);
    return [draftCost(draft), ...nodesOf(draft)];
  });
  expect(costs[1]).toEqual(costs[0]);
});

/** Tries every choice of whole columns; columns that are not whole take the least that keeps the rows. */
const tryingAll: MipSolver = {
  name: 'trying all',
  comfortable: { mipColumns: 20, lpColumns: 0 },
  solve: async (problem) => {
    let best: number[] | undefined;
    const extend = (values: readonly number[]): void => {
      if (values.length < problem.columns.length) {
        for (const value of problem.columns[values.length]!.integer ? [0, 1] : [0]) extend([...values, value]);
        return;
      }
      const checked = checkedValues(problem, values);
      if (checked !== undefined && (best === undefined || objectiveOf(problem, checked) < objectiveOf(problem, best))) best = checked;
    };
    extend([]);
    return Promise.resolve(
      best === undefined ? { status: 'infeasible' } : { status: 'optimal', values: best, objective: objectiveOf(problem, best) },
    );
  },
};

test('polishing puts the best plans near the prices together, whatever the draft had', async () => {
  const { draft, prices } = firstComeDraft();
  const polished = await polishPlan(draft, prices, tryingAll, { plans: 5, slack: 20, columns: 20, timeLimitMs: () => 1_000 });
  expect(polished && nodesOf(polished)).toEqual(['berlin', 'vienna']);
});

test('a polish that would ask the solver too much is left out', async () => {
  const { draft, prices } = firstComeDraft();
  expect(await polishPlan(draft, prices, tryingAll, { plans: 5, slack: 20, columns: 1, timeLimitMs: () => 1_000 })).toBeUndefined();
});
