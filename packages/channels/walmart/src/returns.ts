import { advance, askFrom, fingerprint, restoreCursor, seenBefore, storeCursor } from '@quartermaster/connector-kit';
import {
  epochMs,
  instantOf,
  type ChannelCursor,
  type ChannelReturn,
  type Clock,
  type Instant,
  type ReturnPage,
  type ReturnReading,
} from '@quartermaster/domain';
import { minorOf } from './amounts.ts';
import type { WalmartClient } from './client.ts';
import { mostPerPage, oldestMs } from './limits.ts';
import { isNoContent, windowQuery } from './orders.ts';
import { readWindows, type WindowPage } from './windows.ts';
import { returnPageSchema, type WireReturn } from './wire-returns.ts';

/** Reads returns that changed since the cursor, in windows as orders are. A return of lines of several purchase orders is one for each of them. */
export function returnReading(client: WalmartClient, clock: Clock, overlapMs: number): ReturnReading {
  return { pullReturns };

  async function* pullReturns(since: ChannelCursor): AsyncIterable<ReturnPage> {
    let cursor = restoreCursor(since);
    let told = false;
    const now = epochMs(clock.now());
    const from = Math.max(epochMs(askFrom(cursor, overlapMs)), now - oldestMs);
    for await (const wires of readWindows({ perPage: mostPerPage, keyOf: ({ returnOrderId }) => returnOrderId, next, first }, from, now)) {
      const all = wires.flatMap(translateReturn);
      const isKnown = seenBefore(cursor);
      const seen = all.map(({ id, revision, updatedAt }) => ({ id, revision, updatedAt }));
      const returns = all.filter((one) => !isKnown(one));
      cursor = advance(cursor, seen, overlapMs);
      if (returns.length === 0) continue;
      yield { returns, cursor: storeCursor(cursor) };
      told = true;
    }
    if (!told) yield { returns: [], cursor: storeCursor(cursor) };
  }

  function first(begin: number, end: number | null): Promise<WindowPage<WireReturn>> {
    return read(`?${windowQuery('returnLastModified', begin, end)}&limit=${mostPerPage}`);
  }

  function next(cursor: string): Promise<WindowPage<WireReturn>> {
    return read(cursor.startsWith('?') ? cursor : `?${cursor}`);
  }

  async function read(query: string): Promise<WindowPage<WireReturn>> {
    try {
      const { meta, returnOrders } = await client({
        operation: 'returns.pull',
        bucket: 'returns-read',
        method: 'GET',
        path: `/v3/returns${query}`,
        schema: returnPageSchema,
        kind: 'read',
      });
      return { items: returnOrders ?? [], total: meta?.totalCount ?? null, nextCursor: meta?.nextCursor ?? null };
    } catch (error) {
      if (isNoContent(error)) return { items: [], total: 0, nextCursor: null };
      throw error;
    }
  }
}

/** A return in our words, one for each purchase order that it has lines of. */
export function translateReturn(wire: WireReturn): readonly ChannelReturn[] {
  const lines = wire.returnOrderLines ?? [];
  const orderIds = [...new Set(lines.map(({ purchaseOrderId }) => purchaseOrderId ?? ''))];
  const total = wire.totalRefundAmount;
  const revision = fingerprint(JSON.stringify(wire)).slice(0, 16);
  return orderIds.map((orderId): ChannelReturn => {
    const own = lines.filter((line) => (line.purchaseOrderId ?? '') === orderId);
    const refunded = own.some(({ currentRefundStatus }) => currentRefundStatus === 'REFUND_COMPLETED');
    return {
      id: orderIds.length === 1 ? wire.returnOrderId : `${wire.returnOrderId}/${orderId}`,
      revision,
      orderId,
      updatedAt: updatedAtOf(wire),
      state: stateOf(own.map((line) => line.status ?? '')),
      lines: own.map((line) => ({
        lineId:
          line.purchaseOrderLineNumber === undefined || line.purchaseOrderLineNumber === null ? null : String(line.purchaseOrderLineNumber),
        sku: line.item?.sku ?? null,
        units: Math.round(line.quantity?.measurementValue ?? 1),
        reason: line.returnReason ?? null,
      })),
      refunded:
        total === undefined || total === null || !refunded || orderIds.length > 1
          ? null
          : {
              minor: minorOf({ currency: total.currencyUnit, amount: total.currencyAmount }, total.currencyUnit),
              currency: total.currencyUnit,
            },
      trackingNumbers: (wire.returnLineGroups ?? []).flatMap(({ labels }) =>
        (labels ?? []).flatMap(({ carrierInfoList }) => (carrierInfoList ?? []).flatMap(({ trackingNo }) => trackingNo ?? [])),
      ),
    };
  });
}

/** Walmart finds returns by when they were modified and does not tell it: the latest time that one has is never later. */
function updatedAtOf(wire: WireReturn): Instant {
  const times = (wire.returnOrderLines ?? []).flatMap(({ statusTime, returnTrackingDetail }) => [
    statusTime,
    ...(returnTrackingDetail ?? []).map(({ eventTime }) => eventTime),
  ]);
  const all = [wire.returnOrderDate, ...times].map((time) => Date.parse(time ?? '')).filter((ms) => !Number.isNaN(ms));
  return instantOf(Math.max(0, ...all));
}

/** `status` of a return's line (Returns API). */
const states: ReadonlyMap<string, ChannelReturn['state']> = new Map([
  ['INITIATED', 'approved'],
  ['IN_TRANSIT', 'in-transit'],
  ['DELIVERED', 'received'],
  ['COMPLETED', 'closed'],
  ['CANCELLED', 'cancelled'],
]);

/** That of the lines, where they agree; else the one that most is left to do of. */
function stateOf(statuses: readonly string[]): ChannelReturn['state'] {
  const found = new Set(statuses.map((status) => states.get(status) ?? 'other'));
  for (const state of ['other', 'approved', 'in-transit', 'received', 'closed', 'cancelled'] as const) if (found.has(state)) return state;
  return 'other';
}
