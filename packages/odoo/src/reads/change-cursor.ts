import { epochMs, type Instant } from '@quartermaster/domain';

/**
 * How far a table's changes were read: a small plain value to keep between polls. Start with {@link fromTheBeginning}, or with what `startingNow` gives.
 *
 * Odoo stamps a record with the START of the transaction that wrote it, in whole seconds over RPC. So a record may appear with a stamp that lies before others that were long read.
 * Each poll therefore reads again from `overlapMs` before the watermark, and what it read there before is known by `seen`.
 */
export type ChangeCursor = {
  /** No record that is not known was committed before `overlapMs` after this. Null: nothing was read yet. */
  readonly watermark: Instant | null;
  /** Records stamped in the overlap, by id: stamp, and a mark of their content as it was delivered. */
  readonly seen: Readonly<Record<string, readonly [stamp: Instant, mark: string]>>;
  /** A poll that was broken off between two pages, to go on with. */
  readonly unfinished: { readonly since: Instant | null; readonly watermark: Instant | null; readonly after: number } | null;
};

export const fromTheBeginning: ChangeCursor = { watermark: null, seen: {}, unfinished: null };

/** A record as a poll reads it; the mark changes when a field that is read does. */
export type StampedRecord = { readonly id: number; readonly stamp: Instant; readonly mark: string };

/** Time from which a poll reads; null is from the beginning. */
export function sinceOf(cursor: ChangeCursor, overlapMs: number): Instant | null {
  return cursor.unfinished === null ? earlier(cursor.watermark, overlapMs) : cursor.unfinished.since;
}

/**
 * Begins a poll, or goes on with one. `newest` is the newest stamp in its window, read BEFORE any of its records: what is committed later is stamped after `newest - overlap`, and so
 * found by the next poll, wherever this one's pages then stand. `serverTime` moves the watermark of a table where nothing happens, so that the window does not stay full; it is
 * held back by another overlap, in case that clock is not the database's.
 */
export function beginPoll(
  cursor: ChangeCursor,
  found: { newest: Instant | null; serverTime: Instant | null },
  overlapMs: number,
): ChangeCursor {
  if (cursor.unfinished !== null) return cursor;
  const watermark = latest([cursor.watermark, found.newest, earlier(found.serverTime, overlapMs)]);
  return { ...cursor, unfinished: { since: sinceOf(cursor, overlapMs), watermark, after: 0 } };
}

/** Takes a page of the poll, by ascending id: which of its records are to be delivered, and the cursor behind it. */
export function takePage(
  cursor: ChangeCursor,
  page: readonly StampedRecord[],
  overlapMs: number,
): { readonly fresh: ReadonlySet<number>; readonly cursor: ChangeCursor } {
  const { unfinished } = cursor;
  if (unfinished === null) throw new RangeError('a page belongs to a poll that was begun');
  const fresh = new Set<number>();
  const seen = { ...cursor.seen };
  const kept = earlier(unfinished.watermark, overlapMs);
  for (const { id, stamp, mark } of page) {
    // The stamp alone does not tell: two transactions of the same second give the same.
    if (cursor.seen[id]?.[1] !== mark || cursor.seen[id][0] !== stamp) fresh.add(id);
    if (kept === null || stamp >= kept) seen[id] = [stamp, mark];
  }
  return { fresh, cursor: { ...cursor, seen, unfinished: { ...unfinished, after: page.at(-1)?.id ?? unfinished.after } } };
}

/** Ends a poll after its last page: what the next one will not read again is forgotten. */
export function endPoll(cursor: ChangeCursor, overlapMs: number): ChangeCursor {
  const watermark = cursor.unfinished?.watermark ?? cursor.watermark;
  const kept = earlier(watermark, overlapMs);
  const seen = Object.fromEntries(Object.entries(cursor.seen).filter(([, [stamp]]) => kept === null || stamp >= kept));
  return { watermark, seen, unfinished: null };
}

function latest(times: readonly (Instant | null)[]): Instant | null {
  return times.reduce((best, time) => (time !== null && (best === null || time > best) ? time : best), null);
}

/** In whole seconds, as the server compares: rounded down, so that nothing is left out. */
function earlier(time: Instant | null, byMs: number): Instant | null {
  if (time === null) return null;
  const second = 1_000;
  return new Date(Math.floor((epochMs(time) - byMs) / second) * second).toISOString();
}
