import type { NodeId } from '@quartermaster/domain';
import { z } from 'zod';
import { odooFault } from '../client/exceptions.ts';
import { reserve } from '../erp/allocate.ts';
import { stockTurn } from '../erp/order-turns.ts';
import { nestedTable, written } from '../session/import-table.ts';
import { recordNamed } from '../session/look-up.ts';
import { nodeOf } from '../session/layout.ts';
import type { Session } from '../session/session.ts';
import { documentXid } from './documents.ts';

/** What is to leave from another warehouse than it was meant to. */
export type NodeMove = {
  /** The same on every attempt: the delivery that is made keeps it. */
  readonly key: string;
  readonly delivery: number;
  readonly node: NodeId;
  /** Moves of the delivery; default all that are open. */
  readonly moves?: readonly number[];
};

/** Where the goods leave from now. */
export type MovedToNode = { readonly delivery: number; readonly node: NodeId; readonly state: string };

const operation = 'orders.moveToNode';

/**
 * Gives moves of an open delivery to another warehouse, in a delivery of their own, and sets aside what is there. One import makes the delivery and takes the moves over, on all versions alike
 * (until 17 a delivery cannot change its kind, so it is not the delivery that moves). What stays behind is reserved again, and a delivery that was emptied is cancelled.
 */
export async function moveToNode(session: Session, request: NodeMove): Promise<MovedToNode> {
  const { client, odoo } = session;
  const node = nodeOf(session.layout, request.node, operation);
  const place = node.wayOut ?? { locationId: node.lot_stock_id, pickingTypeId: node.out_type_id };
  const externalId = documentXid('node-move', request.key);
  const delivery = await demandOpen(session, request.delivery);
  const moves = await odoo.read('stock.move', delivery.move_ids, ['product_id', 'state', 'picked']);
  const open = moves.filter((move) => move.state !== 'done' && move.state !== 'cancel');
  const skus = await odoo.read('product.product', [...new Set(moves.map((move) => move.product_id))], ['default_code']);
  const nodes = [...session.layout.nodes.keys()];
  const keys = skus.flatMap(({ default_code: sku }) => nodes.map((each) => stockTurn(each, sku ?? '')));

  return session.inTurn(keys, async () => {
    const made = await recordNamed(session, 'stock.picking', externalId);
    if (made !== null) {
      await settle(session, request.delivery, made);
      return readMoved(session, made, request.node);
    }
    if (delivery.location_id === place.locationId) return readMoved(session, request.delivery, request.node);
    const wanted = open.filter((move) => request.moves === undefined || request.moves.includes(move.id));
    if (wanted.length === 0) throw odooFault('conflict', operation, 'the delivery has none of these moves open');
    if (wanted.some((move) => move.picked))
      throw odooFault('refused', operation, 'goods of the delivery are picked already', { advice: 'Put them back in Odoo first.' });
    if (delivery.batch !== null) await client.write('stock.picking', [delivery.id], { batch_id: false });
    await client.act('stock.picking', 'do_unreserve', [delivery.id], { repeat: 'always' });
    const record = {
      id: externalId,
      'picking_type_id/.id': String(place.pickingTypeId),
      'location_id/.id': String(place.locationId),
      'location_dest_id/.id': String(delivery.location_dest_id),
      'partner_id/.id': String(delivery.partner_id ?? ''),
      origin: delivery.origin ?? '',
      [`${session.vocabulary.pickingGroup}/.id`]: delivery.group === null ? '' : String(delivery.group),
    };
    const taken = wanted.map((move) => ({
      'move_ids/.id': String(move.id),
      'move_ids/location_id/.id': String(place.locationId),
      'move_ids/picking_type_id/.id': String(place.pickingTypeId),
      'move_ids/warehouse_id/.id': String(node.id),
    }));
    const table = nestedTable(record, taken);
    const [id = 0] = written(await client.load('stock.picking', table.fields, table.rows, 'never'), operation);
    await settle(session, delivery.id, id);
    return readMoved(session, id, request.node);
  });
}

/** Reserves both halves as far as goods are there, and closes what was left without moves. */
async function settle(session: Session, from: number, to: number): Promise<void> {
  const rows = await session.odoo.read('stock.picking', [from, to], ['state', 'move_ids']);
  const open = rows.filter((row) => row.state !== 'done' && row.state !== 'cancel');
  await reserve(
    session,
    open.filter((row) => row.move_ids.length > 0).map((row) => row.id),
  );
  const empty = open.filter((row) => row.move_ids.length === 0).map((row) => row.id);
  if (empty.length > 0) await session.client.act('stock.picking', 'action_cancel', empty, { repeat: 'always' });
}

async function demandOpen({ client, vocabulary }: Session, id: number) {
  const group = vocabulary.pickingGroup;
  const fields = ['name', 'state', 'origin', 'partner_id', 'location_id', 'location_dest_id', 'move_ids', 'picking_type_code', group];
  const [row] = await client.searchRead(
    'stock.picking',
    { domain: [['id', '=', id]], fields: [...fields, ...(vocabulary.batches ? ['batch_id'] : [])] },
    deliverySchema,
  );
  if (row === undefined) throw odooFault('not-found', operation, `there is no delivery ${id}`);
  if (row.picking_type_code !== 'outgoing' || row.state === 'done')
    throw odooFault('refused', operation, `${row.name} is no delivery that is open`, {
      advice: 'Only a delivery that did not leave yet can be moved.',
    });
  const groups = z.union([z.array(z.int()), reference]).parse(row[group]);
  return { ...row, batch: row.batch_id ?? null, group: Array.isArray(groups) ? (groups[0] ?? null) : groups };
}

const reference = z.union([z.int(), z.literal(false)]).transform((value) => (value === false ? null : value));
const deliverySchema = z.looseObject({
  id: z.int(),
  name: z.string(),
  state: z.string(),
  origin: z.union([z.string(), z.literal(false)]).transform((value) => (value === false ? null : value)),
  partner_id: reference,
  location_id: z.int(),
  location_dest_id: z.int(),
  move_ids: z.array(z.int()),
  picking_type_code: z.string(),
  batch_id: reference.optional(),
});

async function readMoved({ odoo }: Session, id: number, node: NodeId): Promise<MovedToNode> {
  const [row] = await odoo.read('stock.picking', [id], ['state']);
  return { delivery: id, node, state: row?.state ?? '' };
}
