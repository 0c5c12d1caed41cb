import { idsOf, numberOf, referenceOf, textOf, type Row } from '../engine/database.ts';
import { userError, validationError } from '../engine/errors.ts';
import { required, rowsBy, type Context, type World } from '../engine/world.ts';
import { announce } from './delivery.ts';
import { confirmPickings, createPicking, movesOf, pickingState } from './pickings.ts';
import { push } from './procurement.ts';
import { addTo, clearEmptyQuants, isReserved, isStorable, placeOf } from './quants.ts';
import { freeReservation, isOpen, linesOf, reserve, reservesByItself, setQuantity, settle, trackingOf, unreserve } from './reservation.ts';

/**
 * `button_validate`. Answers a wizard, and does nothing, when something is left over or a text message would be sent, unless the context says that nobody need be asked. Of several
 * deliveries those without a reservation are silently left as they are; one alone is refused.
 */
export function validatePickings(world: World, ids: readonly number[], context: Context): unknown {
  const read = () => ids.map((id) => required(world.db.get('stock.picking', id), `delivery ${id}`));
  if (world.version === 19 && read().every((picking) => pickingState(world, picking) === 'done')) return true;
  fillDrafts(
    world,
    read().filter((picking) => pickingState(world, picking) === 'draft'),
  );
  if (context['skip_sanity_check'] !== true) refuseEmpty(world, ids);
  refusePickedWithoutLot(world, ids);
  const shipping = read().filter((picking) => goingOut(world, picking.id).length > 0);
  const leftOver = shipping.some((picking) => remains(world, picking.id));
  if (leftOver && context['skip_backorder'] !== true) return wizard('Create Backorder?', 'stock.backorder.confirmation', ids);
  const texted = shipping.some((picking) => isOutgoing(world, picking) && phoneOf(world, picking) !== '');
  if (texted && context['skip_sms'] !== true) return wizard('SMS', 'confirm.stock.sms', ids);
  const dropped = idsOf({ ids: asIds(context['picking_ids_not_to_backorder']) }, 'ids');
  for (const picking of shipping) finish(world, picking, !dropped.includes(picking.id));
  return true;
}

/** Carries moves out: their lines take goods from one place to another. Throws when a lot is missing or a serial number is there twice. */
export function carryOut(world: World, moves: readonly Row[]): void {
  const lines = moves.flatMap((move) => linesOf(world, move.id));
  nameLots(world, lines);
  const done = new Set<number>();
  for (const line of lines.map((each) => required(world.db.get('stock.move.line', each.id), 'line'))) {
    carryLine(world, line, done);
    done.add(line.id);
  }
  for (const productId of new Set(lines.map((line) => numberOf(line, 'product_id')))) {
    refuseDoubleSerials(world, productId);
    clearEmptyQuants(world, productId);
  }
}

function carryLine(world: World, line: Row, done: ReadonlySet<number>): void {
  const source = placeOf(line);
  const quantity = numberOf(line, 'quantity');
  if (!isStorable(world, source.product_id) || quantity === 0) return;
  const reserved = isReserved(world, source.product_id, source.location_id) ? -quantity : 0;
  const left = addTo(world, source, { quantity: -quantity, reserved });
  const result = referenceOf(line, 'result_package_id') ?? (false as const);
  addTo(world, { ...source, location_id: numberOf(line, 'location_dest_id'), package_id: result }, { quantity });
  const free = numberOf(left, 'quantity') - numberOf(left, 'reserved_quantity');
  if (reserved !== 0 && free < 0) freeReservation(world, source, -free, new Set([...done, line.id]));
}

/** Gives lines their lots: an incoming one that names a lot finds or makes it; any other must hold one already. */
function nameLots(world: World, lines: readonly Row[]): void {
  const missing = new Set<number>();
  for (const line of lines) {
    const productId = numberOf(line, 'product_id');
    if (trackingOf(world, productId) === 'none' || referenceOf(line, 'lot_id') !== null) continue;
    const type = typeOfLine(world, line);
    if (type?.['use_create_lots'] !== true && type?.['use_existing_lots'] !== true && type !== undefined) continue;
    const name = textOf(line, 'lot_name');
    if (name === '' || type?.['use_create_lots'] !== true) {
      missing.add(productId);
      continue;
    }
    const lots = rowsBy(world, 'stock.lot', 'product_id', productId);
    const lot =
      lots.find((each) => each['name'] === name) ??
      world.db.insert('stock.lot', { name, product_id: productId, company_id: world.companyId });
    world.db.update('stock.move.line', line.id, { lot_id: lot.id });
  }
  if (missing.size === 0) return;
  const names = [...missing].map((id) => displayName(world, id));
  throw userError(
    world.version === 17
      ? `You need to supply a Lot/Serial Number for product: \n - ${names.join('\n - ')}`
      : `You need to supply a Lot/Serial Number for product:\n${names.map((name) => `- ${name}`).join('\n')}`,
  );
}

