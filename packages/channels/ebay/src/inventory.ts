import { isFault, type NodeId, type Sku } from '@quartermaster/domain';
import type { EbayClient } from './client.ts';
import { skusPerRequest } from './limits.ts';
import { bulkItemsSchema, offersSchema, type WireInventoryItem, type WireOffer } from './wire-inventory.ts';

/** eBay's `merchantLocationKey` of each of our nodes; null where all of them have one figure together. */
export type Locations = Readonly<Record<NodeId, string>> | null;

/** What eBay holds of an inventory item: its total, and the part of it at each location that has a figure of its own. */
export type ItemStock = {
  readonly sku: Sku;
  /** Whose revisions are counted: the group of a listing with variations, else the item. */
  readonly listing: string;
  readonly total: number;
  readonly distributions: readonly { readonly merchantLocationKey: string; readonly quantity: number }[];
};

/** Inventory items by SKU; one that eBay has not is not in the answer. */
export async function readItems(client: EbayClient, skus: readonly Sku[], operation: string): Promise<ReadonlyMap<Sku, ItemStock>> {
  const items = new Map<Sku, ItemStock>();
  const wanted = [...new Set(skus)];
  for (let at = 0; at < wanted.length; at += skusPerRequest) {
    const reply = await client.call({
      operation,
      api: 'inventory',
      method: 'POST',
      path: '/sell/inventory/v1/bulk_get_inventory_item',
      body: { requests: wanted.slice(at, at + skusPerRequest).map((sku) => ({ sku })) },
      schema: bulkItemsSchema,
      kind: 'read',
    });
    for (const { sku, inventoryItem } of reply.data.responses)
      if (sku !== undefined && inventoryItem !== undefined) items.set(sku, stockOf({ ...inventoryItem, sku }));
  }
  return items;
}

/** All offers of a SKU: none (eBay then answers 404), one, or two where it is at auction as well (Inventory API 1.18, getOffers). */
export async function readOffers(client: EbayClient, sku: Sku, operation: string): Promise<readonly WireOffer[]> {
  try {
    const reply = await client.call({
      operation,
      api: 'inventory',
      method: 'GET',
      path: `/sell/inventory/v1/offer?sku=${encodeURIComponent(sku)}`,
      schema: offersSchema,
      kind: 'read',
    });
    return reply.data.offers;
  } catch (error) {
    if (isFault(error) && error.code === 'not-found') return [];
    throw error;
  }
}

/** What can be sold of an item at a node; null where eBay has no figure for it there. */
export function shownAt(item: ItemStock, node: NodeId, locations: Locations): number | null {
  if (locations === null) return item.total;
  const key = locations[node];
  return item.distributions.find(({ merchantLocationKey }) => merchantLocationKey === key)?.quantity ?? null;
}

function stockOf(wire: WireInventoryItem): ItemStock {
  const shipTo = wire.availability?.shipToLocationAvailability;
  const group = wire.inventoryItemGroupKeys?.[0] ?? wire.groupIds?.[0];
  return {
    sku: wire.sku,
    listing: group === undefined ? `sku ${wire.sku}` : `group ${group}`,
    total: shipTo?.quantity ?? 0,
    distributions: shipTo?.availabilityDistributions ?? [],
  };
}
