import { epochMs, type Clock, type Sku } from '@quartermaster/domain';
import type { ShopifyClient } from './client.ts';
import { inventoryItemsDocument } from './documents.ts';
import { inventoryItemsSchema } from './wire.ts';

/** What a SKU is in the shop: one inventory item, none, or several, of which nobody can say which is meant. */
export type ItemLookup =
  | { readonly kind: 'item'; readonly id: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly ids: readonly string[] };

/** Finds inventory items by SKU. */
export type ItemIndex = (skus: readonly Sku[]) => Promise<ReadonlyMap<Sku, ItemLookup>>;

/** SKUs in one search. */
const skusPerSearch = 20;
/** Shopify reckons with as many rows as are asked for, and charges those that there are: more than this only for SKUs that many items have. */
const itemsPerSearch = 2 * skusPerSearch;
/** Where so many SKUs are not known yet all items are read, in fewer calls; each item costs a point either way. */
const readAllFrom = 2_000;
const itemsPerPage = 250;

/**
 * Knows for a while which items have which SKU. Those that are asked for and not known, or not known any more, are searched for; so publishing what changed costs a point for each SKU, however
 * many the shop has. A SKU that no item has is not remembered, since it may be new. Shopify allows several items with one SKU.
 */
export function itemIndex(client: ShopifyClient, clock: Clock, maxAgeMs: number): ItemIndex {
  const known = new Map<Sku, { readonly ids: ReadonlySet<string>; readonly until: number }>();

  return async function lookUp(skus) {
    const now = epochMs(clock.now());
    const missing = [...new Set(skus)].filter((sku) => sku !== '' && (known.get(sku)?.until ?? 0) <= now);
    const found = new Map<Sku, Set<string>>();
    if (missing.length >= readAllFrom) await collect(found, null, itemsPerPage);
    else
      for (let start = 0; start < missing.length; start += skusPerSearch) {
        const some = missing.slice(start, start + skusPerSearch);
        await collect(found, some.map(searchTerm).join(' OR '), itemsPerSearch);
      }
    for (const sku of missing) known.delete(sku);
    for (const [sku, ids] of found) known.set(sku, { ids, until: now + maxAgeMs });
    return new Map(skus.map((sku) => [sku, lookup(known.get(sku)?.ids)]));
  };

  async function collect(items: Map<Sku, Set<string>>, query: string | null, first: number): Promise<void> {
    let after: string | null = null;
    do {
      const reply: Awaited<ReturnType<typeof readItems>> = await readItems(query, after, first);
      const { nodes, pageInfo } = reply.data.inventoryItems;
      for (const { id, sku } of nodes) {
        if (sku === null || sku === '') continue;
        const ids = items.get(sku) ?? new Set();
        items.set(sku, ids.add(id));
      }
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
  }

  function readItems(query: string | null, after: string | null, first: number) {
    const variables = { first, after, query };
    return client({ operation: 'items.read', document: inventoryItemsDocument, variables, schema: inventoryItemsSchema, kind: 'read' });
  }
}

function lookup(ids: ReadonlySet<string> | undefined): ItemLookup {
  const [first, ...others] = ids ?? [];
  if (first === undefined) return { kind: 'none' };
  return others.length === 0 ? { kind: 'item', id: first } : { kind: 'several', ids: [first, ...others] };
}

/** Search is by words and without regard to case, so the answer is compared with the SKU again. */
function searchTerm(sku: Sku): string {
  return `sku:"${sku.replaceAll(/[\\"]/g, String.raw`\$&`)}"`;
}
