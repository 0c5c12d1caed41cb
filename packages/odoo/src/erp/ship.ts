import type { EffectMemo, ErpDelivery, ErpDeliveryLine, ErpShipment } from '@quartermaster/domain';
import { z } from 'zod';
import { reserve } from './allocate.ts';
import type { Json } from '../client/client.ts';
import { odooFault } from '../client/exceptions.ts';
import { nodeOf } from '../session/layout.ts';
import { hair } from '../reads/kits.ts';
import type { KitLine } from './kit-lines.ts';
import { existingOrder, type OrderInOdoo } from './orders.ts';
import type { Session } from '../session/session.ts';
import { deliveriesOf, nodeOfPicking, outgoingPickings, trackingNumbers, trackingText } from './translate.ts';
import type { MoveRow, PickingRow } from './wire.ts';

const operation = 'stock.picking.button_validate';

/** A delivery that takes part, and how many units of each of its moves go out (0 for those that stay). */
export type Part = { readonly picking: PickingRow; readonly units: ReadonlyMap<number, number> };

/**
 * Ships lines of an order from a node. Which deliveries they are is written down before anything is validated, so a repeat validates those or finds them done; a done delivery
 * with our tracking number is found too. Lines that lie in several deliveries of the node go out in one transaction; the answer is then the first, with the lines of all.
 *
 * Tracking is written before the validation, because Odoo would buy a label of its own for a delivery that has a carrier and no tracking. Throws `refused` when not everything is
 * set aside, and `conflict` when more is to be shipped than is open.
 */
export async function ship(session: Session, request: ErpShipment, memo: EffectMemo): Promise<ErpDelivery> {
  const planned = await planShipment(session, request, memo);
  return planned.kind === 'gone' ? planned.delivery : sendOut(session, planned);
}

/** `gone`: it is done already. `ready`: which deliveries it is are written down, and nothing of them is marked yet. */
export type PlannedShipment =
  | { readonly kind: 'gone'; readonly delivery: ErpDelivery }
  | { readonly kind: 'ready'; readonly request: ErpShipment; readonly parts: readonly Part[] };
export type ReadyShipment = Extract<PlannedShipment, { kind: 'ready' }>;

/** Finds out what a shipment is made of, with everything set aside. Throws as {@link ship} does. */
export async function planShipment(session: Session, request: ErpShipment, memo: EffectMemo): Promise<PlannedShipment> {
  const before = await existingOrder(session, request.key, operation);
  const earlier = (memo.refs['deliveries'] ?? '')
    .split(',')
    .filter((id) => id !== '')
    .map(Number);
  const gone = shippedAlready(session, before, request, earlier);
  if (gone.length > 0) return { kind: 'gone', delivery: answerOf(session, before, gone) };
  if (before.order.state === 'cancelled') throw odooFault('refused', operation, `order ${before.order.name} is cancelled`);

  if (request.trackingNumbers.length > 0 && !session.vocabulary.tracking) {
    throw odooFault('misconfigured', operation, 'this Odoo has no place for tracking numbers', {
      advice: 'Install the app "Delivery Costs" in Odoo.',
    });
  }

  const parts = await reservedParts(session, before, request, earlier);
  await memo.saveRefs({ deliveries: idsOf({ parts }).join(',') });
  return { kind: 'ready', request, parts };
}

/** Marks the deliveries of one shipment, validates them and reads back that they are done. */
export async function sendOut(session: Session, ready: ReadyShipment): Promise<ErpDelivery> {
  for (const part of ready.parts) await prepareDelivery(session, part, ready.request);
  await validate(session, idsOf(ready));
  const delivery = await deliveryIfDone(session, ready);
  if (delivery !== null) return delivery;
  throw odooFault('refused', operation, 'Odoo said yes, but the delivery is not done', {
    outcome: 'unknown',
    advice: 'Look at the delivery in Odoo.',
  });
}

export function idsOf({ parts }: Pick<ReadyShipment, 'parts'>): number[] {
  return parts.map(({ picking }) => picking.id);
}

