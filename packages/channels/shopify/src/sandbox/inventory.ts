import { nextId, type ItemState, type LevelState, type ProductStatus, type ShopState } from './state.ts';

export type NewVariant = {
  /** Null makes an item without a SKU. Two variants may have the same one, as in the real shop. */
  readonly sku: string | null;
  readonly title: string;
  readonly grams: number;
  /** Decimal text in the shop's currency. */
  readonly price: string;
  /** Units available by location name; a location that is not named does not stock the item. */
  readonly stock: Readonly<Record<string, number>>;
  /** Default true. What is not tracked has no stock figures that change. */
  readonly tracked?: boolean;
  readonly requiresShipping?: boolean;
  /** Of its product, default `ACTIVE`. */
  readonly status?: ProductStatus;
};

/** Adds a product of one variant with its stock. */
export function addVariant(state: ShopState, given: NewVariant): { variantId: number; inventoryItemId: number } {
  const variantId = nextId(state, 'ProductVariant');
  const itemId = nextId(state, 'InventoryItem');
  const levels = new Map<number, LevelState>();
  for (const [name, available] of Object.entries(given.stock)) levels.set(locationByName(state, name).id, { available, committed: 0 });
  state.items.set(itemId, {
    id: itemId,
    variantId,
    sku: given.sku,
    grams: given.grams,
    tracked: given.tracked ?? true,
    requiresShipping: given.requiresShipping ?? true,
    levels,
  });
  state.variants.set(variantId, { id: variantId, itemId, title: given.title, price: given.price, status: given.status ?? 'ACTIVE' });
  return { variantId, inventoryItemId: itemId };
}

export function locationByName(state: ShopState, name: string) {
  const found = [...state.locations.values()].find((location) => location.name === name);
  if (found === undefined) throw new RangeError(`the sandbox shop has no location ${JSON.stringify(name)}`);
  return found;
}

/** The first item with that SKU. */
export function itemBySku(state: ShopState, sku: string): ItemState | undefined {
  return state.items.values().find((item) => item.sku === sku);
}

/** Promises units at a location: from available to committed. Available may fall below zero, as it does when a shop oversells. */
export function commit(item: ItemState, locationId: number, units: number): void {
  if (!item.tracked) return;
  const level = levelAt(item, locationId);
  level.available -= units;
  level.committed += units;
}

/** Gives promised units back. */
export function release(item: ItemState, locationId: number, units: number): void {
  commit(item, locationId, -units);
}

/** Promised units are promised no longer, and are not on sale again either. */
export function forgo(item: ItemState, locationId: number, units: number): void {
  ship(item, locationId, units);
}

/** Units that came back can be bought again. */
export function putBack(item: ItemState, locationId: number, units: number): void {
  if (item.tracked) levelAt(item, locationId).available += units;
}

/** Promised units leave the house. */
export function ship(item: ItemState, locationId: number, units: number): void {
  if (item.tracked) levelAt(item, locationId).committed -= units;
}

function levelAt(item: ItemState, locationId: number): LevelState {
  const level = item.levels.get(locationId) ?? { available: 0, committed: 0 };
  item.levels.set(locationId, level);
  return level;
}
