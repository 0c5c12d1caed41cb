import { instantOf, epochMs, money, type OrderStanding, type StandingsQuery } from '@quartermaster/domain';
import type { MiraklClient } from './client.ts';
import { ordersPerRequest } from './limits.ts';
import { readAnyOrders } from './orders.ts';
import { readShipments, shippedUnits } from './shipments-read.ts';
import { hasShipped, instantIn, securedOf, statusOf, totalOf, wantedUnits } from './translate.ts';
import type { OrderWindows } from './windows.ts';
import { orderSchema, type AnyOrder, type WireOrder } from './wire.ts';

/** Reads how orders stand; what left of orders that are being shipped is asked for in one call for all of a page, because an order does not tell it. Where orders leave as a whole there is nothing to ask. */
export function standingReading(
  client: MiraklClient,
  windows: OrderWindows,
  given: { readonly overlapMs: number; readonly partialShipments: boolean },
) {
  return async function* standings(of: StandingsQuery): AsyncIterable<readonly OrderStanding[]> {
    if ('changedSince' in of) {
      const since = instantOf(epochMs(of.changedSince) - given.overlapMs);
      for await (const orders of windows(since, 'standings'))
        for (let at = 0; at < orders.length; at += ordersPerRequest) yield await standingsOf(orders.slice(at, at + ordersPerRequest));
      return;
    }
    for (let at = 0; at < of.orders.length; at += ordersPerRequest) {
      const orders = await readAnyOrders(client, of.orders.slice(at, at + ordersPerRequest), 'standings.read');
      if (orders.length > 0) yield await standingsOf(orders);
    }
  };

  async function standingsOf(orders: readonly AnyOrder[]): Promise<readonly OrderStanding[]> {
    const understood = orders.flatMap((order) => orderSchema.safeParse(order).data ?? []);
    const open = understood
      .filter(({ order_state: state }) => given.partialShipments && state === 'SHIPPING')
      .map((order) => order.order_id);
    const left = open.length === 0 ? new Map<string, number>() : shippedUnits(await readShipments(client, open, 'standings.shipped'));
    return understood.map((order) => standingOf(order, left));
  }
}

function standingOf(wire: WireOrder, left: ReadonlyMap<string, number>): OrderStanding {
  const currency = wire.currency_iso_code;
  const wanted = wantedUnits(wire);
  return {
    id: wire.order_id,
    name: wire.order_id,
    status: statusOf(wire),
    placedAt: instantIn(wire.created_date),
    updatedAt: instantIn(wire.last_updated_date),
    total: money(totalOf(wire), currency),
    secured: money(securedOf(wire), currency),
    lines: wire.order_lines.map(({ order_line_id: id, order_line_state: state }) => {
      const quantity = wanted.get(id) ?? 0;
      return { id, quantity, unshipped: hasShipped(state) ? 0 : Math.max(0, quantity - (left.get(id) ?? 0)) };
    }),
  };
}
