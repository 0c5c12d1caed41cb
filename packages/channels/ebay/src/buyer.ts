import { fingerprint } from '@quartermaster/connector-kit';
import type { ConnectionId, SubjectId } from '@quartermaster/domain';
import { orderSchema, type AnyOrder } from './wire.ts';

/** The person behind an order: the buyer by eBay's name of them, or the order itself where it names none. */
export function subjectOf(wire: AnyOrder, connection: ConnectionId): SubjectId {
  const parsed = orderSchema.shape.buyer.safeParse(wire.buyer);
  const username = parsed.success ? parsed.data?.username : undefined;
  return username === undefined ? fingerprint(connection, 'order', wire.orderId) : subjectOfBuyer(connection, username);
}

/** The person by the name or the lasting id that eBay gives of a buyer. */
export function subjectOfBuyer(connection: ConnectionId, buyer: string): SubjectId {
  return fingerprint(connection, 'buyer', buyer);
}
