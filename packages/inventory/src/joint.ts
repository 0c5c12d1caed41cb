import type { Sku } from '@quartermaster/domain';
import { componentsOf, unitsFrom, type Recipes } from './kits.ts';

/** Something that is sold: a plain SKU or a kit. Of a component that several want, each gets by its weight; 0: it is not sold, and gets nothing. */
export type Offer = { readonly sku: Sku; readonly weight: number };

/**
 * Divides what may be promised of components at one node among all that is made of them, kits and plain SKUs, so that **all of them can be sold together**: over all offers a component is never
 * promised twice. (What each could have if it were alone, the minimum over its components, is too much as soon as two share one.)
 *
 * Kits get their part of each component by weight, of the scarcest one; what a component has left over goes to the SKU itself, or to the kits that still can be made where it is not sold by
 * itself. Kits come in the order of their SKUs.
 */
export function divideAmongOffers(given: {
  /** Units of each component that may be promised here. */
  readonly atp: ReadonlyMap<Sku, number>;
  /** Flat recipes of kits. */
  readonly recipes: Recipes;
  readonly offers: readonly Offer[];
}): Map<Sku, number> {
  const { atp, recipes } = given;
  const offers = [...given.offers].sort((one, other) => (one.sku < other.sku ? -1 : one.sku > other.sku ? 1 : 0));
  const sold = offers.filter(({ weight }) => weight > 0);
  const kits = sold.filter(({ sku }) => recipes.has(sku));
  const alone = new Set(sold.filter(({ sku }) => !recipes.has(sku)).map(({ sku }) => sku));
  const weights = weightsOn(sold, recipes);
  const left = new Map(atp);
  const units = new Map(offers.map(({ sku }) => [sku, 0]));
  const give = (sku: Sku, most: number) => {
    const got = Math.min(
      most,
      unitsFrom(componentsOf(recipes, sku), (each) => left.get(each) ?? 0),
    );
    units.set(sku, (units.get(sku) ?? 0) + got);
    for (const each of componentsOf(recipes, sku)) left.set(each.sku, (left.get(each.sku) ?? 0) - got * each.units);
  };
  for (const { sku, weight } of kits)
    give(
      sku,
      Math.min(
        ...componentsOf(recipes, sku).map((component) => Math.floor(((atp.get(component.sku) ?? 0) * weight) / wantedOf(component.sku))),
      ),
    );
  for (const sku of alone) give(sku, Math.max(0, Math.floor(left.get(sku) ?? 0)));
  for (const { sku } of kits) give(sku, Infinity);
  return units;

  /** Weights of all that want a component, each as often as it takes it. */
  function wantedOf(component: Sku): number {
    return weights.get(component) ?? Infinity;
  }
}

function weightsOn(offers: readonly Offer[], recipes: Recipes): Map<Sku, number> {
  const weights = new Map<Sku, number>();
  for (const { sku, weight } of offers)
    for (const component of componentsOf(recipes, sku))
      weights.set(component.sku, (weights.get(component.sku) ?? 0) + weight * component.units);
  return weights;
}
