import type { Erp, ErpProduct, Sku } from '@quartermaster/domain';
import { speakingTo } from './speaking-to.ts';

/** What the ERP knows of the products that orders name. A SKU that was unknown is asked again, because somebody may have made it since. */
export type Catalogue = {
  /** Makes sure that these SKUs were asked for. */
  readonly learn: (skus: Iterable<Sku>) => Promise<void>;
  /** Asks for all of these anew: a weight may have been corrected, a product archived. */
  readonly refresh: (skus: Iterable<Sku>) => Promise<void>;
  readonly get: (sku: Sku) => ErpProduct | undefined;
  readonly has: (sku: Sku) => boolean;
  /** Notes that the ERP has these SKUs, as its stock shows, without asking for more of them. */
  readonly note: (skus: Iterable<Sku>) => void;
  /** Every SKU of which it is known that the ERP has it. */
  readonly seen: () => Iterable<Sku>;
};

export function createCatalogue(erp: Erp): Catalogue {
  const known = new Map<Sku, ErpProduct>();
  const noted = new Set<Sku>();
  const ask = async (skus: readonly Sku[]): Promise<void> => {
    if (skus.length === 0) return;
    const products = await speakingTo(erp.connection, () => erp.products(skus));
    for (const sku of skus) known.delete(sku);
    for (const product of products) known.set(product.sku, product);
  };
  return {
    learn: (skus) => ask([...new Set(skus)].filter((sku) => !known.has(sku))),
    refresh: (skus) => ask([...new Set(skus)]),
    get: (sku) => known.get(sku),
    has: (sku) => known.has(sku),
    note: (skus) => {
      for (const sku of skus) noted.add(sku);
    },
    seen: () => new Set([...known.keys(), ...noted]),
  };
}
