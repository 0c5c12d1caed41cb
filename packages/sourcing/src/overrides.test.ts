import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearestFirst } from './baseline.ts';
import { exampleNode, exampleOrder, exampleProblem } from './example-problem.ts';
import type { Override } from './overrides.ts';
import type { PlanShipment } from './plan.ts';
import { SourcingInputError } from './problem.ts';
import { solve } from './solve.ts';
import { problems } from './testing/problems.ts';
import { verifyPlan } from './verify.ts';

const farLamp: Override = { id: 'vip', kind: 'fix', order: 'A2', shipments: [{ node: 'berlin', service: 'ground', lines: [0, 1] }] };

test('a fixed order ships exactly so, and the others get the best of the rest', async () => {
  const { plan } = await solve(exampleProblem(), { overrides: [farLamp] });
  expect(plan.shipments).toEqual([
    { order: 'A1', node: 'vienna', service: 'ground', lines: [0] },
    { order: 'A2', node: 'berlin', service: 'ground', lines: [0, 1] },
  ]);
});

test('a held order ships nothing now', async () => {
  const { plan } = await solve(exampleProblem(), { overrides: [{ id: 'fraud check', kind: 'hold', order: 'A2' }] });
  expect(plan.shipments.map(({ order }) => order)).toEqual(['A1']);
});

test('a forbidden node ships nothing of the order, by any service', async () => {
  const { plan } = await solve(exampleProblem(), { overrides: [{ id: 'flood', kind: 'forbid', order: 'A2', node: 'vienna' }] });
  expect(plan.shipments.find(({ order }) => order === 'A2')?.node).toBe('berlin');
});

test('a service forbidden at one node only is still used from the others', async () => {
  const problem = exampleProblem((raw) => (raw.orders = [{ ...exampleOrder('A1', 'AT', ['mug']), services: ['ground'] }]));
  const { plan } = await solve(problem, { overrides: [{ id: 'strike', kind: 'forbid', order: 'A1', node: 'vienna', service: 'ground' }] });
  expect(plan.shipments).toEqual([{ order: 'A1', node: 'berlin', service: 'ground', lines: [0] }]);
});

test('the bound of the objective is that of the restricted problem, the certificate holds for the whole one', async () => {
  const free = await solve(exampleProblem());
  const bound = await solve(exampleProblem(), { overrides: [farLamp] });
  expect(bound.bound).toBeCloseTo(bound.cost.total, 9);
  expect(bound.certifiedBound).toBeLessThanOrEqual(free.cost.total + 1e-9);
});

test('a fixed order takes the minutes that are cheapest, and a cap that is used up stays so', async () => {
  const problem = exampleProblem((raw) => {
    raw.nodes = [{ ...exampleNode('vienna', 'AT', { mug: 9 }), maxShipments: { ground: 1 } }];
    raw.nodes[0]!.labor.tiers = [{ minutes: 7, costPerMinute: 0.4 }];
    raw.orders = [exampleOrder('A1', 'AT', ['mug']), exampleOrder('A2', 'AT', ['mug']), exampleOrder('A3', 'AT', ['mug'])];
  });
  const fixed: Override = { id: 'x', kind: 'fix', order: 'A3', shipments: [{ node: 'vienna', service: 'ground', lines: [0] }] };
  const { plan } = await solve(problem, { overrides: [fixed] });
  expect(plan.shipments.map(({ order, service }) => [order, service])).toEqual([
    ['A1', 'express'],
    ['A3', 'ground'],
  ]);
});

