import { expect, test } from 'vitest';
import { clearShelves } from './clear-shelves.ts';
import { compile } from './compile.ts';
import { construct } from './construct.ts';
import { draftCost, draftOf, emptyDraft, force, type Draft } from './draft.ts';
import { exampleNode, exampleOrder, exampleProblem } from './example-problem.ts';
import { exchangePlans } from './exchange.ts';
import { withinLimits } from './ledger.ts';
import { marketOf, type Market } from './market.ts';
import { menusOf, type MenuSize } from './menus.ts';
import { leastAt, planOrder, pricer } from './pricer.ts';
import { startPrices } from './prices.ts';
import { shadowPrices } from './shadow-prices.ts';
import { madeUpBatch } from './testing/made-up-batch.ts';

const never = (): boolean => false;

/** Vienna has as many lamps as there are small orders, who came first and have them all; the large order wants all of them, and Berlin has enough for small ones only. */
function draftWithFullShelf(smallOrders: number): Draft {
  const problem = exampleProblem((raw) => {
    raw.nodes = [exampleNode('vienna', 'AT', { lamp: smallOrders }), exampleNode('berlin', 'DE', { lamp: smallOrders - 1 })];
    const small = Array.from({ length: smallOrders - 1 }, (_, index) => exampleOrder(`small-${index}`, 'AT', ['lamp']));
    const large = { ...exampleOrder('large', 'AT', ['lamp']), lines: [{ sku: 'lamp', units: smallOrders, unfilledCostPerUnit: 20 }] };
    raw.orders = [...small, large];
  });
  const given = pricer(compile(problem));
  const draft = emptyDraft(given);
  const prices = startPrices(given.compiled);
  for (let order = 0; order < problem.orders.length; order++)
    force(draft, order, planOrder(given, order, { prices, ledger: draft.ledger, laborBy: 'ledger' }));
  return draft;
}

function marketAt(draft: Draft, menu: MenuSize = { plans: 20, slack: 200 }, prices = startPrices(draft.given.compiled)): Market {
  const least = leastAt(draft.given, prices);
  return marketOf(draft, prices, menusOf(draft.given, prices, menu, least), least);
}

const nodesOf = (draft: Draft): string[] =>
  draft.plans.map((shipments) => shipments.map(({ node }) => draft.given.compiled.problem.nodes[node]!.id).join());

test('a shelf is cleared for an order of many units: those who have them, each too small to be worth it alone, all get theirs elsewhere', () => {
  const draft = draftWithFullShelf(6);
  expect(nodesOf(draft)).toEqual(['vienna', 'vienna', 'vienna', 'vienna', 'vienna', '']);
  expect(clearShelves(marketAt(draft), { trials: 10, depth: 5 }, never)).toBe(true);
  expect(nodesOf(draft)).toEqual(['berlin', 'berlin', 'berlin', 'berlin', 'berlin', 'vienna']);
});

test('an exchange among few orders does not find that', () => {
  const draft = draftWithFullShelf(6);
  exchangePlans(marketAt(draft), { depth: 5, width: 6, looks: 300 }, never);
  expect(nodesOf(draft).at(-1)).toBe('');
});

test('where more would have to leave than may, the shelf stays as it is, to the last unit', () => {
  const draft = draftWithFullShelf(6);
  const before = { nodes: nodesOf(draft), cost: draftCost(draft), used: Float64Array.from(draft.ledger.sharedUsed) };
  expect(clearShelves(marketAt(draft), { trials: 10, depth: 4 }, never)).toBe(false);
  expect({ nodes: nodesOf(draft), cost: draftCost(draft), used: draft.ledger.sharedUsed }).toEqual(before);
});

test('an order with one plan near the prices can be asked to leave only where dearer ones are on its menu, too', () => {
  const draft = draftWithFullShelf(6);
  const near = { plans: 20, slack: 1 };
  expect(clearShelves(marketAt(draft, near), { trials: 10, depth: 5 }, never)).toBe(false);
  expect(clearShelves(marketAt(draft, { ...near, fewest: 2 }), { trials: 10, depth: 5 }, never)).toBe(true);
});

test('in a batch with too little of everything clearing breaks no limit, and what it says to have gained is gained', () => {
  const given = pricer(compile(madeUpBatch(200)));
  const { prices } = shadowPrices(given, { sweeps: 10, cutSweeps: 0 });
  const draft = construct(given, prices);
  const before = draftCost(draft);
  expect(clearShelves(marketAt(draft, { plans: 20, slack: 3, fewest: 6 }, prices), { trials: 10_000, depth: 12 }, never)).toBe(true);
  expect(draftCost(draft)).toBeLessThan(before);
  expect(draft.plans.every((shipments, order) => shipments.every((shipment) => withinLimits(draft.ledger, order, shipment)))).toBe(true);
  expect(draft.ledger.sharedUsed).toEqual(draftOf(given, draft.plans).ledger.sharedUsed);
});
