import { idsOf, numberOf, referenceOf, textOf, type Row, type Values } from '../engine/database.ts';
import { userError } from '../engine/errors.ts';
import { required, rowsBy, type World } from '../engine/world.ts';
import { confirmMove, isOpen, reserve, unreserve } from './reservation.ts';

export function movesOf(world: World, pickingId: number): Row[] {
  return rowsBy(world, 'stock.move', 'picking_id', pickingId);
}

/** State of a delivery by its moves: `assigned` as soon as anything is reserved. */
export function pickingState(world: World, picking: Row): string {
  const moves = movesOf(world, picking.id);
  if (moves.length === 0) return picking['is_cancelled'] === true ? 'cancel' : 'draft';
  const states = new Set(moves.map((move) => textOf(move, 'state')));
  if (states.size === 1 && states.has('cancel')) return 'cancel';
  states.delete('cancel');
  if (states.size === 1 && states.has('done')) return 'done';
  if (states.has('assigned') || states.has('partially_available')) return 'assigned';
  return states.has('draft') ? 'draft' : states.has('waiting') ? 'waiting' : 'confirmed';
}

/** `action_confirm` of transfers. */
export function confirmPickings(world: World, ids: readonly number[]): true {
  for (const move of ids.flatMap((id) => movesOf(world, id))) confirmMove(world, move);
  return true;
}

/** `action_assign` of deliveries. */
export function assignPickings(world: World, ids: readonly number[]): true {
  confirmPickings(world, ids);
  const moves = ids.flatMap((id) => movesOf(world, id)).filter(isOpen);
  if (moves.length === 0) throw userError('Nothing to check the availability for.');
  // What somebody picked already is left as it is.
  for (const move of moves) if (move['picked'] !== true) reserve(world, move);
  return true;
}

export function unreservePickings(world: World, ids: readonly number[]): void {
  for (const move of ids.flatMap((id) => movesOf(world, id))) if (isOpen(move) && move['picked'] !== true) unreserve(world, move);
}

/** `action_cancel` of deliveries. */
export function cancelPickings(world: World, ids: readonly number[]): true {
  for (const id of ids) {
    const moves = movesOf(world, id);
    if (moves.some((move) => move['state'] === 'done')) {
      throw userError(
        "You cannot cancel a stock move that has been set to 'Done'. Create a return in order to reverse the moves which took place.",
      );
    }
    if (moves.length === 0) world.db.update('stock.picking', id, { is_cancelled: true });
    for (const move of moves) {
      unreserve(world, move);
      world.db.update('stock.move', move.id, { state: 'cancel', quantity: 0 });
    }
  }
  for (const id of ids) leaveBatch(world, id);
  return true;
}

/** A transfer that is done, or cancelled, by itself leaves its batch as long as another one in there is not so, too. */
export function leaveBatch(world: World, id: number): void {
  const picking = required(world.db.get('stock.picking', id), 'transfer');
  const batch = referenceOf(picking, 'batch_id');
  const state = pickingState(world, picking);
  if (batch === null || (state !== 'done' && state !== 'cancel')) return;
  if (rowsBy(world, 'stock.picking', 'batch_id', batch).some((each) => pickingState(world, each) !== state))
    world.db.update('stock.picking', id, { batch_id: false });
}

/** A delivery with its number from the sequence of its type. */
export function createPicking(world: World, values: Values): Row {
  const type = required(world.db.get('stock.picking.type', numberOf(values, 'picking_type_id')), 'operation type');
  const warehouse = world.db.get('stock.warehouse', numberOf(type, 'warehouse_id'));
  const prefix = `${textOf(warehouse ?? {}, 'code') || 'QM'}/${textOf(type, 'sequence_code')}`;
  return world.db.insert('stock.picking', {
    carrier_tracking_ref: false,
    note: false,
    origin: false,
    partner_id: false,
    backorder_id: false,
    date_done: false,
    priority: '0',
    scheduled_date: world.clock.now().slice(0, 19).replace('T', ' '),
    is_cancelled: false,
    move_type: 'direct',
    company_id: world.companyId,
    location_id: referenceOf(type, 'default_location_src_id') ?? false,
    location_dest_id: referenceOf(type, 'default_location_dest_id') ?? false,
    ...values,
    name: `${prefix}/${String(world.db.next(prefix)).padStart(5, '0')}`,
  });
}

/** A move of a transfer takes its places and its kind from it; it is a draft until it is confirmed. */
export function createMove(world: World, values: Values): Row {
  const picking = world.db.get('stock.picking', numberOf(values, 'picking_id')) ?? { id: 0 };
  return world.db.insert('stock.move', {
    picking_id: false,
    location_id: referenceOf(picking, 'location_id') ?? false,
    location_dest_id: referenceOf(picking, 'location_dest_id') ?? false,
    picking_type_id: referenceOf(picking, 'picking_type_id') ?? false,
    warehouse_id: false,
    sale_line_id: false,
    company_id: world.companyId,
    procure_method: 'make_to_stock',
    product_uom_qty: 0,
    picked: false,
    date: world.clock.now().slice(0, 19).replace('T', ' '),
    ...values,
    quantity: 0,
    state: 'draft',
  });
}

/** The kind of a delivery may change until it is done or cancelled; until Odoo 17 only of a draft, and even the same kind may not be written again. */
export function forbidRetyping(world: World, picking: Row, values: Values): Values {
  const type = values['picking_type_id'];
  const state = pickingState(world, picking);
  if (type === undefined || (world.version > 17 && type === picking['picking_type_id'])) return values;
  const forbidden = world.version === 17 ? state !== 'draft' : state === 'done' || state === 'cancel';
  if (forbidden) throw userError('Changing the operation type of this record is forbidden at this point.');
  return values;
}

/** Where a transfer shall end is where its open moves end. */
export function redirectMoves(world: World, picking: Row, target: number): void {
  for (const move of movesOf(world, picking.id).filter(isOpen)) {
    world.db.update('stock.move', move.id, { location_dest_id: target });
    for (const line of rowsBy(world, 'stock.move.line', 'move_id', move.id))
      world.db.update('stock.move.line', line.id, { location_dest_id: target });
  }
}

/** Sets the group of deliveries that ties a move to its order, under the name that the version has for it. */
export function groupValues(world: World, groupId: number): Values {
  return world.version < 19 ? { group_id: groupId } : { reference_ids: [groupId] };
}

export function groupOf(world: World, move: Row): number | null {
  return world.version < 19 ? referenceOf(move, 'group_id') : (idsOf(move, 'reference_ids')[0] ?? null);
}
