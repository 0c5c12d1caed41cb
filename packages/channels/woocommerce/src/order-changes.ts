import { epochMs, instantOf, type Instant } from '@quartermaster/domain';
import type { WooClient } from './client.ts';
import { maxIdsPerQuery, maxPerPage } from './limits.ts';
import { fromGmt, toGmt } from './times.ts';
import { isDraft } from './order-parts.ts';
import { completeOrder, orderFields, standingFields } from './whole-order.ts';
import { updatedAt } from './translate.ts';
import { orderHeadsSchema, type WireOrderHead } from './wire.ts';

/** What is asked for of each order: all that an order of ours is made of, or that without the person. */
export type OrderView = { readonly operation: string; readonly fields: string };
export const wholeOrders: OrderView = { operation: 'orders.pull', fields: orderFields };
export const ordersWithoutPerson: OrderView = { operation: 'standings.changed', fields: standingFields };

/**
 * Orders that changed at or after an instant, the oldest change first, in pages; trashed ones among them, which `status=any` leaves out. Carts that nobody has ordered yet are left out.
 *
 * No page is asked for by its number: an order that changes while they are read moves to the end, and another slips out of sight (measured on 11.0.1). Each page asks anew for what changed
 * since the last one's end; where a page does not get beyond one second, what is known of that second is excluded by id.
 */
export async function* changedOrders(client: WooClient, view: OrderView, from: Instant): AsyncGenerator<readonly WireOrderHead[]> {
  let trashFrom = from;
  for await (const page of changesOf(client, view, 'any', from, null)) {
    const last = page.at(-1);
    // What was trashed after the last page was read is as new as anything can be.
    const until = last === undefined || page.length < maxPerPage ? null : updatedAt(last);
    const trashed: WireOrderHead[] = [];
    for await (const more of changesOf(client, view, 'trash', trashFrom, until)) trashed.push(...more);
    if (until !== null) trashFrom = until;
    const orders = [...page, ...trashed].filter(({ status }) => !isDraft(status));
    if (orders.length > 0) yield await Promise.all(orders.map((order) => completeOrder(client, view, order)));
  }
}

/** Pages of one status; the last one may be empty, so that there is always one. */
async function* changesOf(
  client: WooClient,
  view: OrderView,
  status: 'any' | 'trash',
  from: Instant,
  until: Instant | null,
): AsyncGenerator<readonly WireOrderHead[]> {
  // The filter is exclusive, in whole seconds: one second earlier, so that the changes of `from`'s own second are there.
  let after = toGmt(secondBefore(from));
  let known: number[] = [];
  let page = 1;
  for (;;) {
    const orders = await client({
      operation: view.operation,
      method: 'GET',
      path: '/wc/v3/orders',
      query: {
        modified_after: after,
        ...(until === null ? {} : { modified_before: toGmt(secondAfter(until)) }),
        dates_are_gmt: true,
        orderby: 'modified',
        order: 'asc',
        per_page: maxPerPage,
        status,
        dp: 6,
        _fields: view.fields,
        ...(known.length === 0 ? {} : { exclude: known.join(',') }),
        ...(page === 1 ? {} : { page }),
      },
      schema: orderHeadsSchema,
      kind: 'read',
    });
    yield orders;
    const last = orders.at(-1);
    if (last === undefined || orders.length < maxPerPage) return;
    const next = toGmt(secondBefore(updatedAt(last)));
    if (next > after) {
      after = next;
      known = [];
      page = 1;
    } else if (known.length + orders.length <= maxIdsPerQuery) known = [...known, ...orders.map(({ id }) => id)];
    else page++;
  }
}

function secondBefore(instant: Instant): Instant {
  return instantOf(epochMs(instant) - 1_000);
}

function secondAfter(instant: Instant): Instant {
  return instantOf(epochMs(fromGmt(toGmt(instant))) + 1_000);
}
