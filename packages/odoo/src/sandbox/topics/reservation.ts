import { idsOf, numberOf, referenceOf, textOf, type Row, type Values } from '../engine/database.ts';
import { userError } from '../engine/errors.ts';
import { required, rowsBy, type World } from '../engine/world.ts';
import { addTo, isReserved, isStorable, isWithin, placeOf, type Place } from './quants.ts';

const openStates: ReadonlySet<string> = new Set(['draft', 'waiting', 'confirmed', 'partially_available', 'assigned']);

export function isOpen(move: Row): boolean {
  return openStates.has(textOf(move, 'state'));
}

export function linesOf(world: World, moveId: number): Row[] {
  return rowsBy(world, 'stock.move.line', 'move_id', moveId);
}

/** Reserves what is free for a move, up to `wanted` units (its demand when not said). A move that others bring goods to takes only theirs. */
export function reserve(world: World, move: Row, wanted = numberOf(move, 'product_uom_qty')): Row {
  const productId = numberOf(move, 'product_id');
  let missing = wanted - numberOf(move, 'quantity');
  if (missing <= 0) return settle(world, move.id);
  if (!isReserved(world, productId, numberOf(move, 'location_id'))) {
    // From outside of the company anything may come; what went there before comes back in the same lots.
    for (const [lot, units] of broughtLots(world, move)) {
      const taken = Math.min(units, missing);
      if (taken <= 0) continue;
      takeFrom(world, move, { ...placeOf(move), lot_id: lot, package_id: false }, taken);
      missing -= taken;
    }
    if (missing > 0) addForced(world, move, missing);
    return settle(world, move.id);
  }
  const brought = broughtTo(world, move);
  for (const quant of rowsBy(world, 'stock.quant', 'product_id', productId)) {
    const free = numberOf(quant, 'quantity') - numberOf(quant, 'reserved_quantity');
    if (missing <= 0 || free <= 0 || !isWithin(world, numberOf(quant, 'location_id'), numberOf(move, 'location_id'))) continue;
    const key = keyOf(placeOf(quant));
    const units = Math.min(free, missing, brought?.get(key) ?? (brought === null ? missing : 0));
    if (units <= 0) continue;
    brought?.set(key, (brought.get(key) ?? 0) - units);
    takeFrom(world, move, placeOf(quant), units);
    missing -= units;
  }
  return settle(world, move.id);
}

/** Gives back everything that a move reserves. */
export function unreserve(world: World, move: Row): Row {
  for (const line of linesOf(world, move.id)) removeLine(world, line);
  return settle(world, move.id);
}

