import { idsOf, numberOf, referenceOf, textOf, type Row, type Values } from '../engine/database.ts';
import { userError } from '../engine/errors.ts';
import { boolean, char, computed, datetime, float, html, many, one, selection, set } from '../engine/field.ts';
import { action, type Topic } from '../engine/topic.ts';
import { required, rowsBy, type Context, type World } from '../engine/world.ts';

/** Quants, transfers, moves and what is reserved. */
export const stock: Topic = {
  models: (version) => ({
    'stock.quant': {
      product_id: one('product.product', { required: true }),
      location_id: one('stock.location', { required: true }),
      quantity: float,
      reserved_quantity: float,
      available_quantity: computed('float'),
      inventory_quantity: float,
      inventory_quantity_set: boolean,
    },
    'stock.picking': {
      name: char,
      state: computed('selection'),
      origin: char,
      note: html,
      partner_id: one('res.partner', { label: 'Contact' }),
      location_id: one('stock.location', { required: true, label: 'Source Location' }),
      location_dest_id: one('stock.location', { required: true, label: 'Destination Location' }),
      picking_type_id: one('stock.picking.type', { required: true, label: 'Operation Type' }),
      backorder_id: one('stock.picking'),
      sale_id: computed('many2one', 'sale.order'),
      company_id: one('res.company'),
      date_done: datetime,
      is_cancelled: boolean,
      move_ids: many('stock.move', 'picking_id', { label: 'Stock Moves' }),
      ...(version < 19
        ? { group_id: computed('many2one', 'procurement.group') }
        : { reference_ids: computed('many2many', 'stock.reference') }),
    },
    'stock.move': {
      ...(version < 19 ? { name: char, group_id: one('procurement.group') } : { reference_ids: set('stock.reference') }),
      product_id: one('product.product', { required: true }),
      product_uom_qty: float,
      quantity: float,
      picked: boolean,
      state: selection('draft', 'waiting', 'confirmed', 'partially_available', 'assigned', 'done', 'cancel'),
      location_id: one('stock.location', { required: true }),
      location_dest_id: one('stock.location', { required: true }),
      picking_id: one('stock.picking'),
      picking_type_id: one('stock.picking.type'),
      warehouse_id: one('stock.warehouse'),
      sale_line_id: one('sale.order.line'),
      move_line_ids: many('stock.move.line', 'move_id'),
    },
    'stock.move.line': {
      move_id: one('stock.move', { required: true }),
      product_id: one('product.product'),
      location_id: one('stock.location'),
      quantity: float,
      /** How much of the quantity is set aside in the quant; the rest was forced. */
      reserved: float,
    },
    [version < 19 ? 'procurement.group' : 'stock.reference']: { name: char },
  }),
  labels: { 'stock.picking': 'Transfer' },
  rights: {
    'stock.picking': ['create', 'read', 'write', 'unlink'],
    'stock.move': ['create', 'read', 'write', 'unlink'],
    'stock.quant': ['create', 'read', 'write'],
  },
  methods: {
    'stock.picking': {
      action_assign: action((world, { ids }) => assignPickings(world, ids)),
      action_cancel: action((world, { ids }) => cancelPickings(world, ids)),
      button_validate: action((world, { ids, context }) => validatePickings(world, ids, context)),
      do_unreserve: action((world, { ids }) => unreservePickings(world, ids)),
    },
    'stock.quant': { action_apply_inventory: action((world, { ids }) => applyInventory(world, ids)) },
  },
  computed: {
    'stock.quant.available_quantity': (_world, row) => numberOf(row, 'quantity') - numberOf(row, 'reserved_quantity'),
    'stock.picking.state': (world, row) => pickingState(world, row),
    'stock.picking.group_id': (world, row) => movesOf(world, row.id).map((move) => groupOf(world, move))[0] ?? false,
    'stock.picking.reference_ids': (world, row) => [...new Set(movesOf(world, row.id).flatMap((move) => idsOf(move, 'reference_ids')))],
  },
  create: { 'stock.picking': createPicking, 'stock.quant': countedQuant },
  writing: { 'stock.picking': forbidRetyping, 'stock.move': leavePlace },
  written: {
    'stock.move': (world, { after, asked }) => {
      const quantity = asked['quantity'];
      if (typeof quantity === 'number' && isOpen(after)) setQuantity(world, after, quantity);
    },
  },
};