/** Validates deliveries in one transaction. Of several, Odoo leaves one without a reservation as it is and says yes all the same. */
export async function validate(session: Session, ids: readonly number[]): Promise<void> {
  const context = { skip_sms: true, skip_backorder: true };
  const answer = await session.client.call(
    { model: 'stock.picking', method: 'button_validate', ids, context, repeat: 'never', timeout: 'write' },
    validationSchema,
  );
  if (answer !== true) {
    throw odooFault('refused', operation, `Odoo asks a person first (${answer.res_model ?? 'a wizard'}) and ships nothing`, {
      advice: 'Validate the delivery in Odoo.',
    });
  }
}

/** What was shipped, read back; null when not all of it is done. */
export async function deliveryIfDone(session: Session, ready: ReadyShipment): Promise<ErpDelivery | null> {
  const ids = idsOf(ready);
  const after = await existingOrder(session, ready.request.key, operation);
  const done = outgoingPickings(after.rows).filter((picking) => ids.includes(picking.id) && picking.state === 'done');
  return done.length === ids.length ? answerOf(session, after, done) : null;
}

/** Odoo answers true, or with a window that a person should see; the latter did nothing. */
const validationSchema = z.union([z.literal(true), z.object({ res_model: z.string().optional() })]);

/** Done deliveries of the node that are this shipment: the ones written down before, or the ones with its tracking numbers. */
function shippedAlready(session: Session, { rows }: OrderInOdoo, request: ErpShipment, earlier: readonly number[]): PickingRow[] {
  const done = outgoingPickings(rows).filter(
    (picking) => picking.state === 'done' && nodeOfPicking(picking, session.layout) === request.node,
  );
  const written = done.filter((picking) => earlier.includes(picking.id));
  if (earlier.length > 0) return written.length === earlier.length ? written : [];
  if (request.trackingNumbers.length === 0) return [];
  return done.filter((picking) => {
    const there = new Set(trackingNumbers(picking.carrier_tracking_ref ?? ''));
    return request.trackingNumbers.every((number) => there.has(number));
  });
}

/**
 * The parts of the shipment with everything set aside; asks Odoo once to reserve what is missing. Odoo leaves a move that is marked as picked as it is, and an attempt that broke off
 * may have marked one: so the marks come off first.
 */
async function reservedParts(session: Session, before: OrderInOdoo, request: ErpShipment, earlier: readonly number[]): Promise<Part[]> {
  const parts = partsOf(session, before, request, earlier);
  const short = parts.filter((part) => shortMoves(part).length > 0);
  if (short.length === 0) return parts;
  await session.client.write('stock.move', short.flatMap(shortMoves), { picked: false });
  await reserve(
    session,
    short.map(({ picking }) => picking.id),
  );
  const again = partsOf(session, await existingOrder(session, request.key, operation), request, earlier);
  const still = again.filter((part) => shortMoves(part).length > 0);
  if (still.length === 0) return again;
  const names = still.map(({ picking }) => picking.name).join(', ');
  throw odooFault('refused', operation, `delivery ${names} has not everything set aside that is to be shipped`, {
    advice: 'Count the stock in Odoo or free what another order holds, then ship again.',
  });
}

/** Moves of which more is to go out than is reserved. */
function shortMoves({ picking, units }: Part): number[] {
  return picking.move_ids.filter((move) => (units.get(move.id) ?? 0) > move.quantity).map((move) => move.id);
}

/** Spreads the units of each line over its open moves at the node, those of deliveries written down before first, then the oldest. */
function partsOf(session: Session, { rows, lineIds, order, kits }: OrderInOdoo, request: ErpShipment, earlier: readonly number[]): Part[] {
  nodeOf(session.layout, request.node, operation);
  const open = outgoingPickings(rows)
    .filter((picking) => picking.state !== 'done' && picking.state !== 'cancel' && nodeOfPicking(picking, session.layout) === request.node)
    .sort((a, b) => Number(earlier.includes(b.id)) - Number(earlier.includes(a.id)) || a.id - b.id);
  const taken = new Map<number, number>();
  for (const line of request.lines) {
    const moves = open.flatMap((picking) => picking.move_ids.filter((move) => isOpenMoveOf(move, line.lineId, lineIds)));
    const kit = moves.map((move) => kits.get(move.sale_line_id ?? 0)).find((each) => each !== undefined);
    // Of a kit all its parts go, each as often as it is in the kits.
    const shares = kit === undefined ? [{ of: moves, perUnit: 1 }] : sharesOf(kit, moves);
    const missing = Math.max(0, ...shares.map(({ of, perUnit }) => Math.ceil(take(taken, of, line.units * perUnit) / perUnit - hair)));
    if (missing <= 0 && moves.length > 0) continue;
    const left = moves.length === 0 ? line.units : missing;
    throw odooFault(
      'conflict',
      operation,
      `order ${order.name} has ${line.units - left} open units of line ${line.lineId} at ${request.node}, not ${line.units}`,
      {
        advice: 'Read the order again: part of it was shipped, moved or taken out.',
      },
    );
  }
  return open
    .filter((picking) => picking.move_ids.some((move) => taken.has(move.id)))
    .map((picking) => ({ picking, units: new Map(picking.move_ids.map((move) => [move.id, taken.get(move.id) ?? 0])) }))
    .sort((a, b) => a.picking.id - b.picking.id);
}