/** What a person marked as picked is looked at before anything else. */
function refusePickedWithoutLot(world: World, ids: readonly number[]): void {
  const missing = new Set<number>();
  const pickings = new Set<number>();
  for (const id of ids) {
    for (const line of movesOf(world, id)
      .filter(isOpen)
      .flatMap((move) => linesOf(world, move.id))) {
      const type = typeOfLine(world, line);
      const usesLots = type?.['use_create_lots'] === true || type?.['use_existing_lots'] === true;
      if (!usesLots || line['picked'] !== true || numberOf(line, 'quantity') === 0) continue;
      if (trackingOf(world, numberOf(line, 'product_id')) === 'none') continue;
      if (referenceOf(line, 'lot_id') !== null || textOf(line, 'lot_name') !== '') continue;
      missing.add(numberOf(line, 'product_id'));
      pickings.add(id);
    }
  }
  if (missing.size === 0) return;
  const products = [...missing].map((id) => displayName(world, id)).join(', ');
  if (ids.length === 1) throw userError(`You need to supply a Lot/Serial number for products ${products}.`);
  const names = [...pickings].map((id) => textOf(world.db.get('stock.picking', id) ?? {}, 'name')).join(', ');
  throw userError(`Transfers ${names}: You need to supply a Lot/Serial number for products ${products}.`);
}

function refuseDoubleSerials(world: World, productId: number): void {
  if (trackingOf(world, productId) !== 'serial') return;
  for (const quant of rowsBy(world, 'stock.quant', 'product_id', productId)) {
    const lot = referenceOf(quant, 'lot_id');
    const isLoss = world.db.get('stock.location', numberOf(quant, 'location_id'))?.['usage'] === 'inventory';
    if (lot === null || isLoss || Math.abs(numberOf(quant, 'quantity')) <= 1) continue;
    throw validationError(
      `The serial number has already been assigned: \n Product: ${displayName(world, productId)}, Serial Number: ${textOf(world.db.get('stock.lot', lot) ?? {}, 'name')}`,
    );
  }
}

/** A draft is confirmed, and what is not there is taken as given. */
function fillDrafts(world: World, drafts: readonly Row[]): void {
  confirmPickings(
    world,
    drafts.map((draft) => draft.id),
  );
  for (const move of drafts.flatMap((draft) => movesOf(world, draft.id)))
    if (numberOf(move, 'quantity') === 0 && numberOf(move, 'product_uom_qty') > 0)
      setQuantity(world, move, numberOf(move, 'product_uom_qty'));
}

