import { instantSchema, type ConnectionId, type Instant, type Sku } from '@quartermaster/domain';
import { z } from 'zod';
import type { ChannelShare, Claim, Grant } from './publishable.ts';

/** What a pool is for. `guarantee`: stands for good; `campaign`, `contract`: used up by what is sold from it; `pre-order`: sells what is still to come. */
export const poolKinds = ['guarantee', 'campaign', 'contract', 'pre-order'] as const;

/**
 * Stock that is set aside. In force from `from` (its release) until `until` (its expiry, when what is left goes back to all). `units` are set aside for `channel`; a contract without one withholds
 * them from all, because its orders come another way. `cap`: the channel shows no more. Of several, the higher `priority` comes first; contracts come before campaigns before guarantees. `floor` of
 * a contract: units that all other channels together keep even so.
 */
export const poolSchema = z
  .strictObject({
    name: z.string().min(1).max(60),
    kind: z.enum(poolKinds),
    channel: z.string().min(1).optional(),
    /** Left out: each SKU. */
    skus: z.array(z.string().min(1)).min(1).optional(),
    units: z.int().nonnegative().default(0),
    cap: z.int().nonnegative().optional(),
    priority: z.int().default(0),
    from: instantSchema.optional(),
    until: instantSchema.optional(),
    floor: z.int().nonnegative().default(0),
  })
  .refine(({ kind, channel }) => channel !== undefined || kind === 'contract', 'a pool that is no contract names its channel')
  .refine(({ kind, floor }) => floor === 0 || kind === 'contract', 'only a contract has a floor')
  .refine(({ from, until }) => from === undefined || until === undefined || from < until, 'a pool begins before it ends');
export type Pool = z.infer<typeof poolSchema>;

/** What pools mean for one SKU now. */
export type PooledShares = {
  readonly channels: readonly ChannelShare[];
  readonly claims: readonly Claim[];
  /** By channel, units that it may show although they are not there yet; see {@link preOrderUnits}. */
  readonly preOrder: ReadonlyMap<ConnectionId, number>;
};

type Sharing = {
  readonly sku: Sku;
  readonly now: Instant;
  readonly channels: readonly ChannelShare[];
  /** Units of the SKU that the channel (all of them where it is null) sold since the pool began. */
  readonly soldSince: (connection: ConnectionId | null, from: Instant | null) => number;
};

/** Claims, caps and pre-order units of one SKU from the pools that are in force. */
export function pooledShares(pools: readonly Pool[], { sku, now, channels, soldSince }: Sharing): PooledShares {
  const inForce = pools.filter((pool) => isInForce(pool, sku, now)).sort(comesFirst);
  const leftOf = (pool: Pool) =>
    pool.kind === 'guarantee'
      ? pool.units
      : Math.max(0, pool.units - (pool.channel === undefined ? 0 : soldSince(pool.channel, pool.from ?? null)));
  const claims = inForce.flatMap((pool): Claim[] => {
    if (pool.kind === 'pre-order') return [];
    const claim = { name: pool.name, channels: pool.channel === undefined ? [] : [pool.channel], units: leftOf(pool) };
    const others = channels.flatMap(({ connection }) => (connection === pool.channel ? [] : [connection]));
    return pool.floor === 0 ? [claim] : [{ name: floorOf(pool.name), channels: others, units: pool.floor }, claim];
  });
  const preOrder = new Map<ConnectionId, number>();
  for (const pool of inForce)
    if (pool.kind === 'pre-order' && pool.channel !== undefined)
      preOrder.set(pool.channel, (preOrder.get(pool.channel) ?? 0) + leftOf(pool));
  return { channels: channels.map((channel) => capped(channel, inForce)), claims, preOrder };
}

/** Whether a pool counts for a SKU at a moment: its release has come, its expiry has not. */
export function isInForce(pool: Pool, sku: Sku, now: Instant): boolean {
  return (pool.skus?.includes(sku) ?? true) && (pool.from ?? now) <= now && now < (pool.until ?? '9999');
}

function comesFirst(one: Pool, other: Pool): number {
  const rank = (pool: Pool) => ['contract', 'campaign', 'guarantee', 'pre-order'].indexOf(pool.kind);
  return rank(one) - rank(other) || other.priority - one.priority || (one.name < other.name ? -1 : one.name > other.name ? 1 : 0);
}

function capped(channel: ChannelShare, pools: readonly Pool[]): ChannelShare {
  const caps = pools.flatMap((pool) => (pool.channel === channel.connection && pool.kind !== 'pre-order' ? (pool.cap ?? []) : []));
  const cap = Math.min(channel.cap ?? Infinity, ...caps);
  return cap === Infinity ? channel : { ...channel, cap };
}

/** Name of the claim that protects a contract's floor. */
function floorOf(pool: string): string {
  return `floor of ${pool}`;
}

/**
 * Which pools got less than they were to have, one sentence each: how much is missing, to whom it went instead, and the cheapest way to make it fit (the supply that is to come, or what to lower).
 */
export function shortPools(
  sku: Sku,
  {
    grants,
    available,
    supply,
  }: {
    readonly grants: readonly Grant[];
    readonly available: number;
    /** What is to come, soonest first; null where nobody asked. */
    readonly supply: readonly { readonly units: number; readonly at: Instant }[] | null;
  },
): string[] {
  return grants.flatMap(({ name, asked, got }, index) => {
    if (got >= asked) return [];
    const missing = asked - got;
    const before = grants.slice(0, index).filter((grant) => grant.got > 0);
    const taken = before.map((grant) => `${grant.name} has ${grant.got}`).join(', ');
    const relief = reliefOf(missing, before, supply);
    return [
      `${name} wants ${asked} of ${sku} and gets ${got}: ${available} may be promised${taken === '' ? '' : `, of which ${taken}`}. ${relief}`,
    ];
  });
}

function reliefOf(
  missing: number,
  before: readonly Grant[],
  supply: readonly { readonly units: number; readonly at: Instant }[] | null,
): string {
  let coming = 0;
  const covering = supply?.find(({ units }) => (coming += units) >= missing);
  const waits = covering === undefined ? null : `the supply until ${covering.at.slice(0, 10)} covers it`;
  const last = before.at(-1);
  const lowers = last === undefined ? `lower it by ${missing}` : `lower ${last.name} by ${Math.min(missing, last.got)}`;
  if (supply === null) return `Bring in ${missing} more; or ${lowers}.`;
  return waits === null ? `Nothing that is to come covers it: ${lowers}.` : `Wait, ${waits}; or ${lowers}.`;
}
