import type { ErpOrder, ErpOrderDraft } from '@quartermaster/domain';
import { odooFault } from '../client/exceptions.ts';
import type { Session } from '../session/session.ts';
import { ordersOperation } from './draft-checks.ts';
import { writeOrders } from './write-orders.ts';

/**
 * Writes an order confirmed, or finds the one that is there: a batch of one. Throws `refused` when the order would not add up to its total, and `conflict` when an order that is
 * there adds up to another.
 */
export async function writeOrder(session: Session, draft: ErpOrderDraft): Promise<ErpOrder> {
  const [outcome] = await writeOrders(session, [draft]);
  if (outcome === undefined) throw odooFault('malformed-reply', ordersOperation, 'the order has no outcome', { outcome: 'unknown' });
  if (outcome.kind === 'failed') throw outcome.fault;
  return outcome.order;
}