function refuseEmpty(world: World, ids: readonly number[]): void {
  const empty = ids.filter((id) => movesOf(world, id).length === 0);
  if (ids.length > 1) {
    if (empty.length === 0) return;
    const names = empty.map((id) => textOf(world.db.get('stock.picking', id) ?? {}, 'name'));
    throw userError(`Transfers ${names.join(', ')}: Please add some items to move.`);
  }
  if (empty.length > 0) throw userError('You can’t validate an empty transfer. Please add some products to move before proceeding.');
  const [id = 0] = ids;
  if (movesOf(world, id).some((move) => isOpen(move) && numberOf(move, 'quantity') > 0)) return;
  throw userError(
    world.version === 19
      ? "Transfer trouble alert! Validating a zero quantity transfer? You're not moving invisible goods around are you?\nSet some quantities and let's get moving!"
      : 'You cannot validate a transfer if no quantities are reserved. To force the transfer, encode quantities.',
  );
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

/** Carries out a delivery. What stays open goes to a backorder that reserves again, or is dropped. */
function finish(world: World, picking: Row, backorders: boolean): void {
  const out = goingOut(world, picking.id);
  const leaving = new Set(out.map((move) => move.id));
  const staying = movesOf(world, picking.id).filter((move) => isOpen(move) && !leaving.has(move.id));
  const rests: Row[] = [];
  for (const move of out) {
    const rest = numberOf(move, 'product_uom_qty') - numberOf(move, 'quantity');
    if (rest <= 0 || !backorders) continue;
    rests.push(splitMove(world, move, rest));
  }
  carryOut(world, out);
  const date = world.clock.now().slice(0, 19).replace('T', ' ');
  for (const move of out) {
    const quantity = numberOf(move, 'quantity');
    const demand = backorders ? quantity : Math.max(quantity, numberOf(move, 'product_uom_qty'));
    const done = world.db.update('stock.move', move.id, { product_uom_qty: demand, quantity, picked: true, state: 'done', date });
    for (const line of linesOf(world, move.id)) world.db.update('stock.move.line', line.id, { picked: true });
    push(world, done);
  }
  world.db.update('stock.picking', picking.id, { date_done: date, priority: '0' });
  if (isOutgoing(world, picking) && world.db.field('stock.picking', 'carrier_id') !== undefined) announce(world, picking);
  for (const next of out.flatMap((move) => idsOf(world.db.get('stock.move', move.id) ?? {}, 'move_dest_ids'))) {
    const move = world.db.get('stock.move', next);
    if (move !== undefined && isOpen(move)) reserve(world, settle(world, move.id));
  }
  if (!backorders) for (const move of staying) cancelMove(world, move);
  else if (rests.length + staying.length > 0) backorder(world, picking, [...staying, ...rests]);
}

/** Takes units of demand off a move into a new one that nothing is reserved for yet. */
export function splitMove(world: World, move: Row, units: number): Row {
  const { id: _id, ...copied } = move;
  world.db.update('stock.move', move.id, { product_uom_qty: numberOf(move, 'product_uom_qty') - units });
  const split = world.db.insert('stock.move', { ...copied, product_uom_qty: units, quantity: 0, picked: false, state: 'confirmed' });
  for (const origin of idsOf(move, 'move_orig_ids')) link(world, origin, 'move_dest_ids', split.id);
  for (const next of idsOf(move, 'move_dest_ids')) link(world, next, 'move_orig_ids', split.id);
  return settle(world, split.id);
}

export function link(world: World, moveId: number, field: 'move_orig_ids' | 'move_dest_ids', other: number): void {
  const move = world.db.get('stock.move', moveId);
  if (move !== undefined) world.db.update('stock.move', moveId, { [field]: [...new Set([...idsOf(move, field), other])] });
}

export function cancelMove(world: World, move: Row): void {
  unreserve(world, move);
  world.db.update('stock.move', move.id, { state: 'cancel', quantity: 0 });
}

function backorder(world: World, picking: Row, moves: readonly Row[]): void {
  const { id: _id, name: _name, ...copied } = picking;
  // What belongs to a parcel or a wave stays with what was sent.
  const left = { carrier_tracking_ref: false, carrier_price: 0, batch_id: false, backorder_id: picking.id };
  const rest = createPicking(world, { ...copied, ...left });
  for (const move of moves) {
    const moved = world.db.update('stock.move', move.id, { picking_id: rest.id });
    for (const line of linesOf(world, move.id)) world.db.update('stock.move.line', line.id, { picking_id: rest.id });
    if (reservesByItself(world, moved)) reserve(world, moved);
  }
}

function isOutgoing(world: World, picking: Row): boolean {
  return world.db.get('stock.picking.type', numberOf(picking, 'picking_type_id'))?.['code'] === 'outgoing';
}

function phoneOf(world: World, picking: Row): string {
  return textOf(world.db.get('res.partner', numberOf(picking, 'partner_id')) ?? {}, 'phone');
}

function typeOfLine(world: World, line: Row): Row | undefined {
  const move = world.db.get('stock.move', numberOf(line, 'move_id'));
  return world.db.get('stock.picking.type', numberOf(move ?? {}, 'picking_type_id'));
}

export function displayName(world: World, productId: number): string {
  const product = world.db.get('product.product', productId) ?? {};
  const code = textOf(product, 'default_code');
  return code === '' ? textOf(product, 'name') : `[${code}] ${textOf(product, 'name')}`;
}

function asIds(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.filter((id) => typeof id === 'number') : [];
}

/** A window that asks a person, as an action. */
export function wizard(name: string, model: string, ids: readonly number[]): unknown {
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
