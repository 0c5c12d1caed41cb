import { describe, expect, expectTypeOf, test } from 'vitest';
import { connectOdoo } from '../client/client.ts';
import { optionsFor, shopFloor } from '../testing/shop-floor.ts';
import type { Models } from './field.ts';
import { typedOdoo } from './typed-odoo.ts';
import type { UnknownValue } from './types.ts';

const models = {
  'sale.order': {
    name: { type: 'char', required: true },
    client_order_ref: { type: 'char' },
    state: { type: 'selection', required: true, values: ['draft', 'sent', 'sale', 'cancel'] },
    date_order: { type: 'datetime', required: true },
    amount_total: { type: 'monetary' },
    partner_id: { type: 'many2one', required: true, relation: 'res.partner' },
    order_line: { type: 'one2many', relation: 'sale.order.line', inverse: 'order_id' },
    locked: { type: 'boolean' },
  },
  'sale.order.line': {
    order_id: { type: 'many2one', required: true, relation: 'sale.order' },
    product_id: { type: 'many2one', relation: 'product.product' },
    product_uom_qty: { type: 'float' },
    price_unit: { type: 'float' },
  },
  'res.partner': {
    name: { type: 'char' },
    country_id: { type: 'many2one', relation: 'res.country' },
    active: { type: 'boolean' },
  },
  'res.country': { code: { type: 'char' } },
  'product.product': { default_code: { type: 'char' } },
} as const satisfies Models;

async function shop() {
  const sandbox = shopFloor(19);
  const odoo = typedOdoo(await connectOdoo(optionsFor(sandbox)), models);
  const [partner = 0] = await odoo.create('res.partner', [{ name: 'Jo', country_id: null }]);
  const [lamp] = await odoo.searchRead('product.product', [['default_code', '=', 'LAMP']], []);
  return { odoo, partner, product: lamp?.id ?? 0 };
}

describe('what was read', () => {
  test('has exactly the picked fields, each in our form', async () => {
    const { odoo, partner, product } = await shop();
    const [order = 0] = await odoo.create('sale.order', [
      {
        partner_id: partner,
        date_order: '2026-11-20T08:15:00.000Z',
        order_line: [odoo.command.create('sale.order.line', { product_id: product, product_uom_qty: 3, price_unit: 4.1 })],
      },
    ]);
    const [row] = await odoo.read(
      'sale.order',
      [order],
      ['name', 'client_order_ref', 'state', 'date_order', 'partner_id', 'order_line', 'locked'],
    );
    expect(row).toEqual({
      id: order,
      name: 'S00001',
      client_order_ref: null,
      state: 'draft',
      date_order: '2026-11-20T08:15:00.000Z',
      partner_id: partner,
      order_line: [expect.any(Number)],
      locked: false,
    });
    expectTypeOf(row).toEqualTypeOf<
      | ({ readonly id: number } & {
          readonly name: string;
          readonly client_order_ref: string | null;
          readonly state: 'draft' | 'sent' | 'sale' | 'cancel' | UnknownValue;
          readonly date_order: string;
          readonly partner_id: number;
          readonly order_line: readonly number[];
          readonly locked: boolean;
        })
      | undefined
    >();
    // @ts-expect-error -- it was not picked
    expect(row?.amount_total).toBeUndefined();
  });

  test('money is decimal text', async () => {
    const { odoo, partner, product } = await shop();
    const line = odoo.command.create('sale.order.line', { product_id: product, product_uom_qty: 1, price_unit: 0.1 });
    await odoo.create('sale.order', [{ partner_id: partner, order_line: [line, line, line] }]);
    const rows = await odoo.searchRead('sale.order', [], ['amount_total']);
    expectTypeOf(rows[0]?.amount_total).toEqualTypeOf<string | undefined>();
    // Three times 10 cents and 15 % on each, every line rounded for itself.
    expect(rows.map((row) => row.amount_total)).toEqual(['0.36']);
  });
});

describe('a domain', () => {
  test('leads over relations and finds what it says', async () => {
    const { odoo, partner } = await shop();
    await odoo.create('sale.order', [{ partner_id: partner }]);
    const found = await odoo.searchRead(
      'sale.order',
      ['|', ['partner_id.country_id.code', '=', 'BE'], ['partner_id.name', 'ilike', 'jo']],
      ['name'],
    );
    expect(found).toHaveLength(1);
    await expect(odoo.count('sale.order', [['state', 'in', ['sale', 'sent']]])).resolves.toBe(0);
    await expect(odoo.count('sale.order', [['partner_id', 'any', [['name', '=', 'Jo']]]])).resolves.toBe(1);
  });

  test('with an unknown field or operator does not compile, and is refused by name', async () => {
    const { odoo } = await shop();
    // @ts-expect-error -- statte is no field
    await expect(odoo.searchRead('sale.order', [['statte', '=', 'sale']], [])).rejects.toThrow(/statte of sale.order/);
    // @ts-expect-error -- no such country field
    await expect(odoo.count('sale.order', [['partner_id.country_id.kode', '=', 'BE']])).rejects.toThrow(/kode of res.country/);
    // @ts-expect-error -- a boolean is not greater than anything
    await expect(odoo.count('sale.order', [['locked', '>', true]])).resolves.toBe(0);
    // @ts-expect-error -- sold is no state
    await expect(odoo.count('sale.order', [['state', '=', 'sold']])).resolves.toBe(0);
    // @ts-expect-error -- nested terms are checked, too
    await expect(odoo.count('sale.order', [['partner_id', 'any', [['nam', '=', 'Jo']]]])).rejects.toThrow(/nam of res.partner/);
    // @ts-expect-error -- naam is no field
    await expect(odoo.searchRead('sale.order', [], ['naam'])).rejects.toThrow(/naam/);
  });

  test('takes values that are only known when running', async () => {
    const { odoo, partner } = await shop();
    await odoo.create('sale.order', [{ partner_id: partner }]);
    const ids: readonly number[] = [partner];
    const since: string | null = '2026-11-20T08:15:00Z';
    const domain = [['partner_id', 'in', ids], ...(since === null ? [] : ([['date_order', '>=', since]] as const))] as const;
    await expect(odoo.searchRead('sale.order', domain, ['name'])).resolves.toHaveLength(1);
  });
});

describe('values to write', () => {
  test('are refused by name before anything is sent', async () => {
    const { odoo, partner } = await shop();
    // @ts-expect-error -- parnter_id is no field
    await expect(odoo.create('sale.order', [{ parnter_id: partner }])).rejects.toThrow(/parnter_id/);
    // @ts-expect-error -- sold is no state
    await expect(odoo.write('sale.order', [1], { state: 'sold' })).rejects.toThrow(/"sold" is none of its values/);
    await expect(odoo.write('sale.order', [1], { date_order: 'yesterday' })).rejects.toThrow(/is no instant/);
    // @ts-expect-error -- nested values are checked, too
    const line = () => odoo.command.create('sale.order.line', { price_unit: 1, prize: 1 });
    await expect(odoo.write('sale.order', [1], { order_line: [line()] })).rejects.toThrow(/prize of sale.order.line/);
  });
});
