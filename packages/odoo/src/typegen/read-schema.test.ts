import { expect, test } from 'vitest';
import { connectOdoo } from '../client/client.ts';
import { optionsFor, shopFloor } from '../testing/shop-floor.ts';
import { modulesIn, readSchema } from './read-schema.ts';

test('a field that people made by hand is of no module, so it is never missed for want of one', () => {
  expect(modulesIn('')).toEqual([]);
  expect(modulesIn(false)).toEqual([]);
  expect(modulesIn('stock, sale')).toEqual(['sale', 'stock']);
});

test('models and fields that a server does not have are left out, so one list serves all versions', async () => {
  const client = await connectOdoo(optionsFor(shopFloor(17)));
  const { models } = await readSchema(client, { 'sale.order.line': ['tax_id', 'tax_ids'], 'no.such.model': ['name'], 'res.country': [] });
  expect(models).toEqual({
    'sale.order.line': { tax_id: { type: 'many2many', label: expect.any(String), relation: 'account.tax' } },
    'res.country': {},
  });
});

test('languages are data, so the ones of this database are not taken for all there are', async () => {
  const { models } = await readSchema(await connectOdoo(optionsFor(shopFloor(19))), { 'res.users': 'all', 'sale.order': ['state'] });
  expect(models['res.users']?.['tz']?.values).toBeUndefined();
  expect(models['sale.order']?.['state']?.values).toEqual(['draft', 'sent', 'sale', 'cancel']);
});
