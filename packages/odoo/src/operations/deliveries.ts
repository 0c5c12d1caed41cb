import { odooFault } from '../client/exceptions.ts';
import type { Json } from '../client/client.ts';
import type { Session } from '../session/session.ts';
import { attachments, type Attachment, type File } from './messages.ts';
import { operation } from './operation.ts';
import { planDelivery, type DeliveryPlan, type PlannedDelivery } from './planning.ts';
import { openMoves, readTransfer, readTransfers, type Transfer } from './transfer.ts';
import { carriedOut, carryOut, type Carried, type Carrying } from './validation.ts';

/** What is set aside for a delivery. */
export type Reservation = {
  readonly delivery: number;
  readonly state: string;
  readonly moves: readonly { readonly id: number; readonly product: number; readonly demand: number; readonly reserved: number }[];
};

/** A delivery that leaves. */
export type Shipping = Omit<Carrying, 'transfer'> & {
  readonly delivery: number;
  /** Numbers of its parcels. */
  readonly tracking?: readonly string[];
  /** Odoo's id of the carrier. */
  readonly carrier?: number;
  /** What the carrier takes for it, in the company's currency: a decimal number such as `7.90`. */
  readonly price?: string;
};

/** Transfers of an order in the order in which goods go through them. */
export type Steps = {
  readonly picks: readonly Transfer[];
  readonly deliveries: readonly Transfer[];
  readonly returns: readonly Transfer[];
};

/** Deliveries: stock transfers to customers, by Odoo's id. */
export const deliveries = {
  /** Sets goods aside as far as they are there. Odoo answers yes even when nothing is, so what it did is read back. */
  reserve: operation('deliveries.reserve', 'natural', async (session, delivery: number): Promise<Reservation> => {
    await session.inTurn('everything', () => session.client.act('stock.picking', 'action_assign', [delivery], { repeat: 'always' }));
    return readReservation(session, delivery);
  }),
  /** Gives back what is set aside. What was marked as picked stays. */
  unreserve: operation('deliveries.unreserve', 'natural', async (session, delivery: number): Promise<Reservation> => {
    await session.client.act('stock.picking', 'do_unreserve', [delivery], { repeat: 'always' });
    return readReservation(session, delivery);
  }),
  /** A delivery as it stands, with what is set aside of which lot and in which package. */
  read: operation('deliveries.read', 'natural', (session, delivery: number): Promise<Transfer> =>
    readTransfer(session, delivery, 'deliveries.read'),
  ),
  /**
   * All transfers of an order. Where goods are picked before they are shipped, until 17 the delivery is there from the start; from 18 on it comes into being when the pick is done.
   */
  ofOrder: operation('deliveries.ofOrder', 'natural', async (session, order: number): Promise<Steps> => {
    const found = await session.odoo.searchRead('stock.picking', [['sale_id', '=', order]], []);
    const transfers = await readTransfers(
      session,
      found.map((each) => each.id),
      'deliveries.ofOrder',
    );
    const of = (kind: Transfer['kind']) => transfers.filter((transfer) => transfer.kind === kind);
    return { picks: of('internal'), deliveries: of('outgoing'), returns: of('incoming') };
  }),
  /**
   * Ships deliveries, up to 50 in one call, and says of each what became of it. Carrier, price and tracking are there before Odoo validates: a carrier without tracking would be
   * asked for a label of its own. Nothing goes that is not set aside, unless `force` says so. A delivery that is done already is found done, and gets what it lacks of tracking,
   * carrier and price.
   */
  ship: operation('deliveries.ship', 'natural', (session, shippings: readonly Shipping[]): Promise<Carried[]> =>
    session.inTurn('everything', async () => {
      for (const shipping of shippings) shippingValues(session, shipping);
      const byDelivery = new Map(shippings.map((shipping) => [shipping.delivery, shipping]));
      const picks = await openPicks(
        session,
        shippings.map((shipping) => shipping.delivery),
      );
      const carryings = shippings.map(({ delivery, ...shipping }) => ({ ...shipping, transfer: delivery }));
      const results = await carryOut(session, carryings, {
        values: ({ transfer }) => shippingValues(session, byDelivery.get(transfer)),
        mayGo: (transfer) => mayShip(transfer, picks.get(transfer.id) ?? []),
      });
      return Promise.all(results.map((result) => complete(session, result, byDelivery.get(result.transfer.id))));
    }),
  ),
  /**
   * Validates a pick, the first of two steps: its goods lie at the exit then and wait to be shipped. It takes no tracking number, because that belongs to what leaves the house. The
   * deliveries of the order are read back with it.
   */
  pick: operation(
    'deliveries.pick',
    'natural',
    async (session, { pick, ...how }: Omit<Carrying, 'transfer'> & { readonly pick: number }) => {
      const mayGo = (transfer: Transfer) => (transfer.kind === 'internal' ? null : 'it leaves the house: ship it, that is no pick');
      const results = await session.inTurn('everything', () => carryOut(session, [{ ...how, transfer: pick }], { mayGo }));
      const { transfer, backorders } = carriedOut(results, 'deliveries.pick');
      const following =
        transfer.order === null
          ? []
          : await session.odoo.searchRead(
              'stock.picking',
              [
                ['sale_id', '=', transfer.order],
                ['picking_type_code', '=', 'outgoing'],
              ],
              [],
            );
      const ids = following.map((each) => each.id);
      return { pick: transfer, backorders, deliveries: await readTransfers(session, ids, 'deliveries.pick') };
    },
  ),
  /** Writes tracking, carrier and price, also of a delivery that is done. */
  track: operation(
    'deliveries.track',
    'natural',
    async (session, shipping: Pick<Shipping, 'delivery' | 'tracking' | 'carrier' | 'price'>) => {
      const values = shippingValues(session, shipping);
      if (Object.keys(values).length > 0) await session.client.write('stock.picking', [shipping.delivery], values);
      return readTransfer(session, shipping.delivery, 'deliveries.track');
    },
  ),
  /** Puts a file, such as a label, to a delivery, also to one that is done. A file of the same name and content that is there already is found; a repeat adds none. */
  attach: operation(
    'deliveries.attach',
    'read-back',
    (session, { delivery, ...file }: Omit<File, 'on'> & { readonly delivery: number }): Promise<Attachment> =>
      attachments.attach.run(session, { ...file, on: { model: 'stock.picking', id: delivery } }),
  ),
  /** Writes the star and the date by which an open delivery is worked off. */
  plan: operation('deliveries.plan', 'natural', (session, plan: DeliveryPlan): Promise<PlannedDelivery> => planDelivery(session, plan)),
  /** Cancels what has not left. Throws `refused` for a delivery that is done: return it instead. */
  cancel: operation('deliveries.cancel', 'natural', async (session, delivery: number): Promise<Transfer> => {
    const before = await readTransfer(session, delivery, 'deliveries.cancel');
    if (before.state === 'cancel') return before;
    if (before.moves.some((move) => move.state === 'done'))
      throw odooFault('refused', 'deliveries.cancel', `${before.name} has left`, { advice: 'Make a return instead.' });
    await session.client.act('stock.picking', 'action_cancel', [delivery], { repeat: 'always' });
    const after = await readTransfer(session, delivery, 'deliveries.cancel');
    if (after.state === 'cancel') return after;
    throw odooFault('refused', 'deliveries.cancel', `${after.name} is still ${after.state}`, { advice: 'Look at the delivery in Odoo.' });
  }),
};

