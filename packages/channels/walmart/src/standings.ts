import { epochMs, instantOf, type ConnectionId, type OrderStanding, type StandingsQuery } from '@quartermaster/domain';
import type { WalmartClient } from './client.ts';
import { unitsOf } from './line-units.ts';
import { readAnyOrder, type ChangedOrders } from './orders.ts';
import { translateOrder } from './translate.ts';
import { orderSchema, type AnyOrder } from './wire.ts';

/** Orders that are asked for at once: Walmart has no call for several that are named. */
const ordersTogether = 8;

/** Reads how orders stand. What cannot be put into our words is left out. */
export function standingReading(client: WalmartClient, changed: ChangedOrders, connection: ConnectionId, overlapMs: number) {
  return async function* standings(of: StandingsQuery): AsyncIterable<readonly OrderStanding[]> {
    const pages = 'orders' in of ? named(of.orders) : changed(instantOf(epochMs(of.changedSince) - overlapMs), 'standings.changed');
    for await (const orders of pages) {
      const found = orders.flatMap((order) => standingOf(order, connection) ?? []);
      if (found.length > 0) yield found;
    }
  };

  async function* named(ids: readonly string[]): AsyncIterable<readonly AnyOrder[]> {
    for (let at = 0; at < ids.length; at += ordersTogether) {
      const some = ids.slice(at, at + ordersTogether);
      const orders = await Promise.all(some.map((id) => readAnyOrder(client, id, 'standings.read')));
      yield orders.filter((order) => order !== null);
    }
  }
}

function standingOf(wire: AnyOrder, connection: ConnectionId): OrderStanding | null {
  const parsed = orderSchema.safeParse(wire);
  if (!parsed.success) return null;
  try {
    const { id, name, status, placedAt, updatedAt, total, payment } = translateOrder(parsed.data, connection, 'standing').order;
    const lines = parsed.data.orderLines.orderLine.map((line) => {
      const { ordered, cancelled, open } = unitsOf(line);
      return { id: line.lineNumber, quantity: ordered - cancelled, unshipped: open };
    });
    return { id, name, status, placedAt, updatedAt, total, secured: payment.secured, lines };
  } catch {
    return null;
  }
}
