import type { Listing, Sku } from '@quartermaster/domain';
import type { EbayClient } from './client.ts';
import { readOffers } from './inventory.ts';
import { itemsPerPage } from './limits.ts';
import { itemPageSchema, type WireInventoryItem, type WireOffer } from './wire-inventory.ts';

/** Offers that are asked for at once. */
const offersTogether = 4;

/**
 * All inventory items, each with how its offers stand, which costs a call for each: eBay gives offers by SKU only. eBay's pages have numbers and no order of it is promised, so where the
 * number of items changed meanwhile the pages are read once more for what slipped past. Listings made by other means than the Inventory API are not among them.
 */
export function listingReading(client: EbayClient) {
  return async function* listings(): AsyncIterable<readonly Listing[]> {
    const seen = new Set<Sku>();
    for (let round = 1, before = -1; round <= 3; round++) {
      let total = 0;
      for (let page = 0, more = true; more; page++) {
        const read = await readPage(page);
        total = read.total;
        more = read.next !== undefined && read.inventoryItems.length > 0;
        const fresh = read.inventoryItems.filter(({ sku }) => !seen.has(sku));
        for (const { sku } of fresh) seen.add(sku);
        if (fresh.length > 0) yield await listingsOf(fresh);
      }
      if (seen.size >= total || total === before) return;
      before = total;
    }
  };

  async function readPage(page: number) {
    const reply = await client.call({
      operation: 'listings.items',
      api: 'inventory',
      method: 'GET',
      path: `/sell/inventory/v1/inventory_item?limit=${itemsPerPage}&offset=${page}`,
      schema: itemPageSchema,
      kind: 'read',
    });
    return reply.data;
  }

  async function listingsOf(items: readonly WireInventoryItem[]): Promise<readonly Listing[]> {
    const found: Listing[] = [];
    for (let at = 0; at < items.length; at += offersTogether) {
      const some = items.slice(at, at + offersTogether);
      const offers = await Promise.all(some.map(({ sku }) => readOffers(client, sku, 'listings.offers')));
      found.push(...some.map((item, nth) => listingOf(item, offers[nth] ?? [])));
    }
    return found;
  }
}

function listingOf({ sku, product }: WireInventoryItem, offers: readonly WireOffer[]): Listing {
  const listingId = offers.find(({ listing }) => listing?.listingId !== undefined)?.listing?.listingId;
  return {
    id: listingId === undefined ? sku : `${listingId}/${sku}`,
    sku: sku.trim() === '' ? null : sku,
    title: product?.title ?? sku,
    state: stateOf(offers),
  };
}

/** ListingStatusEnum: `OUT_OF_STOCK` and an offer that is not published may come back; what was ended does not by itself. */
function stateOf(offers: readonly WireOffer[]): Listing['state'] {
  const states = offers.map(({ status, listing }) => (status === 'PUBLISHED' ? (listing?.listingStatus ?? 'ACTIVE') : 'UNPUBLISHED'));
  if (states.includes('ACTIVE')) return 'active';
  return states.length > 0 && states.every((state) => state === 'ENDED' || state === 'EBAY_ENDED') ? 'ended' : 'inactive';
}
