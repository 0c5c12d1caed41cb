import { releasePolicySchema } from '@quartermaster/fulfilment';
import { expect, test } from 'vitest';
import { openScene, type Scene } from '../testing/scene.ts';
import type { FlowSettings } from '../settings.ts';
import { flowBoard, releasePreview } from './flow-board.ts';
import { orderAging } from './order-aging.ts';

const morning = '2026-11-23T10:00:00.000Z';

test('a dry run of the release says what would go and what stays, why and until when, and writes nothing', async () => {
  const scene = await openScene({ settings: withRelease({ earliestMinutes: 60 }) });
  scene.order();
  await scene.at(morning, 'wave');
  const before = await scene.journal.read((tx) => tx.audit.list({ limit: 1_000 }));

  const now = await preview(scene);
  scene.clock.advanceTo('2026-11-23T13:30:00.000Z');
  const later = await preview(scene);

  expect(now.groups).toEqual([]);
  expect(now.later).toMatchObject([
    { name: '#1001', shipment: '1', why: 'the cutoff of BER at 15:00 is more than 60 minutes away', until: '2026-11-23T13:00:00.000Z' },
  ]);
  expect(later.groups.map(({ node, shipments }) => [node, shipments.map(({ name }) => name)])).toEqual([['BER', ['#1001']]]);
  expect(await scene.journal.read((tx) => tx.audit.list({ limit: 1_000 }))).toEqual(before);
});

test('the flow board shows the queue, the work in progress, the throughput, and the projected finish against the cutoff of each node', async () => {
  // One person who works from four to five in the afternoon is too late for the cutoff at three.
  const crew = { BER: { shifts: [{ from: '16:00', to: '17:00', people: 1 }] } };
  const scene = await openScene({ settings: withRelease({ crew, mostInFlight: { '*': 1 } }) });
  scene.order();
  await scene.at(morning, 'wave');
  scene.clock.advanceTo('2026-11-23T12:00:00.000Z');
  scene.order();
  scene.order();
  await scene.engine.pull('shop');
  await scene.engine.wave('2026-11-23T12:00:00.000Z');

  const board = await flowBoard(scene.journal, scene.context.settings, scene.clock.now());

  expect(board.nodes[0]).toMatchObject({
    node: 'BER',
    waiting: 1,
    inFlight: 1,
    minutes: 2 * 3.5,
    left: { day: 1, hour: 0 },
    cutoffs: [
      {
        closesAt: '2026-11-23T14:00:00.000Z',
        shipments: 2,
        capacityMinutes: 0,
        finishAt: '2026-11-23T15:07:00.000Z',
        atRisk: [{ name: '#1002' }, { name: '#1003' }],
      },
    ],
  });
  expect(board.pickWaves.map(({ name, open, shipments }) => [name, open, shipments.length])).toEqual([
    ['BER 11-23 10:00 house/std #1', 0, 1],
    ['BER 11-23 12:00 house/std #1', 1, 1],
  ]);
});

test('order aging tells what an order waits for, and which promise is late or at risk', async () => {
  const scene = await openScene({ stock: { MUG: [1, 0], LAMP: [0, 0] } });
  scene.order();
  await scene.at(morning, 'wave');
  const waits = scene.order();
  scene.order({ financialStatus: 'PENDING' });
  await scene.at('2026-11-23T13:00:00.000Z', 'wave');

  const fresh = await orderAging(scene.journal, scene.context.settings, '2026-11-23T13:30:00.000Z');
  const late = await orderAging(scene.journal, scene.context.settings, '2026-11-28T08:00:00.000Z');

  expect(fresh.promises).toEqual([]);
  expect(fresh.buckets[0]).toMatchObject({ orders: 2, byState: { committed: 1, held: 1 } });
  expect(late.buckets.at(-1)).toMatchObject({ fromHours: 72, orders: 2 });
  expect(
    late.promises.map(({ order, standing, waitsFor, promiseDate }) => [order === waits, standing, waitsFor.split(':')[0], promiseDate]),
  ).toEqual([
    [true, 'late', 'stock', '2026-11-27'],
    [false, 'late', 'payment', '2026-11-27'],
  ]);
});

function preview(scene: Scene) {
  return releasePreview(scene.journal, scene.context.settings, scene.clock.now());
}

function withRelease(release: object): (settings: FlowSettings) => FlowSettings {
  return (settings) => ({ ...settings, release: releasePolicySchema.parse(release) });
}
