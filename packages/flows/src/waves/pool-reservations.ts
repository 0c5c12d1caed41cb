import { localDate, shareUnits, type ConnectionId, type Instant, type Sku } from '@quartermaster/domain';
import { openLines, type OrderCase } from '@quartermaster/fulfilment';
import { pooledShares, shortPools, takenBy, type Claim, type Grant, type Recipes } from '@quartermaster/inventory';
import type { SourcingProblem } from '@quartermaster/sourcing';
import { z } from 'zod';
import type { FlowSettings } from '../settings.ts';
import type { DemandHistory } from '../stock/demand-history.ts';
import { inParts } from './kit-parts.ts';
import type { Demand } from './sourcing-problem.ts';

/** Units of a SKU that a channel sold since a pool of it began (null: as long as is remembered), without those of orders that wait outside of the wave. */
export const poolSaleSchema = z.object({ channel: z.string(), sku: z.string(), since: z.string().nullable(), units: z.int() });
export type PoolSale = z.infer<typeof poolSaleSchema>;

/** What a problem tells of its pools, in its `ext`: a sentence for each claim on a SKU, and the channels that it is for. */
const toldSchema = z.object({ pools: z.array(z.object({ sku: z.string(), channels: z.array(z.string()), words: z.string() })) });
type Told = z.infer<typeof toldSchema>['pools'][number];

type Pooled = {
  readonly at: Instant;
  readonly demands: readonly Demand[];
  readonly settings: FlowSettings;
  readonly sold?: readonly PoolSale[];
};

/**
 * The problem with the units of pools reserved, so that no channel gets what is kept for another. A pool keeps what is not shipped of it yet: what its channel sold, less what still waits, is used up.
 * What is kept for several channels together is divided by what their orders want now; the rest of it, and what is kept for nobody here, no order of the problem may take. Units are kept where a line
 * of the channel can have them all from one node, as far as there is such a node, and otherwise in proportion to what nodes have.
 */
export function withPools(problem: SourcingProblem, input: Pooled): SourcingProblem {
  if (input.settings.inventory.pools.length === 0) return problem;
  const wanted = waitingUnits(input.demands, input.settings.zone);
  const lines = linesBySku(problem);
  const kept = problem.skus.map(({ id }) => keptOf(problem, input, { sku: id, wanted, lines: lines.get(id) ?? [] }));
  const told = kept.flatMap((each) => each.told);
  if (told.length === 0) return problem;
  const nodes = problem.nodes.map((node) => {
    const here = kept.flatMap(({ sku, holders }) =>
      [...holders].flatMap(([holder, units]) => ((units.get(node.id) ?? 0) > 0 ? [{ sku, holder, units: units.get(node.id) ?? 0 }] : [])),
    );
    if (here.length === 0) return node;
    const left = new Map(Object.entries(node.stock));
    for (const { sku, units } of here) left.set(sku, (left.get(sku) ?? 0) - units);
    const reserved = [...Map.groupBy(here, ({ holder }) => holder)].map(
      ([holder, each]) => [holder, Object.fromEntries(each.map(({ sku, units }) => [sku, units]))] as const,
    );
    return { ...node, stock: Object.fromEntries([...left].filter(([, units]) => units !== 0)), reserved: Object.fromEntries(reserved) };
  });
  return { ...problem, nodes, ext: { pools: told } };
}

/** What pools say to lines of an order that had to wait: what is kept for others, and which pools got less than they were to have. */
export function poolWords(problem: SourcingProblem, channel: ConnectionId, skus: readonly Sku[]): string[] {
  const told = toldSchema.safeParse(problem.ext).data?.pools ?? [];
  return told.flatMap(({ sku, channels, words }) => (skus.includes(sku) && !channels.includes(channel) ? [words] : []));
}

