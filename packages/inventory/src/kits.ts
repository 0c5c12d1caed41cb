import type { KitComponent, Sku } from '@quartermaster/domain';

/** What one of each kit is made of. A SKU that is not in it is made of itself. */
export type Recipes = ReadonlyMap<Sku, readonly KitComponent[]>;

/** Sums and ratios of fractions may miss a whole number by this. */
export const hair = 1e-6;

/**
 * Recipes down to what lies on shelves: kits within kits are taken apart, and a component that comes twice is there once with the sum. A kit that holds itself has no recipe that ends; that part is left
 * out, as Odoo does. An empty recipe stays empty: such a kit can never be made.
 */
export function flattened(recipes: Recipes): Recipes {
  return new Map([...recipes.keys()].map((kit) => [kit, [...partsOf(recipes, kit, 1, new Set())].map(([sku, units]) => ({ sku, units }))]));
}

function partsOf(recipes: Recipes, sku: Sku, units: number, within: ReadonlySet<Sku>): Map<Sku, number> {
  const recipe = recipes.get(sku);
  if (recipe === undefined) return new Map([[sku, units]]);
  const parts = new Map<Sku, number>();
  for (const component of within.has(sku) ? [] : recipe)
    for (const [part, count] of partsOf(recipes, component.sku, component.units * units, new Set([...within, sku])))
      parts.set(part, (parts.get(part) ?? 0) + count);
  return parts;
}

/** What one unit of a SKU takes from shelves: its flat recipe, or one of itself. */
export function componentsOf(recipes: Recipes, sku: Sku): readonly KitComponent[] {
  return recipes.get(sku) ?? [{ sku, units: 1 }];
}

/** Whole units of each component that so many of a SKU take; a component of which a fraction is taken counts in full. */
export function takenBy(recipes: Recipes, sku: Sku, units: number): ReadonlyMap<Sku, number> {
  return new Map(componentsOf(recipes, sku).map((component) => [component.sku, Math.ceil(component.units * units - hair)]));
}

/** Whole units that can be made while these are left: of the scarcest component. 0 of a kit without components. */
export function unitsFrom(components: readonly KitComponent[], leftOf: (sku: Sku) => number): number {
  if (components.length === 0) return 0;
  return Math.max(0, Math.min(...components.map(({ sku, units }) => Math.floor(leftOf(sku) / units + hair))));
}