const openStates: ReadonlySet<string> = new Set(['draft', 'waiting', 'confirmed', 'partially_available', 'assigned']);

export function isOpen(move: Row): boolean {
  return openStates.has(textOf(move, 'state'));
}

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

/** The quant of a product at a location, made when there is none. */
export function quantAt(world: World, productId: number, locationId: number): Row {
  const found = rowsBy(world, 'stock.quant', 'product_id', productId).find((quant) => quant['location_id'] === locationId);
  return (
    found ??
    world.db.insert('stock.quant', {
      product_id: productId,
      location_id: locationId,
      quantity: 0,
      reserved_quantity: 0,
      inventory_quantity: 0,
      inventory_quantity_set: false,
    })
  );
}

export function isWithin(world: World, locationId: number, ancestorId: number): boolean {
  for (
    let at: number | null = locationId;
    at !== null;
    at = referenceOf(required(world.db.get('stock.location', at), `location ${at}`), 'location_id')
  ) {
    if (at === ancestorId) return true;
  }
  return false;
}

/** Reserves what is free for moves that wait, up to `wanted` units each (their demand when not said). */
export function reserve(world: World, move: Row, wanted = numberOf(move, 'product_uom_qty')): Row {
  const productId = numberOf(move, 'product_id');
  let missing = wanted - numberOf(move, 'quantity');
  if (isStorable(world, productId)) {
    for (const quant of rowsBy(world, 'stock.quant', 'product_id', productId)) {
      const free = numberOf(quant, 'quantity') - numberOf(quant, 'reserved_quantity');
      if (missing <= 0 || free <= 0 || !isWithin(world, numberOf(quant, 'location_id'), numberOf(move, 'location_id'))) continue;
      const units = Math.min(free, missing);
      world.db.update('stock.quant', quant.id, { reserved_quantity: numberOf(quant, 'reserved_quantity') + units });
      addMoveLine(world, move, numberOf(quant, 'location_id'), units, units);
      missing -= units;
    }
  } else if (missing > 0) addMoveLine(world, move, numberOf(move, 'location_id'), missing, 0);
  return settle(world, move.id);
}

/** Gives back everything that a move reserves. */
export function unreserve(world: World, move: Row): Row {
  for (const line of rowsBy(world, 'stock.move.line', 'move_id', move.id)) {
    if (numberOf(line, 'reserved') > 0) {
      const quant = quantAt(world, numberOf(line, 'product_id'), numberOf(line, 'location_id'));
      world.db.update('stock.quant', quant.id, { reserved_quantity: numberOf(quant, 'reserved_quantity') - numberOf(line, 'reserved') });
    }
    world.db.remove('stock.move.line', line.id);
  }
  return settle(world, move.id);
}

/** What writing `quantity` on a move does: its lines are made anew, and what is not in stock is forced. */
export function setQuantity(world: World, move: Row, quantity: number): Row {
  const emptied = unreserve(world, move);
  const taken = reserve(world, emptied, quantity);
  const forced = quantity - numberOf(taken, 'quantity');
  if (forced > 0) addMoveLine(world, taken, numberOf(taken, 'location_id'), forced, 0);
  return settle(world, move.id);
}

/** `action_assign` of deliveries. */
export function assignPickings(world: World, ids: readonly number[]): true {
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
  return true;
}

/**
 * `button_validate`. Answers a wizard, and does nothing, when something is left over or a text message would be sent, unless the context says that nobody need be asked. Of several
 * deliveries those without a reservation are silently left as they are; one alone is refused.
 */
export function validatePickings(world: World, ids: readonly number[], context: Context): unknown {
  const pickings = ids.map((id) => required(world.db.get('stock.picking', id), `delivery ${id}`));
  const states = pickings.map((picking) => pickingState(world, picking));
  if (states.every((state) => state === 'done') && world.version === 19) return true;
  const shipping = pickings.filter((picking) => isOpenState(pickingState(world, picking)) && goingOut(world, picking.id).length > 0);
  if (shipping.length === 0) {
    throw userError(
      world.version === 19
        ? "Transfer trouble alert! Validating a zero quantity transfer? You're not moving invisible goods around are you?\nSet some quantities and let's get moving!"
        : 'You cannot validate a transfer if no quantities are reserved. To force the transfer, encode quantities.',
    );
  }
  const leftOver = shipping.some((picking) => remains(world, picking.id));
  if (leftOver && context['skip_backorder'] !== true) return wizard('Create Backorder?', 'stock.backorder.confirmation', ids);
  const texted = shipping.some((picking) => textOf(world.db.get('res.partner', numberOf(picking, 'partner_id')) ?? {}, 'phone') !== '');
  if (texted && context['skip_sms'] !== true) return wizard('SMS', 'confirm.stock.sms', ids);
  for (const picking of shipping) finish(world, picking);
  return true;
}

