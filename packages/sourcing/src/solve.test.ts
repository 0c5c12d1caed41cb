import { expect, test } from 'vitest';
import { exampleNode, exampleOrder, exampleProblem } from './example-problem.ts';
import { SourcingInputError } from './problem.ts';
import { solve } from './solve.ts';
import { verifyPlan } from './verify.ts';

test('the last lamp of the near warehouse goes to the order for which the far one is dearest', async () => {
  const result = await solve(exampleProblem());
  expect(result.plan.shipments).toEqual([
    { order: 'A1', node: 'berlin', service: 'ground', lines: [0] },
    { order: 'A2', node: 'vienna', service: 'ground', lines: [0, 1] },
  ]);
});

test('prices alone prove the small plan optimal', async () => {
  const result = await solve(exampleProblem());
  expect({ method: result.method, gap: Math.abs(result.gap) < 1e-9 }).toEqual({ method: 'exact', gap: true });
});

test('an empty batch gives an empty plan', async () => {
  const result = await solve(exampleProblem((raw) => (raw.orders = [])));
  expect({ shipments: result.plan.shipments, cost: result.cost.total, bound: result.bound }).toEqual({ shipments: [], cost: 0, bound: 0 });
});

test('an order that nobody can ship stays open and is paid for', async () => {
  const result = await solve(exampleProblem((raw) => (raw.orders = [exampleOrder('A1', 'US', ['mug'])])));
  expect({ shipments: result.plan.shipments, unfilled: result.cost.unfilled }).toEqual({ shipments: [], unfilled: 20 });
});

test('units that are passed as lines of their own are divided between nodes', async () => {
  const problem = exampleProblem(
    (raw) =>
      (raw.orders = [
        exampleOrder(
          'A1',
          'AT',
          Array.from({ length: 6 }, () => 'mug'),
        ),
      ]),
  );
  const { plan } = await solve(problem);
  expect(plan.shipments.map(({ node, lines }) => [node, lines.length])).toEqual([
    ['vienna', 5],
    ['berlin', 1],
  ]);
});

test('an order that ships complete ships nothing when a line is missing', async () => {
  const result = await solve(
    exampleProblem((raw) => {
      raw.nodes = [exampleNode('vienna', 'AT', { mug: 1 })];
      raw.orders = [{ ...exampleOrder('A1', 'AT', ['mug', 'lamp']), shipComplete: true }];
    }),
  );
  expect(result.plan.shipments).toEqual([]);
});

test('a reservation is used by its own channel only', async () => {
  const result = await solve(
    exampleProblem((raw) => {
      raw.nodes = [{ ...exampleNode('vienna', 'AT', {}), reserved: { amazon: { mug: 1 } } }];
      raw.orders = [exampleOrder('A1', 'AT', ['mug']), { ...exampleOrder('A2', 'AT', ['mug']), channel: 'amazon' }];
    }),
  );
  expect(result.plan.shipments.map(({ order }) => order)).toEqual(['A2']);
});

test('a pickup cap sends the second order by the dearer service', async () => {
  const result = await solve(
    exampleProblem((raw) => {
      raw.nodes = [{ ...exampleNode('vienna', 'AT', { mug: 9 }), maxShipments: { ground: 1 } }];
      raw.orders = [exampleOrder('A1', 'AT', ['mug']), exampleOrder('A2', 'AT', ['mug'])];
    }),
  );
  expect(result.plan.shipments.map(({ service }) => service).sort()).toEqual(['express', 'ground']);
});

test('a finite last labor tier is never passed', async () => {
  const problem = exampleProblem((raw) => {
    raw.nodes = [exampleNode('vienna', 'AT', { mug: 9 })];
    raw.nodes[0]!.labor.tiers = [{ minutes: 4, costPerMinute: 0.4 }];
    raw.orders = [exampleOrder('A1', 'AT', ['mug']), exampleOrder('A2', 'AT', ['mug'])];
  });
  const result = await solve(problem);
  expect(result.plan.shipments).toHaveLength(1);
});

test('an order of forty lines is planned and bounded', async () => {
  const problem = exampleProblem((raw) => {
    raw.skus = Array.from({ length: 40 }, (_, index) => ({ id: `s${index}`, weightKg: 1, volumeL: 1 }));
    const stock = Object.fromEntries(raw.skus.map(({ id }) => [String(id), 1]));
    raw.nodes = [exampleNode('vienna', 'AT', stock), exampleNode('berlin', 'DE', stock)];
    raw.orders = [exampleOrder('A1', 'AT', Object.keys(stock))];
  });
  const result = await solve(problem);
  expect(verifyPlan(problem, result.plan)).toMatchObject({ feasible: true, stats: { shippedLines: 40 } });
});

test('a run stopped before it began gives the greedy plan and says so', async () => {
  const result = await solve(exampleProblem(), { signal: AbortSignal.abort() });
  expect({ method: result.method, reasons: result.reasons }).toEqual({ method: 'greedy', reasons: ['stopped by its caller'] });
});

test('a search that was carried through says so, also where nothing is better than the first plan', async () => {
  const problem = exampleProblem((raw) => {
    const node = exampleNode('vienna', 'AT', { lamp: 1 });
    // The order would be shipped by half.
    node.labor.tiers = [
      { minutes: 1, costPerMinute: 0.1 },
      { minutes: null, costPerMinute: 20 },
    ];
    raw.nodes = [node];
    raw.orders = [exampleOrder('A1', 'AT', ['lamp'])];
  });
  const whole = await solve(problem);
  expect({ method: whole.method, shipments: whole.plan.shipments, isOpen: whole.gap > 0 }).toEqual({
    method: 'search',
    shipments: [],
    isOpen: true,
  });
});

test('a time limit is measured by the given clock', async () => {
  let now = 0;
  const result = await solve(exampleProblem(), { timeLimitMs: 10, now: () => (now += 20) });
  expect(result.reasons).toEqual(['stopped by the time limit']);
});

test('a problem that is not valid is refused before anything is planned', async () => {
  const problem = { ...exampleProblem(), decisionMinute: Number.NaN };
  await expect(solve(problem)).rejects.toThrow(SourcingInputError);
});
