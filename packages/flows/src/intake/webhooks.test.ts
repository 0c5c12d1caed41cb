import { epochMs, type Clock } from '@quartermaster/domain';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runDaemon } from '../daemon.ts';
import { stream } from './intake.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { lastTurn } from '../turns.ts';
import { takeWebhook } from './webhooks.ts';

const scope = { tenant: 'acme', company: 'eu', connection: 'shop' };

async function deliver(scene: Scene, how: { duplicate?: boolean; reorder?: boolean; seed?: number } = {}) {
  const answers = [];
  for (const { body, headers } of scene.shops['shop']?.takeWebhooks(how) ?? [])
    answers.push(await takeWebhook(scene.context, 'shop', { rawBody: body, headers }));
  return answers;
}

const pending = (scene: Scene) => scene.journal.read((tx) => tx.inbox.pending(1_000));

test('an order that a webhook tells of is read at once, and comes in once however often and in whatever order they come', async () => {
  const scene = await openScene();
  const keys = [scene.order(), scene.order(), scene.order()];
  scene.clock.advanceTo('2026-11-23T07:05:00.000Z');

  // Each order is told of twice, as created and as paid.
  const answers = await deliver(scene, { duplicate: true, reorder: true, seed: 3 });
  const announced = await scene.engine.announced();
  await scene.engine.pull('shop');

  expect(answers.filter((answer) => answer.kind === 'taken' && !answer.known)).toHaveLength(6);
  expect(answers.length).toBeGreaterThan(6);
  expect(announced).toEqual(['shop']);
  expect((await scene.cases()).map(({ key }) => key).sort()).toEqual(keys.sort());
});

test('a webhook is handled when its channel was read, and no sooner', async () => {
  const scene = await openScene();
  scene.order();
  await deliver(scene);
  expect(await pending(scene)).toHaveLength(2);

  await scene.engine.pull('shop');

  expect(await pending(scene)).toEqual([]);
  expect(await scene.engine.announced()).toEqual([]);
});

test('a webhook that a process took before it died is followed up by the next one', async () => {
  const scene = await openScene();
  const key = scene.order();
  await deliver(scene);

  const next = scene.restart();
  for (const connection of await next.announced()) await next.pull(connection);

  expect((await scene.case(key)).state).toBe('open');
});

test('a webhook stays when its channel could not be read', async () => {
  const scene = await openScene();
  scene.order();
  await deliver(scene);
  const shop = scene.context.channels.get('shop');
  if (shop === undefined) throw new Error('no shop');
  const broken = {
    ...shop,
    // oxlint-disable-next-line require-yield -- it fails before the first page
    async *pullOrders() {
      throw new Error('the shop is away');
    },
  };

  await expect(scene.restart({ channels: new Map([['shop', broken]]) }).pull('shop')).rejects.toThrow('away');

  expect(await scene.engine.announced()).toEqual(['shop']);
});

test.each([
  ['a byte of the body was changed', (body: Uint8Array) => Uint8Array.from([...body, 32]), {}],
  ['the signature is of somebody else', (body: Uint8Array) => body, { 'x-shopify-hmac-sha256': 'bm9uc2Vuc2U=' }],
  ['its id is longer than ids are', (body: Uint8Array) => body, { 'x-shopify-webhook-id': 'x'.repeat(10_000) }],
])('a webhook is rejected and not kept when %s', async (_why, changed, more) => {
  const scene = await openScene();
  scene.order();
  const [webhook] = scene.shops['shop']?.takeWebhooks() ?? [];
  if (webhook === undefined) throw new Error('no webhook');

  const answer = await takeWebhook(scene.context, 'shop', { rawBody: changed(webhook.body), headers: { ...webhook.headers, ...more } });

  expect(answer).toEqual({ kind: 'rejected' });
  expect(await pending(scene)).toEqual([]);
});

test('nothing of a webhook is kept but its topic, its time and ids', async () => {
  const scene = await openScene();
  scene.order();
  await deliver(scene);

  expect((await pending(scene))[0]).toMatchObject({ subject: null, body: { topic: 'orders/create', orderId: expect.any(String) } });
  expect(Object.keys((await pending(scene))[0]?.body ?? {})).toEqual(['topic', 'orderId', 'triggeredAt']);
});

test('the daemon reads a channel when a webhook comes, long before its turn', async () => {
  const scene = await openScene();
  // Time goes on only when everything else has had its turn.
  const clock: Clock = {
    now: () => scene.clock.now(),
    async sleep(ms, signal) {
      await nextTurn();
      await scene.clock.sleep(ms, signal);
    },
  };
  const stop = new AbortController();
  const context = { ...scene.context, clock };
  const running = runDaemon(scene.restart({ clock }), context, { pullEveryMs: 3_600_000, publishEveryMs: 3_600_000, signal: stop.signal });
  while ((await lastTurn(scene, scope, stream)) === null) await nextTurn();
  const key = scene.order();
  await deliver(scene);
  const told = scene.clock.now();
  while ((await scene.engine.announced()).length > 0) await nextTurn();
  const followedUp = scene.clock.now();
  stop.abort();
  await running;

  expect((await scene.case(key)).state).toBe('open');
  expect(epochMs(followedUp) - epochMs(told)).toBeLessThan(30 * 60_000);
});
