import type { Listing, Sku } from '@quartermaster/domain';
import type { MiraklClient } from './client.ts';
import { entriesPerPage } from './limits.ts';
import { offerPageSchema, type WireOffer } from './wire-operations.ts';

/** Offers that are asked for at once. */
const together = 4;

/** The offers of these SKUs that there are, one call each (OF21). */
export async function readOffersOf(client: MiraklClient, skus: readonly Sku[], operation: string): Promise<ReadonlyMap<Sku, WireOffer>> {
  const found = new Map<Sku, WireOffer>();
  for (let at = 0; at < skus.length; at += together) {
    const some = skus.slice(at, at + together);
    const pages = await Promise.all(some.map((sku) => readPage(client, operation, [['sku', sku]], 0)));
    for (const { offers } of pages) for (const offer of offers) if (some.includes(offer.shop_sku)) found.set(offer.shop_sku, offer);
  }
  return found;
}

/**
 * All offers of the shop (OF21), each once. Its pages have numbers and are sorted by what may change, so where fewer came than there are they are read again for what slipped past.
 */
export async function* readOffers(client: MiraklClient, operation: string): AsyncIterable<readonly WireOffer[]> {
  const seen = new Set<number>();
  for (let round = 1, total = 1; round <= 3 && seen.size < total; round++) {
    for (let offset = 0, more = true; more; offset += entriesPerPage) {
      const page = await readPage(client, operation, [['sort', 'productTitle']], offset);
      total = page.total_count;
      more = offset + entriesPerPage < total && page.offers.length > 0;
      const fresh = page.offers.filter(({ offer_id: id }) => !seen.has(id));
      for (const { offer_id: id } of fresh) seen.add(id);
      if (fresh.length > 0) yield fresh;
    }
  }
}

/** All that the shop lists. An offer that is not active may come back, when it has stock again or its product is approved. */
export function listingReading(client: MiraklClient) {
  return async function* listings(): AsyncIterable<readonly Listing[]> {
    for await (const page of readOffers(client, 'listings.offers')) yield page.map(listingOf);
  };
}

function listingOf({ offer_id: id, shop_sku: sku, product_title: title, active }: WireOffer): Listing {
  return { id: String(id), sku: sku.trim() === '' ? null : sku, title: title ?? sku, state: active ? 'active' : 'inactive' };
}

function readPage(client: MiraklClient, operation: string, query: readonly (readonly [string, string])[], offset: number) {
  return client.call(
    {
      operation,
      limit: 'page',
      method: 'GET',
      path: '/api/offers',
      query: [...query, ['max', String(entriesPerPage)], ['offset', String(offset)]],
      kind: 'read',
    },
    offerPageSchema,
  );
}
