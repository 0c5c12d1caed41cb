import { money } from '@quartermaster/domain';
import { poolSchema } from '@quartermaster/inventory';
import { costShares, parseProblem, verifyPlan } from '@quartermaster/sourcing';
import { expect, test } from 'vitest';
import { barredWhere, solveOptionsFor, withMovable } from '../resourcing/reassignment.ts';
import { doubtsOfShelves, kitsNotFound, type StockDoubt } from '../resourcing/stock-doubt.ts';
import { availableForOrders } from '../stock/stock-view.ts';
import { channelOrder, draft, line, openCaseOf, position, problemInput, product, settings, sourced } from '../testing/givens.ts';
import { box, planned, positionsOf, toldShort, wants } from '../testing/kits.ts';
import { minutesOf } from './day-cost.ts';
import { kitsAmong, withKitWeights } from './kit-parts.ts';
import { poolSales } from './pool-reservations.ts';
import { buildProblem } from './sourcing-problem.ts';
import { planByRule, usualRules } from './usual-rules.ts';
import { dividesKit } from './whole-kits.ts';

const slot = '2026-11-23T10:00:00.000Z';

test('a mug that is wanted by itself and in a kit is planned once', async () => {
  const { drafts } = await planned([wants('A', { MUG: 1 }), wants('B', { BOX: 1 })], { BER: { MUG: 1, LAMP: 1 } });

  // Unfilled, both cost the same; the box takes the lamp along in vain.
  expect([...drafts.values()].flat()).toHaveLength(1);
});

test('a mug that an earlier wave planned in a kit, and of which the ERP knows nothing yet, is not planned again', async () => {
  const boxed = sourced(openCaseOf(wants('A', { BOX: 2 })), slot, draft('BER', [{ lineId: 'A-BOX', sku: 'BOX', units: 2 }]));
  const positions = positionsOf({ BER: { MUG: 3, LAMP: 5 } }, box);

  expect(Object.fromEntries(availableForOrders(positions, [boxed], box).get('BER') ?? [])).toEqual({ MUG: 1, LAMP: 3 });
});

test('a kit is a line of the problem for each of its parts, goes all or none, and costs unfilled what the kit does', () => {
  const orders = [channelOrder({ lines: [line('l1', 'BOX', 3, { total: money(30_000, 'EUR') }), line('l2', 'MUG', 1)] })];

  const [order] = parseProblem(buildProblem(problemInput({ orders, recipes: box }))).orders;

  expect(order?.lines.map(({ sku, units, bundle }) => [sku, units, bundle])).toEqual([
    ['MUG', 3, 'l1'],
    ['LAMP', 3, 'l1'],
    ['MUG', 1, undefined],
  ]);
  const ofBox = order?.lines.filter(({ bundle }) => bundle === 'l1') ?? [];
  expect(ofBox.reduce((sum, { units, unfilledCostPerUnit }) => sum + units * unfilledCostPerUnit, 0)).toBeCloseTo(300, 9);
});

test('a kit that a channel sells in a bundle goes with the rest of the bundle', () => {
  const ofGift = { kind: 'component', parent: 'gift' } as const;
  const orders = [channelOrder({ lines: [line('l1', 'BOX', 1, ofGift), line('l2', 'SOFA', 1, ofGift)] })];

  const [order] = buildProblem(problemInput({ orders, recipes: box })).orders;

  expect(order?.lines.map(({ sku, bundle }) => [sku, bundle])).toEqual([
    ['MUG', 'gift'],
    ['LAMP', 'gift'],
    ['SOFA', 'gift'],
  ]);
});

test('a kit never leaves in halves from two nodes: it waits until one has all of it', async () => {
  const orders = [wants('A', { BOX: 1 })];

  expect(toldShort(await planned(orders, { BER: { MUG: 9 }, HAM: { LAMP: 9 } }))).toEqual([]);
  expect(toldShort(await planned(orders, { BER: { MUG: 9, LAMP: 1 }, HAM: { LAMP: 9 } }))).toEqual(['A: BER 1 BOX']);
});

