import { notDone } from './client.ts';
import type { OrderWords } from '@quartermaster/connector-kit';
import { connectorName } from './connector-name.ts';
import { instantIn, subjectOf, translateOrder, type Translating } from './translate.ts';
import { orderSchema, type AnyOrder } from './wire.ts';

/** How a shop's orders are told apart and put into our words. */
export function orderWords(given: Translating): OrderWords<AnyOrder> {
  return {
    connector: connectorName,
    id: (wire) => wire.order_id,
    name: (wire) => wire.order_id,
    updatedAt: (wire) => instantIn(wire.last_updated_date),
    subject: (wire) => subjectOf(wire, given.connection),
    translate(wire, revision) {
      const parsed = orderSchema.safeParse(wire);
      if (parsed.success) return translateOrder(parsed.data, given, revision);
      const [issue] = parsed.error.issues;
      throw notDone(
        'malformed-reply',
        'orders.translate',
        `order ${wire.order_id} has an unexpected shape at ${issue?.path.join('.') ?? 'its top'}`,
      );
    },
  };
}
