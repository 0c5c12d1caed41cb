import { expect, test } from 'vitest';
import { exampleNode, exampleOrder, exampleProblem } from '../example-problem.ts';
import type { PlanShipment } from '../plan.ts';
import { SourcingInputError, type SourcingProblem } from '../problem.ts';
import { parseHorizon, type Arrival, type Horizon } from './horizon.ts';
import { myopicRule } from './policies.ts';
import { PolicyError, simulate, type Policy } from './simulate.ts';

/** Vienna with some mugs; Berlin is too far to be of use. */
const vienna = (mugs: number, change: (node: Record<string, unknown>) => void = () => {}): SourcingProblem =>
  exampleProblem((raw) => {
    const node = exampleNode('vienna', 'AT', { mug: mugs });
    change(node);
    raw.nodes = [node];
    raw.orders = [];
  });

const arrival = (id: string, day: number, lastDay = day, skus = ['mug']): Arrival => ({
  day,
  lastDay,
  order: exampleProblem((raw) => (raw.orders = [exampleOrder(id, 'AT', skus)])).orders[0]!,
});

const stream = (problem: SourcingProblem, arrivals: readonly Arrival[], change: Partial<Horizon> = {}): Horizon => ({
  days: 3,
  problem,
  receipts: [],
  arrivals,
  ...change,
});

/** Ships what it is told on each day. */
const script = (...days: readonly (readonly PlanShipment[])[]): Policy => ({ name: 'script', decide: ({ day }) => days[day] ?? [] });
const mugs = (order: string, lines = [0]): PlanShipment => ({ order, node: 'vienna', service: 'ground', lines });

test('an order that nobody ships is lost on its last day and costs its unfilled units once', async () => {
  const { cost, days } = await simulate(stream(vienna(0), [arrival('A1', 0, 1)]), myopicRule());
  expect({ unfilled: cost.unfilled, lost: days.map(({ lostUnits }) => lostUnits) }).toEqual({ unfilled: 20, lost: [0, 1, 0] });
});

test('an order waits for a receipt and ships on its day', async () => {
  const receipts = [{ day: 2, node: 'vienna', sku: 'mug', units: 1 }];
  const { days } = await simulate(stream(vienna(0), [arrival('A1', 0, 2)], { receipts }), myopicRule());
  expect(days.map(({ shipments }) => shipments.length)).toEqual([0, 0, 1]);
});

test('who ships later pays the days that the order waited beyond its promise', async () => {
  const waiting = stream(vienna(1), [arrival('A1', 0, 2)]);
  const [now, later] = [await simulate(waiting, script([mugs('A1')])), await simulate(waiting, script([], [], [mugs('A1')]))];
  expect([now.cost.lateness, later.cost.lateness]).toEqual([0, 1]);
});

test('an order shipped on two days pays for the split', async () => {
  const problem = exampleProblem((raw) => {
    raw.nodes = [exampleNode('vienna', 'AT', { mug: 1, lamp: 1 })];
    raw.orders = [];
  });
  const { cost } = await simulate(stream(problem, [arrival('A1', 0, 1, ['mug', 'lamp'])]), script([mugs('A1')], [mugs('A1', [0])]));
  expect({ split: cost.split, unfilled: cost.unfilled }).toEqual({ split: 1, unfilled: 0 });
});

test('a channel takes its reserved units first, and others find them gone only when they are', async () => {
  const reserved = { web: { mug: 1 } };
  const { left } = await simulate(
    stream(
      vienna(1, (node) => (node['reserved'] = reserved)),
      [arrival('A1', 0)],
    ),
    script([mugs('A1')]),
  );
  expect(left).toEqual([{ node: 'vienna', stock: { mug: 1 } }]);
});

test('a policy that ships what is not there is named with the day', async () => {
  const empty = simulate(stream(vienna(1), [arrival('A1', 0), arrival('A2', 1)]), script([mugs('A1')], [mugs('A2')]));
  await expect(empty).rejects.toThrow(new PolicyError('script, day 1: stock of mug at vienna: 1 units needed, 0 available'));
});

test.each([
  ['days', { days: 0 }],
  ['receipts[0].day', { receipts: [{ day: 3, node: 'vienna', sku: 'mug', units: 1 }] }],
  ['receipts[0].node', { receipts: [{ day: 1, node: 'paris', sku: 'mug', units: 1 }] }],
  ['receipts[0].units', { receipts: [{ day: 1, node: 'vienna', sku: 'mug', units: 0 }] }],
  ['arrivals[1].lastDay', { arrivals: [arrival('A1', 1), { ...arrival('A2', 1), lastDay: 0 }] }],
  ['arrivals[0].order.lines[0].sku', { arrivals: [arrival('A1', 0, 0, ['mug'])].map((one) => unknownSku(one)) }],
  ['problem.nodes[0].zone', { problem: { ...vienna(1), nodes: [{ ...vienna(1).nodes[0], zone: 1 }] } }],
])('a stream that cannot be is refused at %s', (path, change) => {
  const refused = refusal(() => parseHorizon({ ...stream(vienna(1), []), ...change }));
  expect(refused).toEqual([path]);
});

function unknownSku({ order, ...rest }: Arrival): unknown {
  return { ...rest, order: { ...order, lines: [{ ...order.lines[0], sku: 'cup' }] } };
}

function refusal(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof SourcingInputError) return error.issues.map(({ path }) => path);
  }
  return [];
}
