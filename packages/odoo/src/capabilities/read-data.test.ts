import { expect, test } from 'vitest';
import { z } from 'zod';
import { connectOdoo } from '../client/client.ts';
import { erpOn, optionsFor, shopFloor } from '../testing/shop-floor.ts';

const rowSchema = z.object({ id: z.int() });

test.each([17, 18, 19] as const)(
  'qm doctor data checks (barcode standards, units of measure): Odoo %i is looked through for SKUs without barcode or weight, doubled barcodes, broken units and empty kits',
  async (version) => {
    const sandbox = shopFloor(version);
    const client = await connectOdoo(optionsFor(sandbox));
    sandbox.addProduct({ sku: 'MUG', name: 'Mug', grams: 0, millilitres: 400, kind: 'storable' });
    const idOf = async (model: string, field: string, value: string) =>
      (await client.searchRead(model, { domain: [[field, '=', value]], fields: ['id'] }, rowSchema)).map(({ id }) => id);
    const [lamp, desk] = [await idOf('product.product', 'default_code', 'LAMP'), await idOf('product.product', 'default_code', 'DESK')];
    const [dozen = 0] = await idOf('uom.uom', 'name', 'Dozens');
    const size = 2.5;
    const [bundle = 0] = await client.create('uom.uom', [{ name: 'Bundle', factor: version < 19 ? 1 / size : size, active: true }]);
    const boughtIn = (unit: number) => (version < 19 ? { uom_po_id: unit } : { uom_ids: [[6, 0, [unit]]] });
    await client.write('product.product', lamp, { barcode: '4006381333931', ...boughtIn(bundle) });
    await client.write('product.product', desk, { barcode: '4006381333931', ...boughtIn(dozen) });
    const set = await client.create('product.product', [{ name: 'Set', default_code: 'SET' }]);
    const template = z.object({ product_tmpl_id: z.int() });
    const [kit] = await client.searchRead('product.product', { domain: [['id', 'in', set]], fields: ['product_tmpl_id'] }, template);
    await client.create('mrp.bom', [{ product_tmpl_id: kit?.product_tmpl_id ?? 0, type: 'phantom' }]);

    const { notes } = await erpOn(sandbox).probe({ data: true });
    const daily = await erpOn(sandbox).probe();

    const ofData = notes.filter((note) => !daily.notes.includes(note));
    expect(ofData).toEqual([
      'There is no barcode on MUG, so nobody can scan them when they are picked and packed: give each a barcode.',
      'One barcode stands for several products: 4006381333931 (LAMP, DESK): give each product a barcode of its own.',
      'There is no weight on MUG, so their parcels are rated too cheap: weigh them, and write it on the product.',
      'A unit of measure is no whole multiple of the base unit: LAMP (Bundle of 2.5 Units): buy and pack in units that the base unit goes into without a rest, or take a smaller base unit.',
      'The kit has no components: SET: add components to its bill of materials, or archive the bill.',
    ]);
  },
);
