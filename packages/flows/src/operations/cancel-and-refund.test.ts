import { expect, test } from 'vitest';
import type { Channel } from '@quartermaster/domain';
import { settle } from '../engine.ts';
import { openScene, type Scene, type SceneOptions } from '../testing/scene.ts';
import { createOperations } from './operations.ts';
import type { Asked } from './operation.ts';

const morning = '2026-11-23T10:00:00.000Z';

function asked(requestId: string, more: Partial<Asked> = {}): Asked {
  return { requestId, by: 'mia', role: 'supervisor', reason: 'the customer called', ...more };
}

function shopOf(scene: Scene, key: string) {
  const found = scene.shops['shop']?.snapshot().orders.find(({ id }) => key.endsWith(`/${id}`));
  if (found === undefined) throw new Error(`the shop has no order ${key}`);
  return found;
}

/** Two mugs and a lamp, read by the daemon and not sourced yet. */
async function readScene(options: SceneOptions = {}) {
  const scene = await openScene(options);
  const key = scene.order({
    lines: [
      { sku: 'MUG', quantity: 2 },
      { sku: 'LAMP', quantity: 1 },
    ],
  });
  await scene.at('2026-11-23T09:00:00.000Z');
  return { scene, key, operations: createOperations(scene.context) };
}

/** The same, shipped. */
async function shippedScene(options: SceneOptions = {}) {
  const given = await readScene(options);
  await given.scene.at(morning, 'wave');
  await given.scene.at('2026-11-23T10:30:00.000Z');
  return given;
}

const all = { lines: [], amount: null, shipping: false, cause: 'goodwill' } as const;

test('units are taken out in the shop, and the order goes on without them', async () => {
  const { scene, key, operations } = await readScene();

  await operations.cancelOrder(asked('request-1', { role: 'operator' }), {
    order: key,
    lines: [{ line: 'MUG', units: 1 }],
    cause: 'out-of-stock',
  });
  expect(await scene.case(key)).toMatchObject({ state: 'held', holds: [{ code: 'manual' }] });
  await scene.at('2026-11-23T09:10:00.000Z');
  await scene.at('2026-11-23T09:20:00.000Z');

  expect(shopOf(scene, key).lines.map(({ sku, currentQuantity }) => [sku, currentQuantity])).toEqual([
    ['MUG', 1],
    ['LAMP', 1],
  ]);
  expect(await scene.case(key)).toMatchObject({ order: { lines: [{ quantity: 1 }, { quantity: 1 }] } });
});

test('an order that the ERP has is cancelled there first, and then in the shop', async () => {
  const { scene, key, operations } = await readScene({
    settings: (given) => ({ ...given, carriers: given.carriers.map((each) => ({ ...each, mode: 'auto' })) }),
  });
  scene.clock.advanceTo(morning);
  await scene.engine.wave(morning);
  while ((await scene.case(key)).erp === null) await scene.engine.work({ atMost: 1 });

  await operations.cancelOrder(asked('request-1'), { order: key, lines: [], cause: 'fraud' });
  expect(shopOf(scene, key).cancelledAt).toBeNull();
  await settle(scene.engine, scene.clock);

  expect((await scene.case(key)).state).toBe('cancelled');
  expect(scene.odoo.snapshot().orders.map(({ state }) => state)).toEqual(['cancel']);
  expect(shopOf(scene, key)).toMatchObject({ cancelReason: 'FRAUD' });
});

test('an order that has left cannot be cancelled, and the answer says what can be done', async () => {
  const { key, operations } = await shippedScene();
  const outcome = await operations.cancelOrder(asked('request-1'), { order: key, lines: [], cause: 'customer' });
  expect(outcome).toMatchObject({ kind: 'refused', code: 'impossible', message: 'everything of the order has left' });
});

test('lines of an order that the ERP has are not taken out from here, and the answer says what can be done', async () => {
  const { scene, key, operations } = await readScene();
  scene.clock.advanceTo(morning);
  await scene.engine.wave(morning);
  const outcome = await operations.cancelOrder(asked('request-1'), { order: key, lines: [{ line: 'MUG', units: 1 }], cause: 'customer' });
  expect(outcome).toMatchObject({ kind: 'refused', code: 'impossible' });
  expect(outcome).toHaveProperty('next', expect.stringContaining('Cancel the whole order'));
});

test('where the channel takes no cancellations nothing is stopped, and the answer says what can be done', async () => {
  const { scene, key, operations } = await readScene({ channel: (given: Channel) => ({ ...given, cancellation: null }) });
  const outcome = await operations.cancelOrder(asked('request-1'), { order: key, lines: [], cause: 'customer' });
  expect(outcome).toMatchObject({ kind: 'refused', message: 'the channel shop takes no cancellations' });
  expect((await scene.case(key)).state).toBe('open');
});

test('a refund gives back what units of a line cost, once for a request, and nobody is told that money went back elsewhere', async () => {
  const { scene, key, operations } = await shippedScene();
  const wish = { ...all, order: key, lines: [{ line: 'MUG', units: 1 }] };

  const first = await operations.refundOrder(asked('request-1'), wish);
  const again = await operations.refundOrder(asked('request-1'), wish);
  await settle(scene.engine, scene.clock);
  await scene.at('2026-11-23T11:00:00.000Z');

  expect(first).toMatchObject({ kind: 'done', replayed: false });
  expect(again).toMatchObject({ kind: 'done', replayed: true });
  expect(shopOf(scene, key).refunds.map(({ amount }) => amount)).toEqual(['12.9']);
  expect((await scene.case(key)).refunds).toMatchObject([{ id: 'request-1', amount: { minor: 1290 }, state: 'done', seen: true }]);
  expect(await scene.openExceptions()).toEqual([]);
});

test('shipping and an amount go back together', async () => {
  const { scene, key, operations } = await shippedScene();
  await operations.refundOrder(asked('request-1'), { ...all, order: key, amount: '2.50', shipping: true });
  await settle(scene.engine, scene.clock);
  expect(shopOf(scene, key).refunds.map(({ amount }) => amount)).toEqual(['7.4']);
});

test('no more goes back than was paid', async () => {
  const { key, operations } = await shippedScene();
  await operations.refundOrder(asked('request-1'), { ...all, order: key });
  const outcome = await operations.refundOrder(asked('request-2'), { ...all, order: key, amount: '1.00' });
  expect(outcome).toMatchObject({ kind: 'refused', message: 'that comes to 1.00 EUR, and 0.00 EUR can go back' });
});

test('only a supervisor gives money back', async () => {
  const { key, operations } = await shippedScene();
  const outcome = await operations.refundOrder(asked('request-1', { role: 'operator' }), { ...all, order: key });
  expect(outcome).toMatchObject({ kind: 'refused', code: 'not-allowed' });
});

test('a refund that the channel refuses is told to a person', async () => {
  const { scene, key, operations } = await shippedScene();
  await operations.refundOrder(asked('request-1'), { ...all, order: key, amount: '5.00' });
  scene.shops['shop']?.refund(shopOf(scene, key).id, { amount: shopOf(scene, key).total });
  await settle(scene.engine, scene.clock);
  expect((await scene.openExceptions()).map(({ code }) => code)).toContain('refund-failed');
});
