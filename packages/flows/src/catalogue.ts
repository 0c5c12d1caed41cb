import type { Erp, ErpProduct, Sku } from '@quartermaster/domain';

/** What the ERP knows of the products that orders name. Asked once per SKU and process; a SKU that was unknown is asked again, because somebody may have made it since. */
export type Catalogue = {
  /** Makes sure that these SKUs were asked for. */
  readonly learn: (skus: Iterable<Sku>) => Promise<void>;
  readonly get: (sku: Sku) => ErpProduct | undefined;
  readonly has: (sku: Sku) => boolean;
};

export function createCatalogue(erp: Erp): Catalogue {
  const known = new Map<Sku, ErpProduct>();
  return {
    async learn(skus) {
      const missing = [...new Set(skus)].filter((sku) => !known.has(sku));
      if (missing.length === 0) return;
      for (const product of await erp.products(missing)) known.set(product.sku, product);
    },
    get: (sku) => known.get(sku),
    has: (sku) => known.has(sku),
  };
}
