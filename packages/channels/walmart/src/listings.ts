import type { Listing } from '@quartermaster/domain';
import type { WalmartClient } from './client.ts';
import { inventoriesPerPage } from './limits.ts';
import { isNoContent } from './orders.ts';
import { inventoriesPageSchema, type WireItemInventory } from './wire-inventory.ts';

/** All items of the seller with their stock at each ship node, in pages of 50. Walmart's cursor is a new one with every page. */
export function inventoryListing(client: WalmartClient) {
  return async function* listAll(): AsyncIterable<readonly WireItemInventory[]> {
    for (let cursor: string | null = ''; cursor !== null;) {
      const at: string = cursor === '' ? '' : `&nextCursor=${encodeURIComponent(cursor)}`;
      const page = await readPage(`?limit=${inventoriesPerPage}${at}`);
      const items = page.elements?.inventories ?? [];
      if (items.length > 0) yield items;
      const next: string | null = page.meta?.nextCursor ?? null;
      cursor = next === '' || items.length === 0 ? null : next;
    }
  };

  async function readPage(query: string) {
    try {
      return await client({
        operation: 'stock.list',
        bucket: 'inventories-list',
        method: 'GET',
        path: `/v3/inventories${query}`,
        schema: inventoriesPageSchema,
        kind: 'read',
      });
    } catch (error) {
      if (isNoContent(error)) return { meta: null, elements: null };
      throw error;
    }
  }
}

/** The same as listings. The inventory tells neither a title nor whether an item is published: the SKU stands for the one, and all count as active. */
export function listingReading(listAll: () => AsyncIterable<readonly WireItemInventory[]>) {
  return async function* listings(): AsyncIterable<readonly Listing[]> {
    const seen = new Set<string>();
    for await (const page of listAll()) {
      const fresh = page.filter(({ sku }) => !seen.has(sku));
      for (const { sku } of fresh) seen.add(sku);
      yield fresh.map(({ sku }): Listing => ({ id: sku, sku: sku.trim() === '' ? null : sku, title: sku, state: 'active' }));
    }
  };
}
