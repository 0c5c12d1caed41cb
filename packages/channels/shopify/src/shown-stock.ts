import type { NodeId, Sku } from '@quartermaster/domain';
import type { ShopifyClient } from './client.ts';
import { toGid } from './identifiers.ts';
import type { ItemIndex } from './items.ts';
import { maxStockBatch } from './limits.ts';
import { readAvailable } from './stock.ts';

type Place = { readonly sku: Sku; readonly node: NodeId };

/** Reads what the shop shows as available, a location at a time. What has no item, several, or no stock at the location counts as not listed. */
export function shownStockReading(client: ShopifyClient, items: ItemIndex, locations: Readonly<Record<NodeId, string>>) {
  return async function shownStock(places: readonly Place[]): Promise<(number | null)[]> {
    const found = await items([...new Set(places.map(({ sku }) => sku))]);
    const shown = new Map<Place, number | null>();
    for (const [node, there] of Map.groupBy(places, (place) => place.node)) {
      const location = locations[node];
      if (location === undefined) continue;
      const known = there.flatMap((place) => {
        const item = found.get(place.sku);
        return item?.kind === 'item' ? [{ place, itemId: item.id }] : [];
      });
      for (let from = 0; from < known.length; from += maxStockBatch) {
        const batch = known.slice(from, from + maxStockBatch);
        const itemIds = batch.map(({ itemId }) => itemId);
        const available = await readAvailable(client, itemIds, toGid('Location', location));
        for (const { place, itemId } of batch) shown.set(place, available.get(itemId) ?? null);
      }
    }
    return places.map((place) => shown.get(place) ?? null);
  };
}
