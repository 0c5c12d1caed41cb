import { expect, test } from 'vitest';
import { exampleNode, exampleProblem, type ExampleParts } from './example-problem.ts';
import { parseProblem, SourcingInputError } from './problem.ts';

/** The refusals of a changed example, as `path: message`. */
function refusals(change: (raw: ExampleParts) => void): string[] {
  try {
    exampleProblem(change);
  } catch (error) {
    if (error instanceof SourcingInputError) return error.issues.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

test('a duplicate order id is refused at its place', () => {
  expect(refusals((raw) => raw.orders.push({ ...raw.orders[0]! }))).toEqual(['orders[2].id: Duplicate id "A1"']);
});

test.each<[string, (raw: ExampleParts) => void, string]>([
  ['an unknown SKU of a line', (raw) => (raw.orders[0]!.lines[0]!['sku'] = 'vase'), 'orders[0].lines[0].sku'],
  ['stock of an unknown SKU', (raw) => (raw.nodes[0]!['stock'] = { 'a b': 1 }), 'nodes[0].stock["a b"]'],
  ['a reservation of an unknown SKU', (raw) => (raw.nodes[0]!['reserved'] = { web: { vase: 1 } }), 'nodes[0].reserved.web.vase'],
  ['an unknown service of a node', (raw) => (raw.nodes[0]!['services'] = ['ground', 'mule']), 'nodes[0].services[1]'],
  ['a cap of an unknown service', (raw) => (raw.nodes[0]!['maxShipments'] = { mule: 1 }), 'nodes[0].maxShipments.mule'],
  ['a dispatch day of an unknown service', (raw) => (raw.nodes[0]!['dispatchDay'] = { mule: 1 }), 'nodes[0].dispatchDay.mule'],
  ['an unknown eligible node', (raw) => (raw.orders[0]!['eligibleNodes'] = ['moon']), 'orders[0].eligibleNodes[0]'],
  [
    'an unknown eligible node of a line',
    (raw) => (raw.orders[0]!.lines[0]!['eligibleNodes'] = ['moon']),
    'orders[0].lines[0].eligibleNodes[0]',
  ],
  ['a surcharge of an unknown service', (raw) => (raw.orders[0]!['surcharge'] = { mule: 1 }), 'orders[0].surcharge.mule'],
  ['negative stock', (raw) => (raw.nodes[0]!['stock'] = { mug: -1 }), 'nodes[0].stock.mug'],
  ['a weight that is not a number', (raw) => (raw.skus[0]!['weightKg'] = Number.NaN), 'skus[0].weightKg'],
  ['an infinite price', (raw) => (raw.services[0]!.lanes[0]!['base'] = Infinity), 'services[0].lanes[0].base'],
  ['no units', (raw) => (raw.orders[0]!.lines[0]!['units'] = 0), 'orders[0].lines[0].units'],
  ['half a unit', (raw) => (raw.orders[0]!.lines[0]!['units'] = 0.5), 'orders[0].lines[0].units'],
  ['an order without lines', (raw) => (raw.orders[0]!.lines = []), 'orders[0].lines'],
  ['a lane with neither price form', (raw) => delete raw.services[0]!.lanes[0]!['base'], 'services[0].lanes[0].base'],
  ['a lane with both price forms', (raw) => (raw.services[1]!.lanes[0]!['base'] = 3), 'services[1].lanes[0].bands'],
  ['a lane twice', (raw) => raw.services[0]!.lanes.push({ ...raw.services[0]!.lanes[0]! }), 'services[0].lanes[4]'],
  [
    'falling labor rates',
    (raw) =>
      (raw.nodes[0]!.labor.tiers = [
        { minutes: 5, costPerMinute: 2 },
        { minutes: null, costPerMinute: 1 },
      ]),
    'nodes[0].labor.tiers[1].costPerMinute',
  ],
  ['a field nobody knows', (raw) => (raw.orders[0]!['priority'] = 1), 'orders[0].priority'],
  ['another format', (raw) => (raw['format'] = 'quartermaster/sourcing-problem@2'), 'format'],
])('%s is refused with the path of the field', (_, change, path) => {
  expect(refusals(change).map((refusal) => refusal.split(': ')[0])).toContain(path);
});

test('anything may stand under ext', () => {
  expect(refusals((raw) => (raw.orders[0]!['ext'] = { note: 'fragile', __proto__: null }))).toEqual([]);
});

test('an SKU may be called __proto__', () => {
  const problem = exampleProblem((raw) => {
    raw.skus.push({ id: '__proto__', weightKg: 1, volumeL: 1 });
    raw.nodes.push(exampleNode('graz', 'AT', JSON.parse('{"__proto__":7}')));
  });
  expect(Object.entries(problem.nodes[2]!.stock)).toEqual([['__proto__', 7]]);
});

test('a key __proto__ in place of a field is refused', () => {
  expect(() => parseProblem(JSON.parse('{"__proto__":{}}'))).toThrow(SourcingInputError);
});
