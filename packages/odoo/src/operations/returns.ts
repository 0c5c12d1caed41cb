import { z } from 'zod';
import { odooFault } from '../client/exceptions.ts';
import { nestedTable, type Cells, type Table } from '../session/import-table.ts';
import type { Session } from '../session/session.ts';
import { claim, demandUnits } from './claim.ts';
import { documentXid } from './documents.ts';
import { operation } from './operation.ts';
import { scrapGoods } from './scrap.ts';
import { moveOf, readTransfer, type Transfer } from './transfer.ts';
import { moveGoods, setAside } from './transfers.ts';
import { carriedOut, carryOut, type Carrying } from './validation.ts';

/** Goods that come back. */
export type ReturnToMake = {
  /** The caller's name for this return: the same on every attempt. */
  readonly key: string;
  /** The delivery that is done. */
  readonly delivery: number;
  /** Units of its moves. */
  readonly lines: readonly { readonly move: number; readonly units: number }[];
  /** Where they go first, such as a place for inspection outside of the warehouses, where nothing is sold from. Default where the operation type says. */
  readonly to?: number;
};

/** What becomes of goods that came back. */
export type Disposition = {
  /** The caller's name for this decision: the same on every attempt. */
  readonly key: string;
  /** The return that is done. */
  readonly transfer: number;
  readonly move: number;
  readonly units: number;
  readonly lot?: number;
  /** To a shelf (`stock`), to nothing (`scrap`), or left where they lie (`keep`). */
  readonly verdict: { readonly kind: 'stock'; readonly location: number } | { readonly kind: 'scrap' } | { readonly kind: 'keep' };
};

/** Returns of deliveries. */
export const returns = {
  /**
   * Makes a return of a done delivery and readies it for receipt. It is imported like other documents rather than made by Odoo's wizard, so that return and key come into being
   * together: the wizard's effect could not be told from another's after a lost answer. Throws `refused` for a delivery that is not done (from 18 on Odoo would take it, and count
   * what never left as minus one delivered) and when more is to come back than went and has not come back yet.
   */
  create: operation('returns.create', 'claim', (session, request: ReturnToMake): Promise<Transfer> =>
    session.inTurn('everything', () => createReturn(session, request)),
  ),
  /** Takes a return in, all of it or the units that came. What the customer has is lowered by it. */
  receive: operation('returns.receive', 'natural', async (session, carrying: Carrying) => {
    const mayGo = (transfer: Transfer) => (transfer.kind === 'incoming' ? null : 'it does not come into the house');
    return carriedOut(await session.inTurn('everything', () => carryOut(session, [carrying], { mayGo })), 'returns.receive');
  }),
  /** Decides on goods of a return that was received. What was decided under a key before is found. */
  dispose: operation('returns.dispose', 'claim', (session, disposition: Disposition): Promise<void> =>
    session.inTurn('everything', async () => {
      const { key, transfer: id, units, lot, verdict } = disposition;
      demandUnits(units, 'returns.dispose');
      const transfer = await readTransfer(session, id, 'returns.dispose');
      const move = moveOf(transfer, disposition.move, 'returns.dispose');
      if (move.state !== 'done')
        throw odooFault('refused', 'returns.dispose', `${transfer.name} is not received`, { advice: 'Receive it first.' });
      if (units > move.units) throw odooFault('refused', 'returns.dispose', `${move.units} units came back, not ${units}`);
      const lots = lot === undefined ? {} : { lots: [{ lot, units }] };
      const line = { product: move.product, units, ...lots };
      if (verdict.kind === 'stock') {
        const moved = await moveGoods(session, { key, from: transfer.to, to: verdict.location, lines: [line], reason: transfer.name });
        if (moved.kind === 'refused')
          throw odooFault('refused', 'returns.dispose', moved.reason, { advice: 'Somebody moved the goods: look at them in Odoo.' });
      }
      if (verdict.kind === 'scrap')
        await scrapGoods(session, {
          key,
          product: move.product,
          units,
          location: transfer.to,
          ...(lot === undefined ? {} : { lot }),
          reason: transfer.name,
        });
    }),
  ),
};

async function createReturn(session: Session, request: ReturnToMake): Promise<Transfer> {
  const name = 'returns.create';
  for (const { units } of request.lines) demandUnits(units, name);
  if (request.lines.length === 0) throw odooFault('invalid-request', name, 'nothing comes back');
  const externalId = documentXid('return', request.key);
  const { id } = await claim(session, 'stock.picking', externalId, () => returnTable(session, request, externalId));
  await setAside(session, id);
  return readTransfer(session, id, name);
}

