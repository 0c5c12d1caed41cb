import type { Channel } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { readiness } from '../readiness.ts';
import type { FlowSettings } from '../settings.ts';
import { openScene, type Scene } from '../testing/scene.ts';

const atMost =
  (mostWaiting: number) =>
  (given: FlowSettings): FlowSettings => ({ ...given, channels: given.channels.map((channel) => ({ ...channel, mostWaiting })) });

/** A shop that gives one order a page; `pages` counts those that were asked for. */
function oneByOne(pages: { asked: number }) {
  return (channel: Channel): Channel => ({
    ...channel,
    async *pullOrders(since) {
      for await (const page of channel.pullOrders(since)) {
        for (const [index, order] of page.orders.entries()) {
          pages.asked += 1;
          yield { orders: [order], cursor: index === page.orders.length - 1 ? page.cursor : since };
        }
      }
    },
  });
}

async function given(orders: number, mostWaiting: number) {
  const pages = { asked: 0 };
  const scene = await openScene({ settings: atMost(mostWaiting), channel: oneByOne(pages) });
  for (let order = 0; order < orders; order += 1) scene.order();
  pages.asked = 0;
  return { scene, pages };
}

const told = ({ events }: Scene) => events.filter(({ event }) => event.startsWith('intake.'));

test('a channel is read no further while as many of its orders wait as the config allows', async () => {
  const { scene, pages } = await given(12, 5);

  const pulled = await scene.engine.pull('shop');

  expect(pulled).toEqual({ read: 5, fresh: 5, heldBack: true });
  // One page is read while the one before it is taken in.
  expect(pages.asked).toBe(6);
  expect(await scene.cases()).toHaveLength(5);
});

test('while it is full not one page is asked for, and it is told once', async () => {
  const { scene, pages } = await given(12, 5);
  await scene.engine.pull('shop');
  pages.asked = 0;

  await scene.engine.pull('shop');

  expect(pages.asked).toBe(0);
  expect(told(scene)).toEqual([expect.objectContaining({ event: 'intake.held-back', connection: 'shop', orders: 5, bound: 5 })]);
});

test('after the wave it goes on where it was, until everything was read, and nothing is lost or doubled', async () => {
  const { scene } = await given(12, 5);

  for (const hour of ['08', '09', '10', '11', '12']) await scene.at(`2026-11-23T${hour}:00:00.000Z`, 'wave');

  expect((await scene.cases()).map(({ order }) => order.name).sort()).toHaveLength(12);
  expect(new Set((await scene.cases()).map(({ state }) => state))).toEqual(new Set(['shipped']));
  expect(told(scene).at(-1)).toMatchObject({ event: 'intake.went-on', connection: 'shop' });
});

test('orders that wait for a person keep nobody out', async () => {
  const { scene } = await given(0, 3);
  for (let order = 0; order < 6; order += 1) scene.order({ financialStatus: 'PENDING' });

  expect(await scene.engine.pull('shop')).toEqual({ read: 6, fresh: 6, heldBack: false });
});

test('a reading that was held back does not count as one: the lag grows, and webhooks wait for the next', async () => {
  const { scene } = await given(3, 2);
  await scene.engine.pull('shop');
  scene.clock.advanceTo('2026-11-23T07:20:00.000Z');
  await scene.engine.pull('shop');

  const [, shop] = await readiness(scene.context, { pullEveryMs: 60_000 });

  expect(shop).toMatchObject({ connection: 'shop', ready: false, heldBack: true, lagMs: 20 * 60_000 });
});

test('what a person asks to be taken in is read to its end', async () => {
  const { scene } = await given(12, 5);

  expect(await scene.engine.backfill('shop', '2026-11-22T00:00:00.000Z')).toEqual({ read: 12, fresh: 12, heldBack: false });
});