/** Reserves for waiting moves of a product after a receipt, the oldest first. */
export function reserveWaiting(world: World, productId: number, locationId: number): void {
  for (const move of rowsBy(world, 'stock.move', 'product_id', productId)) {
    const waits = move['state'] === 'confirmed' || move['state'] === 'partially_available';
    if (waits && isWithin(world, locationId, numberOf(move, 'location_id')) && reservesByItself(world, move)) reserve(world, move);
  }
}

export function reservesByItself(world: World, move: Row): boolean {
  const type = referenceOf(move, 'picking_type_id');
  return type !== null && world.db.get('stock.picking.type', type)?.['reservation_method'] === 'at_confirm';
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
    is_cancelled: false,
    company_id: world.companyId,
    ...values,
    name: `${prefix}/${String(world.db.next(prefix)).padStart(5, '0')}`,
  });
}

export function isStorable(world: World, productId: number): boolean {
  const product = required(world.db.get('product.product', productId), `product ${productId}`);
  return world.version === 17 ? product['detailed_type'] === 'product' : product['is_storable'] === true;
}

function isOpenState(state: string): boolean {
  return openStates.has(state);
}

/** Moves that a validation ships: the picked ones, or everything that has a quantity when none is picked. */
function goingOut(world: World, pickingId: number): Row[] {
  const moves = movesOf(world, pickingId).filter(isOpen);
  const picked = moves.filter((move) => move['picked'] === true);
  return (picked.length > 0 ? picked : moves).filter((move) => numberOf(move, 'quantity') > 0);
}

function remains(world: World, pickingId: number): boolean {
  const out = new Map(goingOut(world, pickingId).map((move) => [move.id, numberOf(move, 'quantity')]));
  return movesOf(world, pickingId)
    .filter(isOpen)
    .some((move) => (out.get(move.id) ?? 0) < numberOf(move, 'product_uom_qty'));
}

/** Ships: goods leave the quants, what stays open goes to a backorder that reserves again. */
function finish(world: World, picking: Row): void {
  const out = goingOut(world, picking.id);
  const leaving = new Set(out.map((move) => move.id));
  const staying = movesOf(world, picking.id).filter((move) => isOpen(move) && !leaving.has(move.id));
  const rests: Row[] = [];
  for (const move of out) {
    const quantity = numberOf(move, 'quantity');
    const rest = numberOf(move, 'product_uom_qty') - quantity;
    if (rest > 0) {
      const { id: _id, ...copied } = move;
      rests.push(world.db.insert('stock.move', { ...copied, product_uom_qty: rest, quantity: 0, picked: false, state: 'confirmed' }));
    }
    shipOut(world, move);
    world.db.update('stock.move', move.id, { product_uom_qty: quantity, quantity, picked: true, state: 'done' });
  }
  world.db.update('stock.picking', picking.id, { date_done: world.clock.now().slice(0, 19).replace('T', ' ') });
  if (rests.length + staying.length === 0) return;
  const { id: _id, name: _name, ...copied } = picking;
  const backorder = createPicking(world, { ...copied, carrier_tracking_ref: false, backorder_id: picking.id });
  for (const move of [...staying, ...rests]) {
    const moved = world.db.update('stock.move', move.id, { picking_id: backorder.id });
    if (reservesByItself(world, moved)) reserve(world, moved);
  }
}

function shipOut(world: World, move: Row): void {
  const productId = numberOf(move, 'product_id');
  if (!isStorable(world, productId)) return;
  for (const line of rowsBy(world, 'stock.move.line', 'move_id', move.id)) {
    const source = quantAt(world, productId, numberOf(line, 'location_id'));
    world.db.update('stock.quant', source.id, {
      quantity: numberOf(source, 'quantity') - numberOf(line, 'quantity'),
      reserved_quantity: numberOf(source, 'reserved_quantity') - numberOf(line, 'reserved'),
    });
    const target = quantAt(world, productId, numberOf(move, 'location_dest_id'));
    world.db.update('stock.quant', target.id, { quantity: numberOf(target, 'quantity') + numberOf(line, 'quantity') });
  }
}

