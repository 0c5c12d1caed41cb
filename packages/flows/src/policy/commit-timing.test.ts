import { expect, test } from 'vitest';
import type { FlowSettings } from '../settings.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { commitPolicySchema } from './commit-timing.ts';

const early = '2026-11-23T08:00:00.000Z';
const morning = '2026-11-23T10:00:00.000Z';
const unpaid = { financialStatus: 'PENDING' } as const;

const committing =
  (commit: Parameters<typeof commitPolicySchema.parse>[0]) =>
  (given: FlowSettings): FlowSettings => ({
    ...given,
    commit: commitPolicySchema.parse(commit),
  });

/** The shops are read, and what comes between the waves is done. */
async function between(scene: Scene, instant: string): Promise<void> {
  await scene.at(instant);
  await scene.engine.sourceBetweenWaves();
  await scene.at(instant);
}

test('immediate at order confirmation: stock is reserved in the ERP between the waves and before the money, and labels wait for both', async () => {
  const scene = await openScene({ settings: committing({ when: 'on-confirm' }) });
  const key = scene.order(unpaid);
  const paid = scene.order();
  await between(scene, early);

  expect(await scene.case(key)).toMatchObject({
    state: 'committed',
    holds: [{ code: 'payment' }],
    shipments: [{ state: 'written', released: false, shortage: [] }],
  });
  expect(await scene.case(paid)).toMatchObject({ state: 'committed', holds: [], shipments: [{ state: 'written', released: false }] });
  expect(scene.odoo.snapshot().orders).toHaveLength(2);

  await scene.at(morning, 'wave');
  expect([await scene.case(key), await scene.case(paid)]).toMatchObject([{ shipments: [{ labels: [] }] }, { state: 'shipped' }]);
});

test('delayed until payment validation: nothing is committed before the money is secured, and then at once', async () => {
  const scene = await openScene({ settings: committing({ when: 'on-payment' }) });
  const waits = scene.order(unpaid);
  const paid = scene.order();
  await between(scene, early);

  expect([await scene.case(waits), await scene.case(paid)]).toMatchObject([
    { state: 'held', holds: [{ code: 'payment' }], shipments: [] },
    { state: 'committed', shipments: [{ state: 'written' }] },
  ]);
});

test('wave-based before picking: orders wait for the wave, and are sourced together there', async () => {
  const scene = await openScene();
  const key = scene.order();
  await between(scene, early);
  expect(await scene.case(key)).toMatchObject({ state: 'open', shipments: [] });

  await scene.at(morning, 'wave');
  expect((await scene.case(key)).state).toBe('shipped');
});

test('a rule commits orders of one channel at once, and the others wait for the wave', async () => {
  const rules = [{ name: 'b2b', if: { channels: ['b2b'] }, when: 'on-confirm' as const }];
  const scene = await openScene({ shops: ['shop', 'b2b'], settings: committing({ rules }) });
  const keys = [scene.order(), scene.order({ shop: 'b2b' })];
  await between(scene, early);

  expect((await Promise.all(keys.map(scene.case))).map(({ state }) => state)).toEqual(['open', 'committed']);
});

test('what finds no stock between the waves waits in the ERP for the next wave, and is not asked for again until then', async () => {
  const scene = await openScene({ settings: committing({ when: 'on-confirm' }), stock: { MUG: [0, 0], LAMP: [1, 1] } });
  const key = scene.order();
  await between(scene, early);
  expect(await scene.case(key)).toMatchObject({ state: 'committed', shipments: [] });

  expect(await scene.engine.sourceBetweenWaves()).toBeNull();
  scene.odoo.setStock({ sku: 'MUG', node: 'BER', units: 3 });
  await scene.at(morning, 'wave');
  expect((await scene.case(key)).state).toBe('shipped');
});
