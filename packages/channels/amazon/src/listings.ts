import type { Instant, Listing, Sku } from '@quartermaster/domain';
import { isFault } from '@quartermaster/domain';
import { notDone, type AmazonClient } from './client.ts';
import { listingsPerPage, listingsPerSearch } from './limits.ts';
import { listingPageSchema, listingSchema, type WireListing } from './wire.ts';

/** Whose listings, and where. */
export type Seller = { readonly sellerId: string; readonly marketplaceIds: readonly string[] };

/** What of a listing we use: how it stands and what can be bought. */
const included = ['summaries', 'fulfillmentAvailability'];

/**
 * All listings, in pages, the oldest first. A search shows its first thousand only, so after each thousand it is asked anew from the last creation date on.
 */
export async function* allListings(client: AmazonClient, seller: Seller): AsyncGenerator<readonly Listing[]> {
  const seen = new Set<string>();
  let createdAfter: Instant | undefined;
  for (;;) {
    let shown = 0;
    let last: Instant | undefined;
    let pageToken: string | undefined;
    do {
      const page: Awaited<ReturnType<typeof search>> = await search(pageToken, createdAfter);
      const fresh = page.items.filter(({ sku }) => !seen.has(sku));
      for (const { sku } of fresh) seen.add(sku);
      if (fresh.length > 0) yield fresh.map(translateListing);
      shown += page.items.length;
      last = page.items.at(-1)?.summaries?.[0]?.createdDate ?? last;
      pageToken = page.pagination?.nextToken ?? undefined;
    } while (pageToken !== undefined);
    if (shown < listingsPerSearch) return;
    if (last === undefined || last === createdAfter) {
      throw notDone('unsupported', 'searchListingsItems', `more than ${listingsPerSearch} listings were created in one moment`);
    }
    createdAfter = last;
  }

  function search(token: string | undefined, after: Instant | undefined) {
    return client.call({
      operation: 'searchListingsItems',
      method: 'GET',
      path: `/listings/2021-08-01/items/${encodeURIComponent(seller.sellerId)}`,
      query: {
        marketplaceIds: seller.marketplaceIds,
        includedData: ['summaries'],
        sortBy: 'createdDate',
        sortOrder: 'ASC',
        pageSize: listingsPerPage,
        pageToken: token,
        createdAfter: after,
      },
      schema: listingPageSchema,
      kind: 'read',
    });
  }
}

/** The listings of these SKUs, as far as there are any: twenty to a call, and one by one those with a comma in them, which a list cannot hold. */
export async function listingsOf(client: AmazonClient, seller: Seller, skus: readonly Sku[]): Promise<Map<Sku, WireListing>> {
  const found = new Map<Sku, WireListing>();
  const path = `/listings/2021-08-01/items/${encodeURIComponent(seller.sellerId)}`;
  const wanted = [...new Set(skus)];
  const listed = wanted.filter((sku) => !sku.includes(','));
  for (let from = 0; from < listed.length; from += listingsPerPage) {
    const query = {
      marketplaceIds: seller.marketplaceIds,
      identifiersType: 'SKU',
      identifiers: listed.slice(from, from + listingsPerPage),
      includedData: included,
      pageSize: listingsPerPage,
    };
    const page = await client.call({
      operation: 'searchListingsItems',
      method: 'GET',
      path,
      query,
      schema: listingPageSchema,
      kind: 'read',
    });
    for (const item of page.items) found.set(item.sku, item);
  }
  for (const sku of wanted.filter((one) => one.includes(','))) {
    const item = await oneListing(client, seller, sku);
    if (item !== null) found.set(sku, item);
  }
  return found;
}

async function oneListing(client: AmazonClient, seller: Seller, sku: Sku): Promise<WireListing | null> {
  try {
    return await client.call({
      operation: 'getListingsItem',
      method: 'GET',
      path: listingPath(seller, sku),
      query: { marketplaceIds: seller.marketplaceIds, includedData: included },
      schema: listingSchema,
      kind: 'read',
    });
  } catch (error) {
    if (isFault(error) && error.code === 'not-found') return null;
    throw error;
  }
}

/** The SKU is a part of the path, and may hold anything: an unencoded `/` or `#` is answered by 403. */
export function listingPath(seller: Seller, sku: Sku): string {
  return `/listings/2021-08-01/items/${encodeURIComponent(seller.sellerId)}/${encodeURIComponent(sku)}`;
}

/** What the seller himself has on sale of a listing; null where he ships none of it himself. */
export function ownQuantity({ fulfillmentAvailability }: Pick<WireListing, 'fulfillmentAvailability'>): number | null {
  const own = (fulfillmentAvailability ?? []).find(({ fulfillmentChannelCode }) => fulfillmentChannelCode === ownChannel);
  return own === undefined ? null : (own.quantity ?? 0);
}

/** Amazon's code for "the seller ships it". */
export const ownChannel = 'DEFAULT';

function translateListing(wire: WireListing): Listing {
  const [summary] = wire.summaries ?? [];
  return {
    id: summary?.asin == null ? wire.sku : `${summary.asin}/${wire.sku}`,
    sku: wire.sku,
    title: summary?.itemName ?? wire.sku,
    state: summary?.status.includes('BUYABLE') === true ? 'active' : 'inactive',
  };
}
