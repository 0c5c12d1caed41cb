import type { OrderWords } from '@quartermaster/connector-kit';
import type { ConnectionId } from '@quartermaster/domain';
import { connectorName } from './connector-name.ts';
import { notDone } from './client.ts';
import { subjectOf, translateOrder, updatedAtOf } from './translate.ts';
import { orderSchema, type AnyOrder } from './wire.ts';

/** How a seller's purchase orders are told apart and put into our words. */
export function orderWords(connection: ConnectionId): OrderWords<AnyOrder> {
  return {
    connector: connectorName,
    id: ({ purchaseOrderId }) => purchaseOrderId,
    name: ({ purchaseOrderId }) => purchaseOrderId,
    updatedAt: updatedAtOf,
    subject: (wire) => subjectOf(wire, connection),
    translate(wire, revision) {
      const parsed = orderSchema.safeParse(wire);
      if (parsed.success) return translateOrder(parsed.data, connection, revision);
      const [issue] = parsed.error.issues;
      const where = issue?.path.join('.') ?? 'its top';
      throw notDone('malformed-reply', 'orders.translate', `order ${wire.purchaseOrderId} has an unexpected shape at ${where}`);
    },
  };
}
