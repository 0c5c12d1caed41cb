import type { NodeId, Sku, StockPosition } from '@quartermaster/domain';
import type { OrderCase } from '@quartermaster/fulfilment';
import {
  availableToPromise,
  componentsOf,
  flattened,
  safetyStockOf,
  takenBy,
  type InventoryPolicy,
  type Recipes,
  type SafetyStockRules,
} from '@quartermaster/inventory';
import type { StockFacts } from './stock-facts.ts';
import { addUnits, plannedUnits, wantedUnits } from './stock-view.ts';

/** What a SKU has at a node and what of it may be promised: the steps of its waterfall. Of components and plain SKUs; a kit has none. */
export type PromisablePosition = {
  readonly position: StockPosition;
  readonly softReserved: number;
  readonly safetyStock: number;
  /** Units that may not be there after all. */
  readonly uncertain: number;
  /** Units that orders without a node want, and that are taken from this one. */
  readonly wanted: number;
  /** What is left. */
  readonly units: number;
};

export type Promisable = {
  readonly recipes: Recipes;
  /** By SKU and node. */
  readonly byPlace: ReadonlyMap<Sku, ReadonlyMap<NodeId, PromisablePosition>>;
  /** Units that are owed beyond what there is, by SKU: the next supply pays them. */
  readonly owed: ReadonlyMap<Sku, number>;
};

/** Recipes of all kits among the positions, and of those that are known besides, taken apart down to what lies on shelves. */
export function recipesIn(positions: readonly StockPosition[], more: Recipes = new Map()): Recipes {
  return flattened(new Map([...more, ...positions.flatMap(({ sku, kit }) => (kit === null ? [] : [[sku, kit] as const]))]));
}

/** Units of SKUs, with kits among them as their components. */
export function asComponents(units: Iterable<readonly [Sku, number]>, recipes: Recipes): Map<Sku, number> {
  const found = new Map<Sku, number>();
  for (const [sku, count] of units)
    for (const [component, taken] of takenBy(recipes, sku, count)) found.set(component, (found.get(component) ?? 0) + taken);
  return found;
}

/**
 * What may be promised of each SKU that lies on a shelf, at each node: after what is reserved, planned, kept as safety stock, and what orders want, kits among them by their components. What orders
 * without a node want is taken from the fullest node first: where it will come from is the optimizer's to decide. So is what a node owes and does not have. Pure.
 */
export function promisableUnits(given: {
  readonly positions: readonly StockPosition[];
  readonly cases: readonly OrderCase[];
  readonly settings: { readonly safetyStock: SafetyStockRules; readonly inventory: Pick<InventoryPolicy, 'consigned'> };
  readonly unread: ReadonlyMap<Sku, number>;
  readonly facts: StockFacts;
}): Promisable {
  const { settings, unread, facts } = given;
  const positions = given.positions.filter((position) => isForSale(position, settings.inventory));
  const recipes = recipesIn(given.positions, facts.recipes);
  const planned = new Map([...plannedUnits(given.cases)].map(([node, skus]) => [node, asComponents(skus, recipes)]));
  const wanted = asComponents([...wantedUnits(given.cases), ...unread], recipes);
  const byPlace = new Map<Sku, Map<NodeId, PromisablePosition>>();
  for (const position of merged(positions)) {
    const { sku, node, sellable, reserved } = position;
    if (recipes.has(sku)) continue;
    const softReserved = planned.get(node)?.get(sku) ?? 0;
    const uncertain = facts.uncertain(sku, node, sellable);
    const safetyStock = safetyStockOf(settings.safetyStock, sku, node, facts.demandOf(null, sku));
    const units = availableToPromise({ position, softReserved, safetyStock: safetyStock + uncertain });
    const places = byPlace.get(sku) ?? new Map<NodeId, PromisablePosition>();
    byPlace.set(sku, places.set(node, { position, softReserved, safetyStock, uncertain, wanted: 0, units }));
    // What a node owes and does not have must come from another one.
    const owed = Math.max(0, softReserved + reserved - sellable);
    if (owed > 0) wanted.set(sku, (wanted.get(sku) ?? 0) + owed);
  }
  const owed = new Map([...wanted].map(([sku, units]) => [sku, takeFromFullest(byPlace.get(sku) ?? new Map(), units)]));
  return { recipes, byPlace, owed };
}

/** Units that orders may take of anything, kits among them: each as many as could be made if it were alone. */
export function unitsForOrders(free: ReadonlyMap<NodeId, ReadonlyMap<Sku, number>>, kits: Recipes): Map<NodeId, Map<Sku, number>> {
  const units = new Map<NodeId, Map<Sku, number>>();
  for (const [node, skus] of free) {
    for (const [sku, count] of skus) addUnits(units, node, sku, count);
    for (const kit of kits.keys()) {
      const parts = componentsOf(kits, kit);
      const made = parts.length === 0 ? 0 : Math.min(...parts.map((part) => Math.floor((skus.get(part.sku) ?? 0) / part.units + 1e-6)));
      addUnits(units, node, kit, made);
    }
  }
  return units;
}

/** Goods of others are for sale only where the policy says so. */
function isForSale({ owner }: StockPosition, { consigned }: Pick<InventoryPolicy, 'consigned'>): boolean {
  return owner === null || consigned === 'all' || consigned.includes(owner);
}

/** One position for each SKU at each node: lots and owners together. */
function merged(positions: readonly StockPosition[]): Iterable<StockPosition> {
  const sums = new Map<string, StockPosition>();
  for (const position of positions) {
    const key = JSON.stringify([position.sku, position.node]);
    const before = sums.get(key);
    sums.set(key, before === undefined ? position : added(before, position));
  }
  return sums.values();
}

function added(one: StockPosition, other: StockPosition): StockPosition {
  return {
    ...one,
    asOf: one.asOf < other.asOf ? one.asOf : other.asOf,
    sellable: one.sellable + other.sellable,
    reserved: one.reserved + other.reserved,
    qualityHold: one.qualityHold + other.qualityHold,
    damaged: one.damaged + other.damaged,
    returnPending: one.returnPending + other.returnPending,
    inTransit: one.inTransit + other.inTransit,
    inbound: [...one.inbound, ...other.inbound],
    lot: null,
    owner: null,
  };
}

/** Takes units from the fullest node first; returns what nobody had. */
function takeFromFullest(places: Map<NodeId, PromisablePosition>, units: number): number {
  for (let left = units; ;) {
    const [node, fullest] = [...places].reduce<[NodeId, PromisablePosition | null]>(
      (best, each) => (each[1].units > (best[1]?.units ?? 0) ? each : best),
      ['', null],
    );
    if (fullest === null || left <= 0) return Math.max(0, left);
    const taken = Math.min(left, fullest.units);
    places.set(node, { ...fullest, wanted: fullest.wanted + taken, units: fullest.units - taken });
    left -= taken;
  }
}
