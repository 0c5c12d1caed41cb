import { expect, test } from 'vitest';
import type { Workbench } from './workbench.ts';

export function deliveriesBehave(bench: () => Workbench): void {
  test('a delivery is reserved as far as goods are there, given back, and reserved again', async () => {
    const { odoo, operations, session, node, product, customer } = bench();
    const lamp = await product({ units: { QME: 3 } });
    const east = node('QME');
    const [order = 0] = await odoo.create('sale.order', [
      {
        partner_id: await customer(),
        warehouse_id: east.id,
        order_line: [odoo.command.create('sale.order.line', { product_id: lamp.id, product_uom_qty: 5 })],
      },
    ]);
    await session.client.act('sale.order', 'action_confirm', [order]);
    const [delivery] = await odoo.searchRead('stock.picking', [['sale_id', '=', order]], []);
    const id = delivery?.id ?? 0;
    const reserved = (units: number) => ({ moves: [{ product: lamp.id, demand: 5, reserved: units }] });
    await expect(operations.deliveries.unreserve(id)).resolves.toMatchObject({ state: 'confirmed', ...reserved(0) });
    for (const _again of [1, 2])
      await expect(operations.deliveries.reserve(id)).resolves.toMatchObject({ state: 'assigned', ...reserved(3) });
  });
}
