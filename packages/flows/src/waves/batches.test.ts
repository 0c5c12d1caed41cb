import { releasePolicySchema } from '@quartermaster/fulfilment';
import { expect, test } from 'vitest';
import { settle } from '../engine.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import type { FlowSettings } from '../settings.ts';
import { pickWavesSince } from './pick-waves.ts';

const morning = '2026-11-23T10:00:00.000Z';

test('a pick wave becomes a batch of the ERP once, with the deliveries of its shipments, before any label of them is bought', async () => {
  const scene = await openScene({ settings: batched });
  const keys = [scene.order(), scene.order(), scene.order({ lines: [{ sku: 'LAMP', quantity: 1 }] })];
  const { erp } = scene.context;
  const labelsBefore: number[] = [];
  const watched = scene.restart({
    erp: {
      ...erp,
      batches: erp.batches && {
        ...erp.batches,
        async write(draft, memo) {
          labelsBefore.push((await scene.cases()).flatMap(({ shipments }) => shipments.flatMap(({ labels }) => labels)).length);
          return erp.batches?.write(draft, memo) ?? Promise.reject(new Error('no batches'));
        },
      },
    },
  });
  await scene.at('2026-11-23T09:59:00.000Z');

  await watched.wave(morning);
  await settle(watched, scene.clock);

  const [wave] = await pickWaves(scene);
  expect(wave).toMatchObject({ state: 'written', body: { node: 'BER', batch: { name: expect.any(String), leftOut: [] } } });
  expect(wave?.body.shipments.map(({ order }) => order).sort()).toEqual([...keys].sort());
  expect(labelsBefore).toEqual([0]);
  expect((await Promise.all(keys.map(scene.case))).map(({ state }) => state)).toEqual(['shipped', 'shipped', 'shipped']);
});

test('where Odoo lacks the app for batches nothing is kept from leaving, and a person is told what to install', async () => {
  const scene = await openScene({ settings: batched, odoo: { batchApp: false } });
  const key = scene.order();
  const { notes, unsafe } = await scene.context.erp.probe();
  expect([unsafe, notes]).toEqual([[], expect.arrayContaining([expect.stringContaining('install the app "Batch Transfers"')])]);
  await scene.at('2026-11-23T09:59:00.000Z');

  await scene.at(morning, 'wave');

  expect((await scene.case(key)).state).toBe('shipped');
  expect((await scene.openExceptions()).map(({ code, reason }) => [code, reason])).toEqual([
    ['write-batch-failed', expect.stringContaining('this Odoo has no batches')],
  ]);
  expect((await pickWaves(scene)).map(({ state }) => state)).toEqual(['released']);
});

test('what waits for its batch is not released a second time by the next wave', async () => {
  const scene = await openScene({ settings: batched });
  scene.order();
  await scene.at('2026-11-23T09:59:00.000Z');

  await scene.engine.wave(morning);
  scene.clock.advanceTo('2026-11-23T10:05:00.000Z');
  await scene.engine.wave('2026-11-23T10:05:00.000Z');

  expect((await pickWaves(scene)).map(({ state, body }) => [state, body.shipments.length])).toEqual([['waits', 1]]);
});

test('without the policy no batch is written', async () => {
  const scene = await openScene();
  scene.order();

  await scene.at(morning, 'wave');

  expect((await pickWaves(scene)).map(({ state, body }) => [state, body.batch])).toEqual([['released', null]]);
});

function batched(settings: FlowSettings): FlowSettings {
  return { ...settings, release: releasePolicySchema.parse({ batches: 'erp' }) };
}

async function pickWaves(scene: Scene) {
  return scene.journal.read((tx) => pickWavesSince(tx, '2026-11-23T00:00:00.000Z', 100));
}
