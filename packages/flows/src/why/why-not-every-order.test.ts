import { seededRandom } from '@quartermaster/connector-kit/sandbox';
import { highsSolver } from '@quartermaster/solver-highs';
import {
  compactModel,
  compactShipments,
  verifyPlan,
  type Override,
  type ProblemOrder,
  type SourcingProblem,
} from '@quartermaster/sourcing';
import { expect, test } from 'vitest';
import { decided, lampProblem } from '../testing/decisions.ts';
import { whyNot } from './why-not.ts';

const solver = await highsSolver();
const cents = (cost: number) => Math.round(cost * 100);

/**
 * Twenty orders of one to three lines, some of which nobody but two warehouses together can ship, for less than they want, in four warehouses. Minutes get dearer and end, the fast service
 * takes three parcels a warehouse, one order wants twelve lamps and ships complete or not at all, one wants the same vase twice, one may leave only Hamburg.
 */
function scarceWave(): SourcingProblem {
  const random = seededRandom(7);
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  const nodes = ['BER', 'HAM', 'LYS', 'OPO'];
  const stocks = [
    { lamp: 6, mug: 8 },
    { lamp: 4, vase: 5 },
    { mug: 6, vase: 3 },
    { lamp: 4, mug: 4, vase: 1 },
  ];
  const skus = ['lamp', 'mug', 'vase'];
  const special = new Map([
    [1, skus.map((sku) => ({ sku, units: 1 }))],
    [
      3,
      [
        { sku: 'mug', units: 1 },
        { sku: 'lamp', units: 12 },
      ],
    ],
    [
      5,
      [
        { sku: 'vase', units: 2 },
        { sku: 'vase', units: 2 },
        { sku: 'mug', units: 1 },
      ],
    ],
    [10, [{ sku: 'vase', units: 1 }]],
  ]);
  const wishes = (order: number) => special.get(order) ?? skus.slice(between(0, 2), 3).map((sku) => ({ sku, units: between(1, 2) }));
  return lampProblem((raw) => {
    const [berlin] = raw.nodes;
    if (berlin === undefined) throw new Error('the lamp problem has nodes');
    const tiers = [
      { minutes: 12, costPerMinute: 0.4 },
      { minutes: 15, costPerMinute: 0.9 },
    ];
    const lanes = (dearer: number) =>
      nodes.map((from) => ({ from, to: 'DE', base: dearer + between(300, 800) / 100, perKg: 0.31, transitDays: between(1, 3) }));
    return {
      ...raw,
      skus: [...raw.skus, { id: 'vase', weightKg: 3, volumeL: 9 }],
      nodes: nodes.map((id, at) => ({
        ...berlin,
        id,
        zone: id,
        stock: stocks[at] ?? {},
        maxShipments: { 'house/fast': 3 },
        labor: { ...berlin.labor, tiers },
      })),
      services: raw.services.map((each, at) => ({ ...each, lanes: lanes(at * 4) })),
      orders: Array.from({ length: 20 }, (_, index) => ({
        id: `O${index}`,
        channel: 'shop',
        zone: 'DE',
        promiseDay: between(1, 3),
        lateCostPerDay: 1,
        splitCost: 1,
        lines: wishes(index).map((line) => ({ ...line, unfilledCostPerUnit: between(15, 30) })),
        ...(index === 3 ? { shipComplete: true } : {}),
        ...(index === 9 ? { eligibleNodes: ['HAM'] } : {}),
      })),
    };
  });
}

/** A person has given an order from Porto, among it the only vase there, and keeps another order out of Lyon. */
const byPersons: readonly Override[] = [
  { id: 'vip', kind: 'fix', order: 'O1', shipments: [{ node: 'OPO', service: 'house/std', lines: [0, 1, 2] }] },
  { id: 'damp', kind: 'forbid', order: 'O2', node: 'LYS' },
];

type Choice = { readonly order: string; readonly node: string; readonly lines: readonly number[]; readonly service?: string };

/**
 * The cheapest cost of the wave in which these lines of an order leave the node, or null where they cannot all: the textbook model of the problem, in which a forced line that stays open costs more
 * than everything else together, solved by the engine alone and audited. What persons fixed or forbade is written into the problem, too.
 */
async function freshCost(problem: SourcingProblem, choice: Choice): Promise<number | null> {
  const vip: Choice = { order: 'O1', node: 'OPO', service: 'house/std', lines: [0, 1, 2] };
  const choices = choice.order === vip.order ? [choice] : [choice, vip];
  const dry = choice.order === 'O2' && choice.node === 'LYS' ? {} : { eligibleNodes: ['BER', 'HAM', 'OPO'] };
  const bound = (each: ProblemOrder) => choices.reduce(leaving, each.id === 'O2' ? { ...each, ...dry } : each);
  const model = compactModel({ ...problem, orders: problem.orders.map(bound) });
  const { status, values = [] } = await solver.solve(model.program);
  expect(status).toBe('optimal');
  const shipments = compactShipments(model, values);
  const ships = ({ order, lines }: Choice) =>
    lines.every((line) => shipments.some((each) => each.order === order && each.lines.includes(line)));
  if (!choices.every(ships)) return null;
  const { errors, cost } = verifyPlan(problem, { format: 'quartermaster/sourcing-plan@1', problem: problem.name, shipments });
  expect(errors).toEqual([]);
  return cost.total;
}

