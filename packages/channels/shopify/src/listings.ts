import type { Listing } from '@quartermaster/domain';
import type { ShopifyClient } from './client.ts';
import { listingsDocument } from './desk-documents.ts';
import { listingsSchema, type WireVariant } from './desk-wire.ts';
import { fromGid } from './identifiers.ts';

/** Variants in one page: Shopify's largest. */
export const listingsPerPage = 250;

/** Reads all variants, in pages by id: what is added meanwhile comes at the end, and nothing moves. Shopify lets several have one SKU. */
export function listingReading(client: ShopifyClient) {
  return async function* listings(): AsyncIterable<readonly Listing[]> {
    for (let after: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof readPage>> = await readPage(after);
      if (page.nodes.length > 0) yield page.nodes.map(listingOf);
      if (!page.pageInfo.hasNextPage || page.pageInfo.endCursor === null) return;
      after = page.pageInfo.endCursor;
    }
  };

  async function readPage(after: string | null) {
    const variables = { first: listingsPerPage, after };
    const reply = await client({ operation: 'listings.read', document: listingsDocument, variables, schema: listingsSchema, kind: 'read' });
    return reply.data.productVariants;
  }
}

function listingOf({ id, sku, displayName, product }: WireVariant): Listing {
  return {
    id: fromGid(id),
    sku: sku === null || sku.trim() === '' ? null : sku,
    title: displayName,
    state: states[product.status] ?? 'inactive',
  };
}

/** An unlisted product is in no search, and who has its address buys it. */
const states: Readonly<Record<string, Listing['state']>> = { ACTIVE: 'active', UNLISTED: 'active', DRAFT: 'inactive', ARCHIVED: 'ended' };
