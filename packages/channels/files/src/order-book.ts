import { dirname } from 'node:path/posix';
import type { Arrivals } from './arrivals.ts';
import type { FileClient } from './client.ts';
import type { DirectoryEntry } from './directory.ts';
import type { FileText } from './file-text.ts';
import { beforeDone, fileKey, isUnfinishedName, type FileLayout } from './layout.ts';
import { readOrderFile } from './order-files.ts';
import { supersedes, type OrderFile, type OrderVersion } from './order-version.ts';

/** A file of orders that has arrived, with what it says. */
export type ReadFile = {
  readonly file: OrderFile;
  readonly path: string;
  readonly entry: DirectoryEntry;
  readonly versions: readonly OrderVersion[];
};

/** All orders that the files say, each in its newest version. A file is read once in the life of the process. */
export type OrderBook = {
  /** Looks for new files and reads them. Gives those that wait in the folder of orders, the oldest first. */
  refresh(): Promise<readonly ReadFile[]>;
  newest(orderId: string): OrderVersion | null;
  all(): Iterable<OrderVersion>;
};

export function orderBook(given: {
  readonly client: FileClient;
  readonly arrivals: Arrivals;
  readonly layout: FileLayout;
  readonly text: FileText;
  /** Whether there is a folder of files that were read. */
  readonly keepsDone: boolean;
}): OrderBook {
  const { client, layout } = given;
  const read = new Map<string, ReadFile>();
  let newest = new Map<string, OrderVersion>();
  let running: Promise<readonly ReadFile[]> | null = null;

  return {
    // Callers at the same time share one look: a file is not read twice, and the book is not changed by two.
    refresh: () => (running ??= look().finally(() => (running = null))),
    newest: (orderId) => newest.get(orderId) ?? null,
    all: () => newest.values(),
  };

  async function look(): Promise<readonly ReadFile[]> {
    const waiting = (await given.arrivals.whole(layout.orders)).map((entry) => ({
      entry,
      path: `${layout.orders}/${entry.name}`,
      file: { key: fileKey(entry), name: entry.name, modifiedAt: entry.modifiedAt },
    }));
    const there = new Set<string>();
    let fresh = false;
    for (const one of [...(await doneFiles()), ...waiting]) {
      there.add(one.file.key);
      const known = read.get(one.file.key);
      if (known !== undefined) read.set(one.file.key, { ...known, path: one.path, entry: one.entry });
      else fresh = (await take(one)) || fresh;
    }
    const gone = [...read.keys()].filter((key) => !there.has(key));
    for (const key of gone) read.delete(key);
    if (gone.length > 0 || fresh) newest = newestOf(read.values());
    return waiting.flatMap(({ file }) => read.get(file.key) ?? []);
  }

  async function doneFiles() {
    if (!given.keepsDone) return [];
    return (await client.list(layout.done)).flatMap((entry) => {
      const before = isUnfinishedName(entry.name) ? null : beforeDone(entry.name);
      return before === null ? [] : [{ entry, path: `${layout.done}/${entry.name}`, file: { ...before, modifiedAt: entry.modifiedAt } }];
    });
  }

  /** False of a file that is gone again, or of another size than it was listed with: somebody writes it, and it comes at another time. */
  async function take(one: { readonly entry: DirectoryEntry; readonly path: string; readonly file: OrderFile }): Promise<boolean> {
    const bytes = await client.readListed(dirname(one.path), one.entry);
    if (bytes === null) return false;
    read.set(one.file.key, { ...one, versions: readOrderFile(one.file, bytes, given.text) });
    return true;
  }
}

function newestOf(files: Iterable<ReadFile>): Map<string, OrderVersion> {
  const newest = new Map<string, OrderVersion>();
  for (const { versions } of [...files].toSorted(byArrival)) {
    for (const version of versions) {
      const known = newest.get(version.id);
      if (known === undefined || supersedes(version, known)) newest.set(version.id, version);
    }
  }
  return newest;
}

function byArrival(left: ReadFile, right: ReadFile): number {
  const keys = ({ file }: ReadFile) => `${file.modifiedAt} ${file.name}`;
  return keys(left) < keys(right) ? -1 : 1;
}
