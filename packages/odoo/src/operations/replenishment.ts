import { odooFault } from '../client/exceptions.ts';
import type { Session } from '../session/session.ts';
import { operation } from './operation.ts';
import { needing, rights } from './rights.ts';

/** When to buy a product for a warehouse, and up to how much. */
export type ReorderRule = {
  readonly product: number;
  readonly warehouse: number;
  /** Below this forecast it is ordered up to `max`. */
  readonly min: number;
  readonly max: number;
  /** `auto`: Odoo's scheduler orders by itself. */
  readonly trigger: 'auto' | 'manual';
};

export type ReorderPoint = {
  readonly id: number;
  readonly min: number;
  readonly max: number;
  readonly trigger: string;
  readonly onHand: number;
  readonly forecast: number;
  readonly toOrder: number;
};

/** Rules by which stock is replenished. */
export const replenishment = {
  /** Sets the rule of a product at a warehouse's stock; Odoo allows one. */
  set: needing(
    rights.inventoryAdministration,
    operation('replenishment.set', 'natural', async (session, given: ReorderRule): Promise<ReorderPoint> => {
      const { odoo } = session;
      const [warehouse] = await odoo.read('stock.warehouse', [given.warehouse], ['lot_stock_id']);
      if (warehouse === undefined) throw odooFault('not-found', 'replenishment.set', `there is no warehouse ${given.warehouse}`);
      const values = { product_min_qty: given.min, product_max_qty: given.max, trigger: given.trigger, active: true };
      const [there] = await odoo.searchRead(
        'stock.warehouse.orderpoint',
        [
          ['product_id', '=', given.product],
          ['location_id', '=', warehouse.lot_stock_id],
        ],
        [],
        { archived: true, limit: 1 },
      );
      if (there !== undefined) {
        await odoo.write('stock.warehouse.orderpoint', [there.id], values);
        return readPoint(session, there.id);
      }
      const own = { product_id: given.product, warehouse_id: given.warehouse, location_id: warehouse.lot_stock_id };
      const [id = 0] = await odoo.create('stock.warehouse.orderpoint', [{ ...own, ...values }]);
      return readPoint(session, id);
    }),
  ),
  /** Orders what a rule says is missing: a draft purchase order is made or grows. What is ordered counts as coming, so a repeat orders nothing. */
  order: needing(
    rights.inventoryAdministration,
    operation(
      'replenishment.order',
      'natural',
      async (session, rule: number): Promise<{ readonly rule: ReorderPoint; readonly ordered: number }> => {
        const before = await readPoint(session, rule);
        if (before.toOrder <= 0) return { rule: before, ordered: 0 };
        await session.client.act('stock.warehouse.orderpoint', 'action_replenish', [rule]);
        const after = await readPoint(session, rule);
        if (after.toOrder >= before.toOrder) {
          throw odooFault('refused', 'replenishment.order', `rule ${rule} still wants ${after.toOrder}`, {
            advice: 'Give the product a vendor, and the rule a route.',
          });
        }
        return { rule: after, ordered: before.toOrder };
      },
    ),
  ),
};

async function readPoint({ odoo }: Session, id: number): Promise<ReorderPoint> {
  const fields = ['product_min_qty', 'product_max_qty', 'trigger', 'qty_on_hand', 'qty_forecast', 'qty_to_order'] as const;
  const [point] = await odoo.read('stock.warehouse.orderpoint', [id], fields);
  if (point === undefined) throw odooFault('not-found', 'stock.warehouse.orderpoint.read', `there is no reordering rule ${id}`);
  return {
    id,
    min: point.product_min_qty,
    max: point.product_max_qty,
    trigger: point.trigger,
    onHand: point.qty_on_hand,
    forecast: point.qty_forecast,
    toOrder: point.qty_to_order,
  };
}
