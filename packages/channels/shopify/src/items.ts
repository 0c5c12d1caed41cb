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

const itemsPerPage = 250;
/** SKUs in one search. */
const skusPerSearch = 20;

/**
 * Keeps the shop's items by SKU: all of them read once and again when that is `maxAgeMs` old; a SKU that is not among them is searched for at once, since it may be new.
 * Shopify allows several items with one SKU.
 */
export function itemIndex(client: ShopifyClient, clock: Clock, maxAgeMs: number): ItemIndex {
  let known: { readonly items: Map<Sku, Set<string>>; readonly readAt: number } | null = null;

  return async function lookUp(skus) {
    const now = epochMs(clock.now());
    if (known === null || now - known.readAt >= maxAgeMs) {
      const items = new Map<Sku, Set<string>>();
      await collect(items, null);
      known = { items, readAt: now };
    }
    const { items } = known;
    const missing = [...new Set(skus)].filter((sku) => !items.has(sku));
    for (let start = 0; start < missing.length; start += skusPerSearch) {
      await collect(
        items,
        missing
          .slice(start, start + skusPerSearch)
          .map(searchTerm)
          .join(' OR '),
      );
    }
    return new Map(skus.map((sku) => [sku, lookup(items.get(sku))]));
  };

  async function collect(items: Map<Sku, Set<string>>, query: string | null): Promise<void> {
    let after: string | null = null;
    do {
      const reply: Awaited<ReturnType<typeof readItems>> = await readItems(query, after);
      const { nodes, pageInfo } = reply.data.inventoryItems;
      for (const { id, sku } of nodes) {
        if (sku === null || sku === '') continue;
        const ids = items.get(sku) ?? new Set();
        items.set(sku, ids.add(id));
      }
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
  }

  function readItems(query: string | null, after: string | null) {
    const variables = { first: itemsPerPage, after, query };
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
