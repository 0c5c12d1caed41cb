import {
  epochMs,
  everyNode,
  type ChannelCapabilities,
  type ConnectionId,
  type Instant,
  type NodeId,
  type Sku,
  type StockLevel,
  type StockPosition,
} from '@quartermaster/domain';
import type { OrderCase } from '@quartermaster/fulfilment';
import { availableToPromise, publishable, safetyStockOf } from '@quartermaster/inventory';
import type { FlowSettings } from '../settings.ts';
import { addUnits, plannedUnits, wantedUnits } from './stock-view.ts';

/** What a channel may show of a SKU at a node. */
export type Level = { readonly sku: Sku; readonly node: NodeId; readonly available: number };

/** What a channel shows of a SKU at a node as far as we know: what we set last, or what it told us. Null: not known, or not listed there. `state` is how it took the last figure. */
export type KnownLevel = {
  readonly sku: Sku;
  readonly node: NodeId;
  readonly available: number | null;
  readonly listed: boolean;
  readonly state: string;
  readonly changedAt: Instant;
};

/** State of a level that the channel may have changed by itself since: it is set again though we know no other figure. */
export const doubtful = 'doubtful';

/** A level that a channel would not take is tried again after this long: somebody may have listed the item since. */
const restMs: Readonly<Record<string, number>> = { 'unknown-item': 24 * 3_600_000, refused: 6 * 3_600_000 };

/** Per channel what it may show of the stock, with what open orders want taken off first, and what was sold in orders that are not read yet (`unread`). Pure. */
export function levelsToShow(
  positions: readonly StockPosition[],
  cases: readonly OrderCase[],
  settings: Pick<FlowSettings, 'safetyStock' | 'channels'>,
  unread: ReadonlyMap<Sku, number> = new Map(),
): Map<ConnectionId, Level[]> {
  const planned = plannedUnits(cases);
  const promise = new Map<Sku, Map<NodeId, number>>();
  const wanted = wantedUnits(cases);
  for (const [sku, units] of unread) wanted.set(sku, (wanted.get(sku) ?? 0) + units);
  for (const position of positions) {
    const safetyStock = safetyStockOf(settings.safetyStock, position.sku, position.node);
    const softReserved = planned.get(position.node)?.get(position.sku) ?? 0;
    addUnits(promise, position.sku, position.node, availableToPromise({ position, safetyStock, softReserved }));
    // What a node owes and does not have must come from another one.
    const owed = Math.max(0, softReserved + position.reserved - position.sellable);
    if (owed > 0) wanted.set(position.sku, (wanted.get(position.sku) ?? 0) + owed);
  }
  return shareOut(promise, wanted, settings.channels);
}

/** Levels as a channel keeps them: where it has one figure for all nodes together, their sum. */
export function levelsAtPlaces(levels: readonly Level[], { stockPerNode }: Pick<ChannelCapabilities, 'stockPerNode'>): readonly Level[] {
  if (stockPerNode) return levels;
  const sums = new Map<Sku, number>();
  for (const { sku, available } of levels) sums.set(sku, (sums.get(sku) ?? 0) + available);
  return [...sums].map(([sku, available]) => ({ sku, node: everyNode, available }));
}

/** What is to be set: levels that differ from what the channel shows, and 0 for those that are no longer there. */
export function changedLevels(levels: readonly Level[], known: ReadonlyMap<string, KnownLevel>, now: Instant): StockLevel[] {
  const there = new Set(levels.map(({ sku, node }) => placeKey(sku, node)));
  const gone = [...known.values()].filter(({ sku, node }) => !there.has(placeKey(sku, node))).map((level) => ({ ...level, available: 0 }));
  return [...levels, ...gone].flatMap(({ sku, node, available }): StockLevel[] => {
    const before = known.get(placeKey(sku, node));
    if (before === undefined) return [{ sku, node, available, expected: null }];
    const rests = epochMs(now) - epochMs(before.changedAt) < (restMs[before.state] ?? 0);
    return rests || (before.available === available && before.state !== doubtful)
      ? []
      : [{ sku, node, available, expected: before.available }];
  });
}

/** One text for a SKU at a node. */
export function placeKey(sku: Sku, node: NodeId): string {
  return JSON.stringify([sku, node]);
}

/** Units that orders want already are taken from the fullest node first: where they will come from is the optimizer's to decide. */
function shareOut(
  promise: ReadonlyMap<Sku, ReadonlyMap<NodeId, number>>,
  wanted: ReadonlyMap<Sku, number>,
  channels: readonly { readonly connection: ConnectionId; readonly share: number }[],
): Map<ConnectionId, Level[]> {
  const levels = new Map<ConnectionId, Level[]>(channels.map(({ connection }) => [connection, []]));
  const shares = channels.map(({ connection, share }) => ({ connection, share }));
  for (const [sku, nodes] of [...promise].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const free = new Map(nodes);
    for (let left = wanted.get(sku) ?? 0; left > 0;) {
      const fullest = [...free].reduce((best, each) => (each[1] > best[1] ? each : best), ['', 0]);
      if (fullest[1] <= 0) break;
      const taken = Math.min(left, fullest[1]);
      free.set(fullest[0], fullest[1] - taken);
      left -= taken;
    }
    for (const { connection, node, available } of publishable({ sku, atpByNode: free, channels: shares })) {
      levels.get(connection)?.push({ sku, node, available });
    }
  }
  return levels;
}
