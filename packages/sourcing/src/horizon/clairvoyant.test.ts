import { expect, test } from 'vitest';
import { exampleNode, exampleOrder, exampleProblem } from '../example-problem.ts';
import type { ProblemOrder } from '../problem.ts';
import { clairvoyantBound } from './clairvoyant.ts';

const problem = exampleProblem((raw) => {
  raw.nodes = [exampleNode('vienna', 'AT', { mug: 1 })];
  raw.orders = [];
});
const order = (id: string): ProblemOrder => exampleProblem((raw) => (raw.orders = [exampleOrder(id, 'AT', ['mug'])])).orders[0]!;

/** 4 + 0.3 x 0.4 kg, and 3.25 minutes at 0.4. */
const shipped = 4.12 + 1.3;
const lost = 20;

test('who knows everything loses one of two orders for the only unit, and serves the next day from its receipt', () => {
  const arrivals = [0, 0, 1].map((day, index) => ({ day, order: order(`A${index}`) }));
  const receipts = [{ day: 1, node: 'vienna', sku: 'mug', units: 2 }];
  expect(clairvoyantBound({ days: 2, problem, receipts, arrivals })).toBeCloseTo(2 * shipped + lost, 6);
});

test('an order that may wait is served from a later receipt', () => {
  const arrivals = [0, 0].map((day, index) => ({ day, lastDay: 1, order: order(`A${index}`) }));
  const receipts = [{ day: 1, node: 'vienna', sku: 'mug', units: 1 }];
  expect(clairvoyantBound({ days: 2, problem, receipts, arrivals })).toBeCloseTo(2 * shipped, 6);
});
