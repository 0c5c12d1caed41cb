import { epochMs, instantOf, InvariantError, type ChannelCursor, type Instant } from '@quartermaster/domain';

/** How far the reading of orders has come: everything that changed before `watermark` was read; `seen` names what was read of the last while before it. */
export type PullCursor = { readonly watermark: Instant; readonly seen: readonly SeenOrder[] };

/** One reading of one order. */
export type SeenOrder = { readonly id: string; readonly revision: string; readonly updatedAt: Instant };

export function firstCursor(at: Instant): PullCursor {
  return { watermark: instantOf(epochMs(at)), seen: [] };
}

/** From when to ask: some time before the watermark, because vendors show a change late and their times have whole seconds. */
export function askFrom(cursor: PullCursor, overlapMs: number): Instant {
  return instantOf(epochMs(cursor.watermark) - overlapMs);
}

/** Tells whether this very reading of an order was seen before the cursor. */
export function seenBefore(cursor: PullCursor): (order: SeenOrder) => boolean {
  const seen = new Set(cursor.seen.map(nameOf));
  return (order) => seen.has(nameOf(order));
}

/** The cursor after more orders were read: the watermark never goes back, and what is older than the overlap is forgotten. */
export function advance(cursor: PullCursor, orders: readonly SeenOrder[], overlapMs: number): PullCursor {
  const watermark = orders.reduce((latest, order) => (order.updatedAt > latest ? order.updatedAt : latest), cursor.watermark);
  const since = instantOf(epochMs(watermark) - overlapMs);
  const latest = new Map([...cursor.seen, ...orders].map((seen) => [nameOf(seen), seen]));
  return { watermark, seen: [...latest.values()].filter((seen) => seen.updatedAt >= since) };
}

/** The cursor while orders come in no order of time: what was read is remembered, and the watermark stays until {@link settle}. */
export function remember(cursor: PullCursor, orders: readonly SeenOrder[]): PullCursor {
  const latest = new Map([...cursor.seen, ...orders].map((seen) => [nameOf(seen), seen]));
  return { watermark: cursor.watermark, seen: [...latest.values()] };
}

/** The cursor once all of them were read: the watermark is that of the latest change. */
export function settle(cursor: PullCursor, overlapMs: number): PullCursor {
  return advance(cursor, cursor.seen, overlapMs);
}

/** As the journal stores it. */
export function storeCursor(cursor: PullCursor): ChannelCursor {
  return { watermark: cursor.watermark, seen: cursor.seen.map(({ id, revision, updatedAt }) => `${id} ${revision} ${updatedAt}`) };
}

/** From the journal. Throws an `InvariantError` for what is no such cursor. */
export function restoreCursor(stored: ChannelCursor): PullCursor {
  const { watermark, seen } = stored;
  if (typeof watermark !== 'string' || !Array.isArray(seen)) throw new InvariantError('not a cursor of orders');
  return {
    watermark: instantOf(epochMs(watermark)),
    seen: seen.map((text: string) => {
      const [id, revision, updatedAt] = text.split(' ');
      if (id === undefined || revision === undefined || updatedAt === undefined) {
        throw new InvariantError('not a cursor of orders');
      }
      return { id, revision, updatedAt };
    }),
  };
}

function nameOf(order: SeenOrder): string {
  return `${order.id} ${order.revision}`;
}
