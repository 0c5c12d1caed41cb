import type { Instant } from '@quartermaster/domain';
import { z } from 'zod';
import { odooFault } from '../client/exceptions.ts';
import type { Session } from '../session/session.ts';

/** A stock transfer of any kind as it stands: a delivery, a pick, a receipt, a return or a move between places. */
export type Transfer = {
  readonly id: number;
  readonly name: string;
  /** `draft`, `waiting` (for another transfer), `confirmed` (nothing set aside), `assigned` (something is), `done` or `cancel`. */
  readonly state: string;
  readonly kind: 'outgoing' | 'internal' | 'incoming' | 'other';
  readonly order: number | null;
  readonly from: number;
  readonly to: number;
  /** The transfer whose rest this one is. */
  readonly backorderOf: number | null;
  readonly batch: number | null;
  readonly doneAt: Instant | null;
  /** Numbers as one text, as Odoo keeps them; null also where the app for them is missing. */
  readonly tracking: string | null;
  readonly carrier: number | null;
  /** In the company's currency. */
  readonly carrierPrice: number | null;
  readonly trackingUrl: string | null;
  readonly moves: readonly TransferMove[];
};

export type TransferMove = {
  readonly id: number;
  readonly product: number;
  readonly state: string;
  readonly demand: number;
  /** Set aside; of a done move, what went. */
  readonly units: number;
  readonly picked: boolean;
  readonly lines: readonly TransferLine[];
};

export type TransferLine = {
  readonly id: number;
  readonly units: number;
  readonly from: number;
  readonly to: number;
  readonly lot: number | null;
  /** Of a lot that a receipt shall make. */
  readonly lotName: string | null;
  /** Package that the goods lie in. */
  readonly package: number | null;
  /** Package that they leave in. */
  readonly into: number | null;
};

const id = z.int();
const oneOrNull = z.preprocess((value) => (value === false ? null : value), z.int().nullable());
const textOrNull = z.preprocess((value) => (value === false ? null : value), z.string().nullable());

/** Package fields lead to another model from 19 on, so the models that all versions share do not have them. */
const lineSchema = z.object({
  id,
  move_id: oneOrNull,
  quantity: z.number(),
  location_id: id,
  location_dest_id: id,
  lot_id: oneOrNull,
  lot_name: textOrNull,
  package_id: oneOrNull,
  result_package_id: oneOrNull,
});

/** Transfers by id, in the order of the ids. Throws `not-found` when one is not there. */
export async function readTransfers(session: Session, ids: readonly number[], operation: string): Promise<Transfer[]> {
  const { odoo, client, vocabulary } = session;
  const pickings = await odoo.read('stock.picking', ids, [
    'name',
    'state',
    'picking_type_code',
    'sale_id',
    'location_id',
    'location_dest_id',
    'backorder_id',
    'date_done',
    ...(vocabulary.batches ? (['batch_id'] as const) : []),
    ...(vocabulary.tracking ? (['carrier_id', 'carrier_price', 'carrier_tracking_ref', 'carrier_tracking_url'] as const) : []),
  ]);
  const moves = await odoo.searchRead(
    'stock.move',
    [['picking_id', 'in', [...ids]]],
    ['picking_id', 'product_id', 'state', 'product_uom_qty', 'quantity', 'picked'],
  );
  const fields = ['move_id', 'quantity', 'location_id', 'location_dest_id', 'lot_id', 'lot_name', 'package_id', 'result_package_id'];
  const lines = await client.searchRead('stock.move.line', { domain: [['picking_id', 'in', [...ids]]], fields }, lineSchema);
  const byId = new Map(pickings.map((picking) => [picking.id, picking]));
  return ids.map((wanted) => {
    const picking = byId.get(wanted);
    if (picking === undefined) throw odooFault('not-found', operation, `there is no transfer ${wanted}`);
    return {
      id: picking.id,
      name: picking.name ?? '',
      state: picking.state ?? '',
      kind: kindOf(picking.picking_type_code),
      order: picking.sale_id,
      from: picking.location_id,
      to: picking.location_dest_id,
      backorderOf: picking.backorder_id,
      batch: picking.batch_id ?? null,
      doneAt: picking.date_done,
      tracking: picking.carrier_tracking_ref ?? null,
      carrier: picking.carrier_id ?? null,
      carrierPrice: vocabulary.tracking ? picking.carrier_price : null,
      trackingUrl: picking.carrier_tracking_url ?? null,
      moves: moves
        .filter((move) => move.picking_id === picking.id)
        .map((move) => ({
          id: move.id,
          product: move.product_id,
          state: move.state ?? '',
          demand: move.product_uom_qty,
          units: move.quantity,
          picked: move.picked,
          lines: lines.filter((line) => line.move_id === move.id).map(lineOf),
        })),
    };
  });
}

/** One transfer; see {@link readTransfers}. */
export async function readTransfer(session: Session, wanted: number, operation: string): Promise<Transfer> {
  const [transfer] = await readTransfers(session, [wanted], operation);
  if (transfer === undefined) throw odooFault('not-found', operation, `there is no transfer ${wanted}`);
  return transfer;
}

/** Moves that may still happen. */
export function openMoves(transfer: Transfer): TransferMove[] {
  return transfer.moves.filter((move) => move.state !== 'done' && move.state !== 'cancel');
}

/** A move of the transfer. Throws `not-found`. */
export function moveOf(transfer: Transfer, move: number, operation: string): TransferMove {
  const found = transfer.moves.find((each) => each.id === move);
  if (found !== undefined) return found;
  throw odooFault('not-found', operation, `${transfer.name} has no move ${move}`, {
    advice: 'Read the transfer again: it was changed since.',
  });
}

function lineOf(line: z.infer<typeof lineSchema>): TransferLine {
  return {
    id: line.id,
    units: line.quantity,
    from: line.location_id,
    to: line.location_dest_id,
    lot: line.lot_id,
    lotName: line.lot_name,
    package: line.package_id,
    into: line.result_package_id,
  };
}

function kindOf(code: string | null): Transfer['kind'] {
  return code === 'outgoing' || code === 'internal' || code === 'incoming' ? code : 'other';
}
