import { toBeSourcedBarcode } from '../session/layout.ts';
import { numberOf, textOf, type Row, type Values } from './database.ts';
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

/** Gives a warehouse what our set-up gives it: no batches and a route of its own; and once the place where lines wait to be sourced. */
export function setUpWarehouse(world: World, warehouse: Row): void {
  const { db } = world;
  const pickingType = numberOf(warehouse, 'out_type_id');
  db.update('stock.picking.type', pickingType, { auto_batch: false });
  if ((db.lookUp('stock.location', 'barcode', toBeSourcedBarcode) ?? []).length === 0) setUpWaitingPlace(world, warehouse);
  addRoute(world, `Quartermaster: ships from ${textOf(warehouse, 'code')}`, numberOf(warehouse, 'lot_stock_id'), pickingType);
}

function setUpWaitingPlace(world: World, warehouse: Row): void {
  const { db, companyId } = world;
  const company = { company_id: companyId, active: true };
  const above = db.insert('stock.location', { ...company, name: 'Quartermaster', usage: 'view', location_id: false, barcode: false });
  const place = db.insert('stock.location', {
    ...company,
    name: 'To be sourced',
    usage: 'internal',
    location_id: above.id,
    barcode: toBeSourcedBarcode,
  });
  const pickingType = db.insert('stock.picking.type', {
    ...company,
    name: 'To be sourced',
    code: 'outgoing',
    sequence_code: 'QMS',
    warehouse_id: warehouse.id,
    reservation_method: 'manual',
    auto_batch: false,
    default_location_src_id: place.id,
    default_location_dest_id: world.customersId,
  });
  addRoute(world, 'Quartermaster: to be sourced', place.id, pickingType.id);
}

function addRoute(world: World, name: string, from: number, pickingType: number): void {
  const company = { company_id: world.companyId, active: true };
  const route = world.db.insert('stock.route', { ...company, name, sale_selectable: true, product_selectable: false });
  world.db.insert('stock.rule', {
    ...company,
    name,
    route_id: route.id,
    action: 'pull',
    location_src_id: from,
    location_dest_id: world.customersId,
    picking_type_id: pickingType,
    procure_method: 'make_to_stock',
    warehouse_id: false,
    propagate_carrier: true,
  });
}
