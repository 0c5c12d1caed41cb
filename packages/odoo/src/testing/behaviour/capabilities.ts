import { systemClock } from '@quartermaster/connector-kit';
import { expect, test } from 'vitest';
import type { OdooOptions } from '../../client/client.ts';
import { readCapabilities, type Capabilities } from '../../capabilities/read-capabilities.ts';
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
