import { orderKey, type ConnectionId, type ErpOrder, type PulledOrder } from '@quartermaster/domain';
import { scopeOf, type FlowContext } from './context.ts';
import { findCase } from './order-cases.ts';

/**
 * Orders of a page that are new to this journal although the ERP has them: what it has, by the channel's order id. It happens when a journal was lost or an old copy came back; such an
 * order has been acted on already, and acting on it again would ship it twice.
 */
export async function knownToErp(
  context: FlowContext,
  connection: ConnectionId,
  orders: readonly PulledOrder[],
): Promise<ReadonlyMap<string, ErpOrder>> {
  const scope = scopeOf(context.settings, connection);
  const fresh = await context.journal.read(async (tx) => {
    const found: string[] = [];
    for (const { order } of orders) if ((await findCase(tx, orderKey(scope, order.id))) === null) found.push(order.id);
    return found;
  });
  // All at once, so that a connector may ask for them together.
  const there = await Promise.all(
    [...new Set(fresh)].map(async (orderId) => ({ orderId, order: await context.erp.findOrder({ scope, orderId }) })),
  );
  return new Map(there.flatMap(({ orderId, order }) => (order === null ? [] : [[orderId, order] as const])));
}
