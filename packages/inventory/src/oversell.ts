import type { ConnectionId, NodeId, Sku } from '@quartermaster/domain';
import { componentsOf, hair, type Recipes } from './kits.ts';
import type { ChannelLevel } from './publishable.ts';

/**
 * Units of one SKU that a channel can sell before what it sold shows in the levels of all others: what it shows, and no more than it sells in its in-flight window. `Infinity` where no window is
 * declared for it: then only what it shows bounds it.
 */
export type InFlight = (connection: ConnectionId, sku: Sku) => number;

/**
 * What all channels together can sell of each component before anybody can lower them: over all SKUs that take it, each channel at most what it shows and at most what it sells in flight. The bound
 * that is declared: of no component more than may be promised and the budget.
 */
export function exposure(
  levels: readonly Pick<ChannelLevel, 'connection' | 'sku' | 'available'>[],
  recipes: Recipes,
  inFlight: InFlight,
): Map<Sku, number> {
  const exposed = new Map<Sku, number>();
  for (const of of Map.groupBy(levels, ({ connection, sku }) => JSON.stringify([connection, sku])).values()) {
    const [first] = of;
    if (first === undefined) continue;
    const shown = of.reduce((sum, { available }) => sum + Math.max(0, available), 0);
    const units = Math.min(shown, inFlight(first.connection, first.sku));
    for (const component of componentsOf(recipes, first.sku))
      exposed.set(component.sku, (exposed.get(component.sku) ?? 0) + component.units * units);
  }
  return exposed;
}

export type Budgeted = {
  /** Levels of which all together may be sold, as {@link divideAmongOffers} and the shares give them. */
  readonly levels: readonly ChannelLevel[];
  readonly recipes: Recipes;
  /** Units of a component over all nodes that may be promised. */
  readonly atp: ReadonlyMap<Sku, number>;
  /** Most that a level may be: what may be promised of the SKU at its node, and what caps and buffers leave of it. */
  readonly most: (level: ChannelLevel) => number;
  readonly inFlight: InFlight;
  /** Units of a component by which it may be oversold at the worst. */
  readonly budget: number;
};

/**
 * Raises levels above their share as far as the {@link exposure} stays within what may be promised and the budget: a channel that cannot sell its share before others are lowered leaves the rest
 * for others to show. Without declared windows, and without a budget, levels stay as they are. Levels are looked at in their order.
 */
export function raisedWithinBudget({ levels, recipes, atp, most, inFlight, budget }: Budgeted): ChannelLevel[] {
  const ledger = exposureLedger(levels, recipes, inFlight);
  const limitOf = (component: Sku) => (atp.get(component) ?? 0) + budget;
  return levels.map((level) => {
    const raise = Math.max(0, Math.min(ledger.roomFor(level, limitOf), most(level) - level.available));
    if (raise === 0 || !ledger.raise(level, raise, limitOf)) return level;
    return { ...level, available: level.available + raise };
  });
}

/**
 * A level as it is shown, as far as is known, and as it is to be. `shown` null: nobody knows; `isDoubted`: the channel may have put more on it by itself since, as it does for what is cancelled, and setting
 * it will tell.
 */
export type LevelChange = {
  readonly connection: ConnectionId;
  readonly sku: Sku;
  readonly node: NodeId;
  readonly shown: number | null;
  readonly isDoubted: boolean;
  readonly wanted: number;
};

/**
 * Levels that may be set now. Lowering always may. A level is raised only where that leaves the exposure of **what is shown now** within what may be promised: while another channel still shows the
 * units that a raise would show as well, and nobody has confirmed that it was lowered, both could sell them. Where another figure is unknown or in doubt, nothing that shares a component with it is
 * raised; what is in doubt itself is set to what it was (nothing where it was below), which tells what it is.
 */
export function settableNow(
  changes: readonly LevelChange[],
  given: Pick<Budgeted, 'recipes' | 'atp' | 'inFlight' | 'budget'>,
): { readonly now: LevelChange[]; readonly later: LevelChange[] } {
  const { recipes, atp, inFlight, budget } = given;
  const partsOf = (change: LevelChange) => componentsOf(recipes, change.sku).map(({ sku }) => sku);
  const isUnsure = ({ shown, isDoubted }: LevelChange) => shown === null || isDoubted;
  const unsure = new Map<Sku, number>();
  for (const change of changes) if (isUnsure(change)) for (const part of partsOf(change)) unsure.set(part, (unsure.get(part) ?? 0) + 1);
  const ledger = exposureLedger(
    changes.map((change) => ({ ...change, available: change.shown ?? 0 })),
    recipes,
    inFlight,
  );
  const now: LevelChange[] = [];
  const later: LevelChange[] = [];
  for (const change of changes) {
    const { shown, wanted } = change;
    const own = isUnsure(change) ? 1 : 0;
    const fits =
      shown === null ||
      wanted <= shown ||
      (partsOf(change).every((part) => (unsure.get(part) ?? 0) <= own) &&
        ledger.raise(change, wanted - Math.max(0, shown), (component) => (atp.get(component) ?? 0) + budget));
    if (fits) now.push(change);
    else {
      later.push(change);
      if (change.isDoubted) now.push({ ...change, wanted: Math.max(0, shown) });
    }
  }
  return { now, later };
}

type Placed = Pick<ChannelLevel, 'connection' | 'sku' | 'available'>;

/** Keeps exposure up to date while levels are raised one after the other. */
function exposureLedger(levels: readonly Placed[], recipes: Recipes, inFlight: InFlight) {
  const exposed = exposure(levels, recipes, inFlight);
  const shown = new Map<string, number>();
  const keyOf = ({ connection, sku }: Pick<Placed, 'connection' | 'sku'>) => JSON.stringify([connection, sku]);
  for (const level of levels) shown.set(keyOf(level), (shown.get(keyOf(level)) ?? 0) + Math.max(0, level.available));
  return {
    /** By how many units this may be shown more at most, so that of no component more than its limit is exposed. */
    roomFor(level: Pick<Placed, 'connection' | 'sku'>, limitOf: (component: Sku) => number): number {
      const before = shown.get(keyOf(level)) ?? 0;
      const atWorst = inFlight(level.connection, level.sku);
      const sold = Math.min(before, atWorst);
      const room = unitsOfRoom(level.sku, limitOf);
      // Beyond what it can sell in flight, showing more exposes nothing.
      return room >= atWorst - sold ? Infinity : Math.max(0, room - (before - sold));
    },
    /** Raises it if that fits; says whether it did. */
    raise(level: Pick<Placed, 'connection' | 'sku'>, by: number, limitOf: (component: Sku) => number): boolean {
      if (by > this.roomFor(level, limitOf)) return false;
      const before = shown.get(keyOf(level)) ?? 0;
      const atWorst = inFlight(level.connection, level.sku);
      const more = Math.min(before + by, atWorst) - Math.min(before, atWorst);
      for (const { sku, units } of componentsOf(recipes, level.sku)) exposed.set(sku, (exposed.get(sku) ?? 0) + units * more);
      shown.set(keyOf(level), before + by);
      return true;
    },
  };

  function unitsOfRoom(sku: Sku, limitOf: (component: Sku) => number): number {
    const rooms = componentsOf(recipes, sku).map(({ sku: part, units }) => (limitOf(part) - (exposed.get(part) ?? 0)) / units);
    return rooms.length === 0 ? 0 : Math.max(0, Math.floor(Math.min(...rooms) + hair));
  }
}
