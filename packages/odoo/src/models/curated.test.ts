import { describe, expect, expectTypeOf, test } from 'vitest';
import { connectOdoo } from '../client/client.ts';
import { optionsFor, shopFloor } from '../testing/shop-floor.ts';
import { odoo17 } from './curated/odoo17.ts';
import { odoo19 } from './curated/odoo19.ts';
import { fullRowFields, fullRowSchema } from './full-row.ts';
import { typedOdoo } from './typed-odoo.ts';
import type { FullRow, Values } from './types.ts';

async function shops() {
  const [old, young] = await Promise.all([connectOdoo(optionsFor(shopFloor(17))), connectOdoo(optionsFor(shopFloor(19)))]);
  return { old: typedOdoo(old, odoo17), young: typedOdoo(young, odoo19) };
}

describe('the curated types of a version', () => {
  test('know its fields and not those of another one', async () => {
    const { old, young } = await shops();
    await expect(old.searchRead('sale.order.line', [], ['tax_id'])).resolves.toEqual([]);
    await expect(young.searchRead('sale.order.line', [], ['tax_ids'])).resolves.toEqual([]);
    // @ts-expect-error -- it was renamed to tax_ids
    await expect(young.searchRead('sale.order.line', [], ['tax_id'])).rejects.toThrow(/tax_id of sale.order.line/);
    // @ts-expect-error -- Odoo 19 has stock.package instead
    await expect(young.searchRead('stock.quant.package', [], ['name'])).rejects.toThrow(/stock.quant.package/);
  });

  test('follow paths over relations to the last field', async () => {
    const { young } = await shops();
    await expect(young.count('stock.picking', [['picking_type_id.warehouse_id.code', '=', 'EAST']])).resolves.toBe(0);
    // @ts-expect-error -- a warehouse has no kode
    await expect(young.count('stock.picking', [['picking_type_id.warehouse_id.kode', '=', 'EAST']])).rejects.toThrow(
      /kode of stock.warehouse/,
    );
  });

  test('take the values of a selection and commands of the right model', async () => {
    const { young } = await shops();
    const line = young.command.create('sale.order.line', { product_uom_qty: 2, tax_ids: [young.command.clear()] });
    type Order = Values<typeof odoo19, 'sale.order'>;
    const order = { picking_policy: 'direct', order_line: [line] } as const satisfies Order;
    // @ts-expect-error -- it is direct or one
    expectTypeOf({ picking_policy: 'immediately' } as const).toExtend<Order>();
    const move = young.command.create('stock.move', { quantity: 2 });
    // @ts-expect-error -- a move is no line of an order
    expectTypeOf({ order_line: [move] }).toExtend<Order>();
    expect(order.order_line[0].values).toEqual({ product_uom_qty: 2, tax_ids: [{ kind: 'clear' }] });
  });
});

describe('a whole row', () => {
  test('has every generated field but files', () => {
    expect(fullRowFields(odoo19, 'res.country')).toEqual(['code', 'name']);
    expect(fullRowFields({ m: { data: { type: 'binary' }, name: { type: 'char' } } }, 'm')).toEqual(['name']);
  });

  test('is parsed by its schema into what its type says', () => {
    const row = fullRowSchema(odoo19, 'res.country.state').parse({ id: 7, name: 'California', code: 'CA', country_id: 233, more: 1 });
    expectTypeOf(row).toEqualTypeOf<FullRow<typeof odoo19, 'res.country.state'>>();
    expectTypeOf(row.country_id).toEqualTypeOf<number>();
    expect(row).toEqual({ id: 7, name: 'California', code: 'CA', country_id: 233 });
  });

  test('of another shape is refused with the field named', () => {
    const parsed = fullRowSchema(odoo19, 'res.country.state').safeParse({ id: 7, name: false, code: 'CA' });
    expect(parsed.error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([
      ['country_id', 'is no many2one'],
      ['name', 'is no char'],
    ]);
  });
});

test('a required field that is empty in dirty data is a malformed reply that names it', async () => {
  const { young } = await shops();
  const lies = { ...odoo19, 'res.partner': { ...odoo19['res.partner'], city: { type: 'char', required: true } } } as const;
  await young.create('res.partner', [{ name: 'Jo' }]);
  await expect(typedOdoo(young.client, lies).searchRead('res.partner', [], ['city'])).rejects.toMatchObject({
    code: 'malformed-reply',
    message: expect.stringMatching(/\.city: is no char/),
  });
});
