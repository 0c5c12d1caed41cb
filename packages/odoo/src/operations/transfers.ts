import { odooFault } from '../client/exceptions.ts';
import { nestedTable, type Table } from '../session/import-table.ts';
import type { Session } from '../session/session.ts';
import { claim, demandUnits } from './claim.ts';
import { documentXid } from './documents.ts';
import { chooseLots, type LotUnits } from './lots.ts';
import { operation } from './operation.ts';
import { openMoves, readTransfer, type Transfer } from './transfer.ts';
import { carriedOut, carryOut, type Carried, type Carrying } from './validation.ts';

/** Goods that go from one place of the company to another: between warehouses, to a hold and back. */
export type TransferToPlan = {
  /** The caller's name for this transfer: the same on every attempt. */
  readonly key: string;
  /** Odoo's ids of locations. */
  readonly from: number;
  readonly to: number;
  /** One line per product. */
  readonly lines: readonly TransferLineToPlan[];
  /** What it is for, for people to read. */
  readonly reason?: string;
};

export type TransferLineToPlan = {
  readonly product: number;
  readonly units: number;
  /** Default: the lots that Odoo chooses. */
  readonly lots?: readonly LotUnits[];
};

/** Transfers between places of the company. */
export const transfers = {
  /** Makes a transfer and sets aside what is there for it. A repeat finds it, and sets aside what has come since. */
  plan: operation('transfers.plan', 'claim', (session, request: TransferToPlan): Promise<Transfer> =>
    session.inTurn('everything', () => planTransfer(session, request)),
  ),
  /**
   * Carries out a transfer that goes into the house or stays in it: a receipt, a return, a move between places. Throws `refused` when nothing of it is set aside, a lot is missing or
   * it is a delivery.
   */
  finish: operation('transfers.finish', 'natural', async (session, carrying: Carrying): Promise<Extract<Carried, { kind: 'done' }>> =>
    carriedOut(await session.inTurn('everything', () => carryOut(session, [carrying], { mayGo: staysInside })), 'transfers.finish'),
  ),
  /** Makes a transfer and carries it out, all of it or nothing: with too little there it stays open with what is set aside, and the answer is a refusal. */
  move: operation('transfers.move', 'claim', (session, request: TransferToPlan): Promise<Carried> =>
    session.inTurn('everything', () => moveGoods(session, request)),
  ),
  /** Cancels a transfer that is not done. */
  cancel: operation('transfers.cancel', 'natural', async (session, transfer: number): Promise<Transfer> => {
    const before = await readTransfer(session, transfer, 'transfers.cancel');
    if (before.state === 'cancel') return before;
    if (before.state === 'done')
      throw odooFault('refused', 'transfers.cancel', `${before.name} is done`, { advice: 'Move the goods back.' });
    await session.client.act('stock.picking', 'action_cancel', [transfer], { repeat: 'always' });
    return readTransfer(session, transfer, 'transfers.cancel');
  }),
};

/** See {@link transfers.move}; the caller keeps the turn. */
export async function moveGoods(session: Session, request: TransferToPlan): Promise<Carried> {
  const planned = await planTransfer(session, request);
  const short = planned.state === 'done' ? undefined : openMoves(planned).find((move) => move.units < move.demand);
  if (short !== undefined) {
    const reason = `${short.units} of ${short.demand} units of product ${short.product} are there`;
    return { kind: 'refused', transfer: planned, reason };
  }
  const [carried] = await carryOut(session, [{ transfer: planned.id }], { mayGo: staysInside });
  if (carried === undefined) throw odooFault('malformed-reply', 'transfers.move', 'the transfer cannot be read', { outcome: 'unknown' });
  return carried;
}

