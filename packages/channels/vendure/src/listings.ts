import type { Listing } from '@quartermaster/domain';
import { pagesByTime } from './by-time.ts';
import type { VendureClient } from './client.ts';
import { listingsDocument } from './documents.ts';
import { maxPerPage } from './limits.ts';
import { listedVariantsSchema, type WireListedVariant } from './wire.ts';

/** Reads all variants of the shop, the oldest first. */
export function listingReading(client: VendureClient) {
  return async function* listings(): AsyncGenerator<readonly Listing[]> {
    const pages = pagesByTime<WireListedVariant>({
      field: 'createdAt',
      from: null,
      timeOf: ({ createdAt }) => createdAt,
      async read(filters) {
        const options = { take: maxPerPage, sort: { createdAt: 'ASC' }, filter: { _and: filters } };
        const call = {
          operation: 'listings.read',
          document: listingsDocument,
          variables: { options },
          schema: listedVariantsSchema,
        } as const;
        return (await client({ ...call, kind: 'read' })).productVariants.items;
      },
    });
    for await (const page of pages) yield page.map(listingOf);
  };
}

function listingOf({ id, sku, name, enabled, product }: WireListedVariant): Listing {
  return { id, sku: sku.trim() === '' ? null : sku, title: name, state: enabled && product.enabled ? 'active' : 'inactive' };
}
