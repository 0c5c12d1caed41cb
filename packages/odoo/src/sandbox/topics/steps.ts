import { numberOf, textOf, type Row, type Values } from '../engine/database.ts';
import { required, rowsBy, type World } from '../engine/world.ts';

/** What a warehouse has for moves inside of it: transfers between its places, and the exit where picked goods wait, which is there also when nobody picks. */
export function insidePlaces(world: World, warehouse: Row, stockId: number, viewId: number): Values {
  const company = { company_id: world.companyId, active: true };
  const output = world.db.insert('stock.location', { ...company, name: 'Output', usage: 'internal', location_id: viewId, barcode: false });
  const type = {
    ...company,
    warehouse_id: warehouse.id,
    code: 'internal',
    reservation_method: 'at_confirm',
    auto_batch: false,
    use_create_lots: false,
    use_existing_lots: true,
    default_location_src_id: stockId,
  };
  const inside = world.db.insert('stock.picking.type', {
    ...type,
    name: 'Internal Transfers',
    sequence_code: 'INT',
    default_location_dest_id: stockId,
  });
  const pick = world.db.insert('stock.picking.type', { ...type, name: 'Pick', sequence_code: 'PICK', default_location_dest_id: output.id });
  return { int_type_id: inside.id, pick_type_id: pick.id, wh_output_stock_loc_id: output.id };
}

/**
 * Changes how a warehouse delivers: the rules of its delivery route are switched off and others made; transfers that are there keep their shape. In two steps 17 pulls through the exit,
 * with both transfers from the start; from 18 on goods are pulled towards the customer and pushed on from the exit.
 */
export function setSteps(world: World, warehouse: Row, steps: string): Row {
  const { db, version } = world;
  const routeId = numberOf(warehouse, 'delivery_route_id');
  const outgoing = numberOf(warehouse, 'out_type_id');
  const stock = numberOf(warehouse, 'lot_stock_id');
  const output = numberOf(warehouse, 'wh_output_stock_loc_id');
  const isDirect = steps === 'ship_only';
  for (const rule of rowsBy(world, 'stock.rule', 'route_id', routeId)) db.update('stock.rule', rule.id, { active: false });
  const name = textOf(warehouse, 'name');
  db.update('stock.route', routeId, { name: isDirect ? `${name}: Deliver in 1 step (ship)` : `${name}: Deliver in 2 steps (pick + ship)` });
  db.update('stock.picking.type', outgoing, { default_location_src_id: isDirect ? stock : output });
  const common = { company_id: world.companyId, active: true, route_id: routeId, warehouse_id: warehouse.id, propagate_carrier: true };
  const rule = (label: string, values: Values) =>
    db.insert('stock.rule', { ...common, name: `${textOf(warehouse, 'code')}: ${label}`, ...values });
  const pull = { action: 'pull', procure_method: 'make_to_stock', location_src_id: stock };
  const shipping = { location_dest_id: world.customersId, picking_type_id: outgoing };
  const picking = { picking_type_id: numberOf(warehouse, 'pick_type_id') };
  if (isDirect) rule('Stock → Customers', { ...pull, ...shipping });
  else if (version === 17) {
    rule('Output → Customers', { ...pull, ...shipping, location_src_id: output, procure_method: 'make_to_order' });
    rule('Stock → Output', { ...pull, ...picking, location_dest_id: output });
  } else {
    rule('Stock → Customers', { ...pull, ...picking, location_dest_id: world.customersId, location_dest_from_rule: false });
    rule('Output → Customers', { ...shipping, action: 'push', procure_method: 'make_to_order', location_src_id: output });
  }
  return db.update('stock.warehouse', warehouse.id, { delivery_steps: steps });
}

/** After a warehouse was written. */
export function changedSteps(world: World, before: Row, after: Row): void {
  const steps = textOf(after, 'delivery_steps');
  if (steps !== '' && steps !== before['delivery_steps'])
    setSteps(world, required(world.db.get('stock.warehouse', after.id), 'warehouse'), steps);
}
