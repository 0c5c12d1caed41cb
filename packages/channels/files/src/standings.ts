import { isFault, type ChannelOrder, type OrderStanding, type StandingsQuery } from '@quartermaster/domain';
import { pulledOrder } from '@quartermaster/connector-kit';
import type { OrderBook } from './order-book.ts';
import type { OrderVersion } from './order-version.ts';
import type { Sending } from './sending.ts';
import { orderWords } from './translate.ts';

const standingsPerPage = 500;

/** Reads how orders stand: as their newest files say, less what our own shipment files have told the partner. */
export function standingReading(book: OrderBook, sending: Sending, connection: string) {
  const words = orderWords(connection);

  return async function* standings(of: StandingsQuery): AsyncIterable<readonly OrderStanding[]> {
    await book.refresh();
    const asked = 'orders' in of ? of.orders.flatMap((id) => book.newest(id) ?? []) : [...book.all()].filter(changedSince(of.changedSince));
    const orders = asked.flatMap((version) => readable(version) ?? []);
    const told = await sending.unitsTold(orders.length === 1 && orders[0] !== undefined ? orders[0].id : null);
    for (let at = 0; at < orders.length; at += standingsPerPage)
      yield orders.slice(at, at + standingsPerPage).map((order) => standingOf(order, told.get(order.id)));
  };

  function readable(version: OrderVersion): ChannelOrder | null {
    if (version.read.kind !== 'order') return null;
    try {
      return pulledOrder(words, version.read.order).order;
    } catch (error) {
      if (isFault(error)) return null;
      throw error;
    }
  }
}

/** By the file's time, too: an order that is said to be old may come in a file of today. */
function changedSince(since: string): (version: OrderVersion) => boolean {
  return ({ updatedAt, file }) => updatedAt >= since || file.modifiedAt >= since;
}

function standingOf(order: ChannelOrder, told: ReadonlyMap<string, number> | undefined): OrderStanding {
  const { id, name, status, placedAt, updatedAt, total, payment, lines } = order;
  return {
    id,
    name,
    status,
    placedAt,
    updatedAt,
    total,
    secured: payment.secured,
    lines: lines.map((line) => ({
      id: line.id,
      quantity: line.quantity,
      unshipped: status === 'open' ? Math.max(0, line.quantity - (told?.get(line.id) ?? 0)) : 0,
    })),
  };
}
