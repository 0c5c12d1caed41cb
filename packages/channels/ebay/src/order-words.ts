import { notDone } from './client.ts';
import type { OrderWords } from '@quartermaster/connector-kit';
import { instantOf } from '@quartermaster/domain';
import { subjectOf } from './buyer.ts';
import { connectorName } from './connector-name.ts';
import { translateOrder, type Translating } from './translate.ts';
import { orderSchema, type AnyOrder } from './wire.ts';

/** How a seller's orders are told apart and put into our words. */
export function orderWords(given: Translating): OrderWords<AnyOrder> {
  return {
    connector: connectorName,
    id: ({ orderId }) => orderId,
    name: ({ orderId }) => orderId,
    updatedAt: ({ lastModifiedDate }) => instantOf(Date.parse(lastModifiedDate)),
    subject: (wire) => subjectOf(wire, given.connection),
    translate(wire, revision) {
      const parsed = orderSchema.safeParse(wire);
      if (parsed.success) return translateOrder(parsed.data, given, revision);
      const [issue] = parsed.error.issues;
      throw notDone(
        'malformed-reply',
        'orders.translate',
        `order ${wire.orderId} has an unexpected shape at ${issue?.path.join('.') ?? 'its top'}`,
      );
    },
  };
}
