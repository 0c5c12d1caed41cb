import { odooFault } from '../client/exceptions.ts';
import type { Session } from '../session/session.ts';
import { operation } from './operation.ts';

/** What is set aside for a delivery. */
export type Reservation = {
  readonly delivery: number;
  readonly state: string;
  readonly moves: readonly { readonly id: number; readonly product: number; readonly demand: number; readonly reserved: number }[];
};

/** Deliveries: stock transfers to customers, by Odoo's id. */
export const deliveries = {
  /** Sets goods aside as far as they are there. Odoo answers yes even when nothing is, so what it did is read back. */
  reserve: operation('deliveries.reserve', 'natural', async (session, delivery: number): Promise<Reservation> => {
    await session.client.act('stock.picking', 'action_assign', [delivery], { repeat: 'always' });
    return readReservation(session, delivery);
  }),
  /** Gives back what is set aside. What was marked as picked stays. */
  unreserve: operation('deliveries.unreserve', 'natural', async (session, delivery: number): Promise<Reservation> => {
    await session.client.act('stock.picking', 'do_unreserve', [delivery], { repeat: 'always' });
    return readReservation(session, delivery);
  }),
};

async function readReservation({ odoo }: Session, delivery: number): Promise<Reservation> {
  const [picking] = await odoo.read('stock.picking', [delivery], ['state', 'move_ids']);
  if (picking === undefined) throw odooFault('not-found', 'stock.picking.read', `there is no delivery ${delivery}`);
  const moves = await odoo.read('stock.move', picking.move_ids, ['product_id', 'product_uom_qty', 'quantity']);
  return {
    delivery,
    state: picking.state ?? '',
    moves: moves.map((move) => ({ id: move.id, product: move.product_id, demand: move.product_uom_qty, reserved: move.quantity })),
  };
}