type Share = { readonly of: readonly MoveRow[]; readonly perUnit: number };

function sharesOf(kit: KitLine, moves: readonly MoveRow[]): Share[] {
  return [...kit.parts].map(([part, perUnit]) => ({ of: moves.filter((move) => move.product_id.id === part), perUnit }));
}

/** Takes units of moves, one after the other, and gives what was not there. */
function take(taken: Map<number, number>, moves: readonly MoveRow[], wanted: number): number {
  // A part may be a fraction of a unit; a float must not leave a hair of it behind.
  let left = Math.round(wanted * 1e6) / 1e6;
  for (const move of moves) {
    const room = move.product_uom_qty - (taken.get(move.id) ?? 0);
    const units = room - left < hair ? room : left;
    if (units > 0) taken.set(move.id, (taken.get(move.id) ?? 0) + units);
    left -= Math.max(0, units);
    if (left < hair) return 0;
  }
  return Math.max(0, left);
}

function isOpenMoveOf(move: MoveRow, lineId: string, lineIds: ReadonlyMap<number, string>): boolean {
  return move.state !== 'done' && move.state !== 'cancel' && move.sale_line_id !== null && lineIds.get(move.sale_line_id) === lineId;
}

/** Tracking, carrier and exact quantities, in one write. Once a move is picked, Odoo ships picked ones only: so what stays is marked not picked. */
async function prepareDelivery(session: Session, { picking, units }: Part, request: ErpShipment): Promise<void> {
  const moves = openMoves(picking).map((move) => {
    const going = units.get(move.id) ?? 0;
    // Writing the quantity makes its move lines anew, so it is written only where it changes.
    const values: Record<string, Json> =
      going === 0 ? { picked: false } : going === move.quantity ? { picked: true } : { quantity: going, picked: true };
    return [1, move.id, values];
  });
  const note = noteOf(picking, request);
  const carrier = note === null ? {} : { note };
  await session.client.write('stock.picking', [picking.id], {
    ...(session.vocabulary.tracking ? { carrier_tracking_ref: trackingText(request.trackingNumbers) || false } : {}),
    ...carrier,
    move_ids: moves,
  });
}

export function openMoves(picking: PickingRow): MoveRow[] {
  return picking.move_ids.filter((move) => move.state !== 'done' && move.state !== 'cancel');
}

/** The note of a delivery that says who carries it; null where it is to stay: it is people's, unless it is ours from before (a backorder inherits it). */
export function noteOf(picking: PickingRow, request: ErpShipment): string | null {
  const ours = picking.note === '' || /^(<p>)?Carrier: [^<]*(<\/p>)?$/.test(picking.note);
  return ours && request.carrier !== '' ? `Carrier: ${request.carrier}` : null;
}

function answerOf({ layout }: Session, { rows, lineIds, kits }: OrderInOdoo, pickings: readonly PickingRow[]): ErpDelivery {
  const [first, ...more] = deliveriesOf(rows, pickings, { layout, lineIds, kits });
  if (first === undefined)
    throw odooFault('malformed-reply', operation, 'the delivery cannot be read', { outcome: 'unknown', retry: { kind: 'safely' } });
  const lines: ErpDeliveryLine[] = [first, ...more].flatMap((delivery) => delivery.lines);
  return { ...first, lines };
}