test('where everybody could have something only if a kit were divided, the kit is whole and the bound stays below', async () => {
  // Three lamps and three mugs, and no node that has two of both.
  const shelves = { BER: { MUG: 2, LAMP: 1 }, HAM: { MUG: 1, LAMP: 2 } };
  const orders = [wants('A', { BOX: 1 }), wants('B', { BOX: 1 }), wants('C', { BOX: 1 })];

  const { problem, solved, ...plan } = await planned(orders, shelves);

  expect(
    toldShort(plan)
      .map((told) => told.slice(3))
      .sort(),
  ).toEqual(['BER 1 BOX', 'HAM 1 BOX']);
  expect(dividesKit(problem, solved.plan)).toBe(false);
  expect(verifyPlan(problem, solved.plan).errors).toEqual([]);
  expect(solved.bound).toBeLessThan(solved.objective.total);
  expect(solved.gap).toBeGreaterThan(0);
  expect(solved.reasons[0]).toContain('divided kits');
});

test('another line of the order may leave from elsewhere, only the kit is kept together', async () => {
  const { drafts } = await planned([wants('A', { BOX: 1, LAMP: 1 })], { BER: { MUG: 1, LAMP: 1 }, HAM: { LAMP: 1 } });

  expect(toldShort({ drafts })).toEqual(['A: BER 1 BOX', 'A: HAM 1 LAMP']);
});

test('a kit goes from no node that its order may not use: neither by a rule for one of its parts nor by the word of a person', async () => {
  const eligibility = [{ name: 'lamps', if: { skus: ['LAMP'] }, forbid: ['BER'] }];
  const shelves = { BER: { MUG: 1, LAMP: 1 }, HAM: { MUG: 1, LAMP: 1 } };
  const orders = [wants('A', { BOX: 1 })];

  expect(toldShort(await planned(orders, shelves, { settings: { ...settings(), eligibility } }))).toEqual(['A: HAM 1 BOX']);
  const overrides = [{ id: 'o', kind: 'forbid', order: 'A', node: 'HAM' }] as const;
  expect(toldShort(await planned(orders, shelves, { overrides }))).toEqual(['A: BER 1 BOX']);
});

test('a kit in a kit is taken apart down to what lies on shelves', async () => {
  const known = new Map([
    ...box,
    [
      'SET',
      [
        { sku: 'BOX', units: 2 },
        { sku: 'MUG', units: 1 },
      ],
    ],
  ]);
  const recipes = kitsAmong(['SET', 'MUG'], () => undefined, known);

  const { problem, ...plan } = await planned([wants('A', { SET: 1 })], { BER: { MUG: 3, LAMP: 2 } }, { recipes });

  expect(problem.orders[0]?.lines.map(({ sku, units }) => [sku, units])).toEqual([
    ['MUG', 3],
    ['LAMP', 2],
  ]);
  expect(toldShort(plan)).toEqual(['A: BER 1 SET']);
});

test('the catalogue says what is a kit now, and what was seen before counts only where it does not know the SKU any more', () => {
  const parts = [{ sku: 'MUG', units: 2 }];
  const kitOf = (kit: typeof parts | null) => (sku: string) => ({ ...product('MUG')!, sku, kit: sku === 'BOX' ? kit : null });

  expect(kitsAmong(['BOX'], kitOf(parts), box).get('BOX')).toEqual(parts);
  expect(kitsAmong(['BOX'], kitOf(null), box).size).toBe(0);
  expect(kitsAmong(['BOX'], () => undefined, box).size).toBe(1);
  expect(kitsAmong(['BOX'], kitOf([{ sku: '', units: 1 }]), box).size).toBe(0);
});

test('the usual rules leave no kit in halves either, so that they are compared with the same goods', () => {
  const available = availableForOrders(positionsOf({ BER: { MUG: 2, LAMP: 1 }, HAM: { MUG: 1, LAMP: 2 } }, box), [], box);
  const orders = [wants('A', { BOX: 1 }), wants('B', { BOX: 1 }), wants('C', { BOX: 1 })];
  const problem = buildProblem(problemInput({ orders, available, recipes: box }));

  for (const rule of usualRules) {
    const plan = planByRule(rule, problem, settings());
    expect([rule, dividesKit(problem, plan), plan.shipments.length]).toEqual([rule, false, 2]);
  }
});

test('the terms of all orders add up to what the plan costs, kits among them', async () => {
  const orders = [wants('A', { BOX: 1 }), wants('B', { BOX: 2, MUG: 1 }), wants('C', { LAMP: 1 })];

  const { problem, solved } = await planned(orders, { BER: { MUG: 2, LAMP: 1 }, HAM: { MUG: 2, LAMP: 2 } });

  const total = costShares(problem, solved.plan).reduce((sum, share) => sum + share.total, 0);
  expect(total).toBeCloseTo(solved.cost.total, 9);
});