function addMoveLine(world: World, move: Row, locationId: number, quantity: number, reserved: number): void {
  world.db.insert('stock.move.line', {
    move_id: move.id,
    product_id: numberOf(move, 'product_id'),
    location_id: locationId,
    quantity,
    reserved,
  });
}

/** Quantity and state of a move after its lines changed. */
function settle(world: World, moveId: number): Row {
  const move = required(world.db.get('stock.move', moveId), `move ${moveId}`);
  const quantity = rowsBy(world, 'stock.move.line', 'move_id', moveId).reduce((sum, line) => sum + numberOf(line, 'quantity'), 0);
  const demand = numberOf(move, 'product_uom_qty');
  const state =
    !isOpen(move) || move['state'] === 'draft'
      ? textOf(move, 'state')
      : quantity >= demand
        ? 'assigned'
        : quantity > 0
          ? 'partially_available'
          : 'confirmed';
  return world.db.update('stock.move', moveId, { quantity, state });
}

function wizard(name: string, model: string, ids: readonly number[]): unknown {
  return {
    name,
    type: 'ir.actions.act_window',
    view_mode: 'form',
    res_model: model,
    views: [[940, 'form']],
    view_id: 940,
    target: 'new',
    context: { button_validate_picking_ids: ids, default_pick_ids: ids.map((id) => [4, id]) },
  };
}

/** Sets the group of deliveries that ties a move to its order, under the name that the version has for it. */
export function groupValues(world: World, groupId: number): Values {
  return world.version < 19 ? { group_id: groupId } : { reference_ids: [groupId] };
}

export function groupOf(world: World, move: Row): number | null {
  return world.version < 19 ? referenceOf(move, 'group_id') : (idsOf(move, 'reference_ids')[0] ?? null);
}

/** The kind of a delivery may change until it is done or cancelled; until Odoo 17 only of a draft, and even the same kind may not be written again. */
function forbidRetyping(world: World, picking: Row, values: Values): Values {
  const type = values['picking_type_id'];
  const state = pickingState(world, picking);
  if (type === undefined || (world.version > 17 && type === picking['picking_type_id'])) return values;
  const forbidden = world.version === 17 ? state !== 'draft' : state === 'done' || state === 'cancel';
  if (forbidden) throw userError('Changing the operation type of this record is forbidden at this point.');
  return values;
}

/** A move that goes elsewhere gives back what it reserves. Its quantity is set after the rest, because that makes its lines anew. */
function leavePlace(world: World, before: Row, values: Values): Values {
  const { quantity: _set, ...others } = values;
  const moved = others['location_id'] !== undefined && others['location_id'] !== before['location_id'];
  if (moved && isOpen(before)) {
    const { quantity, state } = unreserve(world, before);
    return { quantity: quantity ?? 0, state: state ?? '', ...others };
  }
  return others;
}

/** In inventory mode a count goes to the quant that is there; it takes effect when it is applied. */
function countedQuant(world: World, values: Values, context: Context): Row {
  const quant = quantAt(world, numberOf(values, 'product_id'), numberOf(values, 'location_id'));
  if (context['inventory_mode'] !== true) throw userError('The requested operation cannot be processed because of a programming error.');
  return world.db.update('stock.quant', quant.id, {
    inventory_quantity: numberOf(values, 'inventory_quantity'),
    inventory_quantity_set: true,
  });
}

/** `action_apply_inventory`. Only Odoo 19 then reserves for what waits. */
export function applyInventory(world: World, ids: readonly number[]): void {
  for (const id of ids) {
    const quant = required(world.db.get('stock.quant', id), `quant ${id}`);
    world.db.update('stock.quant', id, {
      quantity: numberOf(quant, 'inventory_quantity'),
      inventory_quantity: 0,
      inventory_quantity_set: false,
    });
    if (world.version === 19) reserveWaiting(world, numberOf(quant, 'product_id'), numberOf(quant, 'location_id'));
  }
}
