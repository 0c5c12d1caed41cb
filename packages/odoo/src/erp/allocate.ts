import type { EffectMemo, ErpAllocation, ErpOrder } from '@quartermaster/domain';
import { z } from 'zod';
import { odooFault } from '../client/exceptions.ts';
import { allocationXid } from '../session/external-id.ts';
import { nestedTable, written, type Table } from '../session/import-table.ts';
import { nodeOf } from '../session/layout.ts';
import { existingOrder, type OrderInOdoo } from './orders.ts';
import type { Session } from '../session/session.ts';
import { nodeOfPicking, outgoingPickings } from './translate.ts';
import type { MoveRow, PickingRow } from './wire.ts';

const operation = 'stock.picking.load';

type WaitingMove = { readonly move: MoveRow; readonly picking: PickingRow };

/**
 * Moves waiting lines to a new delivery of the node and reserves them. One import makes the delivery and takes the moves over, in one transaction, so there is no state between: a
 * repeat finds the lines at the node and only reserves. Throws `conflict` when a line neither waits nor stands at the node.
 */
export async function allocate(session: Session, request: ErpAllocation, memo: EffectMemo): Promise<ErpOrder> {
  const before = await existingOrder(session, request.key, operation);
  const { waiting, placed } = whereTheyAre(session, before, request);
  const emptied = emptiedBy(waiting);
  const [first, ...others] = waiting;
  if (first !== undefined) {
    if (emptied.length > 0) await memo.saveRefs({ emptied: emptied.join(',') });
    const table = allocationTable(session, before, request, memo.key, [first, ...others]);
    const loaded = await session.client.load('stock.picking', table.fields, table.rows, 'never');
    const meanwhile =
      loaded.kind === 'failed' ? whereTheyAre(session, await existingOrder(session, request.key, operation), request) : null;
    // Another process may have done the same since we looked; then Odoo's reasons are not about the allocation.
    placed.push(...(meanwhile?.waiting.length === 0 ? meanwhile.placed : written(loaded, operation)));
  }
  await reserve(session, [...new Set(placed)]);
  const leftBehind = (memo.refs['emptied'] ?? emptied.join(','))
    .split(',')
    .filter((id) => id !== '')
    .map(Number);
  await dropEmpty(session, leftBehind);
  return (await existingOrder(session, request.key, operation)).order;
}

/** Sets aside what stock there is; true also when there was none. */
export async function reserve(session: Session, pickings: readonly number[]): Promise<void> {
  if (pickings.length === 0) return;
  await session.client.call(
    { model: 'stock.picking', method: 'action_assign', ids: pickings, repeat: 'always', timeout: 'write' },
    z.unknown(),
  );
}

/** The moves of the lines that wait, and the deliveries of the node where the others stand already. */
function whereTheyAre(
  session: Session,
  { rows, lineIds, order }: OrderInOdoo,
  request: ErpAllocation,
): { waiting: WaitingMove[]; placed: number[] } {
  if (order.state === 'cancelled') throw odooFault('refused', operation, `order ${order.name} is cancelled`);
  nodeOf(session.layout, request.node, operation);
  const waiting: WaitingMove[] = [];
  const placed: number[] = [];
  for (const lineId of new Set(request.lineIds)) {
    const ofLine = outgoingPickings(rows).flatMap((picking) =>
      picking.move_ids
        .filter((move) => move.state !== 'cancel' && move.sale_line_id !== null && lineIds.get(move.sale_line_id) === lineId)
        .map((move) => ({ move, picking })),
    );
    const waits = ofLine.filter(({ move, picking }) => move.state !== 'done' && nodeOfPicking(picking, session.layout) === null);
    const atNode = ofLine.filter(({ picking }) => nodeOfPicking(picking, session.layout) === request.node);
    if (waits.length === 0 && atNode.length === 0) {
      throw odooFault(
        'conflict',
        operation,
        `line ${lineId} of order ${order.name} neither waits for a node nor is it at ${request.node}`,
        {
          advice: 'Read the order again: somebody moved the line.',
        },
      );
    }
    waiting.push(...waits);
    placed.push(...atNode.filter(({ move }) => move.state !== 'done').map(({ picking }) => picking.id));
  }
  return { waiting, placed };
}

/** Deliveries that the allocation takes everything from. */
function emptiedBy(waiting: readonly WaitingMove[]): number[] {
  const taken = new Set(waiting.map(({ move }) => move.id));
  const sources = new Map(waiting.map(({ picking }) => [picking.id, picking]));
  return [...sources.values()].filter((picking) => picking.move_ids.every((move) => taken.has(move.id))).map((picking) => picking.id);
}

function allocationTable(
  session: Session,
  { rows }: OrderInOdoo,
  request: ErpAllocation,
  key: string,
  waiting: readonly [WaitingMove, ...WaitingMove[]],
): Table {
  const { vocabulary } = session;
  const node = nodeOf(session.layout, request.node, operation);
  const way = node.wayOut ?? { locationId: node.lot_stock_id, pickingTypeId: node.out_type_id };
  const [first] = waiting;
  const row = rows.find((each) => each.picking_ids.some((picking) => picking.id === first.picking.id)) ?? rows[0];
  const group = row.procurement_group_id ?? row.stock_reference_ids?.[0];
  const ofPicking: Record<string, string> = {
    id: allocationXid(request.key, key),
    'picking_type_id/.id': String(way.pickingTypeId),
    'location_id/.id': String(way.locationId),
    'location_dest_id/.id': String(first.picking.location_dest_id),
    'partner_id/.id': String(first.picking.partner_id ?? row.partner_shipping_id ?? ''),
    origin: first.picking.origin || row.name,
    [`${vocabulary.pickingGroup}/.id`]: group == null ? '' : String(group),
  };
  const ofMoves = waiting.map(({ move }) => ({
    'move_ids/.id': String(move.id),
    'move_ids/location_id/.id': String(way.locationId),
    'move_ids/picking_type_id/.id': String(way.pickingTypeId),
    'move_ids/warehouse_id/.id': String(node.id),
  }));
  return nestedTable(ofPicking, ofMoves);
}

/** Closes deliveries that were left without lines, so that nobody waits for them. Cancelling a cancelled one changes nothing. */
async function dropEmpty(session: Session, pickings: readonly number[]): Promise<void> {
  if (pickings.length === 0) return;
  await session.client.call(
    { model: 'stock.picking', method: 'action_cancel', ids: pickings, repeat: 'always', timeout: 'write' },
    z.unknown(),
  );
}
