import { ConnectorFault, type StockLevel } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { settle } from '../engine.ts';
import { openScene, type Scene, type SceneOptions } from '../testing/scene.ts';

test('a shop shows what is left after the orders that want it', async () => {
  const { scene } = await shopWindow();
  scene.order({ lines: [{ sku: 'MUG', quantity: 4 }] });
  await scene.at('2026-11-23T08:00:00.000Z');

  await publish(scene);
  await scene.engine.pull('shop');
  await publish(scene);

  expect(shown(scene, 'MUG')).toBe(16);
});

test('two shops together never show more than there is', async () => {
  const { scene } = await shopWindow({ shops: ['shop', 'market'], stock: { MUG: [7, 4], LAMP: [1, 0] } });

  await publish(scene);

  expect([
    shown(scene, 'MUG', 'shop') + shown(scene, 'MUG', 'market'),
    shown(scene, 'LAMP', 'shop') + shown(scene, 'LAMP', 'market'),
  ]).toEqual([11, 1]);
});

test('what a shop puts back by itself when an order is cancelled is taken from it again while others wait for it', async () => {
  const { scene } = await shopWindow({ shops: ['shop', 'market'], stock: { MUG: [1, 0], LAMP: [0, 0] } });
  await publish(scene);
  const cancelled = scene.order({ shop: 'shop' });
  scene.order({ shop: 'market' });
  await scene.at('2026-11-23T08:00:00.000Z');
  await publish(scene);
  scene.shops['shop']?.cancelOrder((await scene.case(cancelled)).order.name);

  await scene.at('2026-11-23T08:10:00.000Z');
  for (let turn = 1; turn <= 2; turn += 1) await publish(scene);

  expect(shown(scene, 'MUG', 'shop')).toBe(0);
});

test('a shop that sold meanwhile refuses the figure; its orders are read, and the next figure is set over what it shows', async () => {
  const { scene, pushed } = await shopWindow({ stock: { MUG: [10, 0], LAMP: [0, 0] } });
  await publish(scene);
  const key = scene.order({ lines: [{ sku: 'MUG', quantity: 3 }] });
  scene.odoo.setStock({ sku: 'MUG', node: 'BER', units: 20 });
  await publish(scene);
  expect(shown(scene, 'MUG')).toBe(7);

  await scene.engine.pull('shop');
  await publish(scene);

  expect((await scene.case(key)).state).toBe('open');
  expect(shown(scene, 'MUG')).toBe(17);
  expect(pushed.filter(({ sku, node }) => sku === 'MUG' && node === 'BER').map(({ available, expected }) => [available, expected])).toEqual(
    [
      [10, null],
      [20, 10],
      [17, 7],
    ],
  );
});

test('only what differs from what the shop shows is sent', async () => {
  const { scene, pushed } = await shopWindow();
  await publish(scene);
  pushed.length = 0;
  scene.odoo.setStock({ sku: 'LAMP', node: 'HAM', units: 1 });

  await publish(scene);
  await publish(scene);

  expect(pushed).toEqual([{ sku: 'LAMP', node: 'HAM', available: 1, expected: 5 }]);
});

test('what is sold out is shown as sold out, although the ERP has no figure of it any more', async () => {
  const { scene } = await shopWindow({ stock: { MUG: [2, 0], LAMP: [5, 5] } });
  await publish(scene);
  const { erp } = scene.context;
  const emptied = scene.restart({ erp: { ...erp, stock: async (query) => (await erp.stock(query)).filter(({ sku }) => sku !== 'MUG') } });

  await emptied.publish();
  await settle(emptied, scene.clock);

  expect(shown(scene, 'MUG')).toBe(0);
});

test('nothing new is decided while figures are on their way', async () => {
  const { scene } = await shopWindow();

  const decided = [await scene.engine.publish(), await scene.engine.publish()];

  expect(decided).toEqual([4, 0]);
});

test('in observe mode nothing is pushed', async () => {
  const { scene, pushed } = await shopWindow({
    settings: (given) => ({ ...given, channels: given.channels.map((channel) => ({ ...channel, mode: 'observe' })) }),
  });

  expect([await scene.engine.publish(), pushed]).toEqual([0, []]);
});

test('what a shop does not sell is one exception for all of it, tried again after a day, and gone when it is listed', async () => {
  const { scene, pushed } = await shopWindow();
  for (const sku of ['BOLT', 'NUT']) {
    scene.odoo.addProduct({ sku, name: sku, grams: 5, millilitres: 1, kind: 'storable' });
    scene.odoo.setStock({ sku, node: 'BER', units: 100 });
  }
  await publish(scene);
  await publish(scene);
  expect((await scene.openExceptions()).map(({ code, subjectKey, reason }) => [code, subjectKey, reason])).toEqual([
    ['stock-not-listed', 'shop', '2 SKUs of the ERP: BOLT, NUT'],
  ]);
  pushed.length = 0;
  for (const sku of ['BOLT', 'NUT'])
    scene.shops['shop']?.addVariant({ sku, title: sku, grams: 5, price: '0.10', stock: { BER: 0, HAM: 0 } });
  scene.clock.advanceTo('2026-11-23T12:00:00.000Z');
  await publish(scene);
  expect(pushed).toEqual([]);

  scene.clock.advanceTo('2026-11-24T12:00:00.000Z');
  await publish(scene);
  await publish(scene);

  expect([shown(scene, 'BOLT'), shown(scene, 'NUT'), await scene.openExceptions()]).toEqual([100, 100, []]);
});

test('a batch that cannot be set blocks no later one, and its exception goes when one is set', async () => {
  const { scene } = await shopWindow({ failures: 12 });
  await publish(scene);
  expect((await scene.openExceptions()).map(({ code }) => code)).toEqual(['push-stock-failed']);

  await publish(scene);

  expect([shown(scene, 'MUG'), await scene.openExceptions()]).toEqual([20, []]);
});

/** A scene that keeps every level that is pushed; so many batches fail before. */
async function shopWindow({ failures = 0, ...options }: SceneOptions & { readonly failures?: number } = {}): Promise<{
  scene: Scene;
  pushed: StockLevel[];
}> {
  const pushed: StockLevel[] = [];
  let failed = 0;
  const scene = await openScene({
    ...options,
    channel: (channel) => ({
      ...channel,
      pushStock(levels, memo) {
        if (failed++ < failures)
          throw new ConnectorFault('server-error', {
            connector: 'shopify',
            operation: 'push',
            message: 'did not go well',
            outcome: 'unknown',
            retry: { kind: 'safely' },
          });
        pushed.push(...levels);
        return channel.pushStock(levels, memo);
      },
    }),
  });
  return { scene, pushed };
}

async function publish(scene: Scene): Promise<void> {
  await scene.engine.publish();
  await settle(scene.engine, scene.clock);
}

function shown(scene: Scene, sku: string, shop = 'shop'): number {
  return ['BER', 'HAM'].reduce((sum, location) => sum + (scene.shops[shop]?.stock(sku, location).available ?? 0), 0);
}
