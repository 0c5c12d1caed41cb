import { ConflictError } from '@quartermaster/journal';
import { expect, test } from 'vitest';
import { contextOf } from './world.ts';
import { createEngine } from './engine.ts';
import { leaseName } from './turns.ts';
import { openScene, type Scene } from './testing/scene.ts';

const minute = 60_000;

test('a reader who overslept his lease writes nothing, and who took it over reads on from where it was', async () => {
  const scene = await openScene();
  const key = scene.order();
  const { shop } = Object.fromEntries(scene.context.channels);
  if (shop === undefined) throw new Error('the scene has a shop');
  const overslept = createEngine({
    ...scene.context,
    channels: new Map([
      [
        'shop',
        {
          ...shop,
          async *pullOrders(since) {
            for await (const page of shop.pullOrders(since)) {
              await takenOver(scene, 'orders', 'shop');
              yield page;
            }
          },
        },
      ],
    ]),
  });

  await expect(overslept.pull('shop')).rejects.toThrow(ConflictError);

  expect(await scene.cases()).toEqual([]);
  await scene.clock.sleep(2 * minute);
  await scene.engine.pull('shop');
  expect((await scene.cases()).map((each) => each.key)).toEqual([key]);
});

test('a wave whose lease went to another replica while it was sourced decides nothing', async () => {
  const scene = await openScene();
  scene.order();
  scene.clock.advanceTo('2026-11-23T10:00:00.000Z');
  await scene.engine.pull('shop');
  const { erp } = scene.context;
  const overslept = scene.restart({
    erp: {
      ...erp,
      async stock(query) {
        await takenOver(scene, 'sourcing', 'erp');
        return erp.stock(query);
      },
    },
  });

  await expect(overslept.wave('2026-11-23T10:00:00.000Z')).rejects.toThrow(ConflictError);

  expect((await scene.cases()).map(({ state }) => state)).toEqual(['open']);
});

test('while one replica sources, another one does not begin', async () => {
  const scene = await openScene();
  scene.clock.advanceTo('2026-11-23T10:00:00.000Z');
  await takenOver(scene, 'sourcing', 'erp');

  expect(await scene.engine.wave('2026-11-23T10:00:00.000Z')).toBeNull();
  expect(await scene.engine.standingOf('2026-11-23T10:00:00.000Z')).toBe('busy');
});

test('who is told to wait reads after the one who is reading', async () => {
  const scene = await openScene();
  scene.order();
  await takenOver(scene, 'orders', 'shop');

  await scene.engine.pull('shop');

  expect(await scene.cases()).toHaveLength(1);
});

test('what was read since is not read again by who only wants it read', async () => {
  const scene = await openScene();
  const since = scene.clock.now();
  await scene.clock.sleep(minute);
  await scene.engine.pull('shop');

  expect(await scene.engine.pull('shop', { since, whenBusy: 'wait' })).toBeNull();
});

/** Somebody else takes a lease, once whoever has it has overslept it. */
async function takenOver(scene: Scene, name: string, connection: string): Promise<void> {
  await scene.clock.sleep(6 * minute);
  const lease = leaseName(contextOf(scene.context), { name, connection });
  const fence = await scene.journal.transaction((tx) => tx.leases.take(lease, 'another', minute));
  if (fence === null) throw new Error('the lease had not run out');
}
