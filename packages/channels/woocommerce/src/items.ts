import { epochMs, type Clock, type Sku } from '@quartermaster/domain';
import type { WooClient } from './client.ts';
import { maxPerPage, maxSkusPerLookup } from './limits.ts';
import { productsSchema, type WireProduct } from './wire.ts';

/** Where a SKU's stock is kept: a product, or a variation of one (`parent` is not null). */
export type Item = { readonly id: number; readonly parent: number | null };

export type ItemIndex = {
  /** The items of these SKUs; a SKU that is not there, or has no stock of its own, is absent. */
  find(skus: readonly Sku[]): Promise<ReadonlyMap<Sku, Item>>;
  /** Forgets a SKU, because its item turned out to be gone. */
  forget(sku: Sku): void;
};

const fields = 'id,name,sku,type,status,parent_id,stock_quantity';

/** Products with these SKUs as they are now, by SKU. A product with variations is not among them: it has no stock of its own, and its variations without SKU show its SKU as theirs. */
export async function productsBySku(client: WooClient, skus: readonly Sku[]): Promise<ReadonlyMap<Sku, WireProduct>> {
  const found = new Map<Sku, WireProduct>();
  for (const asked of lookups(skus)) {
    const products = await client({
      operation: 'items.find',
      method: 'GET',
      path: '/wc/v3/products',
      query: { sku: asked.join(','), per_page: maxPerPage, _fields: fields },
      schema: productsSchema,
      kind: 'read',
    });
    for (const product of products) if (['simple', 'variation'].includes(product.type)) found.set(product.sku, product);
  }
  return found;
}

/** Knows for a while which item has which SKU, so that publishing needs no look-up. Only SKUs that were found are remembered. */
export function itemIndex(client: WooClient, clock: Clock, maxAgeMs: number): ItemIndex {
  const known = new Map<Sku, { readonly item: Item; readonly until: number }>();
  return {
    async find(skus) {
      const now = epochMs(clock.now());
      const unknown = skus.filter((sku) => (known.get(sku)?.until ?? 0) <= now);
      const products = await productsBySku(client, unknown);
      for (const sku of unknown) {
        const product = products.get(sku);
        if (product === undefined) known.delete(sku);
        else
          known.set(sku, { item: { id: product.id, parent: product.parent_id === 0 ? null : product.parent_id }, until: now + maxAgeMs });
      }
      return new Map(skus.flatMap((sku) => (known.has(sku) ? [[sku, known.get(sku)?.item] as const] : [])).flatMap(present));
    },
    forget: (sku) => void known.delete(sku),
  };
}

function present([sku, item]: readonly [Sku, Item | undefined]): (readonly [Sku, Item])[] {
  return item === undefined ? [] : [[sku, item]];
}

/** SKUs that go into one look-up each. A comma parts them there, so one with a comma in it goes alone: then the shop also looks for the whole text. */
function lookups(skus: readonly Sku[]): Sku[][] {
  const plain = [...new Set(skus)].filter((sku) => sku.trim() !== '');
  const alone = plain.filter((sku) => sku.includes(','));
  const together = plain.filter((sku) => !sku.includes(','));
  const groups = alone.map((sku) => [sku]);
  for (let from = 0; from < together.length; from += maxSkusPerLookup) groups.push(together.slice(from, from + maxSkusPerLookup));
  return groups;
}
