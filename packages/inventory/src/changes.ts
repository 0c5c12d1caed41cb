import type { StockLevel } from '@quartermaster/domain';
import type { ChannelLevel } from './publishable.ts';

/** A level to be published, with the channel that it goes to. `expected` is what we published there last; null when we never did. */
export type LevelChange = StockLevel & { readonly connection: string };

/**
 * Which levels must be published to get from what was published last to what is right now. A level that is no longer there (a node was closed, a SKU left the assortment) is
 * published as 0, so that nothing goes on being sold; a level that is the same is not published. Sorted by connection, SKU and node.
 */
export function changes(previous: readonly ChannelLevel[], next: readonly ChannelLevel[]): LevelChange[] {
  const last = new Map(previous.map((level) => [keyOf(level), level]));
  const wanted = new Set(next.map(keyOf));
  const set = next.map((level) => ({ ...level, expected: last.get(keyOf(level))?.available ?? null }));
  const gone = previous
    .filter((level) => !wanted.has(keyOf(level)))
    .map((level) => ({ ...level, available: 0, expected: level.available }));
  return [...set, ...gone]
    .filter((level) => level.available !== level.expected)
    .sort((one, other) => compareText(keyOf(one), keyOf(other)));
}

function keyOf({ connection, sku, node }: ChannelLevel): string {
  return JSON.stringify([connection, sku, node]);
}

function compareText(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
