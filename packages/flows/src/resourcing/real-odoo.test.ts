import { releasePolicySchema } from '@quartermaster/fulfilment';
import type { ErpOrder, NodeId, Sku } from '@quartermaster/domain';
import { connectOdoo, prepareOdoo, type OdooOptions } from '@quartermaster/odoo';
import { expect, test } from 'vitest';
import { erpKeyOf } from '../erp-effects.ts';
import { afternoon, asked, morning, noon, openLateScene, releasedLate, shipmentsOf } from '../testing/resourced.ts';
import { validateWith } from '../testing/people-in-odoo.ts';
import type { Scene } from '../testing/scene.ts';
import { pickWavesSince } from '../waves/pick-waves.ts';

// The whole way against a real Odoo, whose database is for tests alone: `ODOO_TEST_URL` and its like name it, as for `npm run test:odoo`.
const real = realOdoo(process.env);
const minutes = 60_000;

test.skipIf(typeof real === 'string')(
  `from the shop to a real Odoo: a wave appears as batches, what was short in one warehouse leaves from another, and nothing leaves twice${typeof real === 'string' ? ` (${real})` : ''}`,
  async () => {
    if (typeof real === 'string') return;
    const run = `run-${Date.now().toString(36)}`;
    await count(real, { 'BER MUG': 10, 'BER LAMP': 5, 'HAM MUG': 0, 'HAM LAMP': 0 });
    const scene = await openLateScene({
      erp: real,
      shops: [run],
      stock: { MUG: [10, 0], LAMP: [5, 0] },
      // Orders and waves of another run are of another tenant.
      settings: (given) => ({
        ...releasedLate(given),
        tenant: run,
        release: releasePolicySchema.parse({ earliestMinutes: 65, batches: 'erp' }),
      }),
    });
    const lines = [
      { sku: 'MUG', quantity: 2 },
      { sku: 'LAMP', quantity: 1 },
    ];
    const [order, other] = [scene.order({ shop: run, lines }), scene.order({ shop: run })];

    await scene.at(morning, 'wave');
    expect(standing(await inOdoo(scene, order))).toEqual(['BER ready MUG 2 of 2 + LAMP 1 of 1']);

    await count(real, { 'HAM LAMP': 5 });
    const short = [{ line: 'LAMP', units: 1 }];
    const reported = await scene.operations.reportShort(asked(), { order, shipment: '1', lines: short });
    await scene.at(noon);
    expect([reported.kind, standing(await inOdoo(scene, order))]).toEqual([
      'done',
      ['BER ready MUG 2 of 2', 'nowhere waiting LAMP 0 of 1'],
    ]);

    await scene.at(afternoon, 'wave');

    expect(await shipmentsOf(scene, order)).toEqual(['BER confirmed MUG', 'BER stopped LAMP', 'HAM confirmed LAMP']);
    expect(await shipmentsOf(scene, other)).toEqual(['BER confirmed MUG']);
    expect(standing(await inOdoo(scene, order))).toEqual(['BER done MUG 2 of 2', 'HAM done LAMP 1 of 1']);
    expect(standing(await inOdoo(scene, other))).toEqual(['BER done MUG 1 of 1']);
    expect(await batches(scene)).toEqual(['BER done', 'HAM done']);
    expect(scene.shops[run]?.snapshot().orders.map(({ fulfillmentStatus }) => fulfillmentStatus)).toEqual(['FULFILLED', 'FULFILLED']);
    expect(await scene.openExceptions()).toEqual([]);
  },
  20 * minutes,
);

