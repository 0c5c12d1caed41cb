import type { NodeId, Sku } from '@quartermaster/domain';

/** What a database shall have. What is there and not named is left alone. */
export type OdooSetup = {
  readonly nodes: readonly { readonly code: NodeId; readonly name: string }[];
  readonly products: readonly SetupProduct[];
  /** Units on the shelf, counted absolutely: what is there now does not add to them. */
  readonly stock: readonly { readonly sku: Sku; readonly node: NodeId; readonly units: number }[];
  /** Currency of the orders to come. */
  readonly currency: string;
};

export type SetupProduct = {
  readonly sku: Sku;
  readonly name: string;
  readonly grams: number;
  readonly millilitres: number;
  /** Sales price as decimal text; only for people, an order line has its own. */
  readonly price?: string;
  readonly kind: 'storable' | 'service';
};

/** How many records were made, changed, and found as they should be. */
export type SetupCounts = { readonly created: number; readonly changed: number; readonly left: number };
export type SetupReport = Readonly<Record<'nodes' | 'routes' | 'products' | 'stock' | 'settings', SetupCounts>>;

export const nothing: SetupCounts = { created: 0, changed: 0, left: 0 };

export function addCounts(...counts: readonly SetupCounts[]): SetupCounts {
  return counts.reduce(
    (sum, each) => ({ created: sum.created + each.created, changed: sum.changed + each.changed, left: sum.left + each.left }),
    nothing,
  );
}
