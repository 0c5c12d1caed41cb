import { expect, test } from 'vitest';
import {
  afternoon,
  asked,
  leftByErp,
  morning,
  nextDay,
  noon,
  openInErp,
  openLateScene,
  releasedLate,
  shipmentsOf,
} from '../testing/resourced.ts';

/** Lamps are nearer in Berlin by nothing: the first node wins ties, so all of it is planned there. */
const berlin = { MUG: [10, 0], LAMP: [5, 0] } as const;
const closed = { percent: 0 };

test('an outage in the middle of the day moves what was planned at the node and has no label, and nothing leaves twice', async () => {
  const scene = await openLateScene({ stock: berlin });
  const [mugs, lamp] = [scene.order(), scene.order({ lines: [{ sku: 'LAMP', quantity: 1 }] })];
  await scene.at(morning, 'wave');
  scene.odoo.receive({ sku: 'MUG', node: 'HAM', units: 5 });

  await scene.operations.reportOutage(asked('the power is off'), { node: 'BER', from: null, until: null, capacity: closed });
  await scene.at(afternoon, 'wave');

  expect(await shipmentsOf(scene, mugs)).toEqual(['BER stopped MUG', 'HAM confirmed MUG']);
  // Nobody else has lamps: it stays where it is, and is not released while nobody can pick it.
  expect(await shipmentsOf(scene, lamp)).toEqual(['BER written LAMP']);
  expect([leftByErp(scene), openInErp(scene)]).toEqual([{ 'HAM MUG': 1 }, ['BER LAMP']]);
});

test('what stayed at a node in outage leaves when the node is open again', async () => {
  const scene = await openLateScene({ stock: berlin });
  const order = scene.order();
  await scene.at(morning, 'wave');
  await scene.operations.reportOutage(asked(), { node: 'BER', from: null, until: null, capacity: closed });
  await scene.at(afternoon, 'wave');
  const during = await shipmentsOf(scene, order);

  const reopened = await scene.operations.reopenNode(asked('the power is back'), { node: 'BER' });
  await scene.at(nextDay, 'wave');

  expect([during, reopened.kind, await shipmentsOf(scene, order)]).toEqual([['BER written MUG'], 'done', ['BER confirmed MUG']]);
});

test('nothing new is planned at a node that is closed, and what comes when it opens tomorrow is planned for tomorrow', async () => {
  const scene = await openLateScene({ stock: berlin });
  const until = '2026-11-24T07:00:00.000Z';
  await scene.operations.reportOutage(asked(), { node: 'BER', from: null, until, capacity: closed });
  const order = scene.order();

  await scene.at(morning, 'wave');

  expect((await scene.case(order)).shipments.map(({ node, dispatchDate }) => [node, dispatchDate])).toEqual([['BER', '2026-11-24']]);
});

test('of a node that is short of hands so much goes to another one as it has no minutes for', async () => {
  const scene = await openLateScene({
    stock: { MUG: [20, 20], LAMP: [0, 0] },
    settings: (given) => ({
      ...releasedLate(given),
      nodes: given.nodes.map((node) => ({ ...node, address: given.nodes[0]?.address ?? node.address })),
    }),
  });
  // An order of one mug takes three and a half minutes.
  const orders = Array.from({ length: 6 }, () => scene.order());
  await scene.at(morning, 'wave');
  const before = await nodesOf(orders);

  await scene.operations.reportOutage(asked('two are ill'), { node: before[0] ?? '', from: null, until: null, capacity: { minutes: 8 } });
  await scene.at(noon, 'wave');

  expect(new Set(before).size).toBe(1);
  expect((await nodesOf(orders)).filter((node) => node === before[0])).toHaveLength(2);

  async function nodesOf(keys: readonly string[]): Promise<string[]> {
    const cases = await Promise.all(keys.map((key) => scene.case(key)));
    return cases.flatMap(({ shipments }) =>
      shipments.filter(({ state }) => state === 'planned' || state === 'written').map(({ node }) => node),
    );
  }
});

test('the policy knows beforehand of maintenance and of the days on which a crew is small', async () => {
  const scene = await openLateScene({
    stock: { MUG: [20, 20], LAMP: [0, 0] },
    settings: (given) => ({
      ...releasedLate(given),
      outages: {
        planned: [{ node: 'BER', from: '2026-11-24T00:00:00.000Z', until: null, capacity: closed, reason: 'the conveyor is replaced' }],
        crew: [{ node: 'HAM', days: [1], minutes: 0 }],
      },
    }),
  });
  const monday = scene.order();
  await scene.at(morning, 'wave');
  scene.clock.advanceTo('2026-11-24T07:00:00.000Z');
  const tuesday = scene.order();
  await scene.at('2026-11-24T10:00:00.000Z', 'wave');

  expect([await shipmentsOf(scene, monday), await shipmentsOf(scene, tuesday)].map(([first]) => first?.slice(0, 3))).toEqual([
    'BER',
    'HAM',
  ]);
});

test('an outage of a node that nobody knows, or that is over, is refused', async () => {
  const scene = await openLateScene();
  const of = { from: null, until: null, capacity: closed };

  const outcomes = [
    await scene.operations.reportOutage(asked(), { node: 'MUC', ...of }),
    await scene.operations.reportOutage(asked(), { node: 'BER', ...of, until: '2026-11-22T00:00:00.000Z' }),
    await scene.operations.reopenNode(asked(), { node: 'BER' }),
    await scene.operations.reportOutage({ ...asked(), role: 'operator' }, { node: 'BER', ...of }),
  ];

  expect(outcomes.map((each) => (each.kind === 'refused' ? each.code : each.kind))).toEqual([
    'not-found',
    'impossible',
    'nothing-changes',
    'not-allowed',
  ]);
});
