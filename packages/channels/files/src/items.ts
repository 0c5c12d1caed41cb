import { ConnectorFault, mapListings, type Listing, type ListingMap } from '@quartermaster/domain';
import { z } from 'zod';
import type { Arrivals } from './arrivals.ts';
import { connectorName, type FileClient } from './client.ts';
import { readTable } from './csv.ts';
import { textOfFile, type FileText } from './file-text.ts';
import { fileKey, type FileLayout } from './layout.ts';
import { fileItemSchema, itemFileSchema, type FileItem } from './wire.ts';

/** What the partner sells of ours: the newest file of the folder of items, which is the whole of it. */
export type Items = { read(): Promise<{ readonly listings: readonly Listing[]; readonly map: ListingMap }> };

export function itemReading(given: {
  readonly client: FileClient;
  readonly arrivals: Arrivals;
  readonly layout: FileLayout;
  readonly text: FileText;
}): Items {
  const nothing = { listings: [], map: mapListings([]) };
  let known: { readonly key: string; readonly items: Awaited<ReturnType<Items['read']>> } | null = null;

  return {
    async read() {
      const newest = (await given.arrivals.whole(given.layout.items)).at(-1);
      if (newest === undefined) return nothing;
      const key = fileKey(newest);
      if (known?.key === key) return known.items;
      const bytes = await given.client.readListed(given.layout.items, newest);
      // Somebody is just writing it: what was known holds for the moment.
      if (bytes === null) return known?.items ?? nothing;
      const listings = itemsOf(newest.name, bytes, given.text).map(listingOf);
      known = { key, items: { listings, map: mapListings(listings) } };
      return known.items;
    },
  };
}

/** Throws a `malformed-reply` fault that names what is wrong: half a list of items would end the others. */
function itemsOf(name: string, bytes: Uint8Array, how: FileText): FileItem[] {
  const text = textOfFile(bytes, how.encoding);
  if (text === null) throw unreadable(name, `not ${how.encoding}`);
  if (/\.json$/i.test(name)) {
    const parsed = itemFileSchema.safeParse(jsonOf(name, text));
    if (parsed.success) return parsed.data.items;
    const [issue] = parsed.error.issues;
    throw unreadable(name, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`);
  }
  const table = readTable(text, how.delimiter);
  const problem = table.brokenOff ?? table.rows.flatMap(({ problems }) => problems)[0];
  if (problem !== undefined) throw unreadable(name, problem);
  const parsed = z.array(fileItemSchema).safeParse(table.rows.map(({ cells }) => ({ title: '', ...Object.fromEntries(cells) })));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const line = table.rows[Number(issue?.path[0] ?? 0)]?.line ?? 1;
  throw unreadable(name, `line ${line}, column ${String(issue?.path[1] ?? '')}: ${issue?.message ?? 'not understood'}`);
}

function listingOf({ item_id: id, sku, title, state }: FileItem, at: number): Listing {
  return { id: id ?? sku ?? `row ${at + 1}`, sku: sku ?? null, title, state };
}

function jsonOf(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable(name, 'not JSON, or not whole');
  }
}

function unreadable(name: string, why: string): ConnectorFault {
  return new ConnectorFault('malformed-reply', {
    connector: connectorName,
    operation: 'items.read',
    outcome: 'not-applied',
    retry: { kind: 'safely' },
    message: `${name}: ${why}`,
    advice: 'Ask the partner for a list of items that is right.',
  });
}
