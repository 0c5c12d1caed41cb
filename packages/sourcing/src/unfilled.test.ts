import { expect, test } from 'vitest';
import { exampleProblem, type ExampleParts } from './example-problem.ts';
import { solve } from './solve.ts';
import { explainUnfilled, type UnfilledLine } from './unfilled.ts';

async function openLines(change: (raw: ExampleParts) => void): Promise<UnfilledLine[]> {
  const problem = exampleProblem(change);
  const { plan } = await solve(problem);
  return explainUnfilled(problem, plan);
}

test('nothing is told of orders that ship whole', async () => {
  expect(await openLines(() => {})).toEqual([]);
});

const onlyA1 = (raw: ExampleParts): void => void (raw.orders = raw.orders.slice(0, 1));

test.each<[string, string, (raw: ExampleParts) => void]>([
  ['no node has enough', 'no-stock', (raw) => (raw.orders[0]!.lines[0]!['units'] = 9)],
  ['no node may ship it', 'not-eligible', (raw) => (raw.orders[0]!['eligibleNodes'] = [])],
  ['no lane leads there', 'no-service', (raw) => (raw.orders[0]!['zone'] = 'FR')],
  ['it is too heavy', 'too-heavy', (raw) => (raw.skus[1]!['weightKg'] = 40)],
  [
    'no more shipments may leave',
    'cap',
    (raw) => {
      for (const node of raw.nodes) node['maxShipments'] = { ground: 0, express: 0 };
    },
  ],
  [
    'no working hours are left',
    'labor',
    (raw) => {
      for (const node of raw.nodes) node.labor.tiers = [{ minutes: 1, costPerMinute: 0.4 }];
    },
  ],
  ['shipping costs more', 'dearer-than-waiting', (raw) => (raw.orders[0]!.lines[0]!['unfilledCostPerUnit'] = 1)],
])('a line waits because %s', async (_why, reason, change) => {
  const lines = await openLines((raw) => {
    onlyA1(raw);
    change(raw);
  });
  expect(lines.map((line) => line.reason)).toEqual([reason]);
});

test('a line waits because an order that would lose more has the last one', async () => {
  const [line] = await openLines((raw) => {
    raw.nodes[1]!['stock'] = { mug: 5 };
    raw.orders[1]!.lines[0]!['unfilledCostPerUnit'] = 30;
  });
  expect(line).toMatchObject({
    order: 'A1',
    reason: 'taken',
    nodes: [
      { node: 'vienna', heldBy: [{ order: 'A2' }] },
      { node: 'berlin', why: 'no-stock' },
    ],
  });
  expect(line?.words).toBe(
    '1 × lamp of A1 (line 1) waits, which costs 20.00 EUR: others have it who would lose more (vienna: A2). With 1 more at vienna, all orders together would cost 13.98 EUR less.',
  );
});

test('a line waits for its partner in an order that ships complete, and without that rule it would ship', async () => {
  const lines = await openLines((raw) => {
    raw.orders = raw.orders.slice(1);
    raw.orders[0]!['shipComplete'] = true;
    raw.orders[0]!.lines[0]!['units'] = 9;
  });
  expect(lines.map(({ sku, reason, partners }) => [sku, reason, partners])).toEqual([
    ['lamp', 'no-stock', []],
    ['mug', 'partner-line', [0]],
  ]);
  expect(lines[1]?.remedies[0]).toMatchObject({ kind: 'drop-rule', rule: { kind: 'ship-complete', order: 'A2' } });
});
