import {
  ConnectorFault,
  epochMs,
  instantOf,
  isFault,
  type ChannelCursor,
  type ChannelOrder,
  type Instant,
  type OrderPage,
  type Person,
  type PulledOrder,
  type SubjectId,
  type UnreadableOrder,
} from '@quartermaster/domain';
import { fingerprint } from './fingerprint.ts';
import { advance, askFrom, remember, restoreCursor, seenBefore, settle, storeCursor, type SeenOrder } from './order-cursor.ts';

/** How a vendor's orders are read: what tells one from another, and how one is put into our words. */
export type OrderWords<Wire> = {
  readonly connector: string;
  id(wire: Wire): string;
  name(wire: Wire): string;
  updatedAt(wire: Wire): Instant;
  /** Whose personal data the order holds. */
  subject(wire: Wire): SubjectId;
  /** The order in our words; `revision` is given. Throws when it cannot be put into them. */
  translate(wire: Wire, revision: string): { readonly order: ChannelOrder; readonly person: Person };
};

/** One order in our words. Throws a `malformed-reply` fault for one that cannot be put into them. */
export function pulledOrder<Wire>(words: OrderWords<Wire>, wire: Wire): PulledOrder {
  const raw = JSON.stringify(wire);
  try {
    return { ...words.translate(wire, revisionOf(words, wire, raw)), raw };
  } catch (error) {
    if (isFault(error)) throw error;
    throw new ConnectorFault('malformed-reply', {
      connector: words.connector,
      operation: 'orders.translate',
      outcome: 'not-applied',
      retry: { kind: 'never' },
      message: `order ${words.name(wire)} cannot be put into our words: ${error instanceof Error ? error.name : 'unknown'}`,
      cause: error,
    });
  }
}

/**
 * Reads orders from a cursor on: what changed since some time before its watermark, less what was read before. `pages` gives the vendor's orders that changed since an instant, the oldest
 * change first. One that cannot be put into our words is told as such, beside the others of its page.
 */
export async function* pullOrderPages<Wire>(given: {
  readonly words: OrderWords<Wire>;
  readonly since: ChannelCursor;
  /** How far before its watermark a pull looks again: at least the vendor's resolution of time and the delay of its index. */
  readonly overlapMs: number;
  /**
   * Whether a later page holds later changes only, default true. Where the vendor does not say so the watermark stays until the last page was read, and what was read is remembered one by
   * one: a pull that breaks off loses nothing, and its successor reads the first pages again.
   */
  readonly inOrder?: boolean;
  pages(from: Instant): AsyncIterable<readonly Wire[]>;
}): AsyncGenerator<OrderPage> {
  const { words, overlapMs, inOrder = true } = given;
  let cursor = restoreCursor(given.since);
  let told = false;
  for await (const wires of given.pages(askFrom(cursor, overlapMs))) {
    const read = wires.map((wire) => readOrder(words, wire));
    const isKnown = seenBefore(cursor);
    const seen = read.map((one) => one.seen);
    cursor = inOrder ? advance(cursor, seen, overlapMs) : remember(cursor, seen);
    const news = read.filter(({ seen }) => !isKnown(seen));
    if (news.length === 0) continue;
    yield { ...pageOf(news), cursor: storeCursor(cursor) };
    told = true;
  }
  if (!told || !inOrder) yield { orders: [], cursor: storeCursor(settle(cursor, overlapMs)) };
}

type ReadOrder = { readonly pulled: PulledOrder | null; readonly unreadable: UnreadableOrder | null; readonly seen: SeenOrder };

function readOrder<Wire>(words: OrderWords<Wire>, wire: Wire): ReadOrder {
  try {
    const pulled = pulledOrder(words, wire);
    const { id, revision, updatedAt } = pulled.order;
    return { pulled, unreadable: null, seen: { id, revision, updatedAt } };
  } catch (error) {
    if (!isFault(error)) throw error;
    const raw = JSON.stringify(wire);
    const id = words.id(wire);
    const revision = revisionOf(words, wire, raw);
    const unreadable = { id, name: words.name(wire), revision, subject: words.subject(wire), reason: error.message, raw };
    return { pulled: null, unreadable, seen: { id, revision, updatedAt: normal(words.updatedAt(wire)) } };
  }
}

function pageOf(read: readonly ReadOrder[]): Omit<OrderPage, 'cursor'> {
  const orders = read.flatMap(({ pulled }) => pulled ?? []);
  const unreadable = read.flatMap((each) => each.unreadable ?? []);
  return { orders, ...(unreadable.length === 0 ? {} : { unreadable }) };
}

/** What tells one state of an order from another: the time of its change, and its whole text, since vendors' times have whole seconds. */
function revisionOf<Wire>(words: OrderWords<Wire>, wire: Wire, raw: string): string {
  return `${normal(words.updatedAt(wire))}#${fingerprint(raw).slice(0, 16)}`;
}

function normal(instant: Instant): Instant {
  return instantOf(epochMs(instant));
}