/** What channels sold of their pools, of what these orders take from shelves: by itself and in kits. `cases`: all orders that something may still happen to. */
export function poolSales(
  history: DemandHistory,
  { inventory, zone }: Pick<FlowSettings, 'inventory' | 'zone'>,
  { demands, cases, recipes }: { readonly demands: readonly Demand[]; readonly cases: readonly OrderCase[]; readonly recipes: Recipes },
): PoolSale[] {
  const inWave = new Set(demands.map(({ key }) => key));
  const outside = cases
    .filter(({ key, state }) => !inWave.has(key) && state !== 'cancelled' && state !== 'cancelling')
    .map((each) => ({ channel: each.scope.connection, order: each.order, open: inParts(openLines(each), recipes) }));
  const waiting = waitingUnits(outside, zone);
  const skus = [...new Set(demands.flatMap(({ open }) => inParts(open, recipes).map(({ sku }) => sku)))].sort();
  const soldSince: DemandHistory['soldSince'] = (channel, sku, from) =>
    sumOf([
      history.soldSince(channel, sku, from),
      ...[...recipes].map(([kit, parts]) =>
        parts.some((part) => part.sku === sku) ? (takenBy(recipes, kit, history.soldSince(channel, kit, from)).get(sku) ?? 0) : 0,
      ),
    ]);
  const sales = inventory.pools.flatMap(({ kind, channel, skus: only, from = null }): PoolSale[] => {
    if (channel === undefined || kind === 'guarantee' || kind === 'pre-order') return [];
    return skus.flatMap((sku) => {
      const units = soldSince(channel, sku, from) - waiting(channel, sku, from);
      return units <= 0 || only?.includes(sku) === false ? [] : [{ channel, sku, since: from, units }];
    });
  });
  return [...new Map(sales.map((sale) => [JSON.stringify([sale.channel, sale.sku, sale.since]), sale])).values()];
}

/** Units of a SKU that orders of the channel still want, of those that count as sold since a moment: from its local day on. */
type Waiting = (channel: ConnectionId, sku: Sku, since: string | null) => number;

function waitingUnits(demands: readonly Pick<Demand, 'channel' | 'order' | 'open'>[], zone: string): Waiting {
  const wants = new Map<string, { readonly day: string; readonly units: number }[]>();
  for (const { channel, order, open } of demands) {
    const day = localDate(order.placedAt, zone);
    for (const { sku, units } of open) {
      const key = JSON.stringify([channel, sku]);
      const before = wants.get(key) ?? [];
      before.push({ day, units });
      wants.set(key, before);
    }
  }
  return (channel, sku, since) => {
    const first = since === null ? '' : localDate(since, zone);
    return sumOf((wants.get(JSON.stringify([channel, sku])) ?? []).flatMap(({ day, units }) => (day >= first ? [units] : [])));
  };
}

type Holders = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** What is kept of one SKU: by holder (a channel, or what no order here is of) and node. */
function keptOf(
  problem: SourcingProblem,
  { settings, at, sold = [] }: Pooled,
  { sku, wanted, lines }: { readonly sku: Sku; readonly wanted: Waiting; readonly lines: readonly Line[] },
): { sku: Sku; holders: Holders; told: Told[] } {
  const { claims } = pooledShares(settings.inventory.pools, {
    sku,
    now: at,
    channels: settings.channels.map(({ connection, share }) => ({ connection, share })),
    soldSince: (channel, since) => {
      const sale = sold.find((each) => each.channel === channel && each.sku === sku && each.since === since);
      return channel === null || sale === undefined ? 0 : Math.max(0, sale.units - wanted(channel, sku, since));
    },
  });
  if (claims.length === 0) return { sku, holders: new Map(), told: [] };
  const left = new Map(problem.nodes.map(({ id, stock }) => [id, Object.hasOwn(stock, sku) ? (stock[sku] ?? 0) : 0]));
  const available = sumOf([...left.values()]);
  let free = available;
  const totals = new Map<string, number>();
  const grants = claims.map((claim): Grant => {
    const got = Math.min(claim.units, free);
    free -= got;
    for (const [holder, units] of holdersOf({ ...claim, units: got }, (channel) => wanted(channel, sku, null)))
      totals.set(holder, (totals.get(holder) ?? 0) + units);
    return { name: claim.name, asked: claim.units, got };
  });
  const short = shortPools(sku, { grants, available, supply: null });
  const told = [
    ...claims.flatMap(({ name, channels }, index): Told[] => {
      const got = grants[index]?.got ?? 0;
      return got === 0 ? [] : [{ sku, channels: [...channels], words: `${got} of ${sku} are kept ${forWhom(channels)} by ${name}.` }];
    }),
    ...short.map((words) => ({ sku, channels: [], words })),
  ];
  return { sku, holders: placed(lines, totals, left), told };
}

