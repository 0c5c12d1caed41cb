import { parseProblem, type SourcingProblem } from './problem.ts';

/** Two warehouses, two services and one SKU that only one order can have from the near one: the problem that the tests and the README start from. */
export function exampleProblem(change: (raw: ExampleParts) => void = () => {}): SourcingProblem {
  const raw: ExampleParts = {
    format: 'quartermaster/sourcing-problem@1',
    name: 'wave 13:00',
    currency: 'EUR',
    decisionMinute: 780,
    skus: [
      { id: 'mug', weightKg: 0.4, volumeL: 1 },
      { id: 'lamp', weightKg: 2, volumeL: 12 },
    ],
    nodes: [exampleNode('vienna', 'AT', { mug: 5, lamp: 1 }), exampleNode('berlin', 'DE', { mug: 5, lamp: 5 })],
    services: [
      {
        id: 'ground',
        litresPerKg: 5,
        maxKg: 31.5,
        lanes: [
          { from: 'AT', to: 'AT', base: 4, perKg: 0.3, transitDays: 1 },
          { from: 'DE', to: 'AT', base: 6, perKg: 0.5, transitDays: 2 },
          { from: 'AT', to: 'DE', base: 6, perKg: 0.5, transitDays: 2 },
          { from: 'DE', to: 'DE', base: 4, perKg: 0.3, transitDays: 1 },
        ],
      },
      {
        id: 'express',
        maxKg: 20,
        lanes: [
          {
            from: 'AT',
            to: 'AT',
            bands: [
              { upToKg: 2, amount: 9 },
              { upToKg: 20, amount: 14 },
            ],
            transitDays: 0,
          },
        ],
      },
    ],
    orders: [exampleOrder('A1', 'AT', ['lamp']), exampleOrder('A2', 'AT', ['lamp', 'mug'])],
  };
  change(raw);
  return parseProblem(raw);
}

/** A problem as plain JSON, open to change before it is read. */
export interface ExampleParts {
  [field: string]: unknown;
  skus: Record<string, unknown>[];
  nodes: (Record<string, unknown> & { labor: { tiers: unknown[] } })[];
  services: (Record<string, unknown> & { lanes: Record<string, unknown>[] })[];
  orders: (Record<string, unknown> & { lines: Record<string, unknown>[] })[];
}

export function exampleNode(id: string, zone: string, stock: Record<string, number>): ExampleParts['nodes'][number] {
  const labor = {
    minutesPerShipment: 2,
    minutesPerLine: 1,
    minutesPerUnit: 0.25,
    tiers: [
      { minutes: 60, costPerMinute: 0.4 },
      { minutes: null, costPerMinute: 1 },
    ],
  };
  return { id, kind: 'warehouse', zone, cutoffMinute: 1020, stock, labor };
}

export function exampleOrder(id: string, zone: string, skus: readonly string[]): ExampleParts['orders'][number] {
  return {
    id,
    channel: 'web',
    zone,
    promiseDay: 2,
    lateCostPerDay: 1,
    splitCost: 1,
    lines: skus.map((sku) => ({ sku, units: 1, unfilledCostPerUnit: 20 })),
  };
}