/** The order of which the chosen lines leave the node or nowhere, which must not be. */
function leaving(order: ProblemOrder, choice: Choice): ProblemOrder {
  if (order.id !== choice.order) return order;
  const { node, service, lines } = choice;
  const forced = { unfilledCostPerUnit: 50_000, eligibleNodes: [node], ...(service === undefined ? {} : { services: [service] }) };
  return { ...order, lines: order.lines.map((line, at) => (lines.includes(at) ? { ...line, ...forced } : line)) };
}

test('for every order of a wave and every node, the total of why-not is that of a fresh solve in which the choice is fixed', async () => {
  const problem = scarceWave();
  const { decision } = await decided(problem, { solver, overrides: byPersons });
  const seen = { possible: 0, impossible: 0, inPart: 0, shared: 0, othersMove: 0 };
  for (const { id: order, lines } of problem.orders)
    for (const { id: node, stock } of problem.nodes) {
      const told = await whyNot(decision, { order, node }, solver);
      const inStock = [...lines.keys()].filter((line) => (stock[lines[line]?.sku ?? ''] ?? 0) >= (lines[line]?.units ?? 0));
      const forced = told.kind === 'possible' ? told.forcedLines : [];
      for (const line of inStock.filter((each) => !forced.includes(each)))
        expect([order, node, line, await freshCost(problem, { order, node, lines: [...forced, line] })]).toEqual([order, node, line, null]);
      seen[told.kind]++;
      if (told.kind === 'impossible') continue;
      const fresh = await freshCost(problem, { order, node, lines: forced });
      expect([order, node, told.totalMinor.after, told.method]).toEqual([order, node, cents(fresh ?? NaN), 'exact']);
      expect(told.gap).toBeLessThan(1e-9);
      expect(told.ownChangeMinor + told.othersChangeMinor).toBe(told.totalMinor.after - cents(decision.cost.total));
      const shipped = told.shipments.flatMap((each) => each.lines);
      expect(told.words.includes(`${lines.length - shipped.length} left open`)).toBe(shipped.length < lines.length);
      if (forced.length < lines.length) seen.inPart++;
      if (told.shipments.some((each) => each.node !== node)) seen.shared++;
      if (told.moved.length > 0) seen.othersMove++;
    }
  // The wave is worth asking: there is everything in it.
  expect(seen.possible + seen.impossible).toBe(20 * 4);
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(5);
}, 240_000);

test('what a forced node cannot do is said in words', async () => {
  const { decision } = await decided(scarceWave(), { solver, overrides: byPersons });
  const whyOf = async (order: string, node: string) => {
    const told = await whyNot(decision, { order, node }, solver);
    return told.kind === 'impossible' ? told.why : 'possible';
  };
  const nothing = 'cannot ship any of it, whoever else lets go';

  expect(await whyOf('O10', 'BER')).toBe(`BER ${nothing} (vase: it has not enough)`);
  expect(await whyOf('O10', 'OPO')).toBe(`OPO ${nothing} (vase: a person gave it to another order)`);
  expect(await whyOf('O9', 'LYS')).toBe(`LYS ${nothing} (mug: it may not ship it; vase: it may not ship it)`);
  expect(await whyOf('O3', 'BER')).toBe(
    'BER can ship 1 of its 2 lines, and it ships complete or not at all: the others cannot ship beside them',
  );
  // What a person fixed about the order itself gives way to the question.
  expect(await whyOf('O1', 'BER')).toBe('possible');
});

test('without an engine the gap that why-not tells is proven, and the same question has the same answer to the byte', async () => {
  const problem = scarceWave();
  const { decision } = await decided(problem, { overrides: byPersons, workLimit: 3 });
  for (const [order, node] of [
    ['O4', 'LYS'],
    ['O7', 'HAM'],
    ['O5', 'HAM'],
  ] as const) {
    const told = await whyNot(decision, { order, node }, null);
    if (told.kind !== 'possible') throw new Error(told.why);
    const best = cents((await freshCost(problem, { order, node, lines: told.forcedLines })) ?? NaN);
    expect(told.totalMinor.after).toBeGreaterThanOrEqual(best);
    expect(Math.floor(told.totalMinor.after * (1 - told.gap))).toBeLessThanOrEqual(best);
    expect(JSON.stringify(await whyNot(decision, { order, node }, null))).toBe(JSON.stringify(told));
  }
});
