import { gid, idOf } from './gid.ts';
import { page, type PageArguments } from './paging.ts';
import type { ItemState, LocationState, ShopState, VariantState } from './state.ts';

// What GraphQL sees of locations, variants and their stock. A view has the vendor's field names; a field that takes arguments, or that leads to another view, is a function.

export function locationView(location: LocationState) {
  return {
    __typename: 'Location',
    id: gid('Location', location.id),
    legacyResourceId: String(location.id),
    name: location.name,
    isActive: location.active,
    shipsInventory: location.active,
    fulfillsOnlineOrders: location.active,
  };
}

export function variantView(state: ShopState, variant: VariantState): Record<string, unknown> {
  const item = state.items.get(variant.itemId);
  return {
    __typename: 'ProductVariant',
    id: gid('ProductVariant', variant.id),
    legacyResourceId: String(variant.id),
    sku: item?.sku ?? null,
    title: 'Default Title',
    displayName: variant.title,
    price: variant.price,
    inventoryQuantity: item === undefined ? null : [...item.levels.values()].reduce((sum, level) => sum + level.available, 0),
    product: { __typename: 'Product', id: gid('Product', variant.id), title: variant.title, status: variant.status },
    inventoryItem: () => (item === undefined ? null : itemView(state, item)),
  };
}

export function itemView(state: ShopState, item: ItemState): Record<string, unknown> {
  return {
    __typename: 'InventoryItem',
    id: gid('InventoryItem', item.id),
    legacyResourceId: String(item.id),
    sku: item.sku,
    tracked: item.tracked,
    requiresShipping: item.requiresShipping,
    duplicateSkuCount: [...state.items.values()].filter((other) => other !== item && other.sku !== null && other.sku === item.sku).length,
    measurement: { id: gid('InventoryItemMeasurement', item.id), weight: { unit: 'GRAMS', value: item.grams } },
    inventoryLevel: ({ locationId }: { locationId: string }) => levelView(state, item, idOf('Location', locationId)),
    inventoryLevels: (given: PageArguments) =>
      page(
        [...item.levels.keys()],
        given,
        (id) => ['', id],
        (id) => levelView(state, item, id),
      ),
  };
}

export function levelView(state: ShopState, item: ItemState, locationId: number): Record<string, unknown> | null {
  const level = item.levels.get(locationId);
  const location = state.locations.get(locationId);
  if (level === undefined || location === undefined) return null;
  const figures: Readonly<Record<string, number>> = {
    available: level.available,
    committed: level.committed,
    on_hand: level.available + level.committed,
    incoming: 0,
    reserved: 0,
    damaged: 0,
    safety_stock: 0,
    quality_control: 0,
  };
  return {
    __typename: 'InventoryLevel',
    id: `${gid('InventoryLevel', locationId)}?inventory_item_id=${item.id}`,
    isActive: true,
    item: () => itemView(state, item),
    location: locationView(location),
    quantities: ({ names }: { names: readonly string[] }) =>
      names.flatMap((name) => {
        const quantity = figures[name];
        return quantity === undefined ? [] : [{ name, quantity }];
      }),
  };
}
