import { systemClock } from '@quartermaster/connector-kit';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { OdooOptions } from '../../client/client.ts';
import { readCapabilities, type Capabilities } from '../../capabilities/read-capabilities.ts';
import { recordNamed } from '../../session/look-up.ts';
import { sessions } from '../../session/session.ts';
import type { Workbench } from './workbench.ts';

/** What one call finds out about a database, for an administrator and for somebody who sells and ships. */
export function capabilitiesBehave(bench: () => Workbench): void {
  const nodes = ['QME', 'QMW'];
  const seenBy = async (options: OdooOptions): Promise<Capabilities> =>
    readCapabilities(await sessions(options, options.clock ?? systemClock).open(), { nodes });
  const blocking = ({ findings }: Capabilities) => findings.filter((each) => each.severity === 'blocks');
  const codes = ({ findings }: Capabilities) => findings.map((each) => each.code);

  /** Rights that a user with Sales, Inventory and Contact creation does not have, by what they are for. */
  const missingOfSalesperson = {
    'invoices and credit notes': ['create account.move', 'write account.move', 'create account.move.reversal'],
    payments: ['create account.payment', 'create account.payment.register'],
    purchases: ['create purchase.order'],
    'landed costs': ['create stock.landed.cost'],
    'reordering rules': ['create stock.warehouse.orderpoint'],
    products: ['create product.product'],
    'the set-up of warehouses and routes': ['create stock.warehouse', 'create stock.route', 'write decimal.precision'],
    'quiet look-ups of external ids': ['read ir.model.data'],
  };

  test('an administrator of a database that was set up finds nothing in the way', async () => {
    const seen = await seenBy(bench().administrator);
    expect(blocking(seen)).toEqual([]);
    expect(seen).toMatchObject({
      version: bench().version,
      edition: 'community',
      companies: 1,
      drift: [],
      trackingNumbers: true,
      missingServices: [],
      features: { multiLocation: true, multiWarehouse: true },
      languages: expect.arrayContaining(['en_US']),
      currencies: expect.arrayContaining(['EUR']),
    });
    expect([...(seen.modules ?? [])]).toEqual(expect.arrayContaining(['sale_stock', 'stock_delivery']));
    expect(seen.rights.flatMap(({ missing }) => missing)).toEqual([]);
  });

  test('the warehouses are told with their steps, their reservation and their routes', async () => {
    const { warehouses } = await seenBy(bench().administrator);
    const expected = { deliverySteps: 'ship_only', reservation: 'at_confirm', autoBatch: false, hasRoute: true };
    expect(warehouses.filter(({ code }) => nodes.includes(code))).toEqual([
      expect.objectContaining({ code: 'QME', ...expected }),
      expect.objectContaining({ code: 'QMW', ...expected }),
    ]);
  });

  test('who may sell, ship and write contacts can do the daily work, and is told exactly what else is missing', async () => {
    const seen = await seenBy(bench().salesperson);
    expect(blocking(seen)).toEqual([]);
    const missing = seen.rights
      .filter((each) => each.installed && each.missing.length > 0)
      .map((each) => [each.activity, each.missing.map(({ operation, model }) => `${operation} ${model}`)] as const);
    const installed = new Set(seen.rights.filter((each) => each.installed).map((each) => each.activity));
    expect(missing).toEqual(Object.entries(missingOfSalesperson).filter(([activity]) => installed.has(activity)));
    expect(seen.findings.filter((each) => each.code === 'right-missing').every((each) => /give it the right "/.test(each.todo))).toBe(true);
  });

  test('what a user may not see is said, and stops nothing', async () => {
    const seen = await seenBy(bench().salesperson);
    expect(seen.digits).toBeNull();
    expect(seen.drift).toEqual([]);
    expect(codes(seen)).toContain('cannot-tell');
  });

  test('digits that are too few for small products are named', async () => {
    const { odoo, administrator } = bench();
    const [weight] = await odoo.searchRead('decimal.precision', [['name', '=', 'Stock Weight']], ['digits']);
    await odoo.write('decimal.precision', [weight?.id ?? 0], { digits: 2 });
    try {
      expect(blocking(await seenBy(administrator))).toEqual([expect.objectContaining({ code: 'digits-too-few' })]);
    } finally {
      await odoo.write('decimal.precision', [weight?.id ?? 0], { digits: weight?.digits ?? 3 });
    }
  });

  test('deliveries that Odoo batches or reserves in its own way are warned of', async () => {
    const { client, administrator, node } = bench();
    const type = node('QMW').out_type_id;
    await client.write('stock.picking.type', [type], { auto_batch: true, reservation_method: 'manual' });
    try {
      expect(codes(await seenBy(administrator))).toEqual(expect.arrayContaining(['auto-batch', 'reservation-method']));
    } finally {
      await client.write('stock.picking.type', [type], { auto_batch: false, reservation_method: 'at_confirm' });
    }
    const after = codes(await seenBy(administrator));
    expect(after.filter((code) => code === 'auto-batch' || code === 'reservation-method')).toEqual([]);
  });

  test('a unit that holds no whole number of the base unit is named, wherever the version keeps the units of a product; a case of twelve is none', async () => {
    const { client, odoo, salesperson, session, unique, version } = bench();
    const unit = (await recordNamed(session, 'uom.uom', 'uom.product_uom_unit')) ?? 0;
    const [bundle, crate] = [await addUnit(unique('Bundle'), unit, 2.5), await addUnit(unique('Case'), unit, 12)];
    const boughtIn = (...units: number[]) => (version < 19 ? { uom_po_id: units[0] ?? 0 } : { uom_ids: [[6, 0, units]] });
    const [broken, sound] = [await bench().product(), await bench().product()];
    await client.write('product.product', [broken.id], boughtIn(bundle));
    await client.write('product.product', [sound.id], boughtIn(crate));

    const seen = await readCapabilities(await sessions(salesperson, salesperson.clock ?? systemClock).open(), { nodes, data: true });

    const ours = seen.data?.products.filter(({ sku }) => [broken.sku, sound.sku].includes(sku));
    expect(ours?.map(({ sku, unit: base, otherUnits }) => [sku, base, otherUnits])).toEqual([
      [broken.sku, unit, [bundle]],
      [sound.sku, unit, [crate]],
    ]);
    expect(seen.data?.units.get(bundle)?.size).toBeCloseTo(2.5, 6);
    expect(seen.data?.units.get(crate)?.size).toBeCloseTo(12, 6);
    const said = seen.findings.filter(({ code }) => code === 'unit-not-whole').map(({ what }) => what);
    expect(said).toEqual([expect.stringContaining(`${broken.sku} (`)]);
    expect(said.join()).toContain('of 2.5 ');
    expect(said.join()).not.toContain(sound.sku);
    // Another run must find what it makes alone.
    await odoo.write('product.product', [broken.id, sound.id], { active: false });
  });

  /** So many of a unit. Until 18 a unit has a kind and its reciprocal, from 19 on it says of which other one it is how many. */
  async function addUnit(name: string, base: number, size: number): Promise<number> {
    const { client } = bench();
    const known = await client.knownFields('uom.uom', ['category_id', 'relative_factor']);
    const [row] = await client.searchRead(
      'uom.uom',
      { domain: [['id', '=', base]], fields: known.has('category_id') ? ['category_id'] : [] },
      z.object({ category_id: z.union([z.int(), z.tuple([z.int(), z.string()])]).optional() }),
    );
    const category = [row?.category_id ?? []].flat()[0];
    const values = known.has('relative_factor')
      ? { name, relative_factor: size, relative_uom_id: base }
      : {
          name,
          factor: bench().version < 19 ? 1 / size : size,
          ...(category === undefined ? {} : { category_id: category, uom_type: 'bigger' }),
        };
    const [made = 0] = await client.create('uom.uom', [values]);
    return made;
  }

  test('a database without one of the service products is not ready', async () => {
    const { odoo, administrator } = bench();
    const [other] = await odoo.searchRead('product.product', [['default_code', '=', 'QM-OTHER']], []);
    await odoo.write('product.product', [other?.id ?? 0], { active: false });
    try {
      await expect(seenBy(administrator)).resolves.toMatchObject({ missingServices: ['QM-OTHER'] });
    } finally {
      await odoo.write('product.product', [other?.id ?? 0], { active: true });
    }
  });
}
