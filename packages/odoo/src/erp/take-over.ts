import { z } from 'zod';
import { nestedTable, type Table } from '../session/import-table.ts';
import type { Session } from '../session/session.ts';
import type { OrderInOdoo } from './orders.ts';
import { outgoingPickings } from './translate.ts';
import type { MoveRow, PickingRow } from './wire.ts';

/** A move and the delivery that it stands in. */
export type StandingMove = { readonly move: MoveRow; readonly picking: PickingRow };

/** Where a delivery leaves from; `warehouseId` is null for the place of lines without a node. */
export type LeavingPlace = { readonly locationId: number; readonly pickingTypeId: number; readonly warehouseId: number | null };

/** The moves of a line of the order that were not cancelled: one, or one for each part of a kit, and more where a part of it has left. */
export function movesOfLine({ rows, lineIds }: OrderInOdoo, lineId: string): StandingMove[] {
  return outgoingPickings(rows).flatMap((picking) =>
    picking.move_ids
      .filter((move) => move.state !== 'cancel' && move.sale_line_id !== null && lineIds.get(move.sale_line_id) === lineId)
      .map((move) => ({ move, picking })),
  );
}

/** A new delivery that takes moves over from those in which they stand: one import, so one transaction, on all versions alike. */
export function takeOverTable(
  session: Session,
  { rows }: OrderInOdoo,
  { externalId, place }: { readonly externalId: string; readonly place: LeavingPlace },
  moves: readonly [StandingMove, ...StandingMove[]],
): Table {
  const { vocabulary } = session;
  const [first] = moves;
  const row = rows.find((each) => each.picking_ids.some((picking) => picking.id === first.picking.id)) ?? rows[0];
  const group = row.procurement_group_id ?? row.stock_reference_ids?.[0];
  const ofPicking: Record<string, string> = {
    id: externalId,
    'picking_type_id/.id': String(place.pickingTypeId),
    'location_id/.id': String(place.locationId),
    'location_dest_id/.id': String(first.picking.location_dest_id),
    'partner_id/.id': String(first.picking.partner_id ?? row.partner_shipping_id ?? ''),
    origin: first.picking.origin || row.name,
    [`${vocabulary.pickingGroup}/.id`]: group == null ? '' : String(group),
  };
  const ofMoves = moves.map(({ move }) => ({
    'move_ids/.id': String(move.id),
    'move_ids/location_id/.id': String(place.locationId),
    'move_ids/picking_type_id/.id': String(place.pickingTypeId),
    'move_ids/warehouse_id/.id': String(place.warehouseId ?? ''),
  }));
  return nestedTable(ofPicking, ofMoves);
}

/** Ids of the deliveries that are left with nothing when these moves are taken from them, as text for a memo. */
export function emptiedBy(moves: readonly StandingMove[]): string {
  const taken = new Set(moves.map(({ move }) => move.id));
  const sources = new Map(moves.map(({ picking }) => [picking.id, picking]));
  const emptied = [...sources.values()].filter((picking) => picking.move_ids.every((move) => taken.has(move.id)));
  return emptied.map((picking) => picking.id).join(',');
}

/** Closes deliveries of {@link emptiedBy}, so that nobody waits for them. Cancelling a cancelled one changes nothing. */
export async function dropEmpty(session: Session, emptied: string): Promise<void> {
  const ids = emptied
    .split(',')
    .filter((id) => id !== '')
    .map(Number);
  if (ids.length === 0) return;
  await session.client.call({ model: 'stock.picking', method: 'action_cancel', ids, repeat: 'always', timeout: 'write' }, z.unknown());
}
