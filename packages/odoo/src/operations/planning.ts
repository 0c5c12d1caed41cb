import type { Instant } from '@quartermaster/domain';
import { odooFault } from '../client/exceptions.ts';
import { odooTime } from '../models/values.ts';
import type { Session } from '../session/session.ts';

/** What a delivery is to be worked off by; what is left out stays. */
export type DeliveryPlan = {
  readonly delivery: number;
  /** The star of Odoo: urgent deliveries stand first in its lists and are the first to be given goods. */
  readonly urgent?: boolean;
  /** When it shall be worked off. */
  readonly scheduledAt?: Instant;
};

/** How it stands; Odoo takes the star off a delivery that is done. `deadline` is what the customer was promised; null for nothing. */
export type PlannedDelivery = Required<DeliveryPlan> & { readonly deadline: Instant | null };

/** When an order shall be with the customer. */
export type OrderPromise = { readonly order: number; readonly deliverBy: Instant };

const planning = 'deliveries.plan';
const promising = 'orders.promise';

/** Writes star and date of an open delivery. Throws `refused` for one that has left or was cancelled: Odoo would take the star in silence. */
export async function planDelivery(session: Session, { delivery, urgent, scheduledAt }: DeliveryPlan): Promise<PlannedDelivery> {
  const before = await readPlan(session, delivery);
  if (before.isClosed)
    throw odooFault('refused', planning, `${before.name} is closed`, { advice: 'Only what is still open can be planned.' });
  const values = {
    ...(urgent === undefined || urgent === before.plan.urgent ? {} : { priority: urgent ? '1' : '0' }),
    ...(scheduledAt === undefined || scheduledAt === before.plan.scheduledAt ? {} : { scheduled_date: odooTime(scheduledAt) }),
  };
  if (Object.keys(values).length === 0) return before.plan;
  await session.client.write('stock.picking', [delivery], values);
  return (await readPlan(session, delivery)).plan;
}

/** Writes the delivery date of an order; the deadline of its open deliveries follows. Throws `refused` for a cancelled one. */
export async function promiseOrder(session: Session, { order, deliverBy }: OrderPromise): Promise<OrderPromise> {
  const read = async () => (await session.odoo.read('sale.order', [order], ['name', 'state', 'commitment_date']))[0];
  const before = await read();
  if (before === undefined) throw odooFault('not-found', promising, `there is no order ${order}`);
  if (before.state === 'cancel') throw odooFault('refused', promising, `order ${before.name ?? ''} is cancelled`);
  if (before.commitment_date !== deliverBy) await session.client.write('sale.order', [order], { commitment_date: odooTime(deliverBy) });
  const after = await read();
  if (after?.commitment_date != null) return { order, deliverBy: after.commitment_date };
  throw odooFault('refused', promising, `order ${before.name ?? ''} has no delivery date`, { advice: 'Write it in Odoo.' });
}

async function readPlan({ odoo }: Session, delivery: number) {
  const [row] = await odoo.read('stock.picking', [delivery], ['name', 'state', 'priority', 'scheduled_date', 'date_deadline']);
  if (row === undefined) throw odooFault('not-found', planning, `there is no delivery ${delivery}`);
  const { name, state, priority, scheduled_date: scheduledAt, date_deadline: deadline } = row;
  if (scheduledAt === null) throw odooFault('malformed-reply', planning, `${name ?? ''} has no date`);
  const plan: PlannedDelivery = { delivery, urgent: priority === '1', scheduledAt, deadline };
  return { name: name ?? '', isClosed: state === 'done' || state === 'cancel', plan };
}
