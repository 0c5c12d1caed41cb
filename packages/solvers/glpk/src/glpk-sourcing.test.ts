import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseProblem, planText, solve, verifyPlan, type MipSolver, type SourcingProblem } from '@quartermaster/sourcing';
import { describe, expect, test } from 'vitest';
import { glpkSolver } from './glpk-solver.ts';

const solver = await glpkSolver();

/** Four orders of two mugs and two nodes with three each: prices cannot show that one unit of each node is of no use. */
function oddStock(): SourcingProblem {
  const labor = { minutesPerShipment: 2, minutesPerLine: 1, minutesPerUnit: 0, tiers: [{ minutes: null, costPerMinute: 0.5 }] };
  const node = (id: string, zone: string) => ({ id, kind: 'warehouse', zone, cutoffMinute: 900, stock: { mug: 3, lamp: 1 }, labor });
  const lane = (from: string, to: string, base: number) => ({ from, to, base, perKg: 1, transitDays: 1 });
  const order = (id: string, zone: string) => ({
    id,
    channel: 'web',
    zone,
    promiseDay: 2,
    lateCostPerDay: 1,
    splitCost: 1,
    shipComplete: true,
    lines: [
      { sku: 'mug', units: 2, unfilledCostPerUnit: 10 },
      { sku: 'lamp', units: 1, unfilledCostPerUnit: 10 },
    ],
  });
  return parseProblem({
    format: 'quartermaster/sourcing-problem@1',
    name: 'odd stock',
    currency: 'EUR',
    decisionMinute: 780,
    skus: [
      { id: 'mug', weightKg: 0.5, volumeL: 1 },
      { id: 'lamp', weightKg: 2, volumeL: 9 },
    ],
    nodes: [node('north', 'N'), node('south', 'S')],
    services: [{ id: 'ground', lanes: [lane('N', 'N', 4), lane('N', 'S', 6), lane('S', 'N', 6), lane('S', 'S', 4)] }],
    orders: [order('1', 'N'), order('2', 'N'), order('3', 'S'), order('4', 'N')],
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

test('a solver whose engine is not asked for is left alone', async () => {
  const asked: unknown[] = [];
  const watched: MipSolver = {
    ...solver,
    solve: async (problem, options) => {
      asked.push(problem);
      return solver.solve(problem, options);
    },
  };
  await solve(oddStock(), { solver: watched, engine: 'none' });
  expect(asked).toEqual([]);
});

test('a solver that answers nothing costs the proof, not the plan', async () => {
  const mute: MipSolver = { ...solver, solve: async () => Promise.resolve({ status: 'unknown' }) };
  const problem = oddStock();
  const result = await solve(problem, { solver: mute });
  expect({ feasible: verifyPlan(problem, result.plan).feasible, proof: result.plan.claim?.proof }).toEqual({
    feasible: true,
    proof: undefined,
  });
});

const instances = new URL('../../../../../shared/data/sourcing/', import.meta.url);

describe.skipIf(!existsSync(instances))('on the instances of the contract (skipped where ../shared is absent)', () => {
  const instance = (name: string): SourcingProblem =>
    parseProblem(JSON.parse(gunzipSync(readFileSync(new URL(`${name}.json.gz`, instances))).toString()));

  test.each([
    ['100-5-base', 1081.7316],
    ['100-5-scarce', 1865.4197],
    ['100-5-labor', 1026.2197],
  ])('%s is solved to its known optimum', async (name, optimum) => {
    const result = await solve(instance(name), { solver });
    expect(result.method).toBe('exact');
    expect(result.cost.total).toBeCloseTo(optimum, 3);
  });

  test('the same instance gives the same plan, byte for byte', async () => {
    const [first, second] = [await solve(instance('100-5-labor'), { solver }), await solve(instance('100-5-labor'), { solver })];
    expect(planText(second.plan)).toBe(planText(first.plan));
  });
});
