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
import { settableNow, type LevelChange } from '@quartermaster/inventory';
import { shareStock, type SharedStock, type SharingSettings } from './share-stock.ts';
import { noFacts, type StockFacts } from './stock-facts.ts';

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

/** Per channel what it may show of the stock, with what open orders want taken off first, and what was sold in orders that are not read yet (`unread`). Pure; see {@link shareStock}. */
export function levelsToShow(
  positions: readonly StockPosition[],
  cases: readonly OrderCase[],
  settings: SharingSettings,
  unread: ReadonlyMap<Sku, number> = new Map(),
  facts: StockFacts = noFacts,
): ReadonlyMap<ConnectionId, readonly Level[]> {
  return shareStock({ positions, cases, settings, unread, facts }).levels;
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

/** What a channel shows as far as is known, and what it is to show. */
export type ChannelChanges = {
  readonly connection: ConnectionId;
  readonly known: ReadonlyMap<string, KnownLevel>;
  readonly changed: readonly StockLevel[];
};

/**
 * Of the changes of all channels those that may go now, so that no raise shows what another channel still shows as well. A place that the channel never took shows nothing.
 * What does not go now goes at a later publication.
 */
export function changesNow(all: readonly ChannelChanges[], shared: SharedStock): Map<ConnectionId, StockLevel[]> {
  const changes = all.flatMap(({ connection, known, changed }) => {
    const changing = new Set(changed.map(({ sku, node }) => placeKey(sku, node)));
    const standing = [...known.values()].filter(({ sku, node }) => !changing.has(placeKey(sku, node)));
    return [...standing.map((level) => ({ ...level, available: shownOf(level) ?? 0 })), ...changed].map(
      ({ sku, node, available }): LevelChange => {
        const before = known.get(placeKey(sku, node));
        const shown = before === undefined ? null : shownOf(before);
        return { connection, sku, node, shown, isDoubted: before?.state === doubtful, wanted: available };
      },
    );
  });
  const keyOf = (connection: ConnectionId, { sku, node }: Pick<Level, 'sku' | 'node'>) => JSON.stringify([connection, sku, node]);
  const now = new Map(settableNow(changes, shared).now.map((change) => [keyOf(change.connection, change), change.wanted]));
  return new Map(
    all.map(({ connection, changed }) => [
      connection,
      changed.flatMap((level): StockLevel[] => {
        const available = now.get(keyOf(connection, level));
        return available === undefined ? [] : [{ ...level, available }];
      }),
    ]),
  );
}

function shownOf({ available, listed, state }: KnownLevel): number | null {
  return !listed || state === 'unknown-item' ? 0 : available;
}

/** One text for a SKU at a node. */
export function placeKey(sku: Sku, node: NodeId): string {
  return JSON.stringify([sku, node]);
}
