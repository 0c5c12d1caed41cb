import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseProblem, planText, solve, verifyPlan, type SourcingProblem } from '@quartermaster/sourcing';
import { describe, expect, test } from 'vitest';
import { highsSolver } from './highs-solver.ts';

const solver = await highsSolver();

/** Four orders of two mugs and two nodes with three each: prices cannot show that one unit of each node is of no use. */
function oddStock(): SourcingProblem {
  const labor = { minutesPerShipment: 2, minutesPerLine: 1, minutesPerUnit: 0, tiers: [{ minutes: null, costPerMinute: 0.5 }] };
  const zones = ['N', 'S'];
  return parseProblem({
    format: 'quartermaster/sourcing-problem@1',
    name: 'odd stock',
    currency: 'EUR',
    decisionMinute: 780,
    skus: [{ id: 'mug', weightKg: 0.5, volumeL: 1 }],
    nodes: zones.map((zone) => ({ id: zone, kind: 'warehouse', zone, cutoffMinute: 900, stock: { mug: 3 }, labor })),
    services: [
      {
        id: 'ground',
        lanes: zones.flatMap((from) => zones.map((to) => ({ from, to, base: from === to ? 4 : 6, perKg: 1, transitDays: 1 }))),
      },
    ],
    orders: ['N', 'N', 'S', 'N'].map((zone, index) => ({
      id: String(index + 1),
      channel: 'web',
      zone,
      promiseDay: 2,
      lateCostPerDay: 1,
      splitCost: 1,
      lines: [
        { sku: 'mug', units: 2, unfilledCostPerUnit: 10 },
        { sku: 'mug', units: 1, unfilledCostPerUnit: 4 },
      ],
    })),
  });
}

test('a plan that prices cannot prove optimal is proven by the solver, and both bounds are told', async () => {
  const result = await solve(oddStock(), { solver });
  expect({ method: result.method, gap: result.gap, certified: result.certifiedBound <= result.bound }).toEqual({
    method: 'exact',
    gap: 0,
    certified: true,
  });
});

test('the proven plan passes the check that knows no solver', async () => {
  const problem = oddStock();
  const result = await solve(problem, { solver });
  expect(verifyPlan(problem, result.plan)).toMatchObject({ feasible: true, errors: [] });
});

const instances = new URL('../../../../../shared/data/sourcing/', import.meta.url);

describe.skipIf(!existsSync(instances))('on the instances of the contract (skipped where ../shared is absent)', () => {
  const instance = (name: string): SourcingProblem =>
    parseProblem(JSON.parse(gunzipSync(readFileSync(new URL(`${name}.json.gz`, instances))).toString()));

  test.each([
    ['100-5-base', 1081.7316],
    ['100-5-scarce', 1865.4197],
    ['100-5-labor', 1026.2197],
    ['1k-10-scarce', 20142.0815],
  ])(
    '%s is solved to its known optimum',
    async (name, optimum) => {
      const result = await solve(instance(name), { solver });
      expect(result.method).toBe('exact');
      expect(result.cost.total).toBeCloseTo(optimum, 3);
    },
    120_000,
  );

  test('the same instance gives the same plan, byte for byte', async () => {
    const [first, second] = [await solve(instance('100-5-labor'), { solver }), await solve(instance('100-5-labor'), { solver })];
    expect(planText(second.plan)).toBe(planText(first.plan));
  });
});
