import { textOf, type Row, type Values } from './database.ts';
import type { World } from './world.ts';

/** A warehouse with what Odoo makes along with it: its locations, its operation types (which batch by themselves, as of a new warehouse) and its own delivery route. */
export function createWarehouse(world: World, values: Values): Row {
  const { db, companyId } = world;
  const code = textOf(values, 'code');
  const name = textOf(values, 'name');
  const company = { company_id: companyId, active: true };
  const view = db.insert('stock.location', { ...company, name: code, usage: 'view', location_id: false, barcode: false });
  const stock = db.insert('stock.location', { ...company, name: 'Stock', usage: 'internal', location_id: view.id, barcode: false });
  const warehouse = db.insert('stock.warehouse', {
    ...company,
    name,
    code,
    view_location_id: view.id,
    lot_stock_id: stock.id,
    out_type_id: false,
    in_type_id: false,
    delivery_route_id: false,
  });
  const type = { ...company, warehouse_id: warehouse.id, reservation_method: 'at_confirm', auto_batch: true };
  const incoming = db.insert('stock.picking.type', {
    ...type,
    name: 'Receipts',
    code: 'incoming',
    sequence_code: 'IN',
    default_location_src_id: world.suppliersId,
    default_location_dest_id: stock.id,
  });
  const outgoing = db.insert('stock.picking.type', {
    ...type,
    name: 'Delivery Orders',
    code: 'outgoing',
    sequence_code: 'OUT',
    default_location_src_id: stock.id,
    default_location_dest_id: world.customersId,
  });
  const route = db.insert('stock.route', {
    ...company,
    name: `${name}: Deliver in 1 step (ship)`,
    sale_selectable: false,
    product_selectable: false,
  });
  db.insert('stock.rule', {
    ...company,
    name: `${code}: Stock → Customers`,
    route_id: route.id,
    action: 'pull',
    location_src_id: stock.id,
    location_dest_id: world.customersId,
    picking_type_id: outgoing.id,
    procure_method: 'make_to_stock',
    warehouse_id: warehouse.id,
    propagate_carrier: true,
  });
  return db.update('stock.warehouse', warehouse.id, { out_type_id: outgoing.id, in_type_id: incoming.id, delivery_route_id: route.id });
}
