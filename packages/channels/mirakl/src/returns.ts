import { advance, askFrom, fingerprint, restoreCursor, seenBefore, storeCursor } from '@quartermaster/connector-kit';
import {
  instantOf,
  type ChannelCursor,
  type ChannelReturn,
  type Instant,
  type ReturnPage,
  type ReturnReading,
} from '@quartermaster/domain';
import type { MiraklClient } from './client.ts';
import { entriesPerPage, ordersPerRequest } from './limits.ts';
import { readAnyOrders } from './orders.ts';
import { instantIn } from './translate.ts';
import { orderSchema } from './wire.ts';
import { returnPageSchema, type WireReturn } from './wire-operations.ts';

/**
 * Reads returns that changed (RT11), which may be asked for every five minutes. They are sorted by creation and paged by a token, so none slips past while others change; all that changed are read
 * before they are given out, in the order of their change. Accepting, receiving and closing a return (RT21, RT25, RT27) are a person's: the port has no effect for them.
 */
export function returnReading(client: MiraklClient, overlapMs: number): ReturnReading {
  return { pullReturns };

  async function* pullReturns(since: ChannelCursor): AsyncIterable<ReturnPage> {
    const cursor = restoreCursor(since);
    const isKnown = seenBefore(cursor);
    const read = (await readAll(askFrom(cursor, overlapMs))).map((wire) => ({ wire, seen: seenOf(wire) }));
    const news = read.filter(({ seen }) => !isKnown(seen)).toSorted((left, right) => (left.seen.updatedAt < right.seen.updatedAt ? -1 : 1));
    const skus = await skusOf(news.map(({ wire }) => wire));
    const after = advance(
      cursor,
      read.map(({ seen }) => seen),
      overlapMs,
    );
    yield { returns: news.map(({ wire, seen }) => translated(wire, seen, skus)), cursor: storeCursor(after) };
  }

  async function readAll(from: Instant): Promise<readonly WireReturn[]> {
    const found: WireReturn[] = [];
    for (let token: string | null = null, more = true; more; more = token !== null) {
      const page: { readonly data: readonly WireReturn[]; readonly next_page_token?: string | null | undefined } = await client.call(
        {
          operation: token === null ? 'returns.pull' : 'returns.page',
          limit: token === null ? 'returns-poll' : 'page',
          method: 'GET',
          path: '/api/returns',
          query: [
            ['return_last_updated_from', instantOf(Date.parse(from))],
            ['limit', String(entriesPerPage)],
            ...(token === null ? [] : [['page_token', token] as const]),
          ],
          kind: 'read',
        },
        returnPageSchema,
      );
      found.push(...page.data);
      token = page.next_page_token ?? null;
    }
    return found;
  }

  /** SKUs by line: a return names lines only. */
  async function skusOf(wires: readonly WireReturn[]): Promise<ReadonlyMap<string, string>> {
    const ids = [...new Set(wires.map((wire) => wire.order_id))];
    const found = new Map<string, string>();
    for (let at = 0; at < ids.length; at += ordersPerRequest)
      for (const order of await readAnyOrders(client, ids.slice(at, at + ordersPerRequest), 'returns.orders'))
        for (const line of orderSchema.safeParse(order).data?.order_lines ?? []) found.set(line.order_line_id, line.offer_sku ?? '');
    return found;
  }
}

type Seen = { readonly id: string; readonly revision: string; readonly updatedAt: Instant };

function seenOf(wire: WireReturn): Seen {
  const updatedAt = instantIn(wire.last_updated);
  return { id: wire.id, revision: `${updatedAt}#${fingerprint(JSON.stringify(wire)).slice(0, 16)}`, updatedAt };
}

function translated(wire: WireReturn, { id, revision, updatedAt }: Seen, skus: ReadonlyMap<string, string>): ChannelReturn {
  const sku = (lineId: string) => skus.get(lineId) ?? '';
  const trackingNumber = wire.tracking?.tracking_number ?? '';
  return {
    id,
    revision,
    orderId: wire.order_id,
    updatedAt,
    state: states.get(wire.state) ?? 'other',
    lines: (wire.return_lines ?? []).map((line) => ({
      lineId: line.order_line_id,
      sku: sku(line.order_line_id) === '' ? null : sku(line.order_line_id),
      units: line.quantity,
      reason: line.reason_code ?? wire.reason_code ?? null,
    })),
    refunded: null,
    trackingNumbers: trackingNumber === '' ? [] : [trackingNumber],
  };
}

const states: ReadonlyMap<string, ChannelReturn['state']> = new Map([
  ['WAITING_ACCEPTANCE', 'requested'],
  ['IN_PROGRESS', 'approved'],
  ['REFUSED', 'declined'],
  ['RECEIVED', 'received'],
  ['CLOSED', 'closed'],
  ['CANCELED', 'cancelled'],
]);
