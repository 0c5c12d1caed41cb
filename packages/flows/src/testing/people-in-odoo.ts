import { sandboxFetch } from '@quartermaster/connector-kit/sandbox';
import { connectOdoo, type Json, type OdooClient } from '@quartermaster/odoo';
import { z } from 'zod';
import type { Scene } from './scene.ts';

const rowsSchema = z.array(z.looseObject({ id: z.int() }));

/** Somebody who edits in Odoo's own pages, beside Quartermaster. */
export async function somebodyIn(scene: Pick<Scene, 'odoo' | 'clock'>) {
  const url = 'http://people.test';
  const client = await connectOdoo({
    url,
    database: 'db',
    login: 'qm',
    secret: { apiKey: 'key-of-odoo' },
    clock: scene.clock,
    fetch: sandboxFetch({ [url]: scene.odoo.app }),
  });
  const call = (model: string, method: string, ids: readonly number[], args: Record<string, Json> = {}) =>
    client.call({ model, method, ids, args, repeat: 'never', timeout: 'write' }, z.unknown());
  const ids = async (model: string, domain: Json[]): Promise<number[]> => {
    const rows = await client.call(
      { model, method: 'search_read', args: { domain, fields: ['id'] }, repeat: 'always', timeout: 'read' },
      rowsSchema,
    );
    return rows.map(({ id }) => id).sort((a, b) => a - b);
  };
  const create = async (model: string, values: Record<string, Json>): Promise<number> =>
    z.array(z.int()).parse(await call(model, 'create', [], { vals_list: [values] }))[0] ?? 0;
  return {
    call,
    /** Validates a delivery with what was found; the rest becomes a backorder, or is dropped. */
    validateWith: (delivery: number, units: Readonly<Record<string, number>>, rest?: 'backorder' | 'drop') =>
      validateWith(client, delivery, units, rest),
    /** An order of one line, by the name that the shop gives it, from one warehouse. */
    async enterOrder(given: { readonly reference: string; readonly sku: string; readonly units: number; readonly node: string }) {
      const [product = 0] = await ids('product.product', [['default_code', '=', given.sku]]);
      const [warehouse = 0] = await ids('stock.warehouse', [['code', '=', given.node]]);
      const partner = await create('res.partner', { name: 'Somebody' });
      const order = await create('sale.order', {
        partner_id: partner,
        client_order_ref: given.reference,
        warehouse_id: warehouse,
        order_line: [[0, 0, { product_id: product, product_uom_qty: given.units }]],
      });
      await call('sale.order', 'action_confirm', [order]);
    },
    orders: () => ids('sale.order', []),
    lines: () => ids('sale.order.line', [['product_id.default_code', '=', 'MUG']]),
    pickings: () => ids('stock.picking', []),
  };
}

/** What a worker does who has found less: writes units by SKU on the lines of a delivery, and validates it with a backorder of the rest, or without. */
export async function validateWith(
  client: OdooClient,
  delivery: number,
  units: Readonly<Record<string, number>>,
  rest: 'backorder' | 'drop' = 'backorder',
): Promise<void> {
  for (const [sku, quantity] of Object.entries(units)) {
    const domain = [
      ['picking_id', '=', delivery],
      ['product_id.default_code', '=', sku],
    ];
    const [move] = await client.searchRead('stock.move', { domain, fields: [] }, z.object({ id: z.int() }));
    await client.write('stock.move', [move?.id ?? 0], { quantity, picked: quantity > 0 });
  }
  const dropped = rest === 'drop' ? { picking_ids_not_to_backorder: [delivery] } : {};
  await client.act('stock.picking', 'button_validate', [delivery], { context: { skip_backorder: true, skip_sms: true, ...dropped } });
}
