import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import {
  compactModel,
  compactShipments,
  lpText,
  mpsText,
  parseProblem,
  solve,
  verifyPlan,
  type CompactModel,
  type SourcingProblem,
} from '@quartermaster/sourcing';
import { describe, expect, test } from 'vitest';
import { loadHighs } from './highs-engine.ts';
import { highsSolver } from './highs-solver.ts';

const solver = await highsSolver();
const engine = await loadHighs({});

/** A problem in which every form of price, every limit and every rule of an order has its part. */
function everyRule(): SourcingProblem {
  const labor = (tiers: unknown[]): unknown => ({ minutesPerShipment: 2, minutesPerLine: 1, minutesPerUnit: 0.5, tiers });
  const order = (id: string, units: readonly [string, number][], more: Record<string, unknown> = {}): unknown => ({
    id,
    channel: 'web',
    zone: 'N',
    promiseDay: 1,
    lateCostPerDay: 1,
    splitCost: 0.5,
    lines: units.map(([sku, count]) => ({ sku, units: count, unfilledCostPerUnit: 12 })),
    ...more,
  });
  const bands = [
    { upToKg: 2, amount: 3 },
    { upToKg: 5, amount: 8.5 },
  ];
  return parseProblem({
    format: 'quartermaster/sourcing-problem@1',
    name: 'every rule',
    currency: 'EUR',
    decisionMinute: 780,
    skus: [
      { id: 'mug', weightKg: 0.9, volumeL: 9 },
      { id: 'iron', weightKg: 1.7, volumeL: 1 },
    ],
    nodes: [
      {
        id: 'north',
        kind: 'warehouse',
        zone: 'N',
        cutoffMinute: 900,
        stock: { mug: 3, iron: 2 },
        reserved: { amazon: { iron: 2 } },
        maxShipments: { bands: 2 },
        labor: labor([
          { minutes: 9, costPerMinute: 0.3 },
          { minutes: 11, costPerMinute: 0.9 },
        ]),
      },
      {
        id: 'south',
        kind: 'store',
        zone: 'S',
        cutoffMinute: 600,
        stock: { mug: 4, iron: 5 },
        labor: labor([{ minutes: null, costPerMinute: 0.4 }]),
      },
    ],
    services: [
      {
        id: 'bands',
        litresPerKg: 5,
        parcelMaxKg: 2.5,
        lanes: ['N', 'S'].map((from) => ({ from, to: 'N', bands, transitDays: from === 'N' ? 1 : 2 })),
      },
      {
        id: 'linear',
        litresPerKg: 6,
        maxKg: 4,
        lanes: ['N', 'S'].map((from) => ({ from, to: 'N', base: 4, perKg: from === 'N' ? 0.8 : 1.5, transitDays: 1 })),
      },
    ],
    orders: [
      order(
        'A',
        [
          ['mug', 2],
          ['iron', 1],
        ],
        { shipComplete: true },
      ),
      order(
        'B',
        [
          ['iron', 2],
          ['mug', 1],
        ],
        { channel: 'amazon', maxShipments: 1 },
      ),
      order(
        'C',
        [
          ['iron', 1],
          ['iron', 1],
        ],
        { surcharge: { bands: 1 } },
      ),
      order(
        'D',
        [
          ['mug', 1],
          ['iron', 2],
        ],
        { eligibleNodes: ['north'] },
      ),
    ],
  });
}

const instances = new URL('../../../../../shared/data/sourcing/', import.meta.url);
const instance = (name: string): SourcingProblem =>
  parseProblem(JSON.parse(gunzipSync(readFileSync(new URL(`${name}.json.gz`, instances))).toString()));

async function leastCost(model: CompactModel): Promise<number | undefined> {
  return (await solver.solve(model.program)).objective;
}

/** What HiGHS makes of a text. */
function readBack(format: 'lp' | 'mps', data: string): number {
  return engine.withModel({ format, data }, (model) => {
    model.options.set({ output_flag: false, mip_rel_gap: 0 });
    model.run();
    return Number(model.info.get('objective_function_value'));
  });
}

test('the textbook model has the optimum that the optimizer proves, and its solution is that plan', async () => {
  const problem = everyRule();
  const proven = await solve(problem, { solver });
  const model = compactModel(problem);
  const { values, objective } = await solver.solve(model.program);
  const plan = { ...proven.plan, shipments: compactShipments(model, values!), claim: { totalCost: objective! }, certificate: {} };
  expect(proven.method).toBe('exact');
  expect(objective).toBeCloseTo(proven.cost.total, 6);
  expect(verifyPlan(problem, plan).errors).toEqual([]);
});

test('a start that is called the best, and is not, hides no optimum', async () => {
  const { program } = compactModel(everyRule());
  const any = await solver.solve({ ...program, columns: program.columns.map((column) => ({ ...column, cost: 0 })) });
  const { status, objective } = await solver.solve(program, { start: any.values!, startIsBest: true });
  expect(status).toBe('optimal');
  expect(objective).toBeCloseTo((await solver.solve(program)).objective!, 6);
});

test('the model as LP and as MPS text is the model', async () => {
  const model = compactModel(everyRule());
  const told = await leastCost(model);
  expect(readBack('lp', lpText(model))).toBeCloseTo(told!, 6);
  expect(readBack('mps', mpsText(model))).toBeCloseTo(told!, 6);
});

describe.skipIf(!existsSync(instances))('on the instances of the contract (skipped where ../shared is absent)', () => {
  test.each([
    ['100-5-base', 1081.7316],
    ['100-5-scarce', 1865.4197],
    ['100-5-labor', 1026.2197],
  ])('the textbook model of %s has the known optimum, also as text', async (name, optimum) => {
    const model = compactModel(instance(name));
    expect(await leastCost(model)).toBeCloseTo(optimum, 3);
    expect(readBack('lp', lpText(model))).toBeCloseTo(optimum, 3);
  });
});
