import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { describe, expect, test } from 'vitest';
import { connectOdoo } from '../client/client.ts';
import { odooErp } from '../erp/erp.ts';
import { prepareOdoo } from './prepare.ts';
import { createOdooSandbox } from '../sandbox/index.ts';
import type { OdooSetup } from './setup.ts';
import { optionsFor, shopFloor, threeWayOrder } from '../testing/shop-floor.ts';
import { z } from 'zod';

const setup: OdooSetup = {
  nodes: [
    { code: 'EAST', name: 'East' },
    { code: 'WEST', name: 'West' },
  ],
  products: [
    { sku: 'LAMP', name: 'Lamp', grams: 452, millilitres: 1_803, price: '9.99', kind: 'storable' },
    { sku: 'DESK', name: 'Desk', grams: 21_000, millilitres: 160_000, kind: 'storable' },
  ],
  stock: [
    { sku: 'LAMP', node: 'EAST', units: 10 },
    { sku: 'LAMP', node: 'WEST', units: 10 },
    { sku: 'DESK', node: 'WEST', units: 5 },
  ],
  currency: 'EUR',
};

function emptyOdoo(version: 17 | 18 | 19) {
  return createOdooSandbox({ version, database: 'shop', login: 'qm', secret: '0123456789abcdef0123456789abcdef01234567', currency: 'EUR' });
}

describe.each([17, 18, 19] as const)('with Odoo %i', (version) => {
  test('an empty database is made ready for orders', async () => {
    const sandbox = emptyOdoo(version);
    const report = await prepareOdoo(optionsFor(sandbox), setup);
    expect(report).toEqual({
      nodes: { created: 2, changed: 0, left: 0 },
      // The place for lines to be sourced takes two locations and a kind of delivery besides its route.
      routes: { created: 6, changed: 0, left: 0 },
      products: { created: 6, changed: 0, left: 0 },
      stock: { created: 3, changed: 0, left: 0 },
      settings: { created: 0, changed: 4, left: 1 },
    });
    const erp = odooErp({ connection: 'odoo', nodes: ['EAST', 'WEST'], ...optionsFor(sandbox) });
    await expect(erp.probe()).resolves.toMatchObject({ problems: [] });
    await expect(erp.writeOrder(threeWayOrder, intentMemo('w'))).resolves.toMatchObject({ state: 'confirmed' });
  });

  test('where each warehouse has its own orders, no routes are made but the one for lines that wait, and orders can be written', async () => {
    const options = { ...optionsFor(emptyOdoo(version)), warehouseSplit: 'order-per-warehouse' as const };
    const report = await prepareOdoo(options, setup);
    expect(report.routes).toEqual({ created: 4, changed: 0, left: 0 });
    const erp = odooErp({ connection: 'odoo', nodes: ['EAST', 'WEST'], ...options });
    await expect(erp.probe()).resolves.toMatchObject({ problems: [] });
    const { deliveries } = await erp.writeOrder(threeWayOrder, intentMemo('w'));
    expect(deliveries.map(({ node, state }) => [node, state])).toEqual([
      ['EAST', 'ready'],
      ['WEST', 'ready'],
      [null, 'waiting'],
    ]);
  });

  test('a second run changes nothing', async () => {
    const options = optionsFor(emptyOdoo(version));
    await prepareOdoo(options, setup);
    const report = await prepareOdoo(options, setup);
    expect(Object.values(report).map(({ created, changed }) => created + changed)).toEqual([0, 0, 0, 0, 0]);
  });

  test('only what differs is changed', async () => {
    const sandbox = emptyOdoo(version);
    await prepareOdoo(optionsFor(sandbox), setup);
    const [lamp, ...others] = setup.products;
    const report = await prepareOdoo(optionsFor(sandbox), {
      ...setup,
      nodes: [{ code: 'EAST', name: 'Far East' }],
      products: [...(lamp === undefined ? [] : [{ ...lamp, grams: 460 }]), ...others],
      stock: [{ sku: 'LAMP', node: 'EAST', units: 12 }],
    });
    expect(report.nodes).toEqual({ created: 0, changed: 1, left: 0 });
    expect(report.products).toEqual({ created: 0, changed: 1, left: 5 });
    expect(report.stock).toEqual({ created: 0, changed: 1, left: 0 });
    expect(sandbox.snapshot().quants).toContainEqual({ sku: 'LAMP', warehouse: 'EAST', quantity: 12, reserved: 0 });
  });

  test('grams and millilitres survive, though Odoo would round to ten grams and ten litres', async () => {
    const options = optionsFor(emptyOdoo(version));
    await prepareOdoo(options, setup);
    const [lamp] = await odooErp({ connection: 'odoo', ...options }).products(['LAMP']);
    expect(lamp).toMatchObject({ grams: 452, millilitres: 1_803, storable: true });
  });

  test('new warehouses do not put their deliveries into batches', async () => {
    const options = optionsFor(emptyOdoo(version));
    await prepareOdoo(options, setup);
    const client = await connectOdoo(options);
    const query = {
      domain: [
        ['code', '=', 'outgoing'],
        ['warehouse_id.code', 'in', ['EAST', 'WEST']],
      ],
      fields: ['auto_batch'],
    };
    const types = await client.searchRead('stock.picking.type', query, z.object({ id: z.int(), auto_batch: z.boolean() }));
    expect(types.map((type) => type.auto_batch)).not.toContain(true);
  });
});

test('a thousand products and their stock go in by batches', async () => {
  const sandbox = emptyOdoo(19);
  const products = Array.from({ length: 1_000 }, (_, index) => ({
    sku: `SKU-${index}`,
    name: `Product ${index}`,
    grams: 100 + index,
    millilitres: 500,
    kind: 'storable' as const,
  }));
  const stock = products.map(({ sku }, index) => ({ sku, node: index % 2 === 0 ? 'EAST' : 'WEST', units: 3 }));
  let calls = 0;
  const report = await prepareOdoo({ ...optionsFor(sandbox), onEvent: () => calls++ }, { ...setup, products, stock });
  expect(report.products.created + report.stock.created).toBe(2_004);
  expect(calls).toBeLessThan(100);
});

test('daily rights are not enough for the set-up', async () => {
  const sandbox = shopFloor(19, { user: 'salesperson' });
  await expect(prepareOdoo(optionsFor(sandbox), setup)).rejects.toMatchObject({ code: 'forbidden' });
});
