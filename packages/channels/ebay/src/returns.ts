import { fingerprint } from '@quartermaster/connector-kit';
import {
  epochMs,
  instantOf,
  InvariantError,
  moneyFromDecimal,
  type ChannelCursor,
  type ChannelReturn,
  type Clock,
  type Instant,
  type ReturnPage,
  type ReturnReading,
} from '@quartermaster/domain';
import type { EbayClient } from './client.ts';
import { readOrder } from './orders.ts';
import type { Translating } from './translate.ts';
import { returnPageSchema, type WireReturn } from './wire-post-order.ts';
import type { WireOrder } from './wire.ts';

const returnsPerPage = 100;

/**
 * Reads returns by the Post-Order API. It finds them by the day they were opened and not by when they changed, so all that were opened in the last `returnDays` are read each time, and those
 * that stand as they were told before are left out. A window of opening days loses nobody and its pages are stable. eBay does not tell when a return changed: `updatedAt` is when we saw it.
 */
export function returnReading(client: EbayClient, clock: Clock, given: Pick<Translating, 'skuOf'>, returnDays: number): ReturnReading {
  return { pullReturns };

  async function* pullReturns(since: ChannelCursor): AsyncIterable<ReturnPage> {
    const { beginning, seen } = restored(since);
    const now = clock.now();
    const from = instantOf(Math.max(epochMs(beginning), epochMs(now) - returnDays * 86_400_000));
    const known = new Set(seen);
    const standing: string[] = [];
    let told = false;
    for (let offset = 0, more = true; more; offset += returnsPerPage) {
      const wires = await readPage(from, now, offset);
      more = wires.length === returnsPerPage;
      standing.push(...wires.map(nameOf));
      const fresh = wires.filter((wire) => !known.has(nameOf(wire)));
      const returns: ChannelReturn[] = [];
      for (const wire of fresh) returns.push(await translated(wire, now));
      if (returns.length === 0) continue;
      yield { returns, cursor: stored(beginning, [...known, ...standing]) };
      told = true;
    }
    if (!told) yield { returns: [], cursor: stored(beginning, standing) };
  }

  async function readPage(from: Instant, to: Instant, offset: number): Promise<readonly WireReturn[]> {
    const query = new URLSearchParams({
      creation_date_range_from: from,
      creation_date_range_to: to,
      limit: String(returnsPerPage),
      offset: String(offset),
    });
    const reply = await client.call({
      operation: 'returns.pull',
      api: 'post-order',
      method: 'GET',
      path: `/post-order/v2/return/search?${query.toString()}`,
      schema: returnPageSchema,
      kind: 'read',
    });
    return reply.data.members;
  }

  /** eBay names listing and purchase of what comes back; SKU and line are those of the order. */
  async function translated(wire: WireReturn, now: Instant): Promise<ChannelReturn> {
    const { orderId = '', creationInfo, sellerTotalRefund } = wire;
    const order = orderId === '' ? null : await readOrder(client, orderId, 'returns.order');
    const line = lineOf(order, creationInfo?.item);
    const refund = sellerTotalRefund?.actualRefundAmount;
    return {
      id: wire.returnId,
      revision: revisionOf(wire),
      orderId,
      updatedAt: now,
      state: states.get(wire.state ?? '') ?? 'other',
      lines: [
        {
          lineId: line?.lineItemId ?? null,
          sku: line === undefined ? null : (line.sku ?? given.skuOf(line)),
          units: creationInfo?.item?.returnQuantity ?? 1,
          reason: creationInfo?.reason ?? null,
        },
      ],
      refunded: refund === undefined ? null : moneyFromDecimal(String(refund.value).replace(/^-/, ''), refund.currency),
      trackingNumbers: [],
    };
  }
}

function lineOf(
  order: WireOrder | null,
  item: NonNullable<WireReturn['creationInfo']>['item'],
): WireOrder['lineItems'][number] | undefined {
  const lines = order?.lineItems ?? [];
  const ofListing = lines.filter(({ legacyItemId }) => legacyItemId === item?.itemId);
  return lines.find(({ lineItemId }) => lineItemId === item?.transactionId) ?? (ofListing.length === 1 ? ofListing[0] : undefined);
}

/** ReturnStateEnum of the Post-Order API, as far as it says where the goods are. */
const states: ReadonlyMap<string, ChannelReturn['state']> = new Map([
  ['INITIAL', 'requested'],
  ['RETURN_REQUESTED', 'requested'],
  ['RETURN_REJECTED', 'declined'],
  ['ITEM_READY_TO_SHIP', 'approved'],
  ['READY_FOR_SHIPPING', 'approved'],
  ['RETURN_LABEL_PENDING', 'approved'],
  ['ITEM_SHIPPED', 'in-transit'],
  ['ITEM_DELIVERED', 'received'],
  ['ITEM_KEPT', 'closed'],
  ['CLOSED', 'closed'],
]);

function revisionOf(wire: WireReturn): string {
  return fingerprint(JSON.stringify(wire)).slice(0, 16);
}

function nameOf(wire: WireReturn): string {
  return `${wire.returnId} ${revisionOf(wire)}`;
}

function stored(beginning: Instant, seen: readonly string[]): ChannelCursor {
  return { watermark: beginning, seen: [...new Set(seen)] };
}

function restored({ watermark, seen }: ChannelCursor): { readonly beginning: Instant; readonly seen: readonly string[] } {
  if (typeof watermark !== 'string' || !Array.isArray(seen)) throw new InvariantError('not a cursor of returns');
  return { beginning: instantOf(epochMs(watermark)), seen: seen.map(String) };
}
