import { shareUnits, type ConnectionId, type NodeId, type Sku } from '@quartermaster/domain';
import { z } from 'zod';

/** How much of the stock a channel may show: a weight among the channels, and units that it gets before anything is shared. */
export const channelShareSchema = z.strictObject({
  connection: z.string().min(1),
  share: z.number().nonnegative(),
  minimum: z.int().nonnegative().optional(),
});
export type ChannelShare = z.infer<typeof channelShareSchema>;

/** What a channel is to show of a SKU at a node. */
export type ChannelLevel = { readonly connection: ConnectionId; readonly sku: Sku; readonly node: NodeId; readonly available: number };

/**
 * Splits what may be promised of one SKU over the channels, so that over all channels a node never shows more than it has.
 *
 * Each channel gets its `minimum` first, over all nodes together, in the order of `channels` while it lasts; what is left is shared by weight, by largest remainder. A channel's
 * units are then spread over the nodes, each node's units going to the channels in proportion to what they still have to get. All is shown when any share is above 0, and only
 * the minimums when none is. Nodes come in the order of their ids, channels in theirs. Throws a `RangeError` for units that are not whole or below 0, or a connection named twice.
 */
export function publishable(given: {
  readonly sku: Sku;
  readonly atpByNode: ReadonlyMap<NodeId, number>;
  readonly channels: readonly ChannelShare[];
}): ChannelLevel[] {
  const { sku, channels } = given;
  if (new Set(channels.map((channel) => channel.connection)).size < channels.length) throw new RangeError('a connection is named twice');
  const nodes = [...given.atpByNode]
    .map(([node, units]) => ({ node, units: wholeUnits(node, units) }))
    .sort((one, other) => compareText(one.node, other.node));
  const total = nodes.reduce((sum, { units }) => sum + units, 0);
  if (channels.length === 0) return [];

  const toGet = totalsOf(total, channels);
  const kept = total - toGet.reduce((sum, units) => sum + units, 0);
  const waiting = [...toGet, kept];
  return nodes.flatMap(({ node, units }) => {
    const here = units === 0 ? waiting.map(() => 0) : shareUnits(units, waiting);
    here.forEach((got, index) => {
      waiting[index] = (waiting[index] ?? 0) - got;
    });
    return channels.map(({ connection }, index) => ({ connection, sku, node, available: here[index] ?? 0 }));
  });
}

/** Units of each channel over all nodes. */
function totalsOf(total: number, channels: readonly ChannelShare[]): number[] {
  let left = total;
  const minimums = channels.map(({ minimum }) => {
    const granted = Math.min(minimum ?? 0, left);
    left -= granted;
    return granted;
  });
  const shares = channels.map(({ share }) => share);
  const shared = shares.some((share) => share > 0) ? shareUnits(left, shares) : [];
  return minimums.map((minimum, index) => minimum + (shared[index] ?? 0));
}

function wholeUnits(node: NodeId, units: number): number {
  if (!Number.isSafeInteger(units) || units < 0) throw new RangeError(`${node} must have whole units of at least 0, not ${units}`);
  return units;
}

function compareText(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
