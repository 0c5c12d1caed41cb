import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { auditShipments } from './cost.ts';
import { sourcingDesk } from './desk.ts';
import { exampleOrder, exampleProblem } from './example-problem.ts';
import { SourcingInputError, type ProblemOrder, type SourcingProblem } from './problem.ts';
import { solve } from './solve.ts';
import { problems } from './testing/problems.ts';

/** An order for the example's nodes, as a checkout would send it. */
function basket(id: string, skus: readonly string[], change: object = {}): ProblemOrder {
  const { orders } = exampleProblem((raw) => (raw.orders = [{ ...exampleOrder(id, 'AT', skus), ...change }]));
  return orders[0]!;
}

const opened = (): SourcingProblem => exampleProblem((raw) => (raw.orders = []));

test('a quote tells what each day of delivery costs, cheapest first', () => {
  const quoted = sourcingDesk(opened()).quote(basket('B1', ['mug']));
  expect(quoted.filter(({ efficient }) => efficient).map(({ deliveryDay, shipments }) => [deliveryDay, shipments[0]?.service])).toEqual([
    [1, 'ground'],
    [0, 'express'],
  ]);
});

test('a quote knows what the stock is worth to others: the near lamp is left for them', () => {
  const desk = sourcingDesk(opened(), { prices: { stockPrices: { vienna: { lamp: 9 } } } });
  expect(desk.quote(basket('B1', ['lamp']))[0]).toMatchObject({ shipments: [{ node: 'berlin' }], stockValue: 0 });
});

test('the last lamp of a node can be placed once, and again when it is released', () => {
  const desk = sourcingDesk(opened());
  const nodeOf = (id: string): string | undefined => {
    const placement = desk.place(basket(id, ['lamp']));
    return placement.kind === 'placed' ? placement.alternative.shipments[0]?.node : undefined;
  };
  const first = [nodeOf('B1'), nodeOf('B2')];
  desk.release('B1');
  expect([...first, nodeOf('B3')]).toEqual(['vienna', 'berlin', 'vienna']);
});

test('an alternative that somebody else has taken in the meantime is not placed', () => {
  const desk = sourcingDesk(opened());
  const chosen = desk.quote(basket('B1', ['lamp']))[0]!;
  desk.place(basket('B2', ['lamp']));
  expect(desk.place(basket('B1', ['lamp']), chosen)).toEqual({
    kind: 'unavailable',
    why: 'What the alternative needs has been taken by others',
  });
});

test('the shipments of the last plan are taken before the first quote', async () => {
  const problem = exampleProblem();
  const desk = sourcingDesk(problem, { placed: (await solve(problem)).plan.shipments });
  expect(desk.quote(basket('B1', ['lamp'])).some(({ shipments }) => shipments.some(({ node }) => node === 'vienna'))).toBe(false);
});

test('an order of forty lines is quoted and placed', () => {
  const skus = Array.from({ length: 40 }, (_, index) => `s${index}`);
  const problem = exampleProblem((raw) => {
    raw.skus = skus.map((id) => ({ id, weightKg: 0.1, volumeL: 0.1 }));
    for (const node of raw.nodes) node['stock'] = Object.fromEntries(skus.map((id) => [id, 1]));
    raw.orders = [exampleOrder('B1', 'AT', skus)];
  });
  const placement = sourcingDesk(problem).place(problem.orders[0]!);
  expect(placement).toMatchObject({ kind: 'placed', alternative: { openLines: [] } });
});

test.each([
  ['lines[0].sku', basket('B1', ['mug'], {}), { lines: [{ sku: 'cup', units: 1, unfilledCostPerUnit: 1 }] }],
  ['lines[0].units', basket('B1', ['mug'], {}), { lines: [{ sku: 'mug', units: 0, unfilledCostPerUnit: 1 }] }],
  ['eligibleNodes[0]', basket('B1', ['mug'], {}), { eligibleNodes: ['oslo'] }],
])('an order with a wrong field is refused at %s', (path, order, change) => {
  const refused = (() => {
    try {
      return sourcingDesk(opened()).quote({ ...order, ...change });
    } catch (error) {
      return error;
    }
  })();
  expect(refused instanceof SourcingInputError ? refused.issues.map((issue) => issue.path) : refused).toEqual([path]);
});

test('an order quoted alone gets what solving it alone finds', async () => {
  const single = problems({ nodes: 3, services: 3, skus: 4, orders: 1, lines: 4 });
  await fc.assert(
    fc.asyncProperty(single, async (problem) => {
      const order = problem.orders[0]!;
      // Lines that share a SKU may each fit and not both: there the desk may find what the search does not.
      fc.pre(new Set(order.lines.map(({ sku }) => sku)).size === order.lines.length);
      const { cost } = await solve(problem, { workLimit: 50 });
      const [best] = sourcingDesk({ ...problem, orders: [] }).quote(order);
      expect(best?.total).toBeCloseTo(cost.total, 9);
      expect(best?.cost.total).toBeCloseTo(auditShipments(problem, best?.shipments ?? []).cost.total, 9);
    }),
    { numRuns: 80 },
  );
});

test('placing and releasing in any order never takes what is not there', () => {
  const some = problems({ nodes: 3, services: 2, skus: 3, orders: 5, lines: 3 });
  fc.assert(
    fc.property(some, fc.array(fc.nat(4), { minLength: 5, maxLength: 15 }), (problem, steps) => {
      const desk = sourcingDesk(problem);
      const held = new Map<string, Parameters<typeof auditShipments>[1]>();
      for (const step of steps) {
        const order = problem.orders[step]!;
        const placement = held.delete(order.id) ? desk.release(order.id) : desk.place(order);
        if (typeof placement === 'object' && placement.kind === 'placed') held.set(order.id, placement.alternative.shipments);
        expect(auditShipments(problem, [...held.values()].flat()).errors).toEqual([]);
      }
    }),
    { numRuns: 100 },
  );
});