test('a kit weighs what its parts do where the ERP has no weight of it, and is picked part by part', () => {
  const heavy = (grams: number) =>
    withKitWeights((sku) => (sku === 'BOX' ? { ...product('MUG')!, sku, grams } : product(sku)), box)('BOX')?.grams;
  expect([heavy(0), heavy(1_750)]).toEqual([1_600, 1_750]);

  const boxes = draft('BER', [{ lineId: 'l1', sku: 'BOX', units: 2 }]);
  // 2 a shipment, 1 for each of two parts, and half a minute for each of four things.
  expect(minutesOf([boxes], settings(), box).get('BER')?.get('2026-11-23')).toBe(6);
});

test('what a channel sold of a mug counts those in kits, less those that wait', () => {
  const history = {
    demandOf: () => ({ mean: 0, deviation: 0, days: 0 }),
    soldSince: (_: string | null, sku: string) => (sku === 'BOX' ? 5 : 2),
  };
  const { inventory } = settings();
  const pools = [poolSchema.parse({ name: 'web', kind: 'contract', channel: 'shop', units: 9 })];
  const demands = problemInput({ orders: [wants('A', { BOX: 1 })] }).demands;
  const waiting = openCaseOf(wants('B', { BOX: 3 }));

  const sales = poolSales(
    history,
    { inventory: { ...inventory, pools }, zone: 'Europe/Berlin' },
    { demands, cases: [waiting], recipes: box },
  );

  expect(sales.find(({ sku }) => sku === 'MUG')?.units).toBe(4);
});

test('where no more of a kit was found, no kit leaves until it was counted; its parts do, less those that are damaged', () => {
  const doubt: StockDoubt = { node: 'BER', sku: 'BOX', kind: 'not-in-stock', units: 0, since: slot, by: 'ada', reason: 'empty' };
  const damaged: StockDoubt = { ...doubt, node: 'HAM', kind: 'damaged', units: 2 };

  const [demand] = barredWhere(problemInput({ orders: [wants('A', { BOX: 1, MUG: 1 })] }).demands, kitsNotFound([doubt, damaged], box));

  expect(demand?.barred).toEqual({ 'A-BOX': ['BER'] });
  const mugs: StockDoubt = { ...damaged, sku: 'MUG', units: 1 };
  expect(doubtsOfShelves([doubt, damaged, mugs], box).map(({ node, sku, units }) => [node, sku, units])).toEqual([
    ['HAM', 'MUG', 3],
    ['HAM', 'LAMP', 2],
  ]);
});

test('a shipment of a kit that may move is the plan that the next one is compared with, part by part', () => {
  const order = wants('A', { MUG: 1, BOX: 1 });
  const lines = [{ lineId: 'A-BOX', sku: 'BOX', units: 1 }];
  const [shipment] = sourced(openCaseOf(order), slot, draft('BER', lines)).shipments;
  const input = problemInput({ orders: [order], recipes: box });
  if (shipment === undefined) throw new Error('it has a shipment');
  const movable = new Map([['A', [{ shipment, lines, why: 'better-plan' as const, leaves: false }]]]);

  const { incumbent } = solveOptionsFor(settings(), buildProblem(input), input.demands, { movable, recipes: box });

  expect(incumbent?.plan.shipments).toEqual([{ order: 'A', node: 'BER', service: 'house/std', lines: [1, 2] }]);
  const held = withMovable(new Map([['BER', new Map([['MUG', 1]])]]), movable, box).get('BER');
  expect(Object.fromEntries(held ?? [])).toEqual({ MUG: 2, LAMP: 1 });
});

test('without recipes a problem is what it was before there were any: a kit has stock like any article', () => {
  const available = new Map([['BER', new Map([['BOX', 2]])]]);

  const { orders, nodes } = buildProblem(problemInput({ orders: [wants('A', { BOX: 1 })], available }));

  expect(orders[0]?.lines).toEqual([{ sku: 'BOX', units: 1, unfilledCostPerUnit: 30 }]);
  expect(nodes.map(({ stock }) => stock)).toEqual([{ BOX: 2 }, {}]);
});

test('an empty kit waits, whatever the ERP says that it has', () => {
  const recipes = new Map([['BOX', []]]);
  const available = availableForOrders([position('BOX', 'BER', 99, { kit: [] })], [], recipes);

  expect(buildProblem(problemInput({ orders: [wants('A', { BOX: 1 })], available, recipes })).nodes[0]?.stock).toEqual({});
});
