import { sandboxFetch } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { connectOdoo } from '../client/client.ts';
import { odooErp } from '../erp/erp.ts';
import type { OdooSandbox, OdooSandboxOptions } from '../sandbox/index.ts';
import { optionsFor, shopFloor, type Version } from '../testing/shop-floor.ts';

test.each([17, 18, 19] as const)('Odoo %i with product_dimension says the sides, in the unit that each product has', async (version) => {
  const { client, lamp, sides } = await floor(version, 'product-dimension');
  const [cm] = await client.searchRead('uom.uom', { domain: [['name', '=', 'cm']], fields: [] }, row);
  await client.write('product.product', [lamp], {
    product_length: 30.05,
    product_width: 20,
    product_height: 12.4,
    dimensional_uom_id: cm?.id ?? 0,
  });

  // Nothing is made smaller than it is: 300.5 mm are 301.
  expect(await sides()).toEqual({ LAMP: [301, 200, 124], DESK: null });
});

test('without a unit the sides are in metres, and a product without one of them has none', async () => {
  const { client, lamp, desk, sides } = await floor(17, 'product-dimension');
  await client.write('product.product', [lamp], { product_length: 0.3, product_width: 0.2, product_height: 0.1 });
  await client.write('product.product', [desk], { product_length: 1.6, product_width: 0.8, product_height: 0 });

  expect(await sides()).toEqual({ LAMP: [300, 200, 100], DESK: null });
});

test.each([17, 18] as const)('in Odoo %i the packaging of one unit says the sides, and that of six does not', async (version) => {
  const { client, lamp, desk, sides } = await floor(version, 'packagings');
  const [one = 0, six = 0] = await client.create('stock.package.type', [
    { name: 'Lamp carton', packaging_length: 300, width: 200, height: 124 },
    { name: 'Six of them', packaging_length: 900, width: 400, height: 400 },
  ]);
  await client.create('product.packaging', [
    { name: '6', product_id: desk, qty: 6, package_type_id: six },
    { name: '1', product_id: lamp, qty: 1, package_type_id: one },
  ]);

  expect(await sides()).toEqual({ LAMP: [300, 200, 124], DESK: null });
});

test.each([17, 18, 19] as const)('Odoo %i that has them nowhere says none, and products are read all the same', async (version) => {
  const { sides } = await floor(version, 'none');

  expect(await sides()).toEqual({ LAMP: null, DESK: null });
});

const row = z.object({ id: z.int() });

async function floor(version: Version, productSides: NonNullable<OdooSandboxOptions['productSides']>) {
  const sandbox = shopFloor(version, { productSides });
  const client = await connectOdoo(through(sandbox));
  const idOf = async (sku: string) =>
    (await client.searchRead('product.product', { domain: [['default_code', '=', sku]], fields: [] }, row))[0]?.id ?? 0;
  const erp = odooErp({ connection: 'odoo', ...through(sandbox) });
  const sides = async () => Object.fromEntries((await erp.products(['LAMP', 'DESK'])).map(({ sku, millimetres }) => [sku, millimetres]));
  return { client, lamp: await idOf('LAMP'), desk: await idOf('DESK'), sides };
}

function through(sandbox: OdooSandbox) {
  return { ...optionsFor(sandbox), fetch: sandboxFetch({ 'http://odoo.test': sandbox.app }) };
}
