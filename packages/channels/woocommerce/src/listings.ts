import { isFault, type Listing } from '@quartermaster/domain';
import type { WooClient } from './client.ts';
import { maxPerPage } from './limits.ts';
import { productsSchema, type WireProduct } from './wire.ts';

const fields = 'id,name,sku,type,status,parent_id';

/** Reads all that the shop lists: simple products, and each variation of one that has some. Products that only lead to others (grouped, external) are no listings. */
export function listingReading(client: WooClient) {
  return async function* listings(): AsyncGenerator<readonly Listing[]> {
    const parents = new Map<number, string>();
    for await (const products of byId('/wc/v3/products')) {
      for (const { id, name, type } of products) if (type === 'variable') parents.set(id, name);
      const simple = products.filter(({ type }) => type === 'simple');
      if (simple.length > 0) yield simple.map((product) => listingOf(product, product.name));
    }
    if (parents.size === 0) return;
    for await (const variations of variationsOf([...parents.keys()])) {
      const own = variations.filter((variation) => parents.has(variation.parent_id));
      if (own.length > 0) yield own.map((variation) => listingOf(variation, titleOf(parents.get(variation.parent_id), variation.name)));
    }
  };

  /** All variations at once, from WooCommerce 10.3 on; before, those of each product. */
  async function* variationsOf(parents: readonly number[]): AsyncGenerator<readonly WireProduct[]> {
    try {
      yield* byId('/wc/v3/variations');
    } catch (error) {
      if (!isFault(error) || error.facts.vendorCode !== 'rest_no_route') throw error;
      for (const parent of parents)
        for await (const page of byId(`/wc/v3/products/${parent}/variations`)) yield page.map((one) => ({ ...one, parent_id: parent }));
    }
  }

  /**
   * A list in the order of ids, which only grows at its end. Each page begins with the last item of the one before: when it does not, something was deleted meanwhile and the rest moved up,
   * so the page before is read again.
   */
  async function* byId(path: string): AsyncGenerator<readonly WireProduct[]> {
    let last = 0;
    for (let offset = 0; ;) {
      const products = await client({
        operation: 'listings.read',
        method: 'GET',
        path,
        query: { per_page: maxPerPage, offset, orderby: 'id', order: 'asc', _fields: fields },
        schema: productsSchema,
        kind: 'read',
      });
      if (offset > 0 && !(products[0] !== undefined && products[0].id <= last)) {
        offset = Math.max(0, offset - maxPerPage);
        continue;
      }
      const fresh = products.filter(({ id }) => id > last);
      if (fresh.length > 0) yield fresh;
      last = fresh.at(-1)?.id ?? last;
      if (products.length < maxPerPage) return;
      offset += products.length - 1;
    }
  }
}

/** As the shop names a variation in orders: `Shirt - S`. */
function titleOf(product: string | undefined, variation: string): string {
  return [product ?? '', variation].filter((part) => part !== '').join(' - ');
}

/** A variation without a SKU of its own shows its product's; so may several, and then they share it. */
function listingOf({ id, sku, status }: WireProduct, title: string): Listing {
  return {
    id: String(id),
    sku: sku.trim() === '' ? null : sku,
    title,
    state: status === 'publish' ? 'active' : status === 'trash' ? 'ended' : 'inactive',
  };
}