function forWhom(channels: readonly ConnectionId[]): string {
  return channels.length === 0 ? 'back for orders that come another way' : `for ${channels.join(', ')}`;
}

/** Who holds the units of a claim. Several channels hold what their orders want; what they do not want yet, and what is for no channel, is held by the pool itself, which no order is of. */
function holdersOf({ name, channels, units }: Claim, wanted: (channel: ConnectionId) => number): (readonly [string, number])[] {
  const [only, ...others] = channels;
  if (only !== undefined && others.length === 0) return [[only, units]];
  const wants = channels.map(wanted);
  const now = Math.min(units, sumOf(wants));
  const shares = now === 0 ? [] : shareUnits(now, wants);
  return [...channels.map((channel, index) => [channel, shares[index] ?? 0] as const), [`pool ${name}`, units - now]];
}

/** Chooses the nodes: for whole lines, the largest first, the node that has least and still enough; what is left in proportion to what nodes have then. `left` is used up. */
function placed(lines: readonly Line[], totals: ReadonlyMap<string, number>, left: Map<string, number>): Holders {
  const rest = new Map(totals);
  const holders = new Map([...totals.keys()].map((holder) => [holder, new Map<string, number>()]));
  const keep = (holder: string, node: string, units: number) => {
    const nodes = holders.get(holder);
    nodes?.set(node, (nodes.get(node) ?? 0) + units);
    rest.set(holder, (rest.get(holder) ?? 0) - units);
    left.set(node, (left.get(node) ?? 0) - units);
  };
  for (const { channel, units, nodes } of lines) {
    if (units > (rest.get(channel) ?? 0)) continue;
    const [fitting] = [...left]
      .filter(([node, has]) => has >= units && nodes.every((allowed) => allowed.includes(node)))
      .sort(([, one], [, other]) => one - other);
    if (fitting !== undefined) keep(channel, fitting[0], units);
  }
  for (const [holder, units] of rest) {
    const nodes = [...left].filter(([, has]) => has > 0);
    if (units <= 0 || nodes.length === 0) continue;
    const shares = shareUnits(
      units,
      nodes.map(([, has]) => has),
    );
    nodes.forEach(([node], index) => keep(holder, node, shares[index] ?? 0));
  }
  return holders;
}

/** A line that wants a SKU, with the lists of nodes that it must be in. */
type Line = { readonly channel: ConnectionId; readonly units: number; readonly nodes: readonly (readonly string[])[] };

/** By SKU, the largest first. */
function linesBySku({ orders }: SourcingProblem): Map<Sku, Line[]> {
  const lines = orders.flatMap(({ channel, eligibleNodes, lines: all }) =>
    all.map((line) => ({
      sku: line.sku,
      channel,
      units: line.units,
      nodes: [eligibleNodes, line.eligibleNodes].flatMap((nodes) => (nodes === undefined ? [] : [nodes])),
    })),
  );
  return Map.groupBy(
    lines.sort((one, other) => other.units - one.units),
    ({ sku }) => sku,
  );
}

function sumOf(units: readonly number[]): number {
  return units.reduce((sum, each) => sum + each, 0);
}
