import { sandboxFetch } from '@quartermaster/connector-kit/sandbox';
import { ConnectorFault } from '@quartermaster/domain';
import { inventoryPolicySchema } from '@quartermaster/inventory';
import { connectOdoo, odoo19, odooOperations, typedOdoo } from '@quartermaster/odoo';
import { describe, expect, test } from 'vitest';
import { settle } from '../engine.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { atpOf } from './atp.ts';
import { accuracyOf } from './stock-accuracy.ts';

const at = (time: string) => `2026-11-23T${time}:00.000Z`;

describe('stock accuracy and inventory adjustment frequency: KPI from stock moves of inventory type', () => {
  test('counts in the ERP say how right its books are, by article and warehouse, the worst first', async () => {
    const scene = await openScene();
    await counted(scene, ['LAMP', 'HAM', 6], ['MUG', 'BER', 8]);

    const view = await accuracyOf(scene.context);

    expect(
      view?.shelves.map(({ sku, node, counts, adjustments, missing, found, held }) => [
        sku,
        node,
        counts,
        adjustments,
        missing,
        found,
        held,
      ]),
    ).toEqual([
      ['MUG', 'BER', 1, 1, 2, 0, 8],
      ['LAMP', 'HAM', 1, 1, 0, 1, 6],
    ]);
    expect(view?.nodes).toMatchObject([
      { node: 'BER', accuracyPercent: 75, adjustmentsPerWeek: 7 / 90 },
      { node: 'HAM', accuracyPercent: 100 * (1 - 1 / 6) },
    ]);
  });
});

describe('the confidence of an article at a warehouse is used as a buffer', () => {
  test('an article of which counts find units missing again and again is shown with that much less, at the warehouse where they lack', async () => {
    const scene = await sceneOf({ mostUnits: 5 });
    await counted(scene, ['MUG', 'BER', 8], ['MUG', 'BER', 7]);
    await publish(scene);

    // Of 7 and 10 there are 17; twice was something missing, at most 2.
    expect(shown(scene)).toBe(15);
    const steps = (await atpOf(scene.context, 'MUG'))?.nodes.map((each) => [
      each.node,
      each.steps.find(({ step }) => step === 'uncertain')?.units,
    ]);
    expect(steps).toEqual([
      ['BER', -2],
      ['HAM', 0],
    ]);
    expect((await accuracyOf(scene.context))?.shelves).toMatchObject([{ sku: 'MUG', node: 'BER', kept: 2 }]);
  });

  test('it is never more than the policy allows, and nothing by default', async () => {
    const least = await sceneOf({ mostUnits: 1 });
    const off = await openScene();
    for (const scene of [least, off]) {
      await counted(scene, ['MUG', 'BER', 8], ['MUG', 'BER', 7]);
      await publish(scene);
    }
    expect([shown(least), shown(off)]).toEqual([16, 17]);
  });

  test('a user who may not read what was counted is told of, and stock is shown all the same', async () => {
    const scene = await sceneOf({ mostUnits: 5 });
    const { erp } = scene.context;
    const engine = scene.restart({ erp: { ...erp, history: { adjustments: forbidden, receipts: forbidden } } });
    await engine.publish();
    await settle(engine, scene.clock);
    expect(shown(scene)).toBe(20);
    expect(scene.events.filter(({ event }) => event === 'stock.history-not-read')).toMatchObject([
      { connection: 'erp', code: 'forbidden' },
    ]);
  });
});

const forbidden = async (): Promise<never> => {
  throw new ConnectorFault('forbidden', {
    connector: 'odoo',
    operation: 'read',
    message: 'no right to it',
    outcome: 'not-applied',
    retry: { kind: 'never' },
  });
};

function sceneOf(accuracy: object): Promise<Scene> {
  return openScene({ settings: (given) => ({ ...given, inventory: inventoryPolicySchema.parse({ accuracy }) }) });
}

/** Somebody counts in the ERP, one shelf after the other. */
async function counted(scene: Scene, ...counts: readonly (readonly [sku: string, node: string, units: number])[]): Promise<void> {
  const url = 'http://counting.test';
  const login = { url, database: 'db', login: 'qm', secret: { apiKey: 'key-of-odoo' }, clock: scene.clock };
  const options = { ...login, fetch: sandboxFetch({ [url]: scene.odoo.app }) };
  const odoo = typedOdoo(await connectOdoo(options), odoo19);
  for (const [sku, node, units] of counts) {
    const [warehouse] = await odoo.searchRead('stock.warehouse', [['code', '=', node]], ['lot_stock_id']);
    const [product] = await odoo.searchRead('product.product', [['default_code', '=', sku]], ['default_code']);
    await odooOperations(options).counts.apply([{ product: product?.id ?? 0, location: warehouse?.lot_stock_id ?? 0, units }]);
  }
}

async function publish(scene: Scene): Promise<void> {
  scene.clock.advanceTo(at('07:30'));
  for (let turn = 1; turn <= 2; turn += 1) {
    await scene.engine.publish();
    await settle(scene.engine, scene.clock);
  }
}

function shown(scene: Scene): number {
  return ['BER', 'HAM'].reduce((sum, location) => sum + (scene.shops['shop']?.stock('MUG', location).available ?? 0), 0);
}