test.skipIf(typeof real === 'string')(
  `a delivery that a worker validates with less in a real Odoo is a short pick: the rest leaves from another warehouse, and nothing leaves twice${typeof real === 'string' ? ` (${real})` : ''}`,
  async () => {
    if (typeof real === 'string') return;
    const run = `less-${Date.now().toString(36)}`;
    await count(real, { 'BER MUG': 10, 'BER LAMP': 5, 'HAM MUG': 0, 'HAM LAMP': 0 });
    const scene = await openLateScene({
      erp: real,
      shops: [run],
      stock: { MUG: [10, 0], LAMP: [5, 0] },
      settings: (given) => {
        const late = releasedLate(given);
        return { ...late, tenant: run, sourcing: { ...late.sourcing, onShortPick: 'auto' } };
      },
    });
    const lines = [
      { sku: 'MUG', quantity: 2 },
      { sku: 'LAMP', quantity: 1 },
    ];
    const order = scene.order({ shop: run, lines });
    await scene.at(morning, 'wave');
    const [delivery] = (await inOdoo(scene, order)).deliveries;
    scene.clock.advanceTo('2026-11-23T10:30:00.000Z');

    await validateWith(await connectOdoo(real), Number(delivery?.ref), { MUG: 2, LAMP: 0 });
    await count(real, { 'HAM LAMP': 5 });
    for (const look of [noon, '2026-11-23T11:20:00.000Z']) {
      scene.clock.advanceTo(look);
      await scene.engine.reconcile();
      await scene.at(look);
    }
    expect(await shipmentsOf(scene, order)).toEqual(['BER confirmed MUG', 'BER stopped LAMP']);
    await scene.at(afternoon, 'wave');

    expect(await shipmentsOf(scene, order)).toEqual(['BER confirmed MUG', 'BER stopped LAMP', 'HAM confirmed LAMP']);
    expect(standing(await inOdoo(scene, order))).toEqual(['BER done MUG 2 of 2', 'HAM done LAMP 1 of 1']);
    expect(scene.shops[run]?.snapshot().orders.map(({ fulfillmentStatus }) => fulfillmentStatus)).toEqual(['FULFILLED']);
  },
  20 * minutes,
);

/** Node and state of the batches that Odoo has of the pick waves. */
async function batches(scene: Scene): Promise<string[]> {
  const { erp, settings } = scene.context;
  const scope = { tenant: settings.tenant, company: settings.company, connection: erp.connection };
  const waves = await scene.journal.read((tx) => pickWavesSince(tx, '2026-11-23T00:00:00.000Z', 100));
  const found = await Promise.all(
    waves.map(async ({ key, body }) => [body.node, (await erp.batches?.find({ scope, id: key }))?.state].join(' ')),
  );
  return found.sort();
}

async function inOdoo(scene: Scene, key: string): Promise<ErpOrder> {
  const found = await scene.context.erp.findOrder(erpKeyOf(await scene.case(key)));
  if (found === null) throw new Error('the order is in Odoo');
  return found;
}

/** Deliveries as `node state SKU reserved of demand`. */
function standing({ deliveries }: ErpOrder): string[] {
  return deliveries
    .map(({ node, state, lines }) => {
      const units = lines.map(({ sku, reserved, demand }) => `${sku} ${reserved} of ${demand}`);
      return `${node ?? 'nowhere'} ${state} ${units.join(' + ')}`;
    })
    .sort();
}

/** Counts goods on the shelves of the real Odoo, by warehouse and SKU, and makes what it does not have yet. */
async function count(odoo: OdooOptions, units: Readonly<Record<string, number>>): Promise<void> {
  const stock = Object.entries(units).map(([place, counted]): { node: NodeId; sku: Sku; units: number } => {
    const [node = '', sku = ''] = place.split(' ');
    return { node, sku, units: counted };
  });
  await prepareOdoo(odoo, {
    nodes: [
      { code: 'BER', name: 'Berlin' },
      { code: 'HAM', name: 'Hamburg' },
    ],
    products: [
      { sku: 'MUG', name: 'Mug', grams: 400, millilitres: 900, kind: 'storable' },
      { sku: 'LAMP', name: 'Lamp', grams: 1_200, millilitres: 9_000, kind: 'storable' },
    ],
    stock,
    currency: 'EUR',
  });
}

/** How to connect to the real Odoo that the environment names, or why there is none. */
function realOdoo(environment: Readonly<Record<string, string | undefined>>): OdooOptions | string {
  const { ODOO_TEST_URL: url, ODOO_TEST_DB: database, ODOO_TEST_USER: login, ODOO_TEST_PASSWORD: password } = environment;
  if (!url || !database || !login || !password)
    return 'no real Odoo is named: set ODOO_TEST_URL, ODOO_TEST_DB, ODOO_TEST_USER and ODOO_TEST_PASSWORD (a password or an API key)';
  return { url, database, login, secret: /^[0-9a-f]{40}$/.test(password) ? { apiKey: password } : { password } };
}
