import { pulledOrder, pullOrderPages } from '@quartermaster/connector-kit';
import { epochMs, instantOf, type Channel, type OrderStanding, type StandingsQuery } from '@quartermaster/domain';
import { isFault } from '@quartermaster/domain';
import type { WooClient } from './client.ts';
import { maxPerPage } from './limits.ts';
import { changedOrders, ordersWithoutPerson, wholeOrders } from './order-changes.ts';
import { isDraft } from './order-parts.ts';
import { orderWords, standingOf } from './translate.ts';
import { completeOrder, orderFields, readOrder, standingFields } from './whole-order.ts';
import { orderHeadsSchema, type WireOrderHead } from './wire.ts';

/** Reads orders: those that changed, one, and how many stand. */
export function orderReading(
  client: WooClient,
  connection: string,
  overlapMs: number,
): Pick<Channel, 'pullOrders' | 'getOrder' | 'standings'> {
  const words = orderWords(connection);

  return {
    pullOrders: (since) => pullOrderPages({ words, since, overlapMs, pages: (from) => changedOrders(client, wholeOrders, from) }),
    async getOrder(orderId) {
      const order = await readOrder(client, orderId, { operation: 'orders.read', fields: orderFields });
      return order === null || isDraft(order.status) ? null : pulledOrder(words, order);
    },
    standings: (of) => standings(of),
  };

  async function* standings(of: StandingsQuery): AsyncGenerator<readonly OrderStanding[]> {
    if ('orders' in of) yield* named(of.orders);
    else {
      const from = instantOf(epochMs(of.changedSince) - overlapMs);
      for await (const page of changedOrders(client, ordersWithoutPerson, from)) yield page.flatMap(readableStanding);
    }
  }

  /** Asked for by id, those in the trash apart: `status=any,trash` is read as `any` (measured on 11.0.1). */
  async function* named(orders: readonly string[]): AsyncGenerator<readonly OrderStanding[]> {
    const ids = [...new Set(orders)].filter((id) => /^\d+$/.test(id));
    for (let from = 0; from < ids.length; from += maxPerPage) {
      const asked = ids.slice(from, from + maxPerPage);
      const there = await readNamed(asked, 'any');
      const missing = asked.filter((id) => !there.some((order) => String(order.id) === id));
      const trashed = missing.length === 0 ? [] : await readNamed(missing, 'trash');
      const found = [...there, ...trashed].filter(({ status }) => !isDraft(status));
      if (found.length > 0) yield found.map(standingOf);
    }
  }

  async function readNamed(ids: readonly string[], status: 'any' | 'trash'): Promise<WireOrderHead[]> {
    const view = { operation: 'standings.read', fields: standingFields };
    const orders = await client({
      operation: view.operation,
      method: 'GET',
      path: '/wc/v3/orders',
      query: { include: ids.join(','), status, per_page: maxPerPage, orderby: 'id', order: 'asc', dp: 6, _fields: view.fields },
      schema: orderHeadsSchema,
      kind: 'read',
    });
    return Promise.all(orders.map((order) => completeOrder(client, view, order)));
  }
}

/** Nothing for an order that cannot be put into our words: a pull tells of it. */
function readableStanding(head: WireOrderHead): OrderStanding[] {
  try {
    return [standingOf(head)];
  } catch (error) {
    if (isFault(error)) return [];
    throw error;
  }
}
