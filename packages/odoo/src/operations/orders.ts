import type { Address, ErpOrderDraft, ErpOrderKey } from '@quartermaster/domain';
import { odooFault } from '../client/exceptions.ts';
import { changeAddress } from '../erp/change-order.ts';
import { writeOrders, type OrderOutcome } from '../erp/write-orders.ts';
import { orderXid } from '../session/external-id.ts';
import type { Session } from '../session/session.ts';
import { moveToNode, type MovedToNode, type NodeMove } from './move-to-node.ts';
import { operation } from './operation.ts';
import { changeQuantities, everywhere, type OrderLine, type QuantityChange } from './order-lines.ts';
import { promiseOrder, type OrderPromise } from './planning.ts';
import { findOverReservation, type OverReservation } from './over-reservation.ts';

/** An order and its state as Odoo says it: `draft`, `sent`, `sale` or `cancel`. */
export type OrderState = { readonly order: number; readonly state: string };

/** Texts of an order; what is left out stays. */
export type OrderTexts = { readonly order: number; readonly reference?: string; readonly note?: string };

/** Confirming locks what it touches until the end, and Odoo is killed when it takes too long. */
const ordersPerConfirmation = 50;

/** Sales orders; by Odoo's id, but for those of a channel, which have a key. */
export const orders = {
  /** Writes orders of channels confirmed, many at once, each with an outcome of its own. */
  write: operation('orders.write', 'claim', (session, drafts: readonly ErpOrderDraft[]): Promise<OrderOutcome[]> =>
    writeOrders(session, drafts),
  ),
  /** Confirms orders, at most 50 in one call, those for the same goods one after the other. What is confirmed stays so; a cancelled order is refused. */
  confirm: operation('orders.confirm', 'natural', (session, ids: readonly number[]) => confirm(session, ids)),
  /** Cancels orders with their open deliveries. What was shipped stays shipped. */
  cancel: operation('orders.cancel', 'natural', async (session, ids: readonly number[]): Promise<OrderState[]> => {
    const open = (await states(session, ids)).filter(({ state }) => state !== 'cancel').map(({ order }) => order);
    if (open.length > 0)
      await session.client.act('sale.order', 'action_cancel', open, { context: { disable_cancel_warning: true }, repeat: 'always' });
    return demand(session, ids, ['cancel'], 'orders.cancel');
  }),
  /** Changes quantities of lines; the open deliveries follow. */
  changeQuantity: operation('orders.changeQuantity', 'natural', (session, changes: readonly QuantityChange[]): Promise<OrderLine[]> =>
    changeQuantities(session, changes),
  ),
  /** Lets an open delivery, or moves of it, leave from another warehouse. */
  moveToNode: operation('orders.moveToNode', 'claim', (session, request: NodeMove): Promise<MovedToNode> => moveToNode(session, request)),
  /** Gives what was not shipped yet of a channel's order another address. `change` is the same on every attempt. */
  changeAddress: operation(
    'orders.changeAddress',
    'natural',
    (session, { key, shipTo, change }: { readonly key: ErpOrderKey; readonly shipTo: Address; readonly change: string }): Promise<void> =>
      session.inTurn([orderXid(key)], () => changeAddress(session, key, shipTo, change)),
  ),
  /** Writes the customer's reference and the note. */
  changeTexts: operation('orders.changeTexts', 'natural', async (session, { order, reference, note }: OrderTexts): Promise<void> => {
    const values = { ...(reference === undefined ? {} : { client_order_ref: reference }), ...(note === undefined ? {} : { note }) };
    await session.odoo.write('sale.order', [order], values);
  }),
  /** Writes when an order shall be with the customer; the deadline of its open deliveries follows. */
  promise: operation('orders.promise', 'natural', (session, promise: OrderPromise): Promise<OrderPromise> =>
    promiseOrder(session, promise),
  ),
  /** Products of which more is set aside than is there; of all products when none are named. It should find nothing after any confirmation. */
  findOverReservation: operation(
    'orders.findOverReservation',
    'natural',
    (session, { products }: { readonly products?: readonly number[] }): Promise<OverReservation[]> =>
      findOverReservation(session, products ?? null),
  ),
};

async function confirm(session: Session, ids: readonly number[]): Promise<OrderState[]> {
  const wanted = [...new Set(ids)];
  for (let at = 0; at < wanted.length; at += ordersPerConfirmation) {
    const batch = wanted.slice(at, at + ordersPerConfirmation);
    const lines = await session.odoo.searchRead('sale.order.line', [['order_id', 'in', batch]], ['product_id']);
    const products = [...new Set(lines.flatMap((line) => line.product_id ?? []))];
    await session.inTurn(await everywhere(session, products), async () => {
      const open = (await states(session, batch)).filter(({ state }) => state === 'draft' || state === 'sent').map(({ order }) => order);
      if (open.length > 0) await session.client.act('sale.order', 'action_confirm', open);
    });
  }
  return demand(session, wanted, ['sale', 'done'], 'orders.confirm');
}

async function states({ odoo }: Session, ids: readonly number[]): Promise<OrderState[]> {
  const rows = await odoo.read('sale.order', ids, ['state']);
  return rows.map((row) => ({ order: row.id, state: row.state ?? '' }));
}

/** The states as they are now; throws `refused` for an order that is in another, and `not-found` for one that is not there. */
async function demand(session: Session, ids: readonly number[], wanted: readonly string[], name: string): Promise<OrderState[]> {
  const now = await states(session, ids);
  const gone = ids.filter((id) => !now.some(({ order }) => order === id));
  if (gone.length > 0) throw odooFault('not-found', name, `there is no order ${gone.join(', ')}`);
  const otherwise = now.filter(({ state }) => !wanted.includes(state));
  if (otherwise.length === 0) return now;
  const names = otherwise.map(({ order, state }) => `${order} is ${state}`).join(', ');
  throw odooFault('refused', name, `order ${names}`, { advice: 'Look at the order in Odoo, where it says what stands in the way.' });
}
