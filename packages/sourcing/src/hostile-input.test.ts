import { describe, expect, test } from 'vitest';
import { exampleNode, exampleOrder, exampleProblem, type ExampleParts } from './example-problem.ts';
import { parsePlan } from './plan.ts';
import { parseProblem, SourcingInputError, type SourcingProblem } from './problem.ts';
import { solve } from './solve.ts';
import { verifyPlan } from './verify.ts';

/** The paths that are refused. */
function refused(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof SourcingInputError) return error.issues.map(({ path }) => path);
    throw error;
  }
  return [];
}

/** An input as it comes from a file: what JSON cannot say becomes what JSON makes of it. */
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const example =
  (change: (raw: ExampleParts) => void): (() => unknown) =>
  () =>
    exampleProblem(change);

/** Every numeric field of the contract by its path, and how to set it. */
const numbers: [string, (raw: ExampleParts, value: unknown) => void][] = [
  ['decisionMinute', (raw, value) => (raw['decisionMinute'] = value)],
  ['skus[0].weightKg', (raw, value) => (raw.skus[0]!['weightKg'] = value)],
  ['skus[0].volumeL', (raw, value) => (raw.skus[0]!['volumeL'] = value)],
  ['nodes[0].cutoffMinute', (raw, value) => (raw.nodes[0]!['cutoffMinute'] = value)],
  ['nodes[0].dispatchDay.ground', (raw, value) => (raw.nodes[0]!['dispatchDay'] = { ground: value })],
  ['nodes[0].stock.mug', (raw, value) => (raw.nodes[0]!['stock'] = { mug: value })],
  ['nodes[0].reserved.web.mug', (raw, value) => (raw.nodes[0]!['reserved'] = { web: { mug: value } })],
  ['nodes[0].maxShipments.ground', (raw, value) => (raw.nodes[0]!['maxShipments'] = { ground: value })],
  ['nodes[0].labor.minutesPerShipment', (raw, value) => Object.assign(raw.nodes[0]!.labor, { minutesPerShipment: value })],
  ['nodes[0].labor.minutesPerLine', (raw, value) => Object.assign(raw.nodes[0]!.labor, { minutesPerLine: value })],
  ['nodes[0].labor.minutesPerUnit', (raw, value) => Object.assign(raw.nodes[0]!.labor, { minutesPerUnit: value })],
  ['nodes[0].labor.tiers[0].minutes', (raw, value) => (raw.nodes[0]!.labor.tiers = [{ minutes: value, costPerMinute: 1 }])],
  ['nodes[0].labor.tiers[0].costPerMinute', (raw, value) => (raw.nodes[0]!.labor.tiers = [{ minutes: null, costPerMinute: value }])],
  ['services[0].litresPerKg', (raw, value) => (raw.services[0]!['litresPerKg'] = value)],
  ['services[0].maxKg', (raw, value) => (raw.services[0]!['maxKg'] = value)],
  ['services[0].parcelMaxKg', (raw, value) => (raw.services[0]!['parcelMaxKg'] = value)],
  ['services[0].lanes[0].base', (raw, value) => (raw.services[0]!.lanes[0]!['base'] = value)],
  ['services[0].lanes[0].perKg', (raw, value) => (raw.services[0]!.lanes[0]!['perKg'] = value)],
  ['services[0].lanes[0].transitDays', (raw, value) => (raw.services[0]!.lanes[0]!['transitDays'] = value)],
  ['services[1].lanes[0].bands[0].upToKg', (raw, value) => (raw.services[1]!.lanes[0]!['bands'] = [{ upToKg: value, amount: 1 }])],
  ['services[1].lanes[0].bands[0].amount', (raw, value) => (raw.services[1]!.lanes[0]!['bands'] = [{ upToKg: 1, amount: value }])],
  ['orders[0].lateCostPerDay', (raw, value) => (raw.orders[0]!['lateCostPerDay'] = value)],
  ['orders[0].splitCost', (raw, value) => (raw.orders[0]!['splitCost'] = value)],
  ['orders[0].maxShipments', (raw, value) => (raw.orders[0]!['maxShipments'] = value)],
  ['orders[0].surcharge.ground', (raw, value) => (raw.orders[0]!['surcharge'] = { ground: value })],
  ['orders[0].lines[0].units', (raw, value) => (raw.orders[0]!.lines[0]!['units'] = value)],
  ['orders[0].lines[0].unfilledCostPerUnit', (raw, value) => (raw.orders[0]!.lines[0]!['unfilledCostPerUnit'] = value)],
];
const days: typeof numbers = [
  ['orders[0].promiseDay', (raw, value) => (raw.orders[0]!['promiseDay'] = value)],
  ['orders[0].lines[0].promiseDay', (raw, value) => (raw.orders[0]!.lines[0]!['promiseDay'] = value)],
];

