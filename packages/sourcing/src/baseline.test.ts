import { expect, test } from 'vitest';
import { baselines, compareBaselines, nearestFirst, ruleCascade } from './baseline.ts';
import { exampleProblem } from './example-problem.ts';
import { solve } from './solve.ts';

test('the shop rule gives the near lamp to whoever comes first and splits the next order', () => {
  const { plan } = nearestFirst(exampleProblem());
  expect(plan.shipments).toEqual([
    { order: 'A1', node: 'vienna', service: 'ground', lines: [0] },
    { order: 'A2', node: 'berlin', service: 'ground', lines: [0, 1] },
  ]);
});

test('the shop rule takes the cheapest service that keeps the promise, else the fastest', () => {
  const { plan } = nearestFirst(exampleProblem((raw) => (raw.orders[0]!['promiseDay'] = 0)));
  expect(plan.shipments[0]).toMatchObject({ order: 'A1', service: 'express' });
});

test('the shop rule splits an order that no node has complete', () => {
  const problem = exampleProblem((raw) => {
    raw.nodes[0]!['stock'] = { mug: 1 };
    raw.nodes[1]!['stock'] = { lamp: 1 };
    raw.orders = raw.orders.slice(1);
  });
  expect(nearestFirst(problem).plan.shipments.map(({ node, lines }) => [node, lines])).toEqual([
    ['vienna', [1]],
    ['berlin', [0]],
  ]);
});

test('the rule of fewest splits goes far for one parcel rather than near for two', () => {
  const problem = exampleProblem((raw) => {
    raw.nodes[0]!['stock'] = { mug: 5 };
    raw.orders = raw.orders.slice(1);
  });
  expect(baselines['fewest-splits'](problem).plan.shipments).toEqual([{ order: 'A2', node: 'berlin', service: 'ground', lines: [0, 1] }]);
});

test('the rule by priority serves the order first that is dearest to be late', () => {
  const problem = exampleProblem((raw) => (raw.orders[1]!['lateCostPerDay'] = 2));
  expect(baselines.priority(problem).plan.shipments[1]).toMatchObject({ order: 'A2', node: 'vienna' });
});

test('beside a plan stands what each rule costs more', async () => {
  const problem = exampleProblem();
  const { plan } = await solve(problem);
  const told = compareBaselines(problem, plan).map(({ name, dearerBy }) => [name, Number(dearerBy.toFixed(2))]);
  expect(told).toEqual([
    ['nearest-first', 0.04],
    ['fewest-splits', 0.04],
    ['cheapest-first', 0.04],
    ['priority', 0],
    ['rule-cascade', 0],
  ]);
});

test('a rule cascade asks the nodes in their sequence, however far they are', () => {
  const problem = exampleProblem((raw) => (raw.orders = raw.orders.slice(0, 1)));
  const nodeOf = (sequence: readonly string[]) => ruleCascade(problem, { sequence }).plan.shipments.map(({ node }) => node);
  expect([nodeOf(['vienna', 'berlin']), nodeOf(['berlin', 'vienna'])]).toEqual([['vienna'], ['berlin']]);
});

test('a rule cascade gives its safety stock to nobody', () => {
  const { plan } = ruleCascade(exampleProblem(), { safetyStock: (sku, node) => (sku === 'lamp' && node === 'vienna' ? 1 : 0) });
  expect(plan.shipments.map(({ order, node }) => [order, node])).toEqual([
    ['A1', 'berlin'],
    ['A2', 'berlin'],
  ]);
});

test('a rule cascade serves the dearer order first', () => {
  const problem = exampleProblem((raw) => {
    raw.nodes = raw.nodes.slice(0, 1);
    raw.orders[1]!['lateCostPerDay'] = 2;
  });
  expect(ruleCascade(problem).plan.shipments.map(({ order }) => order)).toEqual(['A2']);
});