/** What writing `quantity` on a move does: less is taken off its last lines; more is reserved, and what is not in stock is forced. */
export function setQuantity(world: World, move: Row, quantity: number): Row {
  let less = numberOf(settle(world, move.id), 'quantity') - quantity;
  for (const line of linesOf(world, move.id).toReversed()) {
    if (less <= 0) break;
    const taken = Math.min(less, numberOf(line, 'quantity'));
    less -= taken;
    if (taken === numberOf(line, 'quantity')) removeLine(world, line);
    else changeLine(world, line, { quantity: numberOf(line, 'quantity') - taken });
  }
  if (less < 0) addForced(world, required(world.db.get('stock.move', move.id), 'move'), -less);
  return settle(world, move.id);
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

/** A draft move becomes one that waits, and reserves if its operation type does so by itself. */
export function confirmMove(world: World, move: Row): Row {
  if (move['state'] !== 'draft') return move;
  world.db.update('stock.move', move.id, { state: 'confirmed' });
  const confirmed = settle(world, move.id);
  const bypasses = !isReserved(world, numberOf(move, 'product_id'), numberOf(move, 'location_id'));
  const waits = confirmed['state'] === 'waiting';
  return !waits && (bypasses || reservesByItself(world, confirmed)) ? reserve(world, confirmed) : confirmed;
}

/** A line takes its place from its move; what it says it holds is set aside, whether it is there or not. */
export function insertLine(world: World, values: Values): Row {
  const move = required(world.db.get('stock.move', moveOfLine(world, values)), 'move of the line');
  const line = world.db.insert('stock.move.line', {
    picking_id: referenceOf(move, 'picking_id') ?? false,
    product_id: numberOf(move, 'product_id'),
    location_id: numberOf(move, 'location_id'),
    location_dest_id: numberOf(move, 'location_dest_id'),
    quantity: 0,
    picked: move['picked'] ?? false,
    lot_id: false,
    lot_name: false,
    package_id: false,
    result_package_id: false,
    owner_id: false,
    company_id: world.companyId,
    ...values,
    move_id: move.id,
  });
  hold(world, line, numberOf(line, 'quantity'));
  settle(world, move.id);
  return line;
}

/** Before a line is written: what it held is given back and what it shall hold is set aside, at its new place. */
export function moveReservation(world: World, before: Row, values: Values): Values {
  const move = world.db.get('stock.move', numberOf(before, 'move_id'));
  if (move === undefined || !isOpen(move)) return values;
  if (numberOf(values, 'quantity') < 0) throw userError('Reserving a negative quantity is not allowed.');
  hold(world, before, -numberOf(before, 'quantity'));
  const after: Row = { ...before, ...values, id: before.id };
  hold(world, after, numberOf(after, 'quantity'));
  return values;
}

/** Before a line is deleted. */
export function releaseLine(world: World, line: Row): void {
  const move = world.db.get('stock.move', numberOf(line, 'move_id'));
  if (move !== undefined && !isOpen(move)) {
    throw userError(
      world.version === 19
        ? "Deleting product moves after the transfer is done?\n\nThat would be like going back in time to revert all operations triggered after this move. Who knows what the end result would be, So let's not do it.\n\nTry changing the “done” quantity to 0 instead."
        : 'You can not delete product moves if the picking is done. You can only correct the done quantities.',
    );
  }
  hold(world, line, -numberOf(line, 'quantity'));
  // The line still counts until it is gone.
  if (move !== undefined) settle(world, move.id, line.id);
}

/** Quantity and state of a move after its lines changed. */
export function settle(world: World, moveId: number, without?: number): Row {
  const move = required(world.db.get('stock.move', moveId), `move ${moveId}`);
  if (!isOpen(move)) return move;
  const lines = linesOf(world, moveId).filter((line) => line.id !== without);
  const quantity = lines.reduce((sum, line) => sum + numberOf(line, 'quantity'), 0);
  const demand = numberOf(move, 'product_uom_qty');
  const origins = originsOf(world, move);
  const isWaiting = origins.some(isOpen) && !origins.some((origin) => origin['state'] === 'done');
  const state =
    move['state'] === 'draft'
      ? 'draft'
      : quantity >= demand
        ? 'assigned'
        : quantity > 0
          ? 'partially_available'
          : isWaiting
            ? 'waiting'
            : 'confirmed';
  return world.db.update('stock.move', moveId, { quantity, state });
}

/** Takes what a negative quant lacks from what other open moves have set aside there, the youngest first. */
export function freeReservation(world: World, place: Place, lacking: number, except: ReadonlySet<number>): void {
  let left = lacking;
  for (const line of rowsBy(world, 'stock.move.line', 'product_id', place.product_id).toReversed()) {
    const move = world.db.get('stock.move', numberOf(line, 'move_id'));
    if (left <= 0) return;
    if (move === undefined || !isOpen(move) || line['picked'] === true || except.has(line.id)) continue;
    if (keyOf(placeOf(line)) !== keyOf(place)) continue;
    const taken = Math.min(left, numberOf(line, 'quantity'));
    left -= taken;
    if (taken === numberOf(line, 'quantity')) removeLine(world, line);
    else changeLine(world, line, { quantity: numberOf(line, 'quantity') - taken });
    settle(world, move.id);
  }
}

export function originsOf(world: World, move: Row): Row[] {
  return idsOf(move, 'move_orig_ids').flatMap((id) => world.db.get('stock.move', id) ?? []);
}

/** What moves before this one brought, by place, less what those that share them have taken; null when nothing comes before it. */
function broughtTo(world: World, move: Row): Map<string, number> | null {
  const origins = originsOf(world, move);
  if (origins.length === 0) return null;
  const brought = new Map<string, number>();
  const add = (place: Place, units: number) => brought.set(keyOf(place), (brought.get(keyOf(place)) ?? 0) + units);
  for (const origin of origins.filter((each) => each['state'] === 'done')) {
    for (const line of linesOf(world, origin.id)) {
      const packed = {
        location_id: numberOf(line, 'location_dest_id'),
        package_id: referenceOf(line, 'result_package_id') ?? (false as const),
      };
      add(placeOf(line, packed), numberOf(line, 'quantity'));
    }
  }
  const sharing = new Set(origins.flatMap((origin) => idsOf(origin, 'move_dest_ids')));
  for (const id of sharing) for (const line of linesOf(world, id)) add(placeOf(line), -numberOf(line, 'quantity'));
  return brought;
}

function broughtLots(world: World, move: Row): Map<number, number> {
  const lots = new Map<number, number>();
  for (const line of originsOf(world, move).flatMap((origin) => linesOf(world, origin.id))) {
    const lot = referenceOf(line, 'lot_id');
    if (lot !== null) lots.set(lot, (lots.get(lot) ?? 0) + numberOf(line, 'quantity'));
  }
  return lots;
}

function keyOf(place: Place): string {
  return `${place.location_id} ${place.lot_id} ${place.package_id}`;
}

function moveOfLine(world: World, values: Values): number {
  const given = referenceOf(values, 'move_id');
  if (given !== null) return given;
  const moves = rowsBy(world, 'stock.move', 'picking_id', numberOf(values, 'picking_id'));
  return moves.find((move) => move['product_id'] === values['product_id'] && isOpen(move))?.id ?? 0;
}

/** Takes units from a quant: of serial numbers one line each; else onto a line of the same place that is there. */
function takeFrom(world: World, move: Row, place: Place, units: number): void {
  const isSerial = trackingOf(world, place.product_id) === 'serial';
  const same = linesOf(world, move.id).find(
    (line) => keyOf(placeOf(line)) === keyOf(place) && referenceOf(line, 'result_package_id') === (place.package_id || null),
  );
  if (same !== undefined && !isSerial) changeLine(world, same, { quantity: numberOf(same, 'quantity') + units });
  else {
    for (let left = units; left > 0; left -= isSerial ? 1 : units) {
      // Goods in a package leave in it unless somebody repacks them.
      insertLine(world, { ...place, move_id: move.id, quantity: isSerial ? 1 : units, result_package_id: place.package_id });
    }
  }
}

/** Lines for units that nothing is known of: one each for serial numbers. */
function addForced(world: World, move: Row, units: number): void {
  const isSerial = trackingOf(world, numberOf(move, 'product_id')) === 'serial';
  for (let left = units; left > 0; left -= isSerial ? 1 : units) insertLine(world, { move_id: move.id, quantity: isSerial ? 1 : units });
}

function changeLine(world: World, line: Row, values: Values): void {
  world.db.update('stock.move.line', line.id, moveReservation(world, line, values));
}

function removeLine(world: World, line: Row): void {
  hold(world, line, -numberOf(line, 'quantity'));
  world.db.remove('stock.move.line', line.id);
}

function hold(world: World, line: Row, units: number): void {
  const place = placeOf(line);
  if (units !== 0 && isReserved(world, place.product_id, place.location_id)) addTo(world, place, { reserved: units });
}

export function trackingOf(world: World, productId: number): string {
  return isStorable(world, productId) ? textOf(world.db.get('product.product', productId) ?? {}, 'tracking') || 'none' : 'none';
}