describe('a number', () => {
  test.each(numbers)('%s may not be negative', (path, set) => {
    expect(refused(example((raw) => set(raw, -1)))).toEqual([path]);
  });

  test.each([...numbers, ...days])('%s may not be text, no number, without end or beyond all measure', (path, set) => {
    for (const value of ['1', Number.NaN, Infinity, JSON.parse('1e999'), 1e300, {}, [], true])
      expect(refused(example((raw) => set(raw, value)))).toEqual([path]);
  });

  test.each([
    ['stock', 'nodes[0].stock.mug', (raw: ExampleParts) => (raw.nodes[0]!['stock'] = { mug: 2 ** 53 })],
    ['a day', 'orders[0].promiseDay', (raw: ExampleParts) => (raw.orders[0]!['promiseDay'] = 1.5)],
    ['a count', 'orders[0].maxShipments', (raw: ExampleParts) => (raw.orders[0]!['maxShipments'] = 0)],
    ['a parcel limit', 'services[0].parcelMaxKg', (raw: ExampleParts) => (raw.services[0]!['parcelMaxKg'] = 1e-300)],
    ['a volumetric weight', 'services[0].litresPerKg', (raw: ExampleParts) => (raw.services[0]!['litresPerKg'] = 1e-300)],
  ])('that cannot be %s is refused', (_, path, change) => {
    expect(refused(example(change))).toEqual([path]);
  });

  test('as large as it may be still gives a plan with a cost', async () => {
    const problem = exampleProblem((raw) => {
      for (const sku of raw.skus) sku['weightKg'] = 1e15;
      for (const service of raw.services) Object.assign(service, { maxKg: 1e15, parcelMaxKg: 1e-6 });
      raw.services[0]!.lanes[0]!['perKg'] = 1e15;
      for (const order of raw.orders) order.lines[0]!['unfilledCostPerUnit'] = 1e15;
    });
    const { cost, bound } = await solve(problem, { workLimit: 10 });
    expect([cost.total, bound].every((value) => Number.isFinite(value))).toBe(true);
  });
});

describe('what is not of the contract', () => {
  test.each<[string, (raw: ExampleParts) => void, string]>([
    ['a field of the problem', (raw) => (raw['version'] = 2), 'version'],
    ['a field of an SKU', (raw) => (raw.skus[1]!['colour'] = 'red'), 'skus[1].colour'],
    ['a field of a node', (raw) => (raw.nodes[1]!['city'] = 'Berlin'), 'nodes[1].city'],
    ['a field of labor', (raw) => Object.assign(raw.nodes[0]!.labor, { shift: 1 }), 'nodes[0].labor.shift'],
    [
      'a field of a tier',
      (raw) => (raw.nodes[0]!.labor.tiers = [{ minutes: null, costPerMinute: 1, day: 1 }]),
      'nodes[0].labor.tiers[0].day',
    ],
    ['a field of a service', (raw) => (raw.services[0]!['carrier'] = 'x'), 'services[0].carrier'],
    ['a field of a lane', (raw) => (raw.services[0]!.lanes[1]!['zone'] = 'x'), 'services[0].lanes[1].zone'],
    ['a field of a line', (raw) => (raw.orders[1]!.lines[1]!['lot'] = 'x'), 'orders[1].lines[1].lot'],
    [
      'a key that every object has',
      (raw) => raw.orders.splice(0, 1, JSON.parse(JSON.stringify(raw.orders[0]).replace('{', '{"__proto__":{},'))),
      'orders[0].__proto__',
    ],
    ['a constructor', (raw) => Object.assign(raw.orders[0]!, JSON.parse('{"constructor":1}')), 'orders[0].constructor'],
  ])('%s is refused with its path', (_, change, path) => {
    expect(refused(example(change))).toEqual([path]);
  });

  test.each<[string, (raw: ExampleParts) => void]>([
    ['the problem', (raw) => (raw['ext'] = { deep: nested(2_000) })],
    ['an SKU', (raw) => (raw.skus[0]!['ext'] = 1)],
    ['a node', (raw) => (raw.nodes[0]!['ext'] = null)],
    ['a service', (raw) => (raw.services[0]!['ext'] = [])],
    ['an order', (raw) => (raw.orders[0]!['ext'] = 'x')],
    ['a line', (raw) => (raw.orders[0]!.lines[0]!['ext'] = { __proto__: null })],
  ])('may stand under ext of %s', (_, change) => {
    expect(refused(example(change))).toEqual([]);
  });
});

/** Lists in lists. */
function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

