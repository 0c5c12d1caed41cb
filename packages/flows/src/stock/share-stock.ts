import type { ConnectionId, NodeId, Sku, StockPosition } from '@quartermaster/domain';
import type { OrderCase } from '@quartermaster/fulfilment';
import {
  channelSafetyOf,
  componentsOf,
  divideAmongOffers,
  freshnessBuffer,
  freshnessOf,
  inFlightUnits,
  pooledShares,
  raisedWithinBudget,
  shareAmongChannels,
  shortPools,
  syncWindowOf,
  type ChannelLevel,
  type ChannelShare,
  type InFlight,
  type Recipes,
} from '@quartermaster/inventory';
import type { FlowSettings } from '../settings.ts';
import { promisableUnits, type Promisable } from './promisable.ts';
import type { StockFacts } from './stock-facts.ts';
import { trustedSupply } from './supplier-history.ts';

export type SharingSettings = Pick<FlowSettings, 'safetyStock' | 'inventory'> & {
  readonly channels: readonly Pick<FlowSettings['channels'][number], 'connection' | 'share'>[];
};

export type ToShare = {
  readonly positions: readonly StockPosition[];
  readonly cases: readonly OrderCase[];
  readonly settings: SharingSettings;
  /** Units that were sold in orders that are not read yet. */
  readonly unread: ReadonlyMap<Sku, number>;
  readonly facts: StockFacts;
};

/** What each channel may show, and why. */
export type SharedStock = {
  readonly levels: ReadonlyMap<ConnectionId, readonly { readonly sku: Sku; readonly node: NodeId; readonly available: number }[]>;
  readonly promisable: Promisable;
  /** Units of each SKU at each node that all channels together have: kits and plain SKUs so that all can be sold. */
  readonly offered: ReadonlyMap<Sku, ReadonlyMap<NodeId, number>>;
  /** The declared bound: of each component what may be promised over all nodes, with what pre-order pools sell of what is to come. */
  readonly atp: ReadonlyMap<Sku, number>;
  readonly recipes: Recipes;
  readonly inFlight: InFlight;
  /** Units by which a component may be oversold at the worst. */
  readonly budget: number;
  /** Sentences about pools that got less than they were to have, by SKU. */
  readonly short: ReadonlyMap<Sku, readonly string[]>;
  /** Units that a channel does not show of a SKU because it is read late; `Infinity`: it shows nothing. */
  readonly buffers: ReadonlyMap<string, number>;
};

/** How stock is shared out; the flows take {@link shareStock}. */
export type ShareStock = (given: ToShare) => SharedStock;

/**
 * Shares the stock out over what is sold and where it is sold. Of each component what may be promised is divided among the kits and plain SKUs that take it; of each of these the pools take theirs,
 * the channels share the rest; channels with declared windows may show more than their share within the oversell budget; what a channel is behind with, or keeps as a safety stock of its own,
 * comes off. Pure.
 */
export function shareStock(given: ToShare): SharedStock {
  const { settings, facts } = given;
  const { inventory } = settings;
  const promisable = promisableUnits(given);
  const { recipes } = promisable;
  const offered = offeredUnits(promisable, facts);
  const inFlight: InFlight = (connection) => (facts.strict ? Infinity : inFlightUnits(inventory, connection, facts.lagMs(connection)));
  const channels = settings.channels.map(({ connection, share }): ChannelShare => ({ connection, share }));
  const shares = [...offered].map(([sku, atpByNode]) => shareOne(given, promisable, channels, sku, atpByNode));
  const atp = new Map([...promisable.byPlace].map(([sku, places]) => [sku, sumOf([...places.values()].map(({ units }) => units))]));
  const budget = facts.strict ? 0 : inventory.oversell.units;
  const raised = raisedWithinBudget({
    levels: shares.flatMap(({ levels }) => levels),
    recipes,
    atp,
    inFlight,
    budget,
    most: mostOf(
      shares,
      offered,
      settings.channels.some(({ connection }) => inFlight(connection, '') < Infinity) || budget > 0 ? channels : [],
    ),
  });
  const withPreOrders = addPreOrders(raised, shares, atp);
  const { levels, buffers } = buffered(withPreOrders, given);
  const byChannel = new Map(
    settings.channels.map(({ connection }) => [connection, [...(Map.groupBy(levels, (level) => level.connection).get(connection) ?? [])]]),
  );
  const short = new Map(shares.flatMap(({ sku, short: sentences }) => (sentences.length === 0 ? [] : [[sku, sentences] as const])));
  return { levels: byChannel, promisable, offered, atp, recipes, inFlight, budget, short, buffers };
}

