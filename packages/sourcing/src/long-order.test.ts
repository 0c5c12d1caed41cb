import { expect, test } from 'vitest';
import { compile } from './compile.ts';
import { emptyDraft, pricedCost } from './draft.ts';
import { exampleNode, exampleOrder, exampleProblem } from './example-problem.ts';
import { planLongOrder } from './long-order.ts';
import { orderBound, pricer } from './pricer.ts';
import { startPrices } from './prices.ts';

/** One order of eight lines, of which each of three nodes has some: the long way of planning must find what the exact way finds. */
function eightLines(terms: { maxShipments: number; shipComplete: boolean }): { long: number; exact: number } {
  const skus = Array.from({ length: 8 }, (_, index) => `s${index}`);
  const has = (...numbers: number[]): Record<string, number> => Object.fromEntries(numbers.map((number) => [`s${number}`, 1]));
  const problem = exampleProblem((raw) => {
    raw.skus = skus.map((id, index) => ({ id, weightKg: 1 + index / 4, volumeL: 1 }));
    raw.nodes = [
      exampleNode('vienna', 'AT', has(0, 1, 2, 3, 4)),
      exampleNode('graz', 'AT', has(4, 5, 6)),
      exampleNode('berlin', 'DE', has(3, 5, 6, 7)),
    ];
    raw.orders = [{ ...exampleOrder('A1', 'AT', skus), ...terms }];
  });
  const given = pricer(compile(problem));
  const { compiled } = given;
  const prices = startPrices(compiled);
  const shipments = planLongOrder(compiled, 0, given.sourcesOf(0), { prices, ledger: emptyDraft(given).ledger, laborBy: 'prices' });
  return { long: pricedCost(compiled, 0, shipments, prices), exact: orderBound(given, 0, prices) };
}

test('an order too long for a table is planned as its table would plan it', () => {
  const { long, exact } = eightLines({ maxShipments: 8, shipComplete: false });
  expect(long).toBeCloseTo(exact, 9);
});

test('a long order that ships complete from two nodes is not left open because no single node has it all', () => {
  const { long, exact } = eightLines({ maxShipments: 2, shipComplete: true });
  expect(long).toBeCloseTo(exact, 9);
});

test('a long order that may ship once ships from the node that serves it best', () => {
  const { long, exact } = eightLines({ maxShipments: 1, shipComplete: false });
  expect(long).toBeCloseTo(exact, 9);
});
