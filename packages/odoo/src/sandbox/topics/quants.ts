import { numberOf, referenceOf, type Row } from '../engine/database.ts';
import { required, rowsBy, type World } from '../engine/world.ts';

/** What a quant is of: goods of a product at a location, of a lot, in a package; false for none. */
export type Place = {
  readonly product_id: number;
  readonly location_id: number;
  readonly lot_id: number | false;
  readonly package_id: number | false;
  /** Whose the goods are; absent and false: the company's own. */
  readonly owner_id?: number | false;
};

/** The place that a row names by its own fields. */
export function placeOf(row: Row, more: Partial<Place> = {}): Place {
  return {
    product_id: numberOf(row, 'product_id'),
    location_id: numberOf(row, 'location_id'),
    lot_id: referenceOf(row, 'lot_id') ?? false,
    package_id: referenceOf(row, 'package_id') ?? false,
    owner_id: referenceOf(row, 'owner_id') ?? false,
    ...more,
  };
}

/** The quant of a product at a location without lot and package, made when there is none. */
export function quantAt(world: World, productId: number, locationId: number): Row {
  return quantOf(world, { product_id: productId, location_id: locationId, lot_id: false, package_id: false });
}

/** The quant of a place, made when there is none. */
export function quantOf(world: World, place: Place): Row {
  const found = rowsBy(world, 'stock.quant', 'product_id', place.product_id).find((quant) => {
    const there = placeOf(quant);
    return (
      there.location_id === place.location_id &&
      there.lot_id === place.lot_id &&
      there.package_id === place.package_id &&
      there.owner_id === (place.owner_id ?? false)
    );
  });
  return (
    found ??
    world.db.insert('stock.quant', {
      owner_id: false,
      ...place,
      company_id: world.companyId,
      in_date: world.clock.now().slice(0, 19).replace('T', ' '),
      quantity: 0,
      reserved_quantity: 0,
      inventory_quantity: 0,
      inventory_quantity_set: false,
    })
  );
}

/** Adds to what lies at a place, and to what of it is set aside. As in Odoo both may go below zero and past one another. */
export function addTo(world: World, place: Place, change: { readonly quantity?: number; readonly reserved?: number }): Row {
  const quant = quantOf(world, place);
  return world.db.update('stock.quant', quant.id, {
    quantity: numberOf(quant, 'quantity') + (change.quantity ?? 0),
    reserved_quantity: numberOf(quant, 'reserved_quantity') + (change.reserved ?? 0),
  });
}

/** Odoo clears away quants that hold nothing, after goods moved. Ours stay on the shelf of a warehouse, where scenarios look at them. */
export function clearEmptyQuants(world: World, productId: number): void {
  for (const quant of rowsBy(world, 'stock.quant', 'product_id', productId)) {
    const { lot_id, package_id } = placeOf(quant);
    const isEmpty = numberOf(quant, 'quantity') === 0 && numberOf(quant, 'reserved_quantity') === 0;
    if (isEmpty && (lot_id !== false || package_id !== false) && quant['inventory_quantity_set'] !== true)
      world.db.remove('stock.quant', quant.id);
  }
}

export function isWithin(world: World, locationId: number, ancestorId: number): boolean {
  for (
    let at: number | null = locationId;
    at !== null;
    at = referenceOf(required(world.db.get('stock.location', at), `location ${at}`), 'location_id')
  ) {
    if (at === ancestorId) return true;
  }
  return false;
}

export function isStorable(world: World, productId: number): boolean {
  const product = required(world.db.get('product.product', productId), `product ${productId}`);
  return world.version === 17 ? product['detailed_type'] === 'product' : product['is_storable'] === true;
}

/** Whether goods of a product are set aside at a location: not those that are only counted as used, nor at places outside of the company's own. */
export function isReserved(world: World, productId: number, locationId: number): boolean {
  const usage = world.db.get('stock.location', locationId)?.['usage'];
  return isStorable(world, productId) && (usage === 'internal' || usage === 'transit' || usage === 'view');
}
