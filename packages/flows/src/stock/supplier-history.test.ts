import { sandboxFetch } from '@quartermaster/connector-kit/sandbox';
import { inventoryPolicySchema } from '@quartermaster/inventory';
import { connectOdoo, odoo19, odooOperations, typedOdoo } from '@quartermaster/odoo';
import { describe, expect, test } from 'vitest';
import { settle } from '../engine.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { atpOf } from './atp.ts';

const day = (date: string) => `2026-${date}T07:00:00.000Z`;

describe("dated supply lines with confidence, from the supplier's history", () => {
  test('what a supplier announces is planned as late as its receipts were against their promised dates, and says how many of them came on time', async () => {
    const scene = await sceneOf({ history: {} });
    const orders = buying(scene);
    for (const promised of ['11-23', '11-24', '11-23', '11-21', '11-21']) await orders.receive(await orders.order(day(promised)));
    await orders.order(day('11-30'));
    await publish(scene);

    const view = await atpOf(scene.context, 'MUG');

    expect(view?.nodes.flatMap(({ node, inbound }) => inbound.map((each) => [node, each]))).toEqual([
      ['BER', { at: day('12-02'), units: 4, confidence: 60 }],
    ]);
    expect(view?.phases.at(-1)).toEqual({ at: day('12-02'), units: 44 });
  });

  test('of a supplier with few receipts, and by default of any, what is declared holds', async () => {
    const few = await sceneOf({ lateDays: 1, history: {} });
    const off = await sceneOf({ lateDays: 1 });
    for (const scene of [few, off]) {
      const orders = buying(scene);
      await orders.receive(await orders.order(day('11-10')));
      await orders.order(day('11-30'));
      await publish(scene);
    }
    const expected = async (scene: Scene) => (await atpOf(scene.context, 'MUG'))?.nodes.flatMap(({ inbound }) => inbound);
    const declared = [{ at: day('12-01'), units: 4, confidence: null }];
    expect([await expected(few), await expected(off)]).toEqual([declared, declared]);
  });
});

function sceneOf(supply: object): Promise<Scene> {
  return openScene({ settings: (given) => ({ ...given, inventory: inventoryPolicySchema.parse({ supply }) }) });
}

/** One supplier of mugs, four at a time, for Berlin. */
function buying(scene: Scene) {
  const url = 'http://buying.test';
  const login = { url, database: 'db', login: 'qm', secret: { apiKey: 'key-of-odoo' }, clock: scene.clock };
  const options = { ...login, fetch: sandboxFetch({ [url]: scene.odoo.app }) };
  const { purchases } = odooOperations(options);
  let supplier: number | undefined;
  let orders = 0;
  return {
    async order(expected: string) {
      const odoo = typedOdoo(await connectOdoo(options), odoo19);
      const [warehouse] = await odoo.searchRead('stock.warehouse', [['code', '=', 'BER']], ['code']);
      const [mug] = await odoo.searchRead('product.product', [['default_code', '=', 'MUG']], ['default_code']);
      supplier ??= (await odoo.create('res.partner', [{ name: 'Potter' }]))[0];
      const lines = [{ id: '1', product: mug?.id ?? 0, quantity: 4, unitPrice: '4.00', expected }];
      const draft = { key: `po-${(orders += 1)}`, vendor: supplier ?? 0, warehouse: warehouse?.id ?? 0, lines };
      return purchases.confirm((await purchases.draft(draft)).id);
    },
    async receive({ id, receipts, lines }: Awaited<ReturnType<typeof purchases.confirm>>) {
      const received = lines.map((line) => ({ line: line.id, quantity: 4 }));
      await purchases.receive({ order: id, receipt: receipts[0]?.id ?? 0, lines: received });
    },
  };
}

async function publish(scene: Scene): Promise<void> {
  await scene.engine.publish();
  await settle(scene.engine, scene.clock);
}
