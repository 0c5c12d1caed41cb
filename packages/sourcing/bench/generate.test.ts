import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseProblem } from '../src/index.ts';
import { generate, instanceName, instanceOf, variants, type Instance } from './generate.ts';

const instances: fc.Arbitrary<Instance> = fc.record({
  orders: fc.integer({ min: 1, max: 120 }),
  nodes: fc.integer({ min: 1, max: 8 }),
  variant: fc.constantFrom(...variants),
  region: fc.constantFrom('eu', 'us', 'uk'),
  seed: fc.integer({ min: 0, max: 1_000_000 }),
  bands: fc.boolean(),
  reservations: fc.boolean(),
  rich: fc.boolean(),
});

test('every instance can be read as a sourcing problem', () => {
  fc.assert(
    fc.property(instances, (instance) => {
      const problem = parseProblem(generate(instance));
      expect(problem.orders).toHaveLength(instance.orders);
      expect(problem.nodes).toHaveLength(instance.nodes);
    }),
    { numRuns: 40 },
  );
});

test('an instance is the same whenever it is made', () => {
  fc.assert(
    fc.property(instances, (instance) => {
      expect(JSON.stringify(generate(instance))).toBe(JSON.stringify(generate({ ...instance })));
    }),
    { numRuns: 20 },
  );
});

test('another seed, region or variant makes another day', () => {
  const given: Instance = { orders: 50, nodes: 5, variant: 'base', region: 'eu', seed: 1 };
  const others: Instance[] = [given, { ...given, seed: 2 }, { ...given, region: 'us' }, { ...given, variant: 'scarce' }];
  expect(new Set(others.map((instance) => JSON.stringify(generate(instance).orders))).size).toBe(others.length);
});

test('bands and reservations leave the orders as they are', () => {
  const given: Instance = { orders: 50, nodes: 5, variant: 'base', region: 'eu', seed: 1 };
  const extended = generate({ ...given, bands: true, reservations: true });
  expect(extended.orders).toEqual(generate(given).orders);
});

test('a rich instance uses every optional field of the contract', () => {
  const text = JSON.stringify(generate({ orders: 300, nodes: 10, variant: 'base', region: 'us', seed: 3, rich: true }));
  const fields = ['dispatchDay', 'reserved', 'maxShipments', 'parcelMaxKg', 'bands', 'surcharge', 'eligibleNodes', 'bundle'];
  expect(fields.filter((field) => !text.includes(`"${field}":`))).toEqual([]);
});

test('the name of an instance says what it is, and is read back', () => {
  const given: Instance = {
    orders: 10_000,
    nodes: 20,
    variant: 'scarce',
    region: 'us',
    seed: 2,
    bands: true,
    reservations: false,
    rich: false,
  };
  expect([instanceName(given), instanceOf('10k-20-scarce-us-s2-bands')]).toEqual(['10k-20-scarce-us-s2-bands', given]);
});

test.each(['', '10k', '10k-20-rare-us-s2', '10k-20-scarce-us-s2-bends', '1000-10-base-eu-s1'])('"%s" names no instance', (name) => {
  expect(() => instanceOf(name)).toThrow('names no instance');
});
