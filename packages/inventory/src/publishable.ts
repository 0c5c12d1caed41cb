import { compareText, shareUnits, type ConnectionId, type NodeId, type Sku } from '@quartermaster/domain';
import { z } from 'zod';

/** How much of the stock a channel may show: a weight among the channels, units that it gets before anything is shared, and units that it never shows more of. */
export const channelShareSchema = z.strictObject({
  connection: z.string().min(1),
  share: z.number().nonnegative(),
  minimum: z.int().nonnegative().optional(),
  cap: z.int().nonnegative().optional(),
});
export type ChannelShare = z.infer<typeof channelShareSchema>;

/** Units that are set aside before the rest is shared, in the order of the claims; for several channels by their shares, and for nobody (withheld) where none is named. */
export type Claim = { readonly name: string; readonly channels: readonly ConnectionId[]; readonly units: number };

/** What a claim wanted, and what was left for it. */
export type Grant = { readonly name: string; readonly asked: number; readonly got: number };

/** What a channel is to show of a SKU at a node. */
export type ChannelLevel = { readonly connection: ConnectionId; readonly sku: Sku; readonly node: NodeId; readonly available: number };

export type Shown = { readonly levels: readonly ChannelLevel[]; readonly grants: readonly Grant[] };

type Given = {
  readonly sku: Sku;
  readonly atpByNode: ReadonlyMap<NodeId, number>;
  readonly channels: readonly ChannelShare[];
  readonly claims?: readonly Claim[];
};

/** The levels of {@link shareAmongChannels}. */
export function publishable(given: Given): readonly ChannelLevel[] {
  return shareAmongChannels(given).levels;
}

/**
 * Splits what may be promised of one SKU over the channels, so that over all channels a node never shows more than it has.
 *
 * Claims come first, in their order while it lasts, then each channel's `minimum` in the order of `channels`, each over all nodes together; what is left is shared by weight, by largest remainder, and
 * what a channel's `cap` cuts off goes to the others. A channel's units are then spread over the nodes, each node's units going to the channels in proportion to what they still have to get. All is
 * shown when any share is above 0 and nothing is capped or withheld, and only claims and minimums when none is. Nodes come in the order of their ids, channels in theirs. Throws a `RangeError` for
 * units that are not whole or below 0, or a connection named twice.
 */
export function shareAmongChannels(given: Given): Shown {
  const { sku, channels, claims = [] } = given;
  if (new Set(channels.map((channel) => channel.connection)).size < channels.length) throw new RangeError('a connection is named twice');
  const nodes = [...given.atpByNode]
    .map(([node, units]) => ({ node, units: wholeUnits(node, units) }))
    .sort((one, other) => compareText(one.node, other.node));
  const total = nodes.reduce((sum, { units }) => sum + units, 0);
  const { totals, grants } = totalsOf(total, channels, claims);
  if (channels.length === 0) return { levels: [], grants };
  const waiting = [...totals, total - sumOf(totals)];
  const levels = nodes.flatMap(({ node, units }) => {
    const here = units === 0 ? waiting.map(() => 0) : shareUnits(units, waiting);
    here.forEach((got, index) => {
      waiting[index] = (waiting[index] ?? 0) - got;
    });
    return channels.map(({ connection }, index) => ({ connection, sku, node, available: here[index] ?? 0 }));
  });
  return { levels, grants };
}

/** Units of each channel over all nodes. */
function totalsOf(total: number, channels: readonly ChannelShare[], claims: readonly Claim[]): { totals: number[]; grants: Grant[] } {
  const totals = channels.map(() => 0);
  const roomOf = (index: number) => Math.max(0, (channels[index]?.cap ?? Infinity) - (totals[index] ?? 0));
  let left = total;
  const spread = (units: number, weights: readonly number[]) => {
    left -= spreadWithin(totals, Math.min(units, left), weights, roomOf);
  };
  const grants = claims.map(({ name, channels: named, units }): Grant => {
    const before = left;
    if (named.length === 0) left -= Math.min(units, left);
    else spread(units, weightsOf(channels, named));
    return { name, asked: units, got: before - left };
  });
  channels.forEach(({ minimum = 0 }, index) =>
    spread(
      Math.max(0, minimum - (totals[index] ?? 0)),
      channels.map((_, other) => (other === index ? 1 : 0)),
    ),
  );
  spread(
    left,
    channels.map(({ share }) => share),
  );
  return { totals, grants };
}

/** Weights of the named channels; equal ones where none of them has a share. */
function weightsOf(channels: readonly ChannelShare[], named: readonly ConnectionId[]): number[] {
  const shares = channels.map(({ connection, share }) => (named.includes(connection) ? share : 0));
  return shares.some((share) => share > 0) ? shares : channels.map(({ connection }) => (named.includes(connection) ? 1 : 0));
}

/** Adds units by weight to those that have room; returns how many found some. */
function spreadWithin(totals: number[], units: number, weights: readonly number[], roomOf: (index: number) => number): number {
  let given = 0;
  for (;;) {
    const open = weights.map((weight, index) => (roomOf(index) > 0 ? weight : 0));
    if (given >= units || !open.some((weight) => weight > 0)) return given;
    shareUnits(units - given, open).forEach((wanted, index) => {
      const got = Math.min(wanted, roomOf(index));
      totals[index] = (totals[index] ?? 0) + got;
      given += got;
    });
  }
}

function sumOf(units: readonly number[]): number {
  return units.reduce((sum, each) => sum + each, 0);
}

function wholeUnits(node: NodeId, units: number): number {
  if (!Number.isSafeInteger(units) || units < 0) throw new RangeError(`${node} must have whole units of at least 0, not ${units}`);
  return units;
}
