import { expect, test } from 'vitest';
import { exampleNode, exampleOrder, exampleProblem } from '../example-problem.ts';
import { SourcingInputError, type SourcingProblem } from '../problem.ts';
import { solve } from '../solve.ts';
import { forecastFromOrders, forecastFromRates, type Forecast } from './forecast.ts';
import type { Receipt } from './horizon.ts';
import { valueOfStock } from './value-of-stock.ts';

/** Vienna has one mug, Berlin plenty; a German wants one today. */
const today = (mugs = 1): SourcingProblem =>
  exampleProblem((raw) => {
    raw.nodes = [exampleNode('vienna', 'AT', { mug: mugs }), exampleNode('berlin', 'DE', { mug: 50 })];
    raw.orders = [{ ...exampleOrder('A1', 'DE', ['mug']), eligibleNodes: ['vienna', 'berlin'] }];
  });

/** Each day an Austrian wants a mug. */
const austrians = (problem: SourcingProblem): Forecast => forecastFromOrders(problem, [[exampleOrder('P1', 'AT', ['mug'])]]);

const mugInVienna = (problem: SourcingProblem, receipts: readonly Receipt[] = []): number =>
  valueOfStock({ problem, days: 2, receipts }, austrians(problem), { samples: 1 })['vienna']?.['mug'] ?? NaN;

test('the last unit near to tomorrow’s customer is worth something, up to what the far one costs more', () => {
  // 4 + 0.12 from Vienna, 6 + 0.2 from Berlin: between nothing and 2.08 every price keeps the mug for tomorrow.
  expect(mugInVienna(today())).toBeCloseTo(1.04, 6);
});

test('a unit more than tomorrow needs is worth nothing', () => {
  expect(mugInVienna(today(2))).toBe(0);
});

test('a unit is worth nothing where a receipt comes in time', () => {
  expect(mugInVienna(today(), [{ day: 1, node: 'vienna', sku: 'mug', units: 1 }])).toBe(0);
});

test('at its value the last mug of the near warehouse is kept from an order that the far one serves nearly as well', async () => {
  const problem = exampleProblem((raw) => {
    raw.nodes = [exampleNode('vienna', 'AT', { mug: 1 }), exampleNode('berlin', 'DE', { mug: 50 })];
    raw.services = raw.services.slice(0, 1).map((service) => ({
      ...service,
      lanes: [
        { from: 'AT', to: 'AT', base: 4, perKg: 0, transitDays: 1 },
        { from: 'DE', to: 'AT', base: 8, perKg: 0, transitDays: 1 },
        { from: 'AT', to: 'CZ', base: 4, perKg: 0, transitDays: 1 },
        { from: 'DE', to: 'CZ', base: 4.5, perKg: 0, transitDays: 1 },
      ],
    }));
    raw.orders = [exampleOrder('A1', 'CZ', ['mug'])];
  });
  const stockValues = valueOfStock({ problem, days: 3, receipts: [] }, austrians(problem), { samples: 2 });
  const nodeOf = async (options: Parameters<typeof solve>[1]): Promise<unknown> =>
    (await solve(problem, options)).plan.shipments.map(({ node }) => node);
  expect([await nodeOf({}), await nodeOf({ stockValues })]).toEqual([['vienna'], ['berlin']]);
});

test('half of what the last look ahead said is kept, but not where a receipt comes by tomorrow', () => {
  const problem = today(2);
  const before = { vienna: { mug: 3 } };
  const receipts = [{ day: 1, node: 'vienna', sku: 'mug', units: 1 }];
  const value = (known: readonly Receipt[]): unknown =>
    valueOfStock({ problem, days: 2, receipts: known }, austrians(problem), { samples: 1, before })['vienna']?.['mug'];
  expect([value([]), value(receipts)]).toEqual([1.5, 0]);
});

test('the same outlook, forecast and seed give the same values', () => {
  const problem = today();
  const rates = forecastFromRates(problem, [{ sku: 'mug', zone: 'AT', ordersPerDay: 0.7 }], exampleOrder('', 'AT', ['mug']));
  const values = (): unknown => valueOfStock({ problem, days: 6, receipts: [] }, rates, { samples: 5, seed: 3 });
  expect(values()).toEqual(values());
});

test.each([
  ['days', { days: 0 }],
  ['receipts[0].sku', { receipts: [{ day: 1, node: 'vienna', sku: 'cup', units: 1 }] }],
  ['patience', { patience: [] }],
  ['patience[0]', { patience: [-1] }],
])('an outlook is refused at %s', (path, change) => {
  const problem = today();
  expect(refusal(() => valueOfStock({ problem, days: 2, receipts: [], ...change }, austrians(problem)))).toContain(path);
});

test('looking into no future at all is refused', () => {
  const problem = today();
  expect(refusal(() => valueOfStock({ problem, days: 2, receipts: [] }, austrians(problem), { samples: 0 }))).toEqual(['samples']);
});

test('a forecast deals each past order once before it deals one again', () => {
  const past = ['P1', 'P2', 'P3'].map((id) => exampleOrder(id, 'AT', ['mug']));
  const [one = [], two = []] = forecastFromOrders(today(), [past]).futures({ seed: 7, days: 2, count: 2 });
  const dealt = (arrivals: typeof one): string[] => arrivals.map(({ order }) => order.id).sort();
  expect([dealt(one), dealt(two)]).toEqual([
    ['P1', 'P2', 'P3'],
    ['P1', 'P2', 'P3'],
  ]);
});

test('a forecast from rates brings about as many orders as the rates say', () => {
  const forecast = forecastFromRates(today(), [{ sku: 'mug', zone: 'DE', ordersPerDay: 2.5 }], exampleOrder('', 'AT', ['mug']));
  const [arrivals = []] = forecast.futures({ seed: 1, days: 1_001, count: 1 });
  expect(arrivals.length / 1_000).toBeCloseTo(2.5, 0);
});

test.each([
  ['history[1][0].lines[0].sku', (problem: SourcingProblem) => forecastFromOrders(problem, [[], [exampleOrder('P1', 'AT', ['cup'])]])],
  [
    'rates[0].sku',
    (problem: SourcingProblem) =>
      forecastFromRates(problem, [{ sku: 'cup', zone: 'AT', ordersPerDay: 1 }], exampleOrder('', 'AT', ['mug'])),
  ],
  [
    'rates[0].ordersPerDay',
    (problem: SourcingProblem) =>
      forecastFromRates(problem, [{ sku: 'mug', zone: 'AT', ordersPerDay: -1 }], exampleOrder('', 'AT', ['mug'])),
  ],
  ['usual.lines', (problem: SourcingProblem) => forecastFromRates(problem, [], exampleOrder('', 'AT', []))],
])('a forecast is refused at %s', (path, read) => {
  expect(refusal(() => read(today()))).toEqual([path]);
});

function refusal(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof SourcingInputError) return error.issues.map(({ path }) => path);
  }
  return [];
}
