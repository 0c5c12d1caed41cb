import { intentMemo, sandboxFetch } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { connectOdoo } from '../client/client.ts';
import { curatedModels } from '../typegen/wanted.ts';
import { address, optionsFor, orderKey, shopFloor, threeWayOrder, type Version } from '../testing/shop-floor.ts';
import { recordingFetch } from '../testing/recorded-fields.ts';
import type { OdooSandboxOptions } from '../sandbox/index.ts';
import { prepareOdoo } from '../setup/prepare.ts';
import { odooErp } from './erp.ts';
import { fieldsInUse } from './used-fields.ts';

/** What goes over the wire when a daemon makes every read and every effect of the port. */
async function wireOfTheDaemon(version: Version, more: Partial<OdooSandboxOptions>) {
  const sandbox = shopFloor(version, more);
  if (more.currency === 'USD') await prepareOdoo(optionsFor(sandbox), { nodes: [], products: [], stock: [], currency: 'EUR' });
  if (more.user !== 'salesperson') await stockAndKit(await connectOdoo(optionsFor(sandbox)));
  const recording = recordingFetch(version, sandboxFetch({ 'http://odoo.test': sandbox.app }));
  const start = () => odooErp({ connection: 'odoo', ...optionsFor(sandbox), fetch: recording.fetch });
  const erp = start();
  await erp.nodes();
  await erp.products(['LAMP']);
  await erp.stock({ nodes: ['EAST', 'WEST'], skus: ['LAMP', 'PAIR'] });
  const shipTo = { ...address, region: 'CA', country: 'US', company: 'Example' };
  await erp.writeOrder({ ...threeWayOrder, shipTo, billTo: address }, intentMemo('w'));
  await erp.allocate({ key: orderKey, node: 'EAST', lineIds: ['3'] }, intentMemo('a'));
  await erp.deallocate({ key: orderKey, node: 'WEST', lineIds: ['2'] }, intentMemo('d'));
  const wave = { node: 'EAST', name: 'Wave', scheduledAt: '2026-11-21T14:00:00.000Z', deliveries: [{ key: orderKey, node: 'EAST' }] };
  await erp.batches?.write({ ...wave, key: { id: 'W1' } }, intentMemo('b'));
  await erp.batches?.find({ id: 'W1' });
  const past = { nodes: ['EAST', 'WEST'], since: '2026-01-01T00:00:00.000Z' };
  await erp.history?.adjustments(past);
  await erp.history?.receipts(past);
  const todo = { key: { order: orderKey, id: 'notify/desk/1' }, user: 'qm', summary: 'Look', note: 'here', due: '2026-11-21' };
  await erp.todos?.write(todo, intentMemo('t'));
  await erp.todos?.finish(todo.key, intentMemo('f'));
  await erp.todos?.find(todo.key);
  const shipment = { key: orderKey, node: 'EAST', lines: [{ lineId: '1', units: 1 }], carrier: 'UPS', trackingNumbers: ['1Z'] };
  await erp.ship(shipment, intentMemo('s'));
  await erp.changeAddress({ key: orderKey, shipTo: { ...address, lines: ['Side Street 2'] } }, intentMemo('m'));
  await start().findOrder(orderKey);
  await erp.cancelOrder(orderKey, intentMemo('c'));
  return recording.fields;
}

/** Three lamps on a shelf below the stock of EAST, and a kit of two lamps. */
async function stockAndKit(client: Awaited<ReturnType<typeof connectOdoo>>): Promise<void> {
  const place = z.object({ lot_stock_id: z.int() });
  const [east] = await client.searchRead('stock.warehouse', { domain: [['code', '=', 'EAST']], fields: ['lot_stock_id'] }, place);
  const lamps = { domain: [['default_code', '=', 'LAMP']], fields: [] };
  const [lamp] = await client.searchRead('product.product', lamps, z.object({ id: z.int() }));
  const pair = await client.create('product.product', [{ name: 'Pair of lamps', default_code: 'PAIR' }]);
  const template = z.object({ product_tmpl_id: z.int() });
  const [kit] = await client.searchRead('product.product', { domain: [['id', 'in', pair]], fields: ['product_tmpl_id'] }, template);
  const lines = [[0, 0, { product_id: lamp?.id ?? 0, product_qty: 2 }]];
  await client.create('mrp.bom', [{ product_tmpl_id: kit?.product_tmpl_id ?? 0, type: 'phantom', bom_line_ids: lines }]);
  const [shelf = 0] = await client.create('stock.location', [{ name: 'Shelf', usage: 'internal', location_id: east?.lot_stock_id ?? 0 }]);
  const count = { product_id: lamp?.id ?? 0, location_id: shelf, inventory_quantity: 3 };
  await client.act('stock.quant', 'action_apply_inventory', await client.create('stock.quant', [count], { inventory_mode: true }));
}

test('drift is looked for in exactly the fields that go over the wire', async () => {
  const used = new Map<string, Set<string>>();
  for (const version of [17, 18, 19] as const)
    for (const more of [{ user: 'administrator' }, { user: 'salesperson' }, { currency: 'USD' }] as const)
      for (const [model, names] of await wireOfTheDaemon(version, more)) used.set(model, new Set([...(used.get(model) ?? []), ...names]));
  const onTheWire = [...used].flatMap(([model, names]) => [...names].map((name) => `${model}.${name}`));
  expect(paths(fieldsInUse)).toEqual([...onTheWire, ...readForKitsOfManyKinds].sort());
});

/** Read of kits whose lines depend on attributes, or are in other units than their products. */
const readForKitsOfManyKinds = ['product.template.attribute.value.attribute_id', 'uom.uom.factor'];

test('all of them are in the curated types, so that their locks can tell what became of them', () => {
  const curated = new Set(paths(curatedModels));
  expect(paths(fieldsInUse).filter((path) => !curated.has(path))).toEqual([]);
});

function paths(models: typeof curatedModels): string[] {
  return Object.entries(models)
    .flatMap(([model, names]) => (names === 'all' ? [] : names.map((name) => `${model}.${name}`)))
    .sort();
}
