import { randomFaults } from '@quartermaster/connector-kit/sandbox';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { withEasyPost } from './testing/givens.ts';
import { openScene, type Scene } from './testing/scene.ts';

test('whatever calls fail, before or after the work: every order is written, labelled, shipped and told once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(9_999), fc.double({ min: 0.05, max: 0.3, noNaN: true }), async (seed, share) => {
      const faults = Object.fromEntries(
        ['odoo', 'easypost', 'shop'].map((name, index) => [name, randomFaults({ share, seed: seed + index })]),
      );
      const scene = await openScene({ settings: withEasyPost, faults, stock: { MUG: [2, 1], LAMP: [1, 1] } });

      await day(scene);

      const { labels, duplicates } = scene.easypost.snapshot();
      const orders = scene.odoo.snapshot().orders;
      const done = orders.flatMap(({ pickings }) => pickings.filter(({ state }) => state === 'done'));
      const told = (scene.shops['shop']?.snapshot().orders ?? []).flatMap((order) => order.fulfillments);
      const shipped = (await scene.cases()).flatMap(({ shipments }) => shipments.filter(({ state }) => state === 'confirmed'));
      expect({
        orders: orders.length,
        duplicates,
        live: labels.filter(({ refundStatus }) => refundStatus === null).length,
        done: done.length,
        told: told.length,
      }).toEqual({
        orders: 4,
        duplicates: [],
        live: shipped.length,
        done: shipped.length,
        told: shipped.length,
      });
      expect((await scene.openExceptions()).map(({ code }) => code)).toEqual([]);
    }),
    { numRuns: 10 },
  );
});

/** Five orders over two waves, one of them cancelled before the first; there is not enough stock for all. */
async function day(scene: Scene): Promise<void> {
  for (const quantity of [1, 1, 1]) scene.order({ lines: [{ sku: 'MUG', quantity }] });
  scene.order({
    lines: [
      { sku: 'LAMP', quantity: 1 },
      { sku: 'MUG', quantity: 1 },
    ],
  });
  scene.order({ lines: [{ sku: 'LAMP', quantity: 1 }] });
  scene.shops['shop']?.cancelOrder('#1005');
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  await scene.at('2026-11-23T13:00:00.000Z', 'wave');
}
