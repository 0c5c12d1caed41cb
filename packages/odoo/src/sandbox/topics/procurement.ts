import { idsOf, numberOf, referenceOf, textOf, type Row, type Values } from '../engine/database.ts';
import { required, rowsBy, type World } from '../engine/world.ts';
import { createPicking, groupOf, groupValues, pickingState } from './pickings.ts';
import { confirmMove, reserve, settle } from './reservation.ts';

/** What a rule shall bring about: units of a product for somebody, and what its moves have in common. */
export type Need = {
  readonly product: number;
  readonly units: number;
  readonly group: number;
  readonly partner: number | false;
  readonly origin: string;
  readonly carrier: number | false;
  /** Values of the move that serves the need itself. */
  readonly own: Values;
};

/**
 * Carries out a pull rule: a move in an open transfer of the same group, or in a new one. A rule that makes to order calls the rule before it, whose move brings the goods: until 17
 * that is how goods are picked before they are shipped. From 18 on the first move knows where goods shall end, and the next one is made when it is done ({@link push}).
 */
export function pull(world: World, rule: Row, need: Need): Row {
  const isPicked = rule['location_dest_from_rule'] === false && world.version > 17;
  const type = world.db.get('stock.picking.type', numberOf(rule, 'picking_type_id'));
  const target = numberOf(rule, 'location_dest_id');
  const end = isPicked ? (referenceOf(type ?? {}, 'default_location_dest_id') ?? target) : target;
  const move = addMove(world, need, {
    location_id: numberOf(rule, 'location_src_id'),
    location_dest_id: end,
    picking_type_id: numberOf(rule, 'picking_type_id'),
    warehouse_id: referenceOf(rule, 'warehouse_id') ?? false,
    procure_method: rule['procure_method'] ?? 'make_to_stock',
    ...(world.version > 17 ? { location_final_id: target } : {}),
    rule_id: rule.id,
  });
  const before = rule['procure_method'] === 'make_to_order' ? ruleBefore(world, rule) : undefined;
  if (before === undefined) return confirmMove(world, move);
  const bringing = pull(world, before, { ...need, own: { move_dest_ids: [move.id] } });
  world.db.update('stock.move', move.id, { move_orig_ids: [bringing.id] });
  return confirmMove(world, world.db.get('stock.move', move.id) ?? move);
}

/** After a move is done: goods that shall go on get a move of the push rule that begins where they lie. Without one they stay there. */
export function push(world: World, done: Row): void {
  const target = referenceOf(done, 'location_final_id');
  const at = numberOf(done, 'location_dest_id');
  if (target === null || target === at || idsOf(done, 'move_dest_ids').length > 0) return;
  const rule = pushRule(world, at, target);
  const group = groupOf(world, done);
  if (rule === undefined || group === null) return;
  const picking = required(world.db.get('stock.picking', numberOf(done, 'picking_id')), 'transfer of the move');
  const move = addMove(
    world,
    {
      product: numberOf(done, 'product_id'),
      units: numberOf(done, 'quantity'),
      group,
      partner: referenceOf(picking, 'partner_id') ?? false,
      origin: textOf(picking, 'origin'),
      carrier: referenceOf(picking, 'carrier_id') ?? false,
      own: {
        sale_line_id: referenceOf(done, 'sale_line_id') ?? false,
        bom_line_id: referenceOf(done, 'bom_line_id') ?? false,
        move_orig_ids: [done.id],
      },
    },
    {
      location_id: at,
      location_dest_id: numberOf(rule, 'location_dest_id'),
      location_final_id: numberOf(rule, 'location_dest_id'),
      picking_type_id: numberOf(rule, 'picking_type_id'),
      warehouse_id: referenceOf(rule, 'warehouse_id') ?? false,
      procure_method: 'make_to_order',
      rule_id: rule.id,
    },
    world.version === 19 ? picking['carrier_tracking_ref'] : undefined,
  );
  world.db.update('stock.move', done.id, { move_dest_ids: [move.id] });
  confirmMove(world, move);
  reserve(world, settle(world, move.id));
}

function addMove(world: World, need: Need, place: Values, tracking?: unknown): Row {
  const fits = (picking: Row) =>
    ['confirmed', 'waiting', 'assigned', 'draft'].includes(pickingState(world, picking)) &&
    picking['location_id'] === place['location_id'] &&
    picking['picking_type_id'] === place['picking_type_id'] &&
    picking['partner_id'] === need.partner;
  const { location_id = false, location_dest_id = false, picking_type_id = false } = place;
  const picking =
    pickingsOfGroup(world, need.group).find(fits) ??
    createPicking(world, {
      location_id,
      location_dest_id,
      picking_type_id,
      partner_id: need.partner,
      origin: need.origin,
      ...(world.db.field('stock.picking', 'carrier_id') === undefined ? {} : { carrier_id: need.carrier }),
      ...(typeof tracking === 'string' ? { carrier_tracking_ref: tracking } : {}),
    });
  return world.db.insert('stock.move', {
    ...place,
    ...groupValues(world, need.group),
    ...(world.version < 19 ? { name: need.origin } : {}),
    sale_line_id: false,
    company_id: world.companyId,
    product_id: need.product,
    product_uom_qty: need.units,
    quantity: 0,
    picked: false,
    date: world.clock.now().slice(0, 19).replace('T', ' '),
    state: 'draft',
    picking_id: picking.id,
    ...need.own,
  });
}

/** Transfers that hold moves of a group, the newest first. */
export function pickingsOfGroup(world: World, group: number): Row[] {
  const ids = new Set(movesOfGroup(world, group).flatMap((move) => referenceOf(move, 'picking_id') ?? []));
  return [...ids].flatMap((id) => world.db.get('stock.picking', id) ?? []).sort((a, b) => b.id - a.id);
}

/** From 19 on every move of an order names its line; before, those that only bring goods name nothing but the group. */
function movesOfGroup(world: World, group: number): Row[] {
  if (world.version < 19) return rowsBy(world, 'stock.move', 'group_id', group);
  const order = referenceOf(world.db.get('stock.reference', group) ?? {}, 'sale_id') ?? 0;
  return rowsBy(world, 'sale.order.line', 'order_id', order).flatMap((line) => rowsBy(world, 'stock.move', 'sale_line_id', line.id));
}

/** The rule of the same route that brings goods to where this one takes them. */
function ruleBefore(world: World, rule: Row): Row | undefined {
  return rowsBy(world, 'stock.rule', 'route_id', numberOf(rule, 'route_id')).find(
    (each) => each.id !== rule.id && each['active'] !== false && each['location_dest_id'] === rule['location_src_id'],
  );
}

function pushRule(world: World, from: number, to: number): Row | undefined {
  return rowsBy(world, 'stock.rule', 'location_src_id', from).find(
    (each) => each['active'] !== false && (each['action'] === 'push' || each['action'] === 'pull_push') && each['location_dest_id'] === to,
  );
}
