import type { OrderLine, ProblemNode, ProblemOrder } from '../src/index.ts';
import type { Assortment } from './assortment.ts';
import { draws, pick, rounded, runningSums, type Draw } from './draw.ts';
import type { Region } from './regions.ts';

/** A sales channel: who buys there and what was promised. */
interface Channel {
  readonly id: string;
  readonly share: number;
  readonly promiseDays: readonly number[];
  readonly lateCosts: readonly number[];
  readonly lateShares: readonly number[];
  readonly units: readonly number[];
  readonly shipComplete: number;
  /** Shares of orders that allow 1, 2 and 3 shipments. */
  readonly maxShipments: readonly number[];
  /** Share of the orders that stores may not ship. */
  readonly warehousesOnly: number;
}

const shopper = {
  lateCosts: [0.5, 1, 2.5, 6],
  lateShares: [0.25, 0.5, 0.18, 0.07],
  units: [0.8, 0.15, 0.04, 0.01],
  shipComplete: 0.15,
  maxShipments: [0.15, 0.6, 0.25],
};

const channels: readonly Channel[] = [
  { ...shopper, id: 'web', share: 0.575, promiseDays: [2, 3, 4, 5, 6], warehousesOnly: 0 },
  { ...shopper, id: 'marketplace', share: 0.335, promiseDays: [2, 3, 4], warehousesOnly: 0.3 },
  {
    id: 'b2b',
    share: 0.09,
    promiseDays: [4, 5, 6, 7],
    lateCosts: [2.5, 6],
    lateShares: [0.5, 0.5],
    units: [0.25, 0.25, 0.25, 0.25],
    shipComplete: 0.4,
    maxShipments: [0.4, 0.4, 0.2],
    warehousesOnly: 0,
  },
];

export const channelIds: readonly string[] = channels.map(({ id }) => id);

/** Mean units of a line over all channels: what stock and labor are measured by. */
export const unitsPerLine: number = channels.reduce(
  (sum, { share, units }) => sum + share * units.reduce((mean, part, index) => mean + part * (index + 1), 0),
  0,
);

const linesPerOrder: readonly number[] = [0.55, 0.245, 0.125, 0.05, 0.03];

/** Mean lines of an order. */
export const meanLines: number = linesPerOrder.reduce((mean, part, index) => mean + part * (index + 1), 0);

/** Whether orders carry every optional field of the contract. */
export interface DemandOptions {
  readonly orders: number;
  readonly rich: boolean;
}

/** The open orders, in the order of their arrival. */
export function ordersOf(
  assortment: Assortment,
  region: Region,
  nodes: readonly ProblemNode[],
  name: string,
  { orders, rich }: DemandOptions,
): ProblemOrder[] {
  const draw = draws(`${name} orders`);
  const extras = draws(`${name} extras of orders`);
  const popularity = runningSums(assortment.popularity);
  const people = region.zones.map((zone) => zone.people);
  const warehouses = nodes.filter(({ kind }) => kind !== 'store').map(({ id }) => id);
  return Array.from({ length: orders }, (_, index) => {
    const channel = draw.one(
      channels,
      channels.map(({ share }) => share),
    );
    // Some shoppers pay for haste; whoever waits for them to be late loses most.
    const hurried = channel.id === 'web' && draw.chance(0.07);
    const lateCostPerDay = hurried ? 6 : draw.one(channel.lateCosts, channel.lateShares);
    // In a rich instance two orders are longer than any exact method takes.
    const lineCount = rich && (index === 11 || index === 37) ? 13 + index : 1 + pick(runningSums(linesPerOrder), draw.between(0, 1));
    const order: ProblemOrder = {
      id: `ORDER-${String(index + 1).padStart(6, '0')}`,
      channel: channel.id,
      zone: draw.one(region.zones, people).id,
      promiseDay: hurried ? draw.whole(1, 2) : draw.one(channel.promiseDays),
      lateCostPerDay,
      splitCost: rounded(draw.between(0.8, 2), 2),
      maxShipments: draw.one([1, 2, 3], channel.maxShipments),
      shipComplete: draw.chance(channel.shipComplete),
      ...(draw.chance(channel.warehousesOnly) ? { eligibleNodes: warehouses } : {}),
      lines: linesOf(assortment, popularity, channel, lateCostPerDay, lineCount, draw),
    };
    return rich ? enriched(order, nodes, extras) : order;
  });
}

function linesOf(
  assortment: Assortment,
  popularity: Float64Array,
  channel: Channel,
  lateCostPerDay: number,
  count: number,
  draw: Draw,
): OrderLine[] {
  const chosen = new Set<number>();
  for (let tries = 0; chosen.size < count && tries < 50 * count; tries++) chosen.add(pick(popularity, draw.between(0, 1)));
  // The dearer a late day, the dearer no delivery at all: 0.75 at half a unit of money, 1.9 at six.
  const urgency = 0.65 + 0.2 * Math.min(lateCostPerDay, 2.5) + 0.2 * Math.max(0, lateCostPerDay - 2.5);
  return [...chosen].map((sku) => ({
    sku: assortment.skus[sku]!.id,
    units: 1 + pick(runningSums(channel.units), draw.between(0, 1)),
    unfilledCostPerUnit: rounded((channel.id === 'b2b' ? 3.5 : 6) + assortment.margins[sku]! * urgency, 2),
  }));
}

/** Adds what only some companies use: services an order insists on, surcharges, bundles, and rules of single lines. */
function enriched(order: ProblemOrder, nodes: readonly ProblemNode[], draw: Draw): ProblemOrder {
  const bundled = order.lines.length > 1 && draw.chance(0.2);
  const lines = order.lines.map((line, index) => ({
    ...line,
    ...(bundled && index < 2 ? { bundle: 'kit' } : {}),
    ...(draw.chance(0.05) ? { promiseDay: Math.max(1, order.promiseDay - 1) } : {}),
    ...(draw.chance(0.05) ? { services: ['economy', 'ground', 'freight'] } : {}),
    ...(draw.chance(0.03) ? { eligibleNodes: nodes.filter((_, at) => at % 2 === 0).map(({ id }) => id) } : {}),
  }));
  return {
    ...order,
    lines,
    ...(draw.chance(0.08) ? { services: ['ground', 'express'] } : {}),
    ...(draw.chance(0.15) ? { surcharge: { ground: 1.2, express: rounded(draw.between(1.5, 4), 2) } } : {}),
  };
}