/** Picks of the orders of these deliveries that are still to be done, by delivery. */
async function openPicks(session: Session, ids: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>> {
  const waiting = (await session.odoo.read('stock.picking', ids, ['state', 'sale_id'])).filter(
    (each) => each.sale_id !== null && (each.state === 'waiting' || each.state === 'confirmed'),
  );
  if (waiting.length === 0) return new Map();
  const picks = await session.odoo.searchRead(
    'stock.picking',
    [
      ['sale_id', 'in', waiting.flatMap((each) => each.sale_id ?? [])],
      ['picking_type_code', '=', 'internal'],
      ['state', 'not in', ['done', 'cancel']],
    ],
    ['name', 'sale_id'],
  );
  return new Map(waiting.map((each) => [each.id, picks.filter((pick) => pick.sale_id === each.sale_id).map((pick) => pick.name ?? '')]));
}

function mayShip(transfer: Transfer, picks: readonly string[]): string | null {
  if (transfer.kind === 'internal') return 'it does not leave the house: pick it, then ship the delivery that follows';
  if (transfer.kind === 'incoming') return 'it comes into the house: receive it';
  if (picks.length > 0 && openMoves(transfer).every((move) => move.units === 0))
    return `its goods are not picked yet: pick ${picks.join(', ')} first`;
  return null;
}

/** Values of the delivery itself. Throws `misconfigured` where Odoo has no place for them, and `invalid-request` for a price that is no decimal number. */
function shippingValues(session: Session, shipping: Omit<Shipping, 'units'> | undefined): Readonly<Record<string, Json>> {
  const { tracking, carrier, price } = shipping ?? {};
  if (tracking === undefined && carrier === undefined && price === undefined) return {};
  if (!session.vocabulary.tracking) {
    throw odooFault('misconfigured', 'deliveries.ship', 'this Odoo has no place for carriers and tracking numbers', {
      advice: 'Install the app "Delivery Costs" in Odoo.',
    });
  }
  if (price !== undefined && !/^\d+(\.\d+)?$/.test(price))
    throw odooFault('invalid-request', 'deliveries.ship', 'the price is no decimal number');
  return {
    ...(tracking === undefined ? {} : { carrier_tracking_ref: tracking.join(',') || false }),
    ...(carrier === undefined ? {} : { carrier_id: carrier }),
    ...(price === undefined ? {} : { carrier_price: Number(price) }),
  };
}

/** Odoo writes the carrier's own price over ours when it sends without tracking; and one that was done before may lack what we know. */
async function complete(session: Session, result: Carried, shipping: Shipping | undefined): Promise<Carried> {
  if (result.kind === 'refused' || shipping === undefined) return result;
  const { transfer } = result;
  const wanted = shippingValues(session, shipping);
  const there: Readonly<Record<string, unknown>> = {
    carrier_tracking_ref: transfer.tracking ?? false,
    carrier_id: transfer.carrier ?? false,
    carrier_price: transfer.carrierPrice,
  };
  const missing = Object.fromEntries(Object.entries(wanted).filter(([name, value]) => there[name] !== value));
  if (Object.keys(missing).length === 0) return result;
  await session.client.write('stock.picking', [transfer.id], missing);
  return { ...result, transfer: await readTransfer(session, transfer.id, 'deliveries.ship') };
}

async function readReservation(session: Session, delivery: number): Promise<Reservation> {
  const { state, moves } = await readTransfer(session, delivery, 'stock.picking.read');
  return {
    delivery,
    state,
    moves: moves.map((move) => ({ id: move.id, product: move.product, demand: move.demand, reserved: move.units })),
  };
}