async function returnTable(session: Session, request: ReturnToMake, externalId: string): Promise<Table> {
  const name = 'returns.create';
  const { odoo, vocabulary } = session;
  const delivery = await readTransfer(session, request.delivery, name);
  if (delivery.state !== 'done') throw odooFault('refused', name, `${delivery.name} has not left`, { advice: 'Cancel it instead.' });
  const [picking] = await odoo.read('stock.picking', [delivery.id], ['picking_type_id', 'partner_id']);
  const [type] = await odoo.read(
    'stock.picking.type',
    [picking?.picking_type_id ?? 0],
    ['return_picking_type_id', 'default_location_src_id', 'warehouse_id'],
  );
  const to = request.to ?? (await placeOfReturns(session, type?.return_picking_type_id ?? null)) ?? delivery.from;
  const links = new Map((await readLinks(session, delivery)).map((link) => [link.id, link]));
  const places = { 'location_id/.id': String(delivery.to), 'location_dest_id/.id': String(to) };
  const record: Cells = {
    id: externalId,
    'picking_type_id/.id': String(type?.return_picking_type_id ?? picking?.picking_type_id ?? ''),
    'partner_id/.id': String(picking?.partner_id ?? ''),
    'return_id/.id': String(delivery.id),
    origin: `Return of ${delivery.name}`,
    // Odoo 18 leaves it empty for moves of an order's group, and then refuses the import.
    move_type: 'direct',
    ...places,
  };
  const lines = request.lines.map(({ move: moveId, units }): Cells => {
    const move = moveOf(delivery, moveId, name);
    const link = links.get(moveId);
    const left = move.units - (link?.returned ?? 0);
    if (units > left) {
      throw odooFault('refused', name, `${left} units of move ${moveId} can come back, not ${units}`, {
        advice: 'Look whether they are on another return already.',
      });
    }
    return {
      ...(vocabulary.moveHasName ? { 'move_ids/name': delivery.name } : {}),
      'move_ids/product_id/.id': String(move.product),
      'move_ids/product_uom_qty': String(units),
      'move_ids/location_id/.id': String(delivery.to),
      'move_ids/location_dest_id/.id': String(to),
      'move_ids/warehouse_id/.id': String(type?.warehouse_id ?? ''),
      'move_ids/origin_returned_move_id/.id': String(moveId),
      // By it Odoo proposes the lots that went.
      'move_ids/move_orig_ids/.id': String(moveId),
      'move_ids/to_refund': '1',
      'move_ids/sale_line_id/.id': String(link?.saleLine ?? ''),
      [`move_ids/${groupField(session)}/.id`]: link?.group ?? '',
    };
  });
  return nestedTable(record, lines);
}

function groupField({ vocabulary }: Session): 'group_id' | 'reference_ids' {
  return vocabulary.pickingGroup;
}

async function placeOfReturns({ odoo }: Session, type: number | null): Promise<number | null> {
  if (type === null) return null;
  const [row] = await odoo.read('stock.picking.type', [type], ['default_location_dest_id']);
  return row?.default_location_dest_id ?? null;
}

const linkSchema = z.union([z.int(), z.literal(false), z.array(z.int())]);
const moveLinkSchema = z.object({
  id: z.int(),
  sale_line_id: z.union([z.int(), z.literal(false)]),
  group_id: linkSchema.optional(),
  reference_ids: linkSchema.optional(),
});

type Link = { readonly id: number; readonly saleLine: number | null; readonly group: string; readonly returned: number };

/** What ties the moves of a delivery to their order, and what of them came back or is on its way. */
async function readLinks(session: Session, delivery: Transfer): Promise<Link[]> {
  const field = groupField(session);
  const rows = await session.client.searchRead(
    'stock.move',
    { domain: [['picking_id', '=', delivery.id]], fields: ['sale_line_id', field] },
    moveLinkSchema,
  );
  const back = await session.odoo.searchRead(
    'stock.move',
    [
      ['origin_returned_move_id', 'in', rows.map((row) => row.id)],
      ['state', '!=', 'cancel'],
    ],
    ['origin_returned_move_id', 'product_uom_qty', 'quantity', 'state'],
  );
  return rows.map((row) => {
    const group = row[field];
    return {
      id: row.id,
      saleLine: typeof row.sale_line_id === 'number' ? row.sale_line_id : null,
      group: Array.isArray(group) ? group.join(',') : typeof group === 'number' ? String(group) : '',
      returned: back
        .filter((each) => each.origin_returned_move_id === row.id)
        .reduce((sum, each) => sum + (each.state === 'done' ? each.quantity : each.product_uom_qty), 0),
    };
  });
}