describe('an override that cannot be is refused with its path, in words', () => {
  test.each<[string, string, unknown[]]>([
    ['overrides[0].order', 'Unknown order "A9"', [{ ...farLamp, order: 'A9' }]],
    ['overrides[1].id', 'Duplicate id "vip"', [farLamp, { id: 'vip', kind: 'hold', order: 'A1' }]],
    ['overrides[1].order', 'The override "vip" has decided about this order already', [farLamp, { id: 'b', kind: 'hold', order: 'A2' }]],
    ['overrides[0].shipments[0]', 'Unknown node "oslo"', [{ ...farLamp, shipments: [{ node: 'oslo', service: 'ground', lines: [0] }] }]],
    [
      'overrides[0].shipments[0]',
      'express is not offered from berlin to this order',
      [{ ...farLamp, shipments: [{ node: 'berlin', service: 'express', lines: [0] }] }],
    ],
    ['overrides[0].shipments[0]', 'There is no line 7', [{ ...farLamp, shipments: [{ node: 'berlin', service: 'ground', lines: [7] }] }]],
    [
      'overrides[0].shipments[1]',
      'Line 0 is shipped twice',
      [{ ...farLamp, shipments: ['berlin', 'vienna'].map((node) => ({ node, service: 'ground', lines: [0] })) }],
    ],
    [
      'overrides[1].shipments',
      'Not enough stock is left for the channel web: 1 lamp from vienna',
      ['A1', 'A2'].map((order) => ({ id: order, kind: 'fix', order, shipments: [{ node: 'vienna', service: 'ground', lines: [0] }] })),
    ],
    [
      'overrides[0].shipments[0]',
      'Another override forbids berlin by ground to this order',
      [farLamp, { id: 'flood', kind: 'forbid', order: 'A2', node: 'berlin' }],
    ],
    ['overrides[0]', 'What is forbidden is a node, a service, or both', [{ id: 'x', kind: 'forbid', order: 'A1' }]],
    ['overrides[0].service', 'Unknown service "drone"', [{ id: 'x', kind: 'forbid', order: 'A1', service: 'drone' }]],
  ])('%s: %s', async (path, message, overrides) => {
    const refused = await solve(exampleProblem(), { overrides: JSON.parse(JSON.stringify(overrides)) }).catch((error: unknown) => error);
    expect(refused instanceof SourcingInputError ? refused.issues : refused).toEqual([{ path, message }]);
  });
});

test('whatever is overridden: it holds, nothing else is broken, and both bounds are true', async () => {
  const small = problems({ nodes: 3, services: 2, skus: 3, orders: 5, lines: 3 });
  await fc.assert(
    fc.asyncProperty(
      small,
      fc.array(fc.constantFrom('fix', 'hold', 'forbid', 'none'), { minLength: 5, maxLength: 5 }),
      async (problem, kinds) => {
        const feasible = nearestFirst(problem);
        const overrides = problem.orders.flatMap(({ id: order }, at): Override[] => {
          const own = feasible.plan.shipments
            .filter((shipment) => shipment.order === order)
            .map(({ node, service, lines }) => ({ node, service, lines }));
          const id = String(at);
          if (kinds[at] === 'fix' && own.length > 0) return [{ id, kind: 'fix', order, shipments: own }];
          if (kinds[at] === 'hold') return [{ id, kind: 'hold', order }];
          return kinds[at] === 'forbid' ? [{ id, kind: 'forbid', order, node: problem.nodes[at % 3]!.id }] : [];
        });
        const result = await solve(problem, { workLimit: 200, overrides });
        expect(verifyPlan(problem, result.plan).errors).toEqual([]);
        expect(overrides.filter((each) => !holds(each, result.plan.shipments))).toEqual([]);
        const free = await solve(problem, { workLimit: 200 });
        expect(result.certifiedBound).toBeLessThanOrEqual(free.cost.total + 1e-9);
        expect(free.bound).toBeLessThanOrEqual(result.cost.total + 1e-9);
        expect(result.bound).toBeLessThanOrEqual(result.objective.total);
      },
    ),
    { numRuns: 40 },
  );
});

/** True where the shipments keep the override. */
function holds(each: Override, shipments: readonly PlanShipment[]): boolean {
  const own = shipments.filter(({ order }) => order === each.order);
  if (each.kind === 'hold') return own.length === 0;
  if (each.kind === 'forbid') return own.every(({ node }) => node !== each.node);
  const text = ({ node, service, lines }: Omit<PlanShipment, 'order'>): string => JSON.stringify([node, service, lines]);
  return own.map(text).sort().join() === each.shipments.map(text).sort().join();
}
