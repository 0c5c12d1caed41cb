import type { LaborTier, ProblemNode } from '../src/index.ts';
import type { Assortment } from './assortment.ts';
import { channelIds, meanLines, unitsPerLine } from './demand.ts';
import { draws, rounded, type Draw } from './draw.ts';
import { storeServices, warehouseServices } from './lanes.ts';
import type { Region } from './regions.ts';

/** How much of what is needed the nodes have. */
export interface Supply {
  /** Median of a SKU's stock over all nodes to its expected demand. */
  readonly cover: number;
  /** Chance that a SKU lies at a node, as a factor on what is usual. */
  readonly listed: number;
  /** Minutes of the cheapest labor tier of all nodes together to what all orders need. */
  readonly labor: number;
}

/** What only some companies have. */
export interface SiteOptions {
  readonly orders: number;
  readonly nodes: number;
  /** Part of the stock is kept for channels. */
  readonly reservations: boolean;
  /** Pickup capacity, hard ends of labor and carriers' own dispatch days. */
  readonly rich: boolean;
}

interface Site {
  readonly kind: ProblemNode['kind'];
  /** How often a SKU is listed, and how much of the stock lies here, relative to other nodes. */
  readonly listed: number;
  readonly size: number;
  readonly minutes: readonly [shipment: number, line: number, unit: number];
  readonly rate: number;
}

/** Nodes with their stock: some large warehouses, fewer hired ones (3pl), and as many small stores. */
export function nodesOf(assortment: Assortment, region: Region, supply: Supply, name: string, options: SiteOptions): ProblemNode[] {
  const draw = draws(`${name} nodes`);
  const sites = Array.from({ length: options.nodes }, (_, index) => siteOf(index, options.nodes, draw));
  const stock = stockOf(assortment, sites, supply, name, options.orders);
  const spare = draws(`${name} extras of nodes`);
  const everything = stock.reduce((sum, units) => sum + sumOf(units), 0);
  return sites.map((site, index) => {
    const units = stock[index]!;
    const [minutesPerShipment, minutesPerLine, minutesPerUnit] = site.minutes;
    const perOrder = minutesPerShipment + meanLines * (minutesPerLine + unitsPerLine * minutesPerUnit);
    const share = (sumOf(units) / everything) * draw.between(0.75, 1.25);
    const own = new Map([...units].map(([sku, count]) => [assortment.skus[sku]!.id, count]));
    return {
      id: `${site.kind}-${String(index + 1).padStart(2, '0')}`,
      kind: site.kind,
      zone: draw.one(region.zones).id,
      cutoffMinute: 660 + 60 * draw.whole(0, 7),
      ...(options.rich && spare.chance(0.3) ? { dispatchDay: { express: spare.whole(0, 1), economy: 2 } } : {}),
      services: [...(site.kind === 'store' ? storeServices : warehouseServices)],
      ...shelves(own, options.reservations, spare),
      ...(options.rich && spare.chance(0.7)
        ? { maxShipments: { ground: Math.ceil(options.orders * share * spare.between(0.4, 0.9)) } }
        : {}),
      labor: {
        minutesPerShipment,
        minutesPerLine,
        minutesPerUnit,
        tiers: tiersOf(site.rate, Math.max(20, options.orders * perOrder * share * supply.labor), options.rich && spare.chance(0.5)),
      },
    };
  });
}

function siteOf(index: number, nodes: number, draw: Draw): Site {
  const warehouses = Math.max(1, Math.round(nodes * 0.36));
  const hired = Math.round(nodes * 0.14);
  if (index < warehouses) {
    return {
      kind: 'warehouse',
      listed: 0.68,
      size: draw.between(0.6, 1.5),
      minutes: minutesOf(draw, [1.95, 2.4], [0.8, 1], 0.25),
      rate: draw.between(0.4, 0.5),
    };
  }
  if (index < warehouses + hired) {
    return {
      kind: '3pl',
      listed: 0.52,
      size: draw.between(0.4, 0.8),
      minutes: minutesOf(draw, [2.2, 2.6], [0.95, 1.1], 0.28),
      rate: draw.between(0.53, 0.65),
    };
  }
  return {
    kind: 'store',
    listed: 0.36,
    size: draw.between(0.08, 0.25),
    minutes: minutesOf(draw, [3.7, 4.5], [1.5, 1.9], 0.48),
    rate: draw.between(0.32, 0.4),
  };
}

function minutesOf(draw: Draw, shipment: readonly [number, number], line: readonly [number, number], unit: number): Site['minutes'] {
  return [rounded(draw.between(...shipment), 2), rounded(draw.between(...line), 2), unit];
}

/** Per node the units of each SKU (by index) that lie there: the SKU's whole stock divided unevenly among the nodes that list it. */
function stockOf(assortment: Assortment, sites: readonly Site[], supply: Supply, name: string, orders: number): Map<number, number>[] {
  const draw = draws(`${name} stock`);
  const stock = sites.map(() => new Map<number, number>());
  const units = orders * meanLines * unitsPerLine;
  const popularity = assortment.popularity.reduce((sum, part) => sum + part, 0);
  for (const sku of assortment.skus.keys()) {
    const expected = (units * assortment.popularity[sku]!) / popularity;
    const whole = Math.max(1, expected * draw.skewed(supply.cover, 0.8));
    const weights = sites.map((site) => (draw.chance(site.listed * supply.listed) ? site.size * draw.skewed(1, 1.2) : 0));
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    for (const [index, weight] of weights.entries()) {
      const count = Math.round(all === 0 ? 0 : (whole * weight) / all);
      if (count > 0) stock[index]!.set(sku, count);
    }
  }
  return stock;
}

/** Three tiers with rising rates, then as much as it takes; `capped` ends the last one, too. */
function tiersOf(rate: number, minutes: number, capped: boolean): LaborTier[] {
  const step = (part: number, factor: number) => ({ minutes: Math.round(minutes * part), costPerMinute: rounded(rate * factor, 2) });
  return [
    step(1, 1),
    step(0.25, 1.5),
    step(0.25, 2.2),
    { minutes: capped ? Math.round(minutes) : null, costPerMinute: rounded(rate * 5, 2) },
  ];
}

/** Stock by SKU; with reservations, of some SKUs a quarter is kept for one channel. */
function shelves(own: ReadonlyMap<string, number>, reservations: boolean, draw: Draw): Pick<ProblemNode, 'stock' | 'reserved'> {
  if (!reservations) return { stock: Object.fromEntries(own) };
  const stock = new Map(own);
  const reserved = new Map<string, Map<string, number>>();
  for (const [sku, units] of own) {
    if (!draw.chance(0.12)) continue;
    const channel = draw.one(channelIds.slice(1));
    const kept = Math.max(1, Math.round(units / 4));
    stock.set(sku, units - kept);
    reserved.set(channel, (reserved.get(channel) ?? new Map<string, number>()).set(sku, kept));
  }
  return {
    stock: Object.fromEntries(stock),
    reserved: Object.fromEntries([...reserved].map(([channel, units]) => [channel, Object.fromEntries(units)])),
  };
}

function sumOf(units: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const count of units.values()) sum += count;
  return sum;
}
