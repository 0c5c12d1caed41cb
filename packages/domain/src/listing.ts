import type { Sku } from './identity.ts';

/** One thing that a channel offers: the smallest unit that has a stock figure of its own there. */
export type Listing = {
  /** The channel's id of what is offered: a variant, an ASIN with SKU, an item with its variation. */
  readonly id: string;
  /** Null where the channel's listing has no SKU. */
  readonly sku: Sku | null;
  readonly title: string;
  /** `ended` cannot be bought and will not come back by itself; `inactive` only for now. */
  readonly state: 'active' | 'inactive' | 'ended';
};

/** Listings by SKU; `duplicates` share one, so no stock figure may be pushed for them, and `unmapped` have none. */
export type ListingMap = {
  readonly bySku: ReadonlyMap<Sku, Listing>;
  readonly duplicates: readonly { readonly sku: Sku; readonly listings: readonly Listing[] }[];
  readonly unmapped: readonly Listing[];
};

/** Maps listings to SKUs. A SKU that several listings have is in `duplicates` only; one that ended does not count against one that can be bought. */
export function mapListings(listings: Iterable<Listing>): ListingMap {
  const groups = new Map<Sku, Listing[]>();
  const unmapped: Listing[] = [];
  for (const listing of listings) {
    const sku = listing.sku?.trim() ?? '';
    if (sku === '') unmapped.push(listing);
    else groups.set(sku, [...(groups.get(sku) ?? []), listing]);
  }
  const bySku = new Map<Sku, Listing>();
  const duplicates: { sku: Sku; listings: readonly Listing[] }[] = [];
  for (const [sku, all] of groups) {
    const alive = all.filter(({ state }) => state !== 'ended');
    const counted = alive.length === 0 ? all : alive;
    const [only, ...others] = counted;
    if (only !== undefined && others.length === 0) bySku.set(sku, only);
    else duplicates.push({ sku, listings: counted });
  }
  return { bySku, duplicates, unmapped };
}