/** Units of each SKU at each node, so that all of them can be sold together. */
function offeredUnits({ recipes, byPlace }: Promisable, facts: StockFacts): Map<Sku, Map<NodeId, number>> {
  const skus = [...new Set([...byPlace.keys(), ...recipes.keys()])].sort();
  const takers = takersOf(recipes);
  const offered = new Map<Sku, Map<NodeId, number>>();
  for (const group of groupsOf(skus, takers, recipes)) {
    const nodes = new Set(group.flatMap((sku) => [...(byPlace.get(sku)?.keys() ?? [])]));
    const weighed = group.map((sku) => ({ sku, weight: facts.isSold(sku) ? 1 + facts.demandOf(null, sku).mean : 0 }));
    // Alone with its shelf a SKU is shown wherever it lies, also where nobody lists it yet.
    const offers = weighed.length === 1 ? weighed.map(({ sku }) => ({ sku, weight: 1 })) : weighed;
    for (const node of nodes) {
      const atp = new Map(
        group.flatMap((sku) => (byPlace.get(sku)?.has(node) === true ? [[sku, byPlace.get(sku)?.get(node)?.units ?? 0] as const] : [])),
      );
      for (const [sku, units] of divideAmongOffers({ atp, recipes, offers }))
        if (atp.has(sku) || (recipes.has(sku) && componentsOf(recipes, sku).some((component) => atp.has(component.sku))))
          offered.set(sku, (offered.get(sku) ?? new Map<NodeId, number>()).set(node, units));
    }
  }
  return new Map([...offered].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Kits by component. */
function takersOf(recipes: Recipes): Map<Sku, Sku[]> {
  const takers = new Map<Sku, Sku[]>();
  for (const [kit, components] of recipes) for (const { sku } of components) takers.set(sku, [...(takers.get(sku) ?? []), kit]);
  return takers;
}

/** SKUs that share components with one another, directly or over others, together. */
function groupsOf(skus: readonly Sku[], takers: ReadonlyMap<Sku, readonly Sku[]>, recipes: Recipes): Sku[][] {
  const seen = new Set<Sku>();
  return skus.flatMap((first) => {
    if (seen.has(first)) return [];
    const group: Sku[] = [];
    for (let waiting = [first]; waiting.length > 0;) {
      const sku = waiting.pop();
      if (sku === undefined || seen.has(sku)) continue;
      seen.add(sku);
      group.push(sku);
      waiting = [...waiting, ...(takers.get(sku) ?? []), ...(recipes.get(sku) ?? []).map((component) => component.sku)];
    }
    return [group.sort()];
  });
}

type SharedOne = {
  readonly sku: Sku;
  readonly levels: readonly ChannelLevel[];
  readonly short: readonly string[];
  /** Pools or caps decide how much of it a channel shows. */
  readonly isPooled: boolean;
  readonly preOrders: readonly { readonly level: Pick<ChannelLevel, 'connection' | 'sku' | 'node'>; readonly units: number }[];
};

function shareOne(
  { settings, facts }: ToShare,
  promisable: Promisable,
  channels: readonly ChannelShare[],
  sku: Sku,
  atpByNode: ReadonlyMap<NodeId, number>,
): SharedOne {
  const { inventory } = settings;
  const soldSince = (connection: ConnectionId | null, from: string | null) => facts.soldSince(connection, sku, from);
  const pooled = pooledShares(inventory.pools, { sku, now: facts.now, channels, soldSince });
  const { levels, grants } = shareAmongChannels({ sku, atpByNode, channels: pooled.channels, claims: pooled.claims });
  const places = [...(promisable.byPlace.get(sku)?.values() ?? [])];
  const supply = places
    .flatMap(({ position }) => trustedSupply(position, settings, facts).map((each) => ({ ...each, node: position.node })))
    .sort((one, other) => (one.at < other.at ? -1 : 1));
  const available = sumOf([...atpByNode.values()]);
  let coming = Math.max(0, sumOf(supply.map(({ units }) => units)) - (promisable.owed.get(sku) ?? 0));
  const preOrders = [...pooled.preOrder].flatMap(([connection, wanted]) => {
    const node = supply[0]?.node;
    const units = Math.min(wanted, coming);
    if (node === undefined || units === 0) return [];
    coming -= units;
    return [{ level: { connection, sku, node }, units }];
  });
  const isPooled = pooled.claims.length > 0 || pooled.channels.some(({ cap }) => cap !== undefined);
  return { sku, levels, short: shortPools(sku, { grants, available, supply }), isPooled, preOrders };
}

/** A level is raised to what its node has at most; not at all where pools decide, and on channels that have no share. */
function mostOf(
  shares: readonly SharedOne[],
  offered: SharedStock['offered'],
  channels: readonly ChannelShare[],
): (level: ChannelLevel) => number {
  const pooled = new Set(shares.flatMap(({ sku, isPooled }) => (isPooled ? [sku] : [])));
  const sharing = new Set(channels.flatMap(({ connection, share }) => (share > 0 ? [connection] : [])));
  return ({ connection, sku, node, available }) =>
    pooled.has(sku) || !sharing.has(connection) ? available : (offered.get(sku)?.get(node) ?? 0);
}

/** Adds what pre-order pools sell of what is to come to the levels and to the bound (`atp`, which is changed). */
function addPreOrders(levels: readonly ChannelLevel[], shares: readonly SharedOne[], atp: Map<Sku, number>): readonly ChannelLevel[] {
  const more = new Map<string, number>();
  const keyOf = ({ connection, sku, node }: Pick<ChannelLevel, 'connection' | 'sku' | 'node'>) => JSON.stringify([connection, sku, node]);
  for (const { preOrders } of shares)
    for (const { level, units } of preOrders) {
      more.set(keyOf(level), (more.get(keyOf(level)) ?? 0) + units);
      atp.set(level.sku, (atp.get(level.sku) ?? 0) + units);
    }
  return more.size === 0 ? levels : levels.map((level) => ({ ...level, available: level.available + (more.get(keyOf(level)) ?? 0) }));
}

/** Levels less the channel's own safety stock, and less what it may have sold while it is read late, from its fullest place first. */
function buffered(
  levels: readonly ChannelLevel[],
  { settings, facts }: ToShare,
): { levels: readonly ChannelLevel[]; buffers: Map<string, number> } {
  const buffers = new Map<string, number>();
  const { inventory, safetyStock } = settings;
  const behind = new Map(
    settings.channels.flatMap(({ connection }) => {
      const window = syncWindowOf(inventory, connection);
      const freshness = freshnessOf(window, facts.lagMs(connection));
      return window === null || freshness.kind === 'healthy' ? [] : [[connection, { freshness, caution: window.caution }] as const];
    }),
  );
  const ownSafety = safetyStock.rules.some(({ channel }) => channel !== undefined);
  if (behind.size === 0 && !ownSafety) return { levels, buffers };
  const rest = new Map<string, number>();
  const left = [...levels]
    .sort((one, other) => other.available - one.available)
    .map((level) => {
      const { connection, sku, node } = level;
      const key = JSON.stringify([connection, sku]);
      const late = behind.get(connection);
      const demand = facts.demandOf(connection, sku);
      if (late !== undefined && !buffers.has(key)) buffers.set(key, freshnessBuffer(late.freshness, demand.mean, late.caution));
      const kept = Math.max(0, level.available - channelSafetyOf(safetyStock, connection, sku, node, demand));
      const taken = Math.min(kept, rest.get(key) ?? buffers.get(key) ?? 0);
      rest.set(key, (rest.get(key) ?? buffers.get(key) ?? 0) - taken);
      return [level, { ...level, available: kept - taken }] as const;
    });
  const changed = new Map(left);
  return { levels: levels.map((level) => changed.get(level) ?? level), buffers };
}

function sumOf(units: readonly number[]): number {
  return units.reduce((sum, each) => sum + each, 0);
}
