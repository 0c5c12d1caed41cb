import { pulledOrder } from '@quartermaster/connector-kit';
import {
  type ConnectorFault,
  isFault,
  type ChannelCursor,
  type OrderPage,
  type PulledOrder,
  type UnreadableOrder,
} from '@quartermaster/domain';
import { notDone, type FileClient } from './client.ts';
import { doneName, type FileLayout } from './layout.ts';
import { ordersPerPage } from './limits.ts';
import type { OrderBook, ReadFile } from './order-book.ts';
import type { OrderVersion } from './order-version.ts';
import { restoreCursor, storeCursor, type FileCursor } from './pull-cursor.ts';
import { orderWords, subjectOf } from './translate.ts';

export type OrderReading = {
  pullOrders(since: ChannelCursor): AsyncIterable<OrderPage>;
  getOrder(orderId: string): Promise<PulledOrder | null>;
};

/**
 * Reads orders from the files that have arrived. Of an order that stands in several files only the newest version is told, and one that was sent again unchanged is not told again.
 * `move`: a file goes to the folder of what is done once a cursor comes back that names it, for then its orders are stored.
 */
export function orderReading(given: {
  readonly client: FileClient;
  readonly book: OrderBook;
  readonly layout: FileLayout;
  readonly connection: string;
  readonly move: boolean;
  /** The ending of the empty files that stand beside whole ones; null where there are none. */
  readonly marker: string | null;
}): OrderReading {
  const { client, book, layout } = given;
  const words = orderWords(given.connection);

  return {
    async *pullOrders(since) {
      let cursor = restoreCursor(since);
      let files = await book.refresh();
      cursor = begun(cursor, files);
      if (given.move) files = await putAside(files, cursor);
      cursor = withoutGone(cursor, files);
      const passed = new Set([...cursor.read, ...(cursor.older ?? [])]);
      let page: OrderVersion[] = [];
      for (const { file, versions } of files) {
        if (passed.has(file.key)) continue;
        for (const [at, version] of versions.entries()) {
          if (cursor.partly?.key === file.key && at < cursor.partly.orders) continue;
          if (book.newest(version.id) === version) page.push(version);
          if (page.length < ordersPerPage) continue;
          cursor = { ...cursor, partly: { key: file.key, orders: at + 1 } };
          yield pageOf(page, cursor);
          page = [];
        }
        cursor = { ...cursor, read: [...cursor.read, file.key], partly: null };
      }
      yield pageOf(page, cursor);
    },
    async getOrder(orderId) {
      await book.refresh();
      const version = book.newest(orderId);
      if (version === null) return null;
      if (version.read.kind === 'order') return pulledOrder(words, version.read.order);
      throw unreadable(version.read.reason);
    },
  };

  function pageOf(versions: readonly OrderVersion[], cursor: FileCursor): OrderPage {
    const orders: PulledOrder[] = [];
    const others: UnreadableOrder[] = [];
    for (const version of versions) {
      try {
        if (version.read.kind === 'order') orders.push(pulledOrder(words, version.read.order));
        else others.push(unreadableOf(version, version.read.reason, version.read.raw));
      } catch (error) {
        if (!isFault(error)) throw error;
        others.push(unreadableOf(version, `${version.file.name}: ${error.facts.message}`, JSON.stringify(version.read)));
      }
    }
    return { orders, ...(others.length === 0 ? {} : { unreadable: others }), cursor: storeCursor(cursor) };
  }

  function unreadableOf(version: OrderVersion, reason: string, raw: string): UnreadableOrder {
    const { id, updatedAt, content } = version;
    const subject = subjectOf(given.connection, { order_id: id });
    return { id, name: id, revision: `${updatedAt}#${content.slice(0, 16)}`, subject, reason, raw };
  }

  /** Files that a cursor names have their orders stored. One that cannot be moved stays, and is known by the cursor all the same. */
  async function putAside(files: readonly ReadFile[], cursor: FileCursor): Promise<readonly ReadFile[]> {
    const left: ReadFile[] = [];
    const stored = new Set(cursor.read);
    for (const one of files) {
      const moved = stored.has(one.file.key) && (await tried(() => client.move(one.path, `${layout.done}/${doneName(one.entry)}`)));
      if (!moved) left.push(one);
      else if (given.marker !== null)
        await tried(() => client.move(`${one.path}${given.marker}`, `${layout.done}/${doneName(one.entry)}${given.marker}`));
    }
    return left;
  }
}

/** Passes over what lay in the folder before the connection began: a file that comes later is read whatever its time says. */
function begun(cursor: FileCursor, files: readonly ReadFile[]): FileCursor {
  if (cursor.older !== null) return cursor;
  return { ...cursor, older: files.filter(({ file }) => file.modifiedAt < cursor.since).map(({ file }) => file.key) };
}

/** Forgets the files that are not in the folder any more. */
function withoutGone(cursor: FileCursor, files: readonly ReadFile[]): FileCursor {
  const there = new Set(files.map(({ file }) => file.key));
  const still = (keys: readonly string[]) => keys.filter((key) => there.has(key));
  return { ...cursor, read: still(cursor.read), older: still(cursor.older ?? []) };
}

async function tried(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (isFault(error)) return false;
    throw error;
  }
}

function unreadable(reason: string): ConnectorFault {
  return notDone('malformed-reply', 'orders.read', reason, 'Ask the partner to send the order again.');
}