async function planTransfer(session: Session, request: TransferToPlan): Promise<Transfer> {
  const name = 'transfers.plan';
  for (const { units } of request.lines) demandUnits(units, name);
  if (request.lines.length === 0) throw odooFault('invalid-request', name, 'the transfer has no lines');
  const products = request.lines.map((line) => line.product);
  if (new Set(products).size !== products.length) throw odooFault('invalid-request', name, 'a product stands on two lines');
  if (request.from === request.to) throw odooFault('invalid-request', name, 'the transfer ends where it begins');
  const externalId = documentXid('transfer', request.key);
  const { id } = await claim(session, 'stock.picking', externalId, () => transferTable(session, request, externalId));
  await setAside(session, id);
  const transfer = await readTransfer(session, id, name);
  if (transfer.state === 'done' || transfer.state === 'cancel') return transfer;
  for (const line of request.lines) {
    const move = openMoves(transfer).find((each) => each.product === line.product);
    if (line.lots === undefined || move === undefined) continue;
    const chosen = await chooseLots(session, { transfer: id, move: move.id, lots: line.lots });
    if (chosen.kind === 'short')
      throw odooFault('refused', name, `${chosen.free} of ${chosen.wanted} units of lot ${chosen.lot} are free`, {
        advice: 'Count the lot, or take another.',
      });
  }
  return readTransfer(session, id, name);
}

/** Confirms a draft and reserves; nothing for what is done or cancelled. */
export async function setAside(session: Session, transfer: number): Promise<void> {
  const { state, moves } = await readTransfer(session, transfer, 'stock.picking.action_confirm');
  if (state === 'done' || state === 'cancel') return;
  if (state === 'draft') await session.client.act('stock.picking', 'action_confirm', [transfer], { repeat: 'always' });
  if (state === 'draft' || moves.some((move) => move.units < move.demand))
    await session.client.act('stock.picking', 'action_assign', [transfer], { repeat: 'always' });
}

async function transferTable(session: Session, request: TransferToPlan, externalId: string): Promise<Table> {
  const type = await internalType(session, request);
  const places = { 'location_id/.id': String(request.from), 'location_dest_id/.id': String(request.to) };
  const names = await productNames(session, request.lines);
  return nestedTable(
    { id: externalId, 'picking_type_id/.id': String(type), ...places, origin: request.reason ?? '' },
    request.lines.map((line) => ({
      ...(session.vocabulary.moveHasName ? { 'move_ids/name': names.get(line.product) ?? 'Transfer' } : {}),
      'move_ids/product_id/.id': String(line.product),
      'move_ids/product_uom_qty': String(line.units),
      'move_ids/location_id/.id': String(request.from),
      'move_ids/location_dest_id/.id': String(request.to),
    })),
  );
}

async function productNames({ odoo }: Session, lines: readonly TransferLineToPlan[]): Promise<ReadonlyMap<number, string>> {
  const rows = await odoo.read(
    'product.product',
    lines.map((line) => line.product),
    ['name'],
  );
  return new Map(rows.map((row) => [row.id, row.name ?? '']));
}

/** The kind "internal transfer" of the warehouse that goods leave, else of the one that they go to, else of the first; Odoo may hide it, but it works all the same. */
async function internalType({ odoo, client }: Session, { from, to }: TransferToPlan): Promise<number> {
  const locations = await odoo.read('stock.location', [from, to], ['warehouse_id', 'usage']);
  for (const each of [from, to]) {
    const found = locations.find((location) => location.id === each);
    if (found === undefined) throw odooFault('not-found', 'transfers.plan', `there is no location ${each}`);
    if (found.usage !== 'internal' && found.usage !== 'transit')
      throw odooFault('refused', 'transfers.plan', `location ${each} is no place of the company for goods`, {
        advice: 'Receive, ship or scrap instead.',
      });
  }
  const warehouses = await odoo.searchRead('stock.warehouse', [['company_id', '=', client.company.id]], ['int_type_id']);
  const of = (location: number) => locations.find((each) => each.id === location)?.warehouse_id;
  const warehouse = warehouses.find((each) => each.id === of(from)) ?? warehouses.find((each) => each.id === of(to)) ?? warehouses[0];
  const type = warehouse?.int_type_id ?? null;
  if (type !== null) return type;
  throw odooFault('misconfigured', 'transfers.plan', 'no warehouse has an operation type for internal transfers', {
    advice: 'Make one in Odoo.',
  });
}

function staysInside(transfer: Transfer): string | null {
  return transfer.kind === 'outgoing' ? 'it leaves the house: ship it' : null;
}
