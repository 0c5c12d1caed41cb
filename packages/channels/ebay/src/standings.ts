import { instantOf, epochMs, isFault, money, type OrderStanding, type StandingsQuery } from '@quartermaster/domain';
import type { EbayClient } from './client.ts';
import { orderIdsPerRequest } from './limits.ts';
import { isNoOrder } from './orders.ts';
import { readFulfillments, shippedUnits } from './shipment.ts';
import { securedOf, statusOf, totalOf } from './translate.ts';
import type { OrderWindows } from './windows.ts';
import { orderPageSchema, orderSchema, type AnyOrder, type WireOrder } from './wire.ts';

/** Reads how orders stand. An order that is partly shipped costs one call more, because eBay does not say with an order how many units of a line have left. */
export function standingReading(client: EbayClient, windows: OrderWindows, overlapMs: number) {
  return async function* standings(of: StandingsQuery): AsyncIterable<readonly OrderStanding[]> {
    if ('orders' in of) yield* named(of.orders);
    else yield* changed(instantOf(epochMs(of.changedSince) - overlapMs));
  };

  async function* changed(since: string): AsyncIterable<readonly OrderStanding[]> {
    for await (const orders of windows(since, 'standings.changed')) if (orders.length > 0) yield await standingsOf(orders);
  }

  async function* named(ids: readonly string[]): AsyncIterable<readonly OrderStanding[]> {
    for (let at = 0; at < ids.length; at += orderIdsPerRequest) {
      const orders = await readNamed(ids.slice(at, at + orderIdsPerRequest));
      if (orders.length > 0) yield await standingsOf(orders);
    }
  }

  /** eBay refuses the whole list for one id that is none; so a refused list is halved until the bad one is alone. */
  async function readNamed(ids: readonly string[]): Promise<readonly AnyOrder[]> {
    try {
      const reply = await client.call({
        operation: 'standings.read',
        api: 'fulfillment',
        method: 'GET',
        path: `/sell/fulfillment/v1/order?orderIds=${ids.map(encodeURIComponent).join(',')}`,
        schema: orderPageSchema,
        kind: 'read',
      });
      return reply.data.orders;
    } catch (error) {
      if (!isNoOrder(error) || !isFault(error)) throw error;
      if (ids.length === 1) return [];
      const middle = Math.ceil(ids.length / 2);
      return [...(await readNamed(ids.slice(0, middle))), ...(await readNamed(ids.slice(middle)))];
    }
  }

  async function standingsOf(orders: readonly AnyOrder[]): Promise<readonly OrderStanding[]> {
    const found: OrderStanding[] = [];
    for (const order of orders) {
      const parsed = orderSchema.safeParse(order);
      if (parsed.success) found.push(await standingOf(parsed.data));
    }
    return found;
  }

  async function standingOf(wire: WireOrder): Promise<OrderStanding> {
    const partly = wire.orderFulfillmentStatus === 'IN_PROGRESS';
    const shipped = partly ? shippedUnits(await readFulfillments(client, wire.orderId, 'standings.shipped')) : new Map<string, number>();
    const unshipped = ({ lineItemId, lineItemFulfillmentStatus, quantity }: WireOrder['lineItems'][number]) => {
      if (wire.orderFulfillmentStatus === 'FULFILLED' || lineItemFulfillmentStatus === 'FULFILLED') return 0;
      return Math.max(0, quantity - (shipped.get(lineItemId) ?? 0));
    };
    const { currency } = wire.pricingSummary.total;
    return {
      id: wire.orderId,
      name: wire.orderId,
      status: statusOf(wire),
      placedAt: instantOf(Date.parse(wire.creationDate)),
      updatedAt: instantOf(Date.parse(wire.lastModifiedDate)),
      total: money(totalOf(wire), currency),
      secured: money(securedOf(wire, currency), currency),
      lines: wire.lineItems.map((line) => ({ id: line.lineItemId, quantity: line.quantity, unshipped: unshipped(line) })),
    };
  }
}
