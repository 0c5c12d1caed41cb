import { toBeSourcedBarcode } from '../../session/layout.ts';
import { numberOf, referenceOf, textOf, type Row, type Values } from '../engine/database.ts';
import { boolean, char, code, computed, many, one, selection } from '../engine/field.ts';
import type { Topic } from '../engine/topic.ts';
import type { World } from '../engine/world.ts';
import { changedSteps, insidePlaces, setSteps } from './steps.ts';

/** Warehouses, locations, operation types, routes and rules. */
export const warehouses: Topic = {
  models: (version) => ({
    'stock.location': {
      name: { ...char, required: true },
      complete_name: computed('char'),
      usage: selection('view', 'internal', 'customer', 'supplier', 'inventory', 'production', 'transit'),
      location_id: one('stock.location', { label: 'Parent Location' }),
      parent_path: computed('char'),
      barcode: code,
      company_id: one('res.company'),
      active: boolean,
    },
    'stock.warehouse': {
      name: { ...char, required: true },
      code: { ...code, required: true },
      company_id: one('res.company'),
      view_location_id: one('stock.location'),
      lot_stock_id: one('stock.location'),
      out_type_id: one('stock.picking.type'),
      in_type_id: one('stock.picking.type'),
      int_type_id: one('stock.picking.type'),
      pick_type_id: one('stock.picking.type'),
      wh_output_stock_loc_id: one('stock.location'),
      delivery_steps: selection('ship_only', 'pick_ship', 'pick_pack_ship'),
      delivery_route_id: one('stock.route'),
      active: boolean,
    },
    'stock.picking.type': {
      name: { ...char, required: true },
      code: selection('incoming', 'outgoing', 'internal'),
      sequence_code: char,
      warehouse_id: one('stock.warehouse'),
      company_id: one('res.company'),
      default_location_src_id: one('stock.location'),
      default_location_dest_id: one('stock.location'),
      reservation_method: selection('at_confirm', 'manual', 'by_date'),
      use_create_lots: boolean,
      use_existing_lots: boolean,
      return_picking_type_id: one('stock.picking.type'),
      active: boolean,
    },
    'stock.route': {
      name: { ...char, required: true },
      sale_selectable: boolean,
      product_selectable: boolean,
      company_id: one('res.company'),
      rule_ids: many('stock.rule', 'route_id'),
      active: boolean,
    },
    'stock.rule': {
      name: { ...char, required: true },
      route_id: one('stock.route', { required: true }),
      action: selection('pull', 'push', 'pull_push'),
      location_src_id: one('stock.location'),
      location_dest_id: one('stock.location', { required: true }),
      picking_type_id: one('stock.picking.type', { required: true }),
      procure_method: selection('make_to_stock', 'make_to_order', 'mts_else_mto'),
      warehouse_id: one('stock.warehouse'),
      company_id: one('res.company'),
      propagate_carrier: boolean,
      ...(version > 17 ? { location_dest_from_rule: boolean } : {}),
      ...(version < 19 ? { group_propagation_option: selection('none', 'propagate', 'fixed') } : {}),
      active: boolean,
    },
  }),
  computed: {
    'stock.location.complete_name': (world, row) =>
      pathOf(world, row)
        .map((location) => textOf(location, 'name'))
        .join('/'),
    'stock.location.parent_path': (world, row) =>
      `${pathOf(world, row)
        .map((location) => location.id)
        .join('/')}/`,
  },
  create: {
    'stock.warehouse': createWarehouse,
    'stock.picking.type': (world, values) =>
      world.db.insert('stock.picking.type', { active: true, auto_batch: false, reservation_method: 'at_confirm', ...values }),
  },
  written: { 'stock.warehouse': (world, { before, after }) => changedSteps(world, before, after) },
  install(world) {
    createWarehouse(world, { code: 'WH', name: 'My Company' });
  },
};

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
    delivery_steps: 'ship_only',
  });
  const type = { ...company, warehouse_id: warehouse.id, reservation_method: 'at_confirm', auto_batch: true };
  const incoming = db.insert('stock.picking.type', {
    ...type,
    name: 'Receipts',
    code: 'incoming',
    sequence_code: 'IN',
    default_location_src_id: world.suppliersId,
    default_location_dest_id: stock.id,
    use_create_lots: true,
    use_existing_lots: false,
  });
  const outgoing = db.insert('stock.picking.type', {
    ...type,
    name: 'Delivery Orders',
    code: 'outgoing',
    sequence_code: 'OUT',
    default_location_src_id: stock.id,
    default_location_dest_id: world.customersId,
    use_create_lots: false,
    use_existing_lots: true,
    return_picking_type_id: incoming.id,
  });
  db.update('stock.picking.type', incoming.id, { return_picking_type_id: outgoing.id });
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
  const made = db.update('stock.warehouse', warehouse.id, {
    out_type_id: outgoing.id,
    in_type_id: incoming.id,
    delivery_route_id: route.id,
    ...insidePlaces(world, warehouse, stock.id, view.id),
  });
  return values['delivery_steps'] === 'pick_ship' ? setSteps(world, made, 'pick_ship') : made;
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

/** A location and those above it, the highest first. */
function pathOf(world: World, row: Row): Row[] {
  const path: Row[] = [];
  for (let at: Row | undefined = row; at !== undefined;) {
    path.unshift(at);
    const parent = referenceOf(at, 'location_id');
    at = parent === null ? undefined : world.db.get('stock.location', parent);
  }
  return path;
}