describe('a file that is something else', () => {
  test.each<[string, unknown]>([
    ['a number', 4],
    ['a text', 'problem'],
    ['nothing', null],
    ['a list', []],
    ['lists in lists without end', nested(50_000)],
  ])('%s is refused as a whole, as a problem and as a plan', (_, input) => {
    expect(refused(() => parseProblem(input))).toEqual(['(the whole input)']);
    expect(refused(() => parsePlan(input))).toEqual(['(the whole input)']);
  });

  test('a plan is no problem, and a problem no plan', () => {
    expect(refused(() => parseProblem({ format: 'quartermaster/sourcing-plan@1', shipments: [] }))).toContain('format');
    expect(refused(() => parsePlan(throughJson(exampleProblem())))).toContain('format');
  });

  test.each<[string, object, string]>([
    ['shipments that are no list', { shipments: {} }, 'shipments'],
    ['a shipment without lines', { shipments: [{ order: 'A1', node: 'vienna', service: 'ground' }] }, 'shipments[0].lines'],
    ['lines by name', { shipments: [{ order: 'A1', node: 'vienna', service: 'ground', lines: ['lamp'] }] }, 'shipments[0].lines[0]'],
    ['a price by text', { certificate: { laborPrices: { vienna: '1' } } }, 'certificate.laborPrices.vienna'],
    ['a negative price', { certificate: { stockPrices: { vienna: { lamp: -1 } } } }, 'certificate.stockPrices.vienna.lamp'],
    [
      'a price without end',
      { certificate: { stockPrices: { 'a b': { '__proto__|': JSON.parse('1e999') } } } },
      'certificate.stockPrices["a b"]["__proto__|"]',
    ],
    [
      'a cut of nothing',
      { certificate: { roundingCuts: [{ node: 'vienna', sku: 'lamp', num: 1, den: 0, price: 1 }] } },
      'certificate.roundingCuts[0].den',
    ],
    ['a bound by text', { claim: { lowerBound: 'high' } }, 'claim.lowerBound'],
  ])('a plan with %s is refused with its path', (_, parts, path) => {
    expect(refused(() => parsePlan({ format: 'quartermaster/sourcing-plan@1', shipments: [], ...parts }))).toEqual([path]);
  });
});

describe('ids', () => {
  const names = ['__proto__', 'constructor', 'toString', 'a b', 'x|y', 'x>y', '', ' ', '0', '\u0000', 'Ω', '\ud800'];

  /** Every id of the example renamed. */
  function renamed(name: string): SourcingProblem {
    const text = JSON.stringify(exampleProblem());
    const rename = (value: unknown): unknown => {
      if (value === 'lamp' || value === 'vienna' || value === 'ground' || value === 'A1' || value === 'web' || value === 'AT') return name;
      if (Array.isArray(value)) return value.map(rename);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, own]) => [key === 'lamp' ? name : key, rename(own)]));
    };
    return parseProblem(rename(JSON.parse(text)));
  }

  test.each(names)('may be %j, in every place', async (name) => {
    const problem = renamed(name);
    const { plan, cost } = await solve(problem);
    expect(cost.total).toBeCloseTo(15.08, 9);
    expect(verifyPlan(problem, parsePlan(throughJson(plan))).errors).toEqual([]);
  });
});

describe('batches at the edge', () => {
  test('an order of two hundred lines is planned, bounded and verified', async () => {
    const problem = exampleProblem((raw) => {
      raw.skus = Array.from({ length: 200 }, (_, index) => ({ id: `s${index}`, weightKg: 0.1, volumeL: 0.1 }));
      const stock = Object.fromEntries(raw.skus.map(({ id }, index) => [String(id), index % 3]));
      raw.nodes = [exampleNode('vienna', 'AT', stock), exampleNode('berlin', 'DE', stock)];
      raw.orders = [exampleOrder('A1', 'AT', Object.keys(stock))];
    });
    const { plan } = await solve(problem, { workLimit: 100 });
    const verified = verifyPlan(problem, plan);
    expect({ errors: verified.errors, shipped: verified.stats.shippedLines }).toEqual({ errors: [], shipped: 133 });
  });

  test.each<[string, (raw: ExampleParts) => void, number]>([
    ['no orders', (raw) => (raw.orders = []), 0],
    ['no nodes', (raw) => (raw.nodes = []), 60],
    ['no services', (raw) => (raw.services = []), 60],
    ['no lanes', (raw) => raw.services.forEach((service) => (service.lanes = [])), 60],
    ['no stock', (raw) => raw.nodes.forEach((node) => (node['stock'] = {})), 60],
    ['stock of nought', (raw) => raw.nodes.forEach((node) => (node['stock'] = { lamp: 0, mug: 0 })), 60],
    ['no minutes', (raw) => raw.nodes.forEach((node) => (node.labor.tiers = [{ minutes: 0, costPerMinute: 1 }])), 60],
    ['no shipments allowed', (raw) => raw.nodes.forEach((node) => (node['maxShipments'] = { ground: 0, express: 0 })), 60],
    ['no service for anybody', (raw) => raw.orders.forEach((order) => (order['services'] = [])), 60],
    ['no node for anybody', (raw) => raw.orders.forEach((order) => (order['eligibleNodes'] = [])), 60],
  ])('with %s there is an empty plan, and its cost is proven', async (_, change, cost) => {
    const problem = exampleProblem(change);
    const result = await solve(problem);
    expect({ shipments: result.plan.shipments, cost: result.cost.total, bound: result.bound }).toEqual({
      shipments: [],
      cost,
      bound: cost,
    });
    expect(verifyPlan(problem, result.plan).errors).toEqual([]);
  });
});
